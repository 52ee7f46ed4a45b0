using System.Text.Json;
using Huike.Platform;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Fields;
using Huike.Platform.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Huike.Customers.Ledger;

/// <summary>Begins, corrects and undoes loads.</summary>
internal sealed class Loads(HuikeDb db, JobQueue jobs, AuditLog audit, CurrentActor actor, FieldBook fields, TimeProvider clock)
{
    /// <returns>Number of the load.</returns>
    public async Task<long> Create(LoadRequest request, string by, CancellationToken ct)
    {
        var load = new Load(request, by, clock.GetUtcNow());
        await audit.Save(db, async () =>
        {
            db.Add(load);
            await db.SaveChangesAsync(ct);
            return Audited.Load("load.received", load.Id, [AuditChange.Is("files", string.Join(", ", request.Files.Select(file => file.Name))), AuditChange.Is("source", request.Source)]);
        }, ct);
        return load.Id;
    }

    /// <summary>Starts a dry run, the load or its undoing in the background.</summary>
    /// <returns>Number of the job.</returns>
    public async Task<long> Begin(long id, LoadState phase, CancellationToken ct)
    {
        var job = 0L;
        await audit.Save(db, async () =>
        {
            var load = await Find(id, ct);
            var connection = db.Database.GetDbConnection();
            var by = actor.Value.Name is { Length: > 0 } name ? name : load.CreatedBy;
            job = await jobs.Add(connection, LoadJob.KindName, JsonSerializer.Serialize(new LoadJob.Payload(id, load.State)), by, thisMachineOnly: phase != LoadState.Undoing, ct);
            load.Begin(phase, job, await connection.Number("select coalesce(max(id), 0) + 1 from customers_transaction", ct));
            await db.SaveChangesAsync(ct);
            return Audited.Load(phase switch { LoadState.Checking => "load.check-begun", LoadState.Undoing => "load.undo-begun", _ => "load.begun" }, id, []);
        }, ct);
        return job;
    }

    /// <summary>Corrects columns or choices.</summary>
    public Task Correct(long id, LoadRequest request, CancellationToken ct)
    {
        LoadPlan.Make(request, fields).Demand(request.Kind);
        return audit.Save(db, async () =>
        {
            var load = await Find(id, ct);
            var before = load.Request;
            load.Correct(request);
            await db.SaveChangesAsync(ct);
            return Audited.Load("load.corrected", id, AuditChange.Between(before, load.Request));
        }, ct);
    }

    /// <exception cref="RuleException"><c>load.unknown</c>.</exception>
    public async Task<Load> Find(long id, CancellationToken ct) =>
        await db.Set<Load>().FirstOrDefaultAsync(load => load.Id == id, ct) ?? throw new RuleException("load.unknown", id);
}
