using System.Globalization;
using System.Text.Json;
using Huike.Customers.Contracts;
using Huike.Customers.Merges;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Notifications;
using Microsoft.EntityFrameworkCore;

namespace Huike.Customers.Ledger;

/// <summary>Ends a run of a load, well or badly, and tells who began it.</summary>
internal sealed class EndLoad(HuikeDb db, AuditLog audit, NoticeLog notices, IEnumerable<ILedgerListener> listeners, TimeProvider clock)
{
    public const string NoticeKind = "customers.load-ended";

    /// <param name="load">What ran; its state says which run.</param>
    /// <param name="outcome">What it came to.</param>
    /// <param name="job">Number of the run.</param>
    /// <param name="by">Sign-in name of who began the run.</param>
    /// <param name="ct">Ends the write.</param>
    public Task Well(Load load, LoadOutcome outcome, long job, string by, CancellationToken ct) => audit.Save(db, async () =>
    {
        var phase = load.State;
        load.End(outcome, clock.GetUtcNow());
        await db.SaveChangesAsync(ct);
        if (phase != LoadState.Checking && load.Kind == LoadKind.Transactions)
        {
            await CustomerMerge.TakeLines(db.Database.GetDbConnection(), load, ct);
            var change = new LedgerChange(load.Id, load.FirstTransactionId, outcome.Added, phase == LoadState.Undoing, load.CreatedBy);
            foreach (var listener in listeners) { await listener.LedgerChanged(db.Database.GetDbConnection(), change, ct); }
        }
        // Of a dry run the page tells, on which one waits for it.
        if (phase != LoadState.Checking) { await Tell(load.Id, job, by, phase == LoadState.Undoing ? "load.notice.undone" : "load.notice.done", ct); }
        return Audited.Load(phase switch { LoadState.Checking => "load.checked", LoadState.Undoing => "load.undone", _ => "load.finished" }, load.Id, Counts(outcome));
    }, ct);

    /// <summary>What was written stays until it is undone or run again.</summary>
    public Task Badly(Load load, long job, string by) => audit.Save(db, async () =>
    {
        load.Fail(clock.GetUtcNow());
        await db.SaveChangesAsync(CancellationToken.None);
        await Tell(load.Id, job, by, "load.notice.failed", CancellationToken.None);
        return Audited.Load("load.failed", load.Id, []);
    }, CancellationToken.None);

    /// <summary>Stopped on request; all that it wrote was taken back.</summary>
    /// <param name="load">What ran.</param>
    /// <param name="before">As it stood before the run.</param>
    /// <param name="job">Number of the run.</param>
    /// <param name="by">Sign-in name of who began the run.</param>
    /// <param name="ct">Ends the write.</param>
    public Task Cancelled(Load load, LoadState before, long job, string by, CancellationToken ct) => audit.Save(db, async () =>
    {
        var phase = load.State;
        load.Cancel(before, isEmptied: phase == LoadState.Loading);
        await db.SaveChangesAsync(ct);
        // Somebody may have counted what was there for a while.
        if (phase == LoadState.Loading && load.Kind == LoadKind.Transactions)
        {
            foreach (var listener in listeners) { await listener.LedgerChanged(db.Database.GetDbConnection(), new(load.Id, load.FirstTransactionId, 0, Undone: true, load.CreatedBy), ct); }
        }
        await TellCancelled(load, job, by, isBegun: true, ct);
        return Audited.Load("load.cancelled", load.Id, []);
    }, ct);

    /// <summary>Tells who began the run, also himself where it took a while.</summary>
    public Task TellCancelled(Load load, long job, string by, bool isBegun, CancellationToken ct) => Tell(load.Id, job, by, "load.notice.cancelled", ct, isBegun);

    private async Task Tell(long load, long job, string by, string text, CancellationToken ct, bool toActorToo = true)
    {
        var connection = db.Database.GetDbConnection();
        if (await NoticeLog.UserOf(connection, by, ct) is not { } user) { return; }
        var key = string.Create(CultureInfo.InvariantCulture, $"{NoticeKind}/{load}/{job}");
        await notices.Tell(connection, new Notice(NoticeKind, user, text, key) { Args = [load.ToString(CultureInfo.InvariantCulture)], Href = string.Create(CultureInfo.InvariantCulture, $"/imports/{load}"), ToActorToo = toActorToo }, ct);
    }

    /// <summary>What is not 0; refused rows are the firm's data and stay where they are.</summary>
    private static IReadOnlyList<AuditChange> Counts(LoadOutcome outcome) =>
        [.. AuditChange.Between(JsonSerializer.Serialize(new LoadOutcome()), JsonSerializer.Serialize(outcome with { RefusedFiles = [], RefusedSample = [], ChangedSample = [], KeptSample = [] })).Select(count => count with { Old = null })];
}
