using Huike.Platform.Jobs;
using Huike.Platform.Settings;
using Microsoft.Extensions.Logging;

namespace Huike.Customers.Duplicates;

/// <summary>Compares all customers each night, so that whoever came in a file or by a program is met too.</summary>
internal sealed class NightlyComparison(JobQueue jobs, SettingsStore settings, TimeProvider clock, ILogger<NightlyComparison> log) : Nightly(jobs, settings, clock, log, CompareCustomers.KindName, "{}")
{
    private readonly SettingsStore settings = settings;

    protected override async Task<int> Hour(CancellationToken ct) => (await settings.Get<DuplicateRules>(ct)).NightlyHour;
}
