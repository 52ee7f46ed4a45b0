using System.Data.Common;
using System.Globalization;
using Huike.Platform.Access.Records;
using Huike.Platform.Conditions;
using Huike.Platform.Data;
using Huike.Platform.Notifications;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.Platform.Rules;

/// <summary>One record on which a rule would run.</summary>
/// <param name="Record">The record.</param>
/// <param name="Name">As the asker may see it; null: he may not.</param>
/// <param name="At">When its event happened; null for a daily rule.</param>
/// <param name="Failure">Code and arguments of why an act could not be done; null: all could be.</param>
internal sealed record TriedRecord(long Record, string? Name, DateTimeOffset? At, (string Code, string Args)? Failure);

/// <summary>What a rule would have come to.</summary>
/// <param name="Looked">Records or events that were looked at; of a daily rule 0: all records.</param>
/// <param name="Count">On how many it would run; at most <see cref="TryRule.MostCounted"/> are counted.</param>
/// <param name="Records">The first of them.</param>
internal sealed record TriedRule(int Looked, long Count, IReadOnlyList<TriedRecord> Records);

/// <summary>试运行: tells on which records a rule would run, over all records or over what happened of late, and does its acts on the first of them in a transaction that is taken back.</summary>
internal sealed class TryRule(Database database, RuleSubjects subjects, RuleRuns runs, IServiceScopeFactory scopes, IEnumerable<INameRecords> names, CheckRule check)
{
    public const int MostCounted = 10_000;

    /// <summary>Newest events that are looked at.</summary>
    private const int MostEvents = 1_000;

    /// <summary>Of how many of all kinds, so that a rare kind is not searched for through weeks.</summary>
    private const int EventsBack = 50_000;

    private const int Listed = 20;

    /// <param name="id">The rule; 0 while it is new.</param>
    /// <param name="input">As it was filled in, saved or not.</param>
    /// <param name="access">Who asks.</param>
    /// <param name="ct">Ends the try.</param>
    /// <exception cref="RuleException">Those of <see cref="CheckRule.Run"/>.</exception>
    public async Task<TriedRule> Run(long id, RuleInput input, UserAccess access, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        await check.Run(connection, input, ct);
        var rule = new Rule(id, input.Subject, input.Name, input.IsOn, input.Version, input.Definition);
        var (looked, count, first) = input.Definition.IsDaily ? await OverRecords(connection, rule, ct) : await OverEvents(connection, rule, ct);
        var tried = new List<TriedRecord>();
        foreach (var (record, at) in first) { tried.Add(new(record, null, at, await Try(rule, record, ct))); }
        var known = names.FirstOrDefault(one => one.Kind == rule.Subject) is { } namer && tried.Count > 0 ? await namer.Of(access, [.. tried.Select(one => one.Record).Distinct()], ct) : new Dictionary<long, string>();
        return new(looked, count, [.. tried.Select(one => one with { Name = known.GetValueOrDefault(one.Record) })]);
    }

    private async Task<(int, long, List<(long, DateTimeOffset?)>)> OverRecords(DbConnection connection, Rule rule, CancellationToken ct)
    {
        var (sql, parameters) = await Where(rule, ct);
        var count = await connection.Number($"select count(*) from (select c.id {sql} limit {MostCounted.ToString(CultureInfo.InvariantCulture)}) counted", ct, parameters);
        return (0, count, await connection.Rows($"select c.id {sql} order by c.id limit {Listed.ToString(CultureInfo.InvariantCulture)}", row => (row.GetInt64(0), (DateTimeOffset?)null), ct, parameters));
    }

    private async Task<(int, long, List<(long, DateTimeOffset?)>)> OverEvents(DbConnection connection, Rule rule, CancellationToken ct)
    {
        var trigger = subjects.Triggers.First(one => one.Name == rule.Definition.When);
        var events = await connection.Rows($"""
            select e.payload, e.at from platform_event e where e.kind = @kind and e.id > (select coalesce(max(id), 0) from platform_event) - {EventsBack.ToString(CultureInfo.InvariantCulture)} order by e.id desc limit {MostEvents.ToString(CultureInfo.InvariantCulture)}
            """, row => (Payload: row.GetString(0), At: row.At(1)), ct, ("kind", trigger.EventKind));
        var hits = events.Select(one => (Record: MatchRules.Hit(trigger, rule, one.Payload), one.At)).Where(one => one.Record is not null).ToList();
        if (hits.Count == 0) { return (events.Count, 0, []); }
        var (sql, parameters) = await Where(rule, ct);
        var held = (await connection.Rows($"select c.id {sql} and c.id in ({string.Join(',', hits.Select(hit => hit.Record!.Value).Distinct())})", row => row.GetInt64(0), ct, parameters)).ToHashSet();
        var met = hits.Where(hit => held.Contains(hit.Record!.Value)).Select(hit => (hit.Record!.Value, (DateTimeOffset?)hit.At)).ToList();
        // What does not run again on a record runs on its first event alone.
        if (rule.Definition.Again != 0) { met = [.. met.GroupBy(hit => hit.Value).Select(of => of.Last())]; }
        return (events.Count, met.Count, [.. met.Take(Listed)]);
    }

    private async Task<(string Sql, (string, object?)[] Parameters)> Where(Rule rule, CancellationToken ct)
    {
        var (_, today, zone) = await runs.Day(ct);
        var subject = subjects.Find(rule.Subject);
        var conditions = ConditionSql.Of(rule.Definition.If, subjects.Fields(subject), new(today, zone));
        return ($"from {subject.From} where {subject.Where} and {conditions.Sql}{RuleRuns.Again(rule, today, zone, out var again)}", [.. conditions.Parameters, .. again]);
    }

    private async Task<(string, string)?> Try(Rule rule, long record, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        // Never committed.
        await using var batch = await database.Begin(ct);
        try
        {
            await scope.ServiceProvider.GetRequiredService<RuleWork>().Run(rule, 0, record, [], ct);
            return null;
        }
        catch (RuleException refused)
        {
            return (refused.Code, RunFailure.Write(refused));
        }
    }
}
