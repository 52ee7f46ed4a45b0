using System.Text.Json;
using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Data;
using Huike.Platform.Imports;
using Huike.Platform.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Huike.Customers.Ledger;

/// <summary>Runs loads in the background. Cut off in the middle it is run again from the beginning: what is there already stays, so the result is the same.</summary>
internal sealed class LoadJob(HuikeDb db, LoadFiles files, UndoLoad undo, EndLoad end, CancelLoad cancel) : IJobWorker
{
    public const string KindName = "customers.load";

    public string Kind => KindName;

    public bool IsFree => false;

    public bool CanStop => true;

    public string Permission => CustomerPermissions.Import;

    /// <param name="LoadId">The load; its state says what to do.</param>
    /// <param name="Before">As it stood before: so it stands again where the run is cancelled.</param>
    public sealed record Payload(long LoadId, LoadState Before = LoadState.Draft)
    {
        public static Payload Of(Job job) => JsonSerializer.Deserialize<Payload>(job.Payload)!;
    }

    public Task Cancel(Job job, CancellationToken ct) => cancel.Run(Payload.Of(job).LoadId, ct);

    public async Task Run(Job job, Action<double> progress, CancellationToken ct)
    {
        var id = Payload.Of(job).LoadId;
        var load = await db.Set<Load>().FirstAsync(load => load.Id == id, ct);
        try
        {
            var request = JsonSerializer.Deserialize<LoadRequest>(load.Request)! with { By = job.CreatedBy };
            var outcome = load.State switch
            {
                LoadState.Checking => await files.Run(request, id, true, progress, ct),
                LoadState.Loading => await files.Run(request, id, false, progress, ct),
                LoadState.Undoing => await undo.Run(load, progress, ct),
                _ => throw new RuleException("load.running"),
            };
            await end.Well(load, outcome, job.Id, job.CreatedBy, ct);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            await end.Badly(load, job.Id, job.CreatedBy);
            // The job keeps the words for the page: a text key with its values, or what the machine said.
            throw failure is ImportException unusable ? new RuleException(unusable.Code, [.. unusable.Args]) : failure;
        }
    }

    public async Task Stopped(Job job, Action<double> progress, CancellationToken ct)
    {
        var (id, before) = Payload.Of(job);
        var load = await db.Set<Load>().FirstAsync(load => load.Id == id, ct);
        try
        {
            if (load.State == LoadState.Loading) { await undo.Run(load, progress, ct); }
            // Where it had ended before it could be stopped, it has.
            if (load.State is LoadState.Loading or LoadState.Checking) { await end.Cancelled(load, before, job.Id, job.CreatedBy, ct); }
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            await end.Badly(load, job.Id, job.CreatedBy);
            throw;
        }
    }
}
