using Huike.Ui;
using Huike.Ui.Kit;

namespace Huike.Platform.Rules;

/// <summary>Rules in the reader's words.</summary>
internal static class RuleWords
{
    public static string When(Texts texts, RuleDefinition definition) => definition.IsDaily ? texts["rules.daily.at", definition.Hour] : texts["rules.when." + definition.When];

    public static string Then(Texts texts, RuleDefinition definition) => string.Join(texts["rules.comma"], definition.Acts.Select(act => texts["rules.act." + act.Kind]));

    public static (string Text, Tone Tone) Of(Texts texts, RunState state) => (texts["rules.state." + state], state switch { RunState.Done => Tone.Good, RunState.Failed => Tone.Bad, RunState.Stopped => Tone.Warn, _ => Tone.Info });

    /// <summary>What began a run: an event or a day.</summary>
    public static string Cause(Texts texts, string cause) => texts[cause.StartsWith("day/", StringComparison.Ordinal) ? "rules.cause.day" : "rules.cause.event"];

    /// <summary>Words of what an act asks for, as the page shows and hides its inputs by them.</summary>
    public static string Asks(RuleAsks asks) => asks.ToString().ToLowerInvariant().Replace(",", "", StringComparison.Ordinal);

    /// <summary>Words of what a trigger asks for.</summary>
    public static string Asks(RuleTrigger trigger) => trigger.HasFields ? "event changed" : "event";
}
