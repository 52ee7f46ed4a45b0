using Huike.Analytics.Contracts;
using Huike.Platform.Jobs;

namespace Huike.Analytics.Recomputation;

/// <summary>Does the recomputations, one at a time because they are one kind of job: standings have one writer.</summary>
internal sealed class RecomputationJob(RecomputeAll all, RecomputeChanged changed, JobQueue jobs) : IJobWorker
{
    /// <summary>Kind of the jobs.</summary>
    public const string Kind = "analytics.recompute";

    /// <summary>Payload: everything.</summary>
    public const string Whole = "{\"whole\":true}";

    /// <summary>Payload: what the waiting changes touch.</summary>
    public const string Changed = "{\"whole\":false}";

    /// <summary>Ledgers with fewer lines are recomputed whole at once.</summary>
    internal long SmallLedger { get; init; } = RecomputeChanged.SmallLedger;

    /// <inheritdoc/>
    string IJobWorker.Kind => Kind;

    /// <inheritdoc/>
    public string Permission => AnalyticsPermissions.Read;

    /// <inheritdoc/>
    public async Task Run(Job job, Action<double> progress, CancellationToken ct)
    {
        var taken = job.Payload == Whole ? Taken.NeedsWhole : await changed.Run(progress, ct, SmallLedger);
        if (taken == Taken.NeedsWhole) { await all.Run(progress, ct); }
        // Standings are fresh; the pictures that show the whole ledger follow.
        else if (taken == Taken.In) { await jobs.AddUnlessWaiting(Kind, Whole, job.CreatedBy, ct); }
    }
}
