using System.Text.Json;
using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Imports;
using Huike.Platform.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Huike.Customers.Ledger;

/// <summary>Runs loads in the background. Cut off in the middle it is run again from the beginning: what is there already stays, so the result is the same.</summary>
internal sealed class LoadJob(HuikeDb db, AuditLog audit, LoadFiles files, UndoLoad undo, IEnumerable<ILedgerListener> listeners, TimeProvider clock) : IJobWorker
{
    public const string KindName = "customers.load";

    public string Kind => KindName;

    public bool IsFree => false;

    public string Permission => CustomerPermissions.Import;

    /// <param name="LoadId">The load; its state says what to do.</param>
    public sealed record Payload(long LoadId);

    public async Task Run(Job job, Action<double> progress, CancellationToken ct)
    {
        var id = JsonSerializer.Deserialize<Payload>(job.Payload)!.LoadId;
        var load = await db.Set<Load>().FirstAsync(load => load.Id == id, ct);
        try
        {
            var request = JsonSerializer.Deserialize<LoadRequest>(load.Request)!;
            var outcome = load.State switch
            {
                LoadState.Checking => await files.Run(request, id, true, progress, ct),
                LoadState.Loading => await files.Run(request, id, false, progress, ct),
                LoadState.Undoing => await undo.Run(load, progress, ct),
                _ => throw new RuleException("load.running"),
            };
            await End(load, outcome, ct);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            await audit.Save(db, async () =>
            {
                load.Fail(clock.GetUtcNow());
                await db.SaveChangesAsync(CancellationToken.None);
                return Audited.Load("load.failed", id, []);
            }, CancellationToken.None);
            // The job keeps the words for the page: a text key with its values, or what the machine said.
            throw failure is ImportException unusable ? new RuleException(unusable.Code, [.. unusable.Args]) : failure;
        }
    }

    private Task End(Load load, LoadOutcome outcome, CancellationToken ct) => audit.Save(db, async () =>
    {
        var phase = load.State;
        load.End(outcome, clock.GetUtcNow());
        await db.SaveChangesAsync(ct);
        if (phase != LoadState.Checking && load.Kind == LoadKind.Transactions)
        {
            var change = new LedgerChange(load.Id, load.FirstTransactionId, outcome.Added, phase == LoadState.Undoing, load.CreatedBy);
            foreach (var listener in listeners) { await listener.LedgerChanged(db.Database.GetDbConnection(), change, ct); }
        }
        return Audited.Load(phase switch { LoadState.Checking => "load.checked", LoadState.Undoing => "load.undone", _ => "load.finished" }, load.Id, Counts(outcome));
    }, ct);

    /// <summary>What is not 0; refused rows are the firm's data and stay where they are.</summary>
    private static IReadOnlyList<AuditChange> Counts(LoadOutcome outcome) =>
        [.. AuditChange.Between(JsonSerializer.Serialize(new LoadOutcome()), JsonSerializer.Serialize(outcome with { RefusedFiles = [], RefusedSample = [] })).Select(count => count with { Old = null })];
}
