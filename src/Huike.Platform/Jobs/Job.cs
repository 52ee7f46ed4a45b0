namespace Huike.Platform.Jobs;

/// <summary>States of a job; the first two are open.</summary>
public enum JobState
{
    /// <summary>Waits for a worker.</summary>
    Queued = 0,

    /// <summary>A worker has it, as long as its lease lasts.</summary>
    Running = 1,

    /// <summary>Ended well.</summary>
    Done = 2,

    /// <summary>Ended badly; the message says why.</summary>
    Failed = 3,

    /// <summary>Taken back by somebody before it began, or stopped and what it did taken back.</summary>
    Cancelled = 4,
}

/// <summary>A piece of work in the background.</summary>
/// <param name="Id">Number of the job.</param>
/// <param name="Kind">Which worker does it.</param>
/// <param name="Payload">JSON that the worker understands.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Progress">Share done, in [0, 1].</param>
/// <param name="Message">What went wrong, as a text key or the exception's words; empty otherwise.</param>
/// <param name="Attempts">How often it was started.</param>
/// <param name="CreatedBy">Who asked for it.</param>
/// <param name="CreatedAt">When it was asked for.</param>
/// <param name="FinishedAt">When it ended; null while open.</param>
public sealed record Job(long Id, string Kind, string Payload, JobState State, double Progress, string Message, int Attempts, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt)
{
    /// <summary>Whether somebody asked for it to be stopped while it ran.</summary>
    public bool IsStopping { get; init; }
}

/// <summary>Does the jobs of one kind. At least once: a job whose worker died is run again from its beginning, so the work must bear repeating.</summary>
public interface IJobWorker
{
    /// <summary>Kind of the jobs that it does.</summary>
    string Kind { get; }

    /// <summary>Whether the work takes a moment only: it has a lane of its own, and never waits behind a load.</summary>
    bool IsShort => false;

    /// <summary>What one must hold to see how far a job of this kind is.</summary>
    string Permission => Access.Permissions.Operate;

    /// <summary>Whether a job stands for itself, so that it may be taken back or tried again from the list of jobs; false where a record of the module's follows its state.</summary>
    bool IsFree => true;

    /// <summary>Whether <see cref="Cancel"/> ends a job of this kind that waits or runs, though it belongs to a record.</summary>
    bool CanStop => false;

    /// <summary>Takes a job back that waits, with what its record says, or asks for one that runs to be stopped (<see cref="JobQueue.Cancel"/>).</summary>
    /// <exception cref="RuleException"><c>jobs.job.bound</c>: it can't be.</exception>
    Task Cancel(Job job, CancellationToken ct) => throw new RuleException("jobs.job.bound");

    /// <summary>Takes back what a job did that was stopped while it ran, in the place of the rest of its work; cut off, it is called again.</summary>
    Task Stopped(Job job, Action<double> progress, CancellationToken ct) => Task.CompletedTask;

    /// <summary>Whether a failure passes: after which pause the job is tried again; null: it has failed.</summary>
    /// <param name="failure">What the work threw.</param>
    /// <param name="attempts">How often it was started.</param>
    TimeSpan? PauseAfter(Exception failure, int attempts) => null;

    /// <summary>Does the work.</summary>
    /// <param name="job">What to do; <see cref="Job.Attempts"/> above 1 tells that an earlier try was cut off.</param>
    /// <param name="progress">Takes the share done, in [0, 1]; cheap to call often.</param>
    /// <param name="ct">Ends the work; it is run again later.</param>
    Task Run(Job job, Action<double> progress, CancellationToken ct);
}
