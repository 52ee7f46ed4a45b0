using System.Data.Common;
using System.Globalization;
using Huike.Platform.Data;
using Huike.Platform.Jobs;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Huike.Platform.Rules;

/// <summary>Looks through all records for the daily rules whose hour has come. Cut off and run again, it adds what is missing.</summary>
internal sealed class ScanRules(Database database, RuleSubjects subjects, RuleRuns runs, JobQueue jobs) : IJobWorker
{
    public const string KindName = "rules.scan";

    /// <summary>Rules whose hour of today has come and that were not looked through for today.</summary>
    public const string Due = "is_on = 1 and begins = '" + RuleDefinition.Daily + "' and hour <= @hour and scanned_on < @today";

    private const int Window = 5_000;

    public string Kind => KindName;

    public async Task Run(Job job, Action<double> progress, CancellationToken ct)
    {
        var (now, today, _) = await runs.Day(ct);
        var day = today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        await using var reading = await database.Open(ct);
        var due = await reading.Rows($"select id from platform_rule where {Due} order by id", row => row.GetInt64(0), ct, ("hour", now.Hour), ("today", day));
        for (var i = 0; i < due.Count; i++)
        {
            await Scan(await Rule.Find(reading, due[i], null, ct), day, ct);
            progress((i + 1.0) / due.Count);
        }
    }

    private async Task Scan(Rule rule, string day, CancellationToken ct)
    {
        long last;
        var left = rule.Definition.Most;
        await using (var reading = await database.Open(ct))
        {
            last = await reading.Number($"select max(c.id) from {subjects.Find(rule.Subject).From}", ct);
            left -= (int)await reading.Number("select count(*) from platform_rule_run where rule_id = @rule and cause = @cause", ct, ("rule", rule.Id), ("cause", Cause(day)));
        }
        for (var first = 1L; first <= last && left > 0; first += Window)
        {
            var until = first + Window - 1;
            left -= await Write(async connection =>
            {
                var added = await runs.Add(connection, rule, Cause(day), "", (first, until), left, ct);
                if (added > 0) { await jobs.AddUnlessWaiting(connection, RunRules.KindName, "{}", "", ct); }
                return added;
            }, ct);
        }
        await Write(connection => connection.Run("update platform_rule set scanned_on = @day where id = @id", ct, ("day", day), ("id", rule.Id)), ct);
    }

    private static string Cause(string day) => "day/" + day;

    private async Task<int> Write(Func<DbConnection, Task<int>> work, CancellationToken ct)
    {
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var done = await work(connection);
        await transaction.CommitAsync(ct);
        return done;
    }
}

/// <summary>Asks for it when the hour of a daily rule has come; after an outage also later on the day.</summary>
internal sealed class AskForScan(Database database, RuleRuns runs, JobQueue jobs, TimeProvider clock, ILogger<AskForScan> log) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromMinutes(1);

    /// <summary>Asks where a rule is due.</summary>
    /// <returns>Whether it asked.</returns>
    public async Task<bool> AskWhenDue(CancellationToken ct)
    {
        var (now, today, _) = await runs.Day(ct);
        await using var connection = await database.Open(ct);
        if (await connection.Number($"select count(*) from platform_rule where {ScanRules.Due}", ct, ("hour", now.Hour), ("today", today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))) == 0) { return false; }
        await jobs.AddUnlessWaiting(ScanRules.KindName, "{}", "", ct);
        return true;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Look, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await AskWhenDue(stoppingToken);
                }
                catch (DbException gone)
                {
                    log.LogError(gone, "Daily rules can't be looked at; next try in {Seconds} s", Look.TotalSeconds);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The program ends.
        }
    }
}
