using System.Globalization;
using Huike.Platform.Conditions;
using Huike.Ui;

namespace Huike.Customers.Conditions;

/// <summary>Conditions as a sentence in the reader's words.</summary>
/// <param name="Texts">The reader's language.</param>
/// <param name="Facts">What is shown to the reader; other facts stand by their names alone.</param>
/// <param name="Units">Names of units.</param>
internal sealed record ConditionWords(Texts Texts, IReadOnlyList<Fact> Facts, IReadOnlyDictionary<string, string> Units)
{
    /// <summary>The whole sentence; groups within it stand in brackets.</summary>
    public string Say(Condition condition) => condition switch
    {
        FactCondition leaf => Leaf(leaf),
        ConditionGroup { Of.Count: 0 } => Texts["conditions.none"],
        ConditionGroup group => string.Join(Texts[group.IsAny ? "conditions.or" : "conditions.and"], group.Of.Select(one => one is ConditionGroup { Of.Count: > 1 } inner ? Texts["conditions.bracket", Say(inner)] : Say(one))),
        _ => "",
    };

    private string Leaf(FactCondition leaf)
    {
        var fact = Facts.FirstOrDefault(one => one.Name == leaf.Field);
        var label = fact?.Label(Texts) ?? leaf.Field;
        if (leaf.Test is FactTest.Filled or FactTest.Empty) { return $"{label} {Texts["rules.test." + leaf.Test]}"; }
        if (leaf.Test == FactTest.Within && int.TryParse(leaf.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var days)) { return label + " " + (days < 0 ? Texts["conditions.last", -days] : Texts["conditions.next", days]); }
        var value = leaf.Value switch
        {
            ConditionSql.Me => Texts["conditions.me"],
            ConditionSql.Mine => Texts["conditions.mine"],
            _ => string.Join(Texts["rules.comma"], leaf.Value.Split(',', '|').Select(one => Value(fact, one.Trim()))),
        };
        var test = leaf.Test is FactTest.AtLeast or FactTest.AtMost ? (fact?.Kept is FactKept.Day or FactKept.Instant ? "conditions.day." : "conditions.number.") : "rules.test.";
        return $"{label} {Texts[test + leaf.Test]} {value}";
    }

    private string Value(Fact? fact, string value) => fact switch
    {
        { Kept: FactKept.Unit } => Units.GetValueOrDefault(value, value),
        { Kept: FactKept.Day or FactKept.Instant } when value.StartsWith("today", StringComparison.OrdinalIgnoreCase) => Texts["rules.value.today"] + value[5..],
        _ => fact?.Choices.FirstOrDefault(choice => choice.Value == value)?.Label(Texts) ?? value,
    };
}
