using Huike.Analytics.Settings;
using Huike.Platform.Jobs;
using Huike.Platform.Settings;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Huike.Analytics.Recomputation;

/// <summary>Asks for a whole recomputation each night, at the hour of the settings: models are fitted anew and silence is noticed.</summary>
internal sealed class NightlyRecomputation(JobQueue jobs, SettingsStore settings, TimeProvider clock, ILogger<NightlyRecomputation> log) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromMinutes(5);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Look, clock);
        while (await Next(timer, stoppingToken))
        {
            try
            {
                await AskWhenDue(stoppingToken);
            }
            catch (System.Data.Common.DbException gone)
            {
                log.LogError(gone, "The nightly recomputation can't be asked for; next try in {Minutes} min", Look.TotalMinutes);
            }
        }
    }

    /// <summary>Asks where tonight's hour has come and nobody asked for a whole recomputation since.</summary>
    /// <returns>Whether it asked.</returns>
    internal async Task<bool> AskWhenDue(CancellationToken ct)
    {
        var hour = (await settings.Get<ValueSettings>(ct)).NightlyHour;
        var firm = await settings.Get<FirmSettings>(ct);
        var now = TimeZoneInfo.ConvertTime(clock.GetUtcNow(), firm.Zone);
        var due = now - now.TimeOfDay + TimeSpan.FromHours(Math.Clamp(hour, 0, 23));
        if (now < due || now >= due.AddHours(1)) { return false; }
        var newest = await jobs.Newest(RecomputationJob.Kind, 20, ct);
        if (newest.Exists(job => job.Payload == RecomputationJob.Whole && job.CreatedAt >= due)) { return false; }
        await jobs.Add(RecomputationJob.Kind, RecomputationJob.Whole, "", thisMachineOnly: false, ct);
        return true;
    }

    private static async Task<bool> Next(PeriodicTimer timer, CancellationToken ct)
    {
        try
        {
            return await timer.WaitForNextTickAsync(ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return false;
        }
    }
}
