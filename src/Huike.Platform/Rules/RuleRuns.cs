using System.Data.Common;
using System.Globalization;
using Huike.Platform.Conditions;
using Huike.Platform.Data;
using Huike.Platform.Settings;

namespace Huike.Platform.Rules;

/// <summary>States of a run.</summary>
internal enum RunState
{
    /// <summary>Its conditions held; its acts are to be done.</summary>
    Waiting = 0,

    /// <summary>All acts were done.</summary>
    Done = 1,

    /// <summary>None was: one of them could not be.</summary>
    Failed = 2,

    /// <summary>The loop guard held it.</summary>
    Stopped = 3,
}

/// <summary>Writes down for which records a rule is to act: in one statement, by the conditions themselves, and once for each cause.</summary>
internal sealed class RuleRuns(RuleSubjects subjects, SettingsStore settings, TimeProvider clock)
{
    /// <summary>The firm's day and hour.</summary>
    public async Task<(DateTimeOffset Now, DateOnly Today, TimeZoneInfo Zone)> Day(CancellationToken ct)
    {
        var zone = (await settings.Get<FirmSettings>(ct)).Zone;
        var now = TimeZoneInfo.ConvertTime(clock.GetUtcNow(), zone);
        return (now, DateOnly.FromDateTime(now.DateTime), zone);
    }

    /// <summary>Adds runs for those records of some for which the conditions hold.</summary>
    /// <param name="connection">Holds the caller's transaction and, on SQLite, the turn to write.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="cause">What it is begun by; told twice, it runs once.</param>
    /// <param name="by">Name of who caused it.</param>
    /// <param name="records">First and last number of the records.</param>
    /// <param name="most">At most so many.</param>
    /// <param name="ct">Ends the write.</param>
    /// <returns>How many wait now that did not before.</returns>
    public async Task<int> Add(DbConnection connection, Rule rule, string cause, string by, (long First, long Last) records, int most, CancellationToken ct)
    {
        var (now, today, zone) = await Day(ct);
        var subject = subjects.Find(rule.Subject);
        var trail = RuleTrail.Read(by);
        var state = RuleTrail.Stops(trail, rule.Id) ? RunState.Stopped : RunState.Waiting;
        ConditionSql conditions;
        try
        {
            conditions = ConditionSql.Of(rule.Definition.If, subjects.Fields(subject), new(today, zone));
        }
        catch (RuleException broken)
        {
            await Fail(connection, rule, cause, records.First == records.Last ? records.First : 0, broken, ct);
            return 0;
        }
        var added = await connection.Run($"""
            insert into platform_rule_run (rule_id, version, cause, record_id, trail, state, tries, at, ended_at, code, args)
            select @rule, @version, @cause, c.id, @trail, {(int)state}, 0, @now, {(state == RunState.Waiting ? "null" : "@now")}, @code, '[]'
            from {subject.From} where c.id >= @first and c.id <= @last and {subject.Where} and {conditions.Sql}{Again(rule, today, zone, out var again)} order by c.id limit {most.ToString(CultureInfo.InvariantCulture)}
            on conflict (rule_id, cause, record_id) do nothing
            """, ct, [("rule", rule.Id), ("version", rule.Version), ("cause", cause), ("trail", string.Join('/', trail)), ("now", now.ToUniversalTime()), ("code", state == RunState.Waiting ? "" : "rules.loop"),
            ("first", records.First), ("last", records.Last), .. again, .. conditions.Parameters]);
        return state == RunState.Waiting ? added : 0;
    }

    /// <summary>Leaves out records on which it ran lately, counted in the firm's days, or ever.</summary>
    public static string Again(Rule rule, DateOnly today, TimeZoneInfo zone, out (string Name, object? Value)[] parameters)
    {
        var days = rule.Definition.Again;
        if (days == 0 || rule.Id == 0)
        {
            parameters = [];
            return "";
        }
        parameters = [("since", days == RuleDefinition.Never ? DateTimeOffset.UnixEpoch : LocalDay.Begin(today.AddDays(1 - days), zone).ToUniversalTime()), ("of", rule.Id)];
        return " and not exists (select 1 from platform_rule_run earlier where earlier.rule_id = @of and earlier.record_id = c.id and earlier.state < 2 and earlier.at >= @since)";
    }

    /// <summary>A rule that can't be understood any more: one of its fields was retired, a choice taken off its list.</summary>
    private async Task Fail(DbConnection connection, Rule rule, string cause, long record, RuleException broken, CancellationToken ct) => await connection.Run($"""
        insert into platform_rule_run (rule_id, version, cause, record_id, trail, state, tries, at, ended_at, code, args)
        values (@rule, @version, @cause, @record, '', {(int)RunState.Failed}, 1, @now, @now, @code, @args) on conflict (rule_id, cause, record_id) do nothing
        """, ct, ("rule", rule.Id), ("version", rule.Version), ("cause", cause), ("record", record), ("now", clock.GetUtcNow()), ("code", broken.Code), ("args", RunFailure.Write(broken)));
}
