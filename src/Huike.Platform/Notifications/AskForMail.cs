using System.Data.Common;
using System.Globalization;
using Huike.Platform.Data;
using Huike.Platform.Jobs;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Huike.Platform.Notifications;

/// <summary>Asks for the mails whose hour has come; on several nodes one is asked for twice at most, and the second finds nothing to send.</summary>
internal sealed class AskForMail(Database database, JobQueue jobs, TimeProvider clock, ILogger<AskForMail> log) : BackgroundService
{
    private const int AtOnce = 500;
    private static readonly TimeSpan Look = TimeSpan.FromMinutes(5);

    /// <returns>For how many users it asked.</returns>
    public async Task<int> AskWhenDue(CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var users = await connection.Rows($"select distinct user_id from platform_notice where mail_at <= @now order by user_id limit {AtOnce}", row => row.GetInt64(0), ct, ("now", clock.GetUtcNow()));
        foreach (var user in users) { await jobs.AddUnlessWaiting(SendNotices.KindName, user.ToString(CultureInfo.InvariantCulture), "", ct); }
        return users.Count;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Look, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stoppingToken.IsCancellationRequested) { return; }
            try
            {
                await AskWhenDue(stoppingToken);
            }
            catch (Exception gone) when (gone is DbException or OperationCanceledException)
            {
                log.LogWarning(gone, "Mails of notices can't be asked for; next try in {Minutes} min", Look.TotalMinutes);
            }
        }
    }
}
