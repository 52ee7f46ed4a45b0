using System.Data.Common;
using Huike.Customers.Erasures;
using Huike.Platform;
using Huike.Platform.Audit;
using Huike.Platform.Data;

namespace Huike.Customers.SubjectRequests;

/// <summary>Says who it is that asks, answers a request or refuses it, and erases where that is what was asked.</summary>
internal sealed class AnswerRequest(Database database, EraseCustomer erase, AuditLog audit, TimeProvider clock)
{
    private const int LongestAnswer = 2_000;

    /// <summary>Keeps how the identity was checked.</summary>
    /// <exception cref="RuleException"><c>privacy.request.choice</c>, <c>privacy.request.closed</c>, <c>privacy.request.unknown</c>.</exception>
    public async Task Identify(long id, string? identity, CancellationToken ct)
    {
        var check = TypedText.Chosen<IdentityCheck>(identity, OpenRequest.WrongChoice);
        await audit.Change(async connection =>
        {
            var old = await Held(connection, id, ct);
            await connection.Run("update customers_subject_request set identity = @identity where id = @id", ct, ("identity", check), ("id", id));
            return Audited.Request("request.identified", id, [new("identity", CustomerFilter.Kebab(old.Identity), CustomerFilter.Kebab(check))]);
        }, ct);
    }

    /// <param name="id">The request.</param>
    /// <param name="outcome"><c>done</c> or <c>refused</c>.</param>
    /// <param name="answer">With what it was answered, or why not; 1–2,000 characters.</param>
    /// <param name="by">Who answers.</param>
    /// <param name="ct">Ends the write.</param>
    /// <exception cref="RuleException"><c>privacy.request.answer</c>, <c>privacy.request.choice</c>, <c>privacy.request.identity</c>, <c>privacy.request.byErasure</c>, <c>privacy.request.closed</c>, <c>privacy.request.unknown</c>.</exception>
    public async Task Run(long id, string? outcome, string? answer, string by, CancellationToken ct)
    {
        var words = TypedText.Clean(answer);
        if (words.Length is 0 or > LongestAnswer) { throw new RuleException("privacy.request.answer", LongestAnswer); }
        var state = TypedText.Chosen<RequestState>(outcome, OpenRequest.WrongChoice) is var chosen and not RequestState.Open ? chosen : throw new RuleException("privacy.request.choice");
        await audit.Change(async connection =>
        {
            var request = await Held(connection, id, ct);
            if (state == RequestState.Done && request.Identity == IdentityCheck.None) { throw new RuleException("privacy.request.identity"); }
            if (state == RequestState.Done && request.Kind == RequestKind.Deletion) { throw new RuleException("privacy.request.byErasure"); }
            await Close(connection, id, state, words, by, ct);
            return Audited.Request(state == RequestState.Done ? "request.answered" : "request.refused", id, []);
        }, ct);
    }

    /// <summary>Erases the person who asked for it, and closes what the person asked.</summary>
    /// <exception cref="RuleException"><c>privacy.request.identity</c>, <c>privacy.request.notDeletion</c>, <c>privacy.request.closed</c>, <c>privacy.request.unknown</c>.</exception>
    public async Task Erase(long id, string by, CancellationToken ct)
    {
        SubjectRequest request;
        await using (var connection = await database.Open(ct)) { request = await Held(connection, id, ct, hold: false); }
        if (request.Kind != RequestKind.Deletion) { throw new RuleException("privacy.request.notDeletion"); }
        if (request.Identity == IdentityCheck.None) { throw new RuleException("privacy.request.identity"); }
        await erase.Run(request.CustomerId, "request", async connection =>
        {
            await Close(connection, id, RequestState.Done, "", by, ct);
            await audit.Write(connection, Audited.Request("request.answered", id, []), ct);
        }, ct);
    }

    private static async Task<SubjectRequest> Held(DbConnection connection, long id, CancellationToken ct, bool hold = true)
    {
        if (hold) { await connection.Run("update customers_subject_request set state = state where id = @id", ct, ("id", id)); }
        var request = await SubjectRequest.Find(connection, id, ct) ?? throw new RuleException("privacy.request.unknown", id);
        return request.State == RequestState.Open ? request : throw new RuleException("privacy.request.closed");
    }

    private Task<int> Close(DbConnection connection, long id, RequestState state, string answer, string by, CancellationToken ct) =>
        connection.Run("update customers_subject_request set state = @state, answer = @answer, answered_at = @at, answered_by = @by where id = @id", ct,
            ("state", state), ("answer", answer), ("at", clock.GetUtcNow()), ("by", by), ("id", id));
}
