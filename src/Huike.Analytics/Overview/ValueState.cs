using Huike.Analytics.Recomputation;
using Huike.Platform.Jobs;
using Huike.Platform.Settings;

namespace Huike.Analytics.Overview;

/// <summary>Where the value pages stand: what they were computed from, and whether they are being computed now. Read once per request.</summary>
internal sealed class ValueState(PictureStore pictures, JobQueue jobs, SettingsStore settings)
{
    private const int Recent = 10;
    private bool read;

    /// <summary>What the standings in force were computed from; null before the first time.</summary>
    public LedgerPicture? Ledger { get; private set; }

    /// <summary>When; null before the first time.</summary>
    public DateTimeOffset? ComputedAt { get; private set; }

    /// <summary>The recomputation that is waiting or running; null where there is none.</summary>
    public Job? Running { get; private set; }

    /// <summary>The last recomputation, where it failed.</summary>
    public Job? Failed { get; private set; }

    /// <summary>The firm.</summary>
    public FirmSettings Firm { get; private set; } = new();

    /// <summary>Whether there is anything to show.</summary>
    public bool HasLedger => Ledger is { Lines: > 0 };

    /// <summary>Reads the state.</summary>
    public async Task Read(CancellationToken ct)
    {
        if (read) { return; }
        var computed = await pictures.Get<LedgerPicture>("", ct);
        (Ledger, ComputedAt) = (computed?.Picture, computed?.At);
        var newest = await jobs.Newest(RecomputationJob.Kind, Recent, ct);
        Running = newest.Find(job => job.State == JobState.Running) ?? newest.Find(job => job.State < JobState.Done);
        Failed = newest is [{ State: JobState.Failed } last, ..] ? last : null;
        Firm = await settings.Get<FirmSettings>(ct);
        read = true;
    }
}
