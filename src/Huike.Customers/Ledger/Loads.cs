using System.Text.Json;
using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Data;
using Huike.Platform.Imports;
using Huike.Platform.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Huike.Customers.Ledger;

/// <summary>Begins, corrects and undoes loads.</summary>
internal sealed class Loads(HuikeDb db, Database database, JobQueue jobs, JobRunner runner, LoadFiles files, TimeProvider clock) : ILoads
{
    public async Task<string> Run(FileLoad load, Action<double> progress, CancellationToken ct)
    {
        var request = new LoadRequest
        {
            Kind = load.Customers ? LoadKind.Customers : LoadKind.Transactions,
            Files = [.. load.Paths.Select(path => new LoadFile(Path.GetFileName(path), Path.GetFullPath(path)))],
            Columns = load.Columns,
            Source = load.Source,
            DropDuplicates = load.DropDuplicates,
            CancelledPrefix = load.CancelledPrefix,
            Language = load.Language,
        };
        // Found out before anything is kept: a mapping that can't work is no load.
        LoadPlan.Make(request).Demand(request.Kind);
        if (load.DryRun) { return JsonSerializer.Serialize(await files.Run(request, 0, true, progress, ct)); }
        var id = await Create(request, load.By, ct);
        var job = await runner.RunUntilDone(await Begin(id, LoadState.Loading, ct), progress, ct);
        if (job.State == JobState.Failed) { throw new RuleException("load.failed", job.Message); }
        return await db.Set<Load>().AsNoTracking().Where(kept => kept.Id == id).Select(kept => kept.Outcome).FirstAsync(ct);
    }

    /// <returns>Number of the load.</returns>
    public async Task<long> Create(LoadRequest request, string by, CancellationToken ct)
    {
        var load = new Load(request, by, clock.GetUtcNow());
        db.Add(load);
        await db.SaveChangesAsync(ct);
        return load.Id;
    }

    /// <summary>Starts a dry run, the load or its undoing in the background.</summary>
    /// <returns>Number of the job.</returns>
    public async Task<long> Begin(long id, LoadState phase, CancellationToken ct)
    {
        using var turn = await database.WriteTurn(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var load = await Find(id, ct);
        var connection = db.Database.GetDbConnection();
        var job = await jobs.Add(connection, LoadJob.KindName, JsonSerializer.Serialize(new LoadJob.Payload(id)), load.CreatedBy, thisMachineOnly: phase != LoadState.Undoing, ct);
        load.Begin(phase, job, await connection.Number("select coalesce(max(id), 0) + 1 from customers_transaction", ct));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return job;
    }

    /// <summary>Corrects columns or choices.</summary>
    public async Task Correct(long id, LoadRequest request, CancellationToken ct)
    {
        LoadPlan.Make(request).Demand(request.Kind);
        (await Find(id, ct)).Correct(request);
        await db.SaveChangesAsync(ct);
    }

    /// <exception cref="RuleException"><c>load.unknown</c>.</exception>
    public async Task<Load> Find(long id, CancellationToken ct) =>
        await db.Set<Load>().FirstOrDefaultAsync(load => load.Id == id, ct) ?? throw new RuleException("load.unknown", id);
}
