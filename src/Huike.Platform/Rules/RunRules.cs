using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Huike.Platform.Data;
using Huike.Platform.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Huike.Platform.Rules;

/// <summary>
/// Does what waits, one run after the other, each in a transaction that also marks it as done: a run that is cut off has done nothing and is begun anew.
/// A rule that says no, or a fault that stays one, ends the run with its reason; the next ones go on.
/// </summary>
internal sealed class RunRules(Database database, IServiceScopeFactory scopes, RuleRuns runs, JobQueue jobs, TimeProvider clock, ILogger<RunRules> log) : IJobWorker
{
    public const string KindName = "rules.run";

    /// <summary>Then others who wait in the lane have their turn.</summary>
    private const int AtOnce = 100;

    /// <summary>A fault that is no rule's no may pass.</summary>
    private const int MostTries = 5;

    private const int LongestFailure = 400;

    public string Kind => KindName;

    public bool IsShort => true;

    private sealed record Claimed(long Id, long Rule, int Version, long Record, string Trail);

    public TimeSpan? PauseAfter(Exception failure, int attempts) => failure is DbException && attempts < 50 ? TimeSpan.FromSeconds(Math.Min(attempts * 5, 60)) : null;

    public async Task Run(Job job, Action<double> progress, CancellationToken ct)
    {
        for (var i = 0; i < AtOnce; i++)
        {
            if (!await One(ct)) { return; }
        }
        await jobs.AddUnlessWaiting(KindName, "{}", "", ct);
    }

    /// <returns>Whether there was one.</returns>
    private async Task<bool> One(CancellationToken ct)
    {
        Claimed? claimed = null;
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await using var batch = await database.Begin(ct);
            await using var connection = await database.Open(ct);
            claimed = await Claim(connection, ct);
            if (claimed is null) { return false; }
            var rule = await Rule.Find(connection, claimed.Rule, claimed.Version, ct);
            if (await WasBefore(connection, rule, claimed, ct)) { await connection.Run("delete from platform_rule_run where id = @id", ct, ("id", claimed.Id)); }
            else
            {
                await scope.ServiceProvider.GetRequiredService<RuleWork>().Run(rule, claimed.Id, claimed.Record, RuleTrail.Read(RuleTrail.Begin + claimed.Trail), ct);
                await End(connection, claimed.Id, RunState.Done, "", "[]", ct);
            }
            await batch.Commit(ct);
        }
        catch (RuleException refused) when (claimed is not null)
        {
            await Fail(claimed.Id, refused.Code, RunFailure.Write(refused), ct);
        }
        catch (Exception fault) when (claimed is not null && !ct.IsCancellationRequested && fault is not DbException { IsTransient: true })
        {
            log.LogError(fault, "Run {Run} of rule {Rule} failed", claimed.Id, claimed.Rule);
            await Miss(claimed.Id, fault.Message, ct);
        }
        return true;
    }

    private Task<Claimed?> Claim(DbConnection connection, CancellationToken ct) => connection.First($"""
        select id, rule_id, version, record_id, trail from platform_rule_run where state = 0 order by tries, id limit 1{(database.Kind == DatabaseKind.Postgres ? " for update skip locked" : "")}
        """, row => new Claimed(row.GetInt64(0), row.GetInt64(1), row.GetInt32(2), row.GetInt64(3), row.GetString(4)), ct);

    /// <summary>Two causes at one moment may both have found that it didn't run lately: here they come one after the other.</summary>
    private async Task<bool> WasBefore(DbConnection connection, Rule rule, Claimed claimed, CancellationToken ct)
    {
        var (_, today, zone) = await runs.Day(ct);
        var again = RuleRuns.Again(rule, today, zone, out var parameters);
        return again.Length > 0 && await connection.Number($"select count(*) from (select @record as id) c where 1 = 1{again.Replace("earlier.state < 2", "earlier.state < 2 and earlier.id < @run", StringComparison.Ordinal)}", ct,
            [("record", claimed.Record), ("run", claimed.Id), .. parameters]) == 0;
    }

    private Task<int> End(DbConnection connection, long id, RunState state, string code, string args, CancellationToken ct) =>
        connection.Run("update platform_rule_run set state = @state, code = @code, args = @args, tries = tries + 1, ended_at = @now where id = @id and state = 0", ct, ("state", state), ("code", code), ("args", args), ("now", clock.GetUtcNow()), ("id", id));

    private async Task Fail(long id, string code, string args, CancellationToken ct)
    {
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await End(connection, id, RunState.Failed, code, args, ct);
    }

    private async Task Miss(long id, string said, CancellationToken ct)
    {
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await connection.Run($"update platform_rule_run set tries = tries + 1, state = case when tries + 1 >= {MostTries.ToString(CultureInfo.InvariantCulture)} then 2 else 0 end, code = 'rules.fault', args = @args, ended_at = @now where id = @id and state = 0", ct,
            ("args", JsonSerializer.Serialize(new[] { said[..Math.Min(said.Length, LongestFailure)] })), ("now", clock.GetUtcNow()), ("id", id));
    }
}
