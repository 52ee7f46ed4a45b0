using Huike.Platform.Jobs;
using Huike.Platform.Settings;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Huike.Platform.Retention;

/// <summary>Asks each night, at the hour of the settings, for what was kept long enough to be taken away.</summary>
internal sealed class NightlyRetention(JobQueue jobs, SettingsStore settings, TimeProvider clock, ILogger<NightlyRetention> log) : BackgroundService
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
                log.LogError(gone, "The nightly retention can't be asked for; next try in {Minutes} min", Look.TotalMinutes);
            }
        }
    }

    /// <summary>Asks where tonight's hour has come and nobody asked since.</summary>
    /// <returns>Whether it asked.</returns>
    internal async Task<bool> AskWhenDue(CancellationToken ct)
    {
        var hour = (await settings.Get<RetentionSettings>(ct)).NightlyHour;
        var now = TimeZoneInfo.ConvertTime(clock.GetUtcNow(), (await settings.Get<FirmSettings>(ct)).Zone);
        var due = now - now.TimeOfDay + TimeSpan.FromHours(Math.Clamp(hour, 0, 23));
        if (now < due || now >= due.AddHours(1) || (await jobs.Newest(RetentionJob.KindName, 1, ct)).Exists(job => job.CreatedAt >= due)) { return false; }
        await jobs.Add(RetentionJob.KindName, "{}", "", thisMachineOnly: false, ct);
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
