using System.Data.Common;
using System.Globalization;
using Huike.Platform.Access;
using Huike.Platform.Audit;
using Huike.Platform.Data;

namespace Huike.Platform.Approvals;

/// <summary>What somebody does with an approval.</summary>
/// <param name="Act">Name of the act, as <see cref="ApprovalAct.Name"/>.</param>
/// <param name="Version">As it was shown; where it is another now, somebody was faster.</param>
/// <param name="Comment">Why; has to be given where it is rejected or sent back.</param>
/// <param name="To">Sign-in name of who is added or gets the place.</param>
/// <param name="Station">Where it is sent back to; null: to the asker.</param>
internal sealed record ApprovalInput(string Act, int Version, string Comment, string To, int? Station);

/// <summary>Does one act: under the row's hold, by the state machine, with its entries in history and audit, and whoever has to know told.</summary>
internal sealed class DecideApproval(TellOfApproval tell, AuditLog audit, TimeProvider clock)
{
    private const int LongestComment = 1_000;

    /// <param name="id">Which approval.</param>
    /// <param name="input">What is done.</param>
    /// <param name="user">Who does it.</param>
    /// <param name="keepsFlows">Whether the user may hand on for others: for those who left.</param>
    /// <param name="ct">Ends the write.</param>
    /// <exception cref="RuleException"><c>approvals.unknown</c>: there is none that the user may look at; <c>approvals.stale</c>, <c>approvals.comment</c>, <c>approvals.act.none</c>, <c>access.user.nameUnknown</c>, and what <see cref="ApprovalRun"/> says.</exception>
    public Task Run(long id, ApprovalInput input, long user, bool keepsFlows, CancellationToken ct) => audit.Change(async connection =>
    {
        if (input.Comment.Length > LongestComment || input.Comment.Contains('\0', StringComparison.Ordinal) || (input.Comment.Length == 0 && input.Act is "reject" or "send-back" or "comment")) { throw new RuleException("approvals.comment", LongestComment); }
        var now = clock.GetUtcNow();
        var users = await StandIns.For(connection, user, now, ct);
        if (!keepsFlows && !await Approval.IsOpenTo(connection, id, users, ct)) { throw new RuleException("approvals.unknown"); }
        var held = await AskApproval.Hold(connection, id, input.Version, ct) ?? throw new RuleException("approvals.unknown");
        var to = input.Act is "hand-on" or "add-before" or "add-after" ? (await Owner.Find(connection, input.To, ct)).Id : (long?)null;
        var (run, seat) = Done(held, input, user, Seat(held, users, input.Act == "hand-on" && keepsFlows), to);
        var approval = held with { Run = run };
        await approval.Save(connection, now, ct);
        await approval.Keep(connection, new(input.Act, user, seat is { } other && other != user ? other : null, to, input.Comment), now, ct);
        await tell.Run(connection, approval, held.Run, ct);
        return await Entry(connection, approval, input, seat is { } principal && principal != user ? principal : null, ct);
    }, ct);

    /// <summary>Whose place the user takes: his own before another's. What somebody asked himself he doesn't decide for another.</summary>
    private static long? Seat(Approval held, IReadOnlyList<long> users, bool anyones) =>
        users.Take(held.AskerId == users[0] ? 1 : users.Count).Where(held.Run.Due.Contains).Select(one => (long?)one).FirstOrDefault() ?? (anyones ? held.Run.Due.Select(one => (long?)one).FirstOrDefault() : null);

    private static (ApprovalRun Run, long? Seat) Done(Approval held, ApprovalInput input, long user, long? seat, long? to) => input.Act switch
    {
        "withdraw" => (held.AskerId == user ? held.Run.Withdraw() : throw new RuleException("approvals.turn"), null),
        "comment" => (held.Run, null),
        "approve" => (held.Run.Approve(seat ?? user), seat),
        "reject" => (held.Run.Reject(seat ?? user), seat),
        "send-back" => (input.Station is { } station ? held.Run.SendBackTo(seat ?? user, station) : held.Run.SendBack(seat ?? user), seat),
        "hand-on" => (held.Run.HandOn(seat ?? user, to!.Value), seat),
        "add-before" => (held.Run.Add(seat ?? user, to!.Value, before: true), seat),
        "add-after" => (held.Run.Add(seat ?? user, to!.Value, before: false), seat),
        _ => throw new RuleException("approvals.act.none"),
    };

    private static async Task<AuditEntry> Entry(DbConnection connection, Approval approval, ApprovalInput input, long? principal, CancellationToken ct)
    {
        var changes = new List<AuditChange>();
        if (principal is { } away) { changes.Add(AuditChange.Is("deputyFor", (await Owner.Find(connection, away, ct))?.Name)); }
        if (input.Act is "hand-on" or "add-before" or "add-after") { changes.Add(AuditChange.Is("to", input.To)); }
        if (input is { Act: "send-back", Station: { } station }) { changes.Add(AuditChange.Is("station", (station + 1).ToString(CultureInfo.InvariantCulture))); }
        return AskApproval.Entry(input.Act, approval, [.. changes]) with { Reason = input.Comment };
    }
}
