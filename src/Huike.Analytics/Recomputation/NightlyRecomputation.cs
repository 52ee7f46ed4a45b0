using Huike.Analytics.Settings;
using Huike.Platform.Jobs;
using Huike.Platform.Settings;
using Microsoft.Extensions.Logging;

namespace Huike.Analytics.Recomputation;

/// <summary>Asks for a whole recomputation each night: models are fitted anew and silence is noticed.</summary>
internal sealed class NightlyRecomputation(JobQueue jobs, SettingsStore settings, TimeProvider clock, ILogger<NightlyRecomputation> log) : Nightly(jobs, settings, clock, log, RecomputationJob.Kind, RecomputationJob.Whole)
{
    private readonly SettingsStore settings = settings;

    protected override async Task<int> Hour(CancellationToken ct) => (await settings.Get<ValueSettings>(ct)).NightlyHour;
}
