using Huike.Platform.Audit;
using Huike.Platform.Data;

namespace Huike.Platform.Jobs;

/// <summary>Tries a job again that failed, takes one back that waits, or stops one that runs where its kind can be.</summary>
internal sealed class ChangeJob(JobQueue queue, IEnumerable<IJobWorker> workers, AuditLog audit)
{
    /// <exception cref="RuleException"><c>jobs.job.unknown</c>; <c>jobs.job.bound</c>: it belongs to a record; <c>jobs.job.moved</c>: it has not failed any more.</exception>
    public Task TryAgain(long id, CancellationToken ct) =>
        Move(id, "update platform_job set state = 0, message = '', finished_at = null, wait_until = @now, lease_until = null where id = @id and state in (3, 4)", "job.retried", ct);

    /// <exception cref="RuleException"><c>jobs.job.unknown</c>; <c>jobs.job.bound</c>: it belongs to a record; <c>jobs.job.moved</c>: it waits no more.</exception>
    public async Task Cancel(long id, CancellationToken ct)
    {
        if (await queue.Get(id, ct) is { } job && workers.FirstOrDefault(worker => worker.Kind == job.Kind) is { CanStop: true } worker) { await worker.Cancel(job, ct); }
        else { await Move(id, "update platform_job set state = 4, finished_at = @now, wait_until = null where id = @id and state = 0", "job.cancelled", ct); }
    }

    private async Task Move(long id, string sql, string action, CancellationToken ct)
    {
        await audit.Change(async connection =>
        {
            var kind = await connection.First("select kind from platform_job where id = @id", row => row.GetString(0), ct, ("id", id)) ?? throw new RuleException("jobs.job.unknown", id);
            if (workers.FirstOrDefault(worker => worker.Kind == kind)?.IsFree != true) { throw new RuleException("jobs.job.bound"); }
            if (await queue.Move(connection, id, kind, sql, ct) == 0) { throw new RuleException("jobs.job.moved"); }
            return new AuditEntry(action) { Kind = JobsModule.Audited.Name, Record = id, Changes = [AuditChange.Is("kind", kind)] };
        }, ct);
    }
}
