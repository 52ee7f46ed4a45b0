using Huike.Platform.Audit;
using Huike.Platform.Data;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Huike.Platform.Jobs;

/// <summary>Does the queued work of this process, one job at a time and short ones beside it, and takes over what a dead one left.</summary>
public sealed class JobRunner(JobQueue queue, IServiceScopeFactory scopes, CurrentActor actor, TimeProvider clock, ILogger<JobRunner> log) : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(2);

    /// <summary>Works until this job has ended, whoever does it; for verbs of the command line.</summary>
    /// <returns>The job as it ended.</returns>
    public async Task<Job> RunUntilDone(long id, Action<double> progress, CancellationToken ct)
    {
        while (true)
        {
            var job = await queue.Get(id, ct) ?? throw new InvalidOperationException($"Job {id} is gone");
            progress(job.Progress);
            if (job.State >= JobState.Done) { return job; }
            if (!await RunNext(_ => true, progress, ct)) { await Task.Delay(TimeSpan.FromMilliseconds(200), clock, ct); }
        }
    }

    /// <summary>Does what is queued, until nothing is left that this process may do.</summary>
    public async Task Drain(CancellationToken ct)
    {
        while (await RunNext(_ => true, _ => { }, ct))
        {
            // Each round does one job.
        }
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Serve(worker => !worker.IsShort, queue.Bell, stoppingToken), Serve(worker => worker.IsShort, queue.ShortBell, stoppingToken));

    private async Task Serve(Func<IJobWorker, bool> lane, SemaphoreSlim bell, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!await RunNext(lane, _ => { }, stoppingToken)) { await bell.WaitAsync(Poll, stoppingToken); }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (System.Data.Common.DbException gone)
            {
                log.LogError(gone, "The job queue can't be reached; next try in {Seconds} s", Poll.TotalSeconds);
                await Task.Delay(Poll, clock, stoppingToken);
            }
        }
    }

    private async Task<bool> RunNext(Func<IJobWorker, bool> lane, Action<double> progress, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var workers = scope.ServiceProvider.GetServices<IJobWorker>().Where(lane).ToDictionary(worker => worker.Kind);
        if (workers.Count == 0 || await queue.Claim([.. workers.Keys], ct) is not { } job) { return false; }
        var share = 0.0;
        using var alive = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        if (job.IsStopping) { await stop.CancelAsync(); }
        var heart = Beat(job.Id, () => Volatile.Read(ref share), stop, alive.Token);
        var (state, message, pause) = await Work(workers[job.Kind], job, value => { Volatile.Write(ref share, value); progress(value); }, stop.Token, ct);
        await alive.CancelAsync();
        await heart;
        if (pause is { } wait) { await queue.Postpone(job.Id, wait, message, CancellationToken.None); }
        else { await queue.Finish(job.Id, state, message, CancellationToken.None); }
        return true;
    }

    private async Task<(JobState State, string Message, TimeSpan? Pause)> Work(IJobWorker worker, Job job, Action<double> progress, CancellationToken stop, CancellationToken ct)
    {
        actor.Become(job.CreatedBy);
        try
        {
            log.LogInformation("Job {Id} {Kind} begins, attempt {Attempt}", job.Id, job.Kind, job.Attempts);
            var isDone = await RunOrStop(worker, job, progress, stop, ct);
            log.LogInformation("Job {Id} {Kind} is {Outcome}", job.Id, job.Kind, isDone ? "done" : "cancelled");
            return (isDone ? JobState.Done : JobState.Cancelled, "", null);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return (JobState.Queued, "", null);
        }
        // Whatever a worker throws must end the job, not the runner: it is kept on the job for its page, and logged whole.
        catch (Exception failure)
        {
            var said = failure is RuleException rule ? rule.Code : failure.Message;
            if (worker.PauseAfter(failure, job.Attempts) is { } pause)
            {
                log.LogWarning(failure, "Job {Id} {Kind} failed at attempt {Attempt}; next in {Pause}", job.Id, job.Kind, job.Attempts, pause);
                return (JobState.Queued, said, pause);
            }
            log.LogError(failure, "Job {Id} {Kind} failed", job.Id, job.Kind);
            return (JobState.Failed, said, null);
        }
    }

    /// <returns>Whether it was done to its end; false: it was stopped on request.</returns>
    private static async Task<bool> RunOrStop(IJobWorker worker, Job job, Action<double> progress, CancellationToken stop, CancellationToken ct)
    {
        try
        {
            stop.ThrowIfCancellationRequested();
            await worker.Run(job, progress, stop);
            return true;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            await worker.Stopped(job, progress, ct);
            return false;
        }
    }

    private async Task Beat(long id, Func<double> share, CancellationTokenSource stop, CancellationToken ct)
    {
        try
        {
            while (true)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), clock, ct);
                if (await queue.Renew(id, share(), ct)) { await stop.CancelAsync(); }
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The job has ended; so does its heartbeat.
        }
        catch (System.Data.Common.DbException lost)
        {
            log.LogWarning(lost, "No sign of life could be given for job {Id}", id);
        }
    }
}
