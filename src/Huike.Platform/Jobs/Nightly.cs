using Huike.Platform.Settings;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Huike.Platform.Jobs;

/// <summary>Asks for a job each night, at an hour of the settings in the firm's zone: once a night, on whichever node looks first.</summary>
/// <param name="jobs">Where it asks.</param>
/// <param name="settings">Where the firm's zone stands.</param>
/// <param name="clock">The time.</param>
/// <param name="log">Where a failure to ask is told.</param>
/// <param name="kind">Kind of the job.</param>
/// <param name="payload">Its payload; one with another asks for something else.</param>
public abstract class Nightly(JobQueue jobs, SettingsStore settings, TimeProvider clock, ILogger log, string kind, string payload) : BackgroundService
{
    private const int Looked = 20;
    private static readonly TimeSpan Look = TimeSpan.FromMinutes(5);

    /// <summary>Kind of the job that is asked for.</summary>
    public string Kind => kind;

    /// <summary>When it is asked for next; in the past by less than an hour where that is about to happen.</summary>
    public async Task<DateTimeOffset> Next(CancellationToken ct)
    {
        var (now, due) = await Due(ct);
        return now >= due.AddHours(1) || await WasAsked(due, ct) ? due.AddDays(1) : due;
    }

    /// <summary>The hour, 0 to 23; what is outside is moved to the nearer end.</summary>
    protected abstract Task<int> Hour(CancellationToken ct);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Look, clock);
        while (await Tick(timer, stoppingToken))
        {
            try
            {
                await AskWhenDue(stoppingToken);
            }
            catch (System.Data.Common.DbException gone)
            {
                log.LogError(gone, "The nightly {Kind} can't be asked for; next try in {Minutes} min", kind, Look.TotalMinutes);
            }
        }
    }

    /// <summary>Asks where tonight's hour has come and nobody asked since.</summary>
    /// <returns>Whether it asked.</returns>
    public async Task<bool> AskWhenDue(CancellationToken ct)
    {
        var (now, due) = await Due(ct);
        if (now < due || now >= due.AddHours(1) || await WasAsked(due, ct)) { return false; }
        await jobs.Add(kind, payload, "", thisMachineOnly: false, ct);
        return true;
    }

    /// <returns>The present moment and today's hour, both in the firm's zone.</returns>
    private async Task<(DateTimeOffset Now, DateTimeOffset Due)> Due(CancellationToken ct)
    {
        var now = TimeZoneInfo.ConvertTime(clock.GetUtcNow(), (await settings.Get<FirmSettings>(ct)).Zone);
        return (now, now - now.TimeOfDay + TimeSpan.FromHours(Math.Clamp(await Hour(ct), 0, 23)));
    }

    private async Task<bool> WasAsked(DateTimeOffset due, CancellationToken ct) => (await jobs.Newest(kind, Looked, ct)).Exists(job => job.Payload == payload && job.CreatedAt >= due);

    private static async Task<bool> Tick(PeriodicTimer timer, CancellationToken ct)
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
