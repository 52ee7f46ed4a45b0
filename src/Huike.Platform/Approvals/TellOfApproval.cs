using System.Data.Common;
using System.Globalization;
using Huike.Platform.Access.Records;
using Huike.Platform.Data;
using Huike.Platform.Events;
using Huike.Platform.Notifications;

namespace Huike.Platform.Approvals;

/// <summary>Tells whose turn it is, how it ended, and who got a copy; and raises the event of its end.</summary>
internal sealed class TellOfApproval(NoticeLog notices, EventLog events, TimeProvider clock)
{
    public const string Turn = "approvals.turn";
    public const string Ended = "approvals.ended";
    public const string Copied = "approvals.copied";

    /// <param name="connection">Holds the transaction.</param>
    /// <param name="approval">As it stands now.</param>
    /// <param name="before">As it stood; null: it was not there, or had been sent back.</param>
    /// <param name="ct">Ends the write.</param>
    public async Task Run(DbConnection connection, Approval approval, ApprovalRun? before, CancellationToken ct)
    {
        foreach (var user in approval.Run.Due.Except(before?.Due ?? []))
        {
            await Tell(connection, approval, Turn, user, "approvals.notice.turn", ct);
            foreach (var deputy in await StandIns.Of(connection, user, clock.GetUtcNow(), ct)) { await Tell(connection, approval, Turn, deputy, "approvals.notice.turnForOther", ct); }
        }
        if (approval.Run.State == before?.State) { return; }
        if (approval.Run.State is ApprovalState.Approved or ApprovalState.Rejected or ApprovalState.SentBack)
        {
            await Tell(connection, approval, Ended, approval.AskerId, approval.Run.State switch { ApprovalState.Approved => "approvals.notice.approved", ApprovalState.Rejected => "approvals.notice.rejected", _ => "approvals.notice.sentBack" }, ct);
        }
        if (approval.Run.State is ApprovalState.Approved or ApprovalState.Rejected or ApprovalState.Withdrawn)
        {
            await events.Raise(connection, new ApprovalDecided(approval.Id, approval.SubjectKind, approval.SubjectId, approval.Run.State), ct);
        }
    }

    public async Task Copy(DbConnection connection, Approval approval, IEnumerable<long> users, CancellationToken ct)
    {
        foreach (var user in users)
        {
            await connection.Run("insert into platform_approval_copy (user_id, approval_id) values (@user, @id) on conflict do nothing", ct, ("user", user), ("id", approval.Id));
            await Tell(connection, approval, Copied, user, "approvals.notice.copied", ct);
        }
    }

    private Task<bool> Tell(DbConnection connection, Approval approval, string kind, long user, string text, CancellationToken ct) =>
        notices.Tell(connection, new Notice(kind, user, text, string.Create(CultureInfo.InvariantCulture, $"{kind}/{approval.Id}/{approval.Version}")) { About = new(NameApprovals.KindName, approval.Id) }, ct);
}

/// <summary>What approvals are called in notices, for who may look at them.</summary>
internal sealed class NameApprovals(Database database, TimeProvider clock) : INameRecords
{
    public const string KindName = "approvals";

    public string Kind => KindName;

    public string Href(long id) => ApprovalEndpoints.At(id);

    public async Task<IReadOnlyDictionary<long, string>> Of(UserAccess access, IReadOnlyCollection<long> records, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return await Approval.TitlesOf(connection, records, await StandIns.For(connection, access.UserId, clock.GetUtcNow(), ct), ct);
    }
}
