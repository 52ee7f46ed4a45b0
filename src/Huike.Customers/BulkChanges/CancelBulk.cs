using System.Data.Common;
using Huike.Platform;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Jobs;

namespace Huike.Customers.BulkChanges;

/// <summary>Stops a bulk change that waits or runs: who was changed stays so, and is changed back by its undo; the others are left out. One that takes another back is not stopped: half of it would be neither.</summary>
internal sealed class CancelBulk(JobQueue jobs, AuditLog audit, TimeProvider clock)
{
    public const string Reason = "bulk.reason.cancelled";

    /// <param name="id">Which.</param>
    /// <param name="asker">Who; null: who looks after the jobs.</param>
    /// <param name="ct">Ends the write.</param>
    /// <exception cref="RuleException"><c>bulk.unknown</c>; <c>bulk.cancel.late</c>: it has ended, or has not begun; <c>bulk.cancel.undoing</c>.</exception>
    public Task Run(long id, BulkAsker? asker, CancellationToken ct) => audit.Change(async connection =>
    {
        await connection.Run($"update {BulkChange.Table} set by = by where id = @id", ct, ("id", id));
        var change = await BulkChange.Find(connection, id, ct);
        if (asker is { OfOthers: false } && change.UserId != asker.UserId) { throw new RuleException("bulk.unknown", id); }
        if (change.FinishedAt is not null || change.JobId is not { } job) { throw new RuleException("bulk.cancel.late"); }
        if (change.Undoes is not null) { throw new RuleException("bulk.cancel.undoing"); }
        if (await jobs.Cancel(connection, job, ct) ?? throw new RuleException("bulk.cancel.late")) { await End(connection, id, Reason, clock.GetUtcNow(), ct); }
        return new AuditEntry("bulk.cancelled") { Kind = BulkChange.Audited.Name, Record = id };
    }, ct);

    /// <summary>Ends a bulk change; what is open is left out, for a reason where there is one.</summary>
    public static async Task End(DbConnection connection, long id, string? reason, DateTimeOffset now, CancellationToken ct)
    {
        await connection.Run($"update {BulkChange.Rows} set state = 3, reason = @reason where bulk_id = @id and state = 0", ct, ("id", id), ("reason", reason));
        await connection.Run($"update {BulkChange.Table} set finished_at = @now where id = @id and finished_at is null", ct, ("id", id), ("now", now));
    }
}
