using System.Globalization;

namespace Huike.Platform.Rules;

/// <summary>A kind of record that rules are about. A module offers it, with what its rules look at and do.</summary>
/// <param name="Name">Name of the <see cref="Access.Records.RecordKind"/>; stable.</param>
/// <param name="TextKey">What they are called, several of them.</param>
/// <param name="From">Tables that hold them, the record's own by the alias <c>c</c> with its <c>id</c> and <c>owner_id</c>.</param>
/// <param name="Where">Which records rules leave alone are not of these.</param>
/// <param name="Shown">SQL of what a record is called.</param>
/// <param name="Path">Page of a record, with {0} for its id.</param>
public sealed record RuleSubject(string Name, string TextKey, string From, string Where, string Shown, string Path)
{
    /// <summary>The page of one record.</summary>
    public string Href(long id) => string.Format(CultureInfo.InvariantCulture, Path, id);
}

/// <summary>What an event is to rules.</summary>
/// <param name="Record">The record that it happened to.</param>
/// <param name="Fields">Names of the fields that changed, as rules know them; null: it isn't about fields.</param>
public readonly record struct RuleHit(long Record, IReadOnlyList<string>? Fields);

/// <summary>A moment at which rules begin.</summary>
/// <param name="Name">Stable, with a dot; its text is <c>rules.when.</c> and the name.</param>
/// <param name="Subject">Name of the <see cref="RuleSubject"/>; empty: of every one.</param>
/// <param name="EventKind">Kind of the event.</param>
/// <param name="Read">From the event's payload and the subject's name to what happened; null: nothing for rules of that subject.</param>
/// <param name="HasFields">Whether a rule can ask that certain fields changed.</param>
internal sealed record RuleTrigger(string Name, string Subject, string EventKind, Func<string, string, RuleHit?> Read, bool HasFields);
