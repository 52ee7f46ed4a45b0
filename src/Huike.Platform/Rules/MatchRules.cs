using System.Data.Common;
using Huike.Platform.Events;
using Huike.Platform.Jobs;

namespace Huike.Platform.Rules;

/// <summary>Hears of events in the platform's own way and looks which rules begin by them. What they do comes a moment later, each run in a transaction of its own.</summary>
internal sealed class MatchRules(RuleSubjects subjects, RuleRuns runs, JobQueue jobs)
{
    /// <summary>Of the handler.</summary>
    public const string Name = "rules.match";

    public async Task Run(string payload, Occurrence occurrence, DbConnection connection, CancellationToken ct)
    {
        var added = 0;
        foreach (var trigger in subjects.Triggers.Where(one => one.EventKind == occurrence.Kind))
        {
            foreach (var rule in await Rule.On(connection, trigger.Name, ct))
            {
                if (Hit(trigger, rule, payload) is { } record) { added += await runs.Add(connection, rule, FormattableString.Invariant($"event/{occurrence.Id}"), occurrence.By, (record, record), 1, ct); }
            }
        }
        if (added > 0) { await jobs.AddUnlessWaiting(connection, RunRules.KindName, "{}", "", ct); }
    }

    /// <summary>The record that an event begins a rule on; null: none.</summary>
    public static long? Hit(RuleTrigger trigger, Rule rule, string payload) =>
        trigger.Read(payload, rule.Subject) is not { } hit || (rule.Definition.Changed.Count > 0 && hit.Fields?.Intersect(rule.Definition.Changed).Any() != true) ? null : hit.Record;
}
