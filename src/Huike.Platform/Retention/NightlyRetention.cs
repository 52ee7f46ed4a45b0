using Huike.Platform.Jobs;
using Huike.Platform.Settings;
using Microsoft.Extensions.Logging;

namespace Huike.Platform.Retention;

/// <summary>Asks each night for what was kept long enough to be taken away.</summary>
internal sealed class NightlyRetention(JobQueue jobs, SettingsStore settings, TimeProvider clock, ILogger<NightlyRetention> log) : Nightly(jobs, settings, clock, log, RetentionJob.KindName, "{}")
{
    private readonly SettingsStore settings = settings;

    protected override async Task<int> Hour(CancellationToken ct) => (await settings.Get<RetentionSettings>(ct)).NightlyHour;
}
