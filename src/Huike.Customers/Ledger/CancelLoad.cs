using Huike.Platform;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Huike.Customers.Ledger;

/// <summary>
/// Cancels what a load waits for or does. What waits is taken back at once; a dry run or load that runs is stopped between two batches, and its worker takes back all that it wrote.
/// Taking back is never stopped once it has begun: half of it would be neither.
/// </summary>
internal sealed class CancelLoad(HuikeDb db, Loads loads, JobQueue jobs, EndLoad end, AuditLog audit)
{
    /// <exception cref="RuleException"><c>load.unknown</c>; <c>load.cancel.late</c>: nothing waits or runs any more; <c>load.cancel.undoing</c>.</exception>
    public async Task Run(long id, CancellationToken ct)
    {
        if ((await loads.Find(id, ct)).JobId is not { } number || await jobs.Get(number, ct) is not { } job) { throw new RuleException("load.cancel.late"); }
        await audit.Save(db, async () =>
        {
            var load = await loads.Find(id, ct);
            // Its end may be written down before the job's.
            if (load.State is not (LoadState.Checking or LoadState.Loading or LoadState.Undoing)) { throw new RuleException("load.cancel.late"); }
            var isTaken = await jobs.Cancel(db.Database.GetDbConnection(), job.Id, ct) ?? throw new RuleException("load.cancel.late");
            if (!isTaken && load.State == LoadState.Undoing) { throw new RuleException("load.cancel.undoing"); }
            if (!isTaken) { return Audited.Load("load.cancel-asked", id, []); }
            load.Cancel(LoadJob.Payload.Of(job).Before, isEmptied: false);
            await db.SaveChangesAsync(ct);
            await end.TellCancelled(load, job.Id, job.CreatedBy, isBegun: false, ct);
            return Audited.Load("load.cancelled", id, []);
        }, ct);
    }
}
