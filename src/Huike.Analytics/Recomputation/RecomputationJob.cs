using Huike.Platform.Jobs;

namespace Huike.Analytics.Recomputation;

/// <summary>Does the recomputations, one at a time because they are one kind of job: standings have one writer.</summary>
internal sealed class RecomputationJob(RecomputeAll all, RecomputeChanged changed) : IJobWorker
{
    /// <summary>Kind of the jobs.</summary>
    public const string Kind = "analytics.recompute";

    /// <summary>Payload: everything.</summary>
    public const string Whole = "{\"whole\":true}";

    /// <summary>Payload: what the waiting changes touch.</summary>
    public const string Changed = "{\"whole\":false}";

    /// <inheritdoc/>
    string IJobWorker.Kind => Kind;

    /// <inheritdoc/>
    public async Task Run(Job job, Action<double> progress, CancellationToken ct)
    {
        if (job.Payload == Whole || !await changed.Run(progress, ct)) { await all.Run(progress, ct); }
    }
}
