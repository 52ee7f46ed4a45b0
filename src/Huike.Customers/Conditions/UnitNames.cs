using Huike.Platform.Conditions;

namespace Huike.Customers.Conditions;

/// <summary>Units as people name them where conditions keep their numbers. Of one name that several have, and of one that a list would cut in two, the number stands with it.</summary>
internal sealed class UnitNames(IReadOnlyDictionary<string, string> units)
{
    private static readonly char[] Comma = [',', '，', '、'];

    private readonly Dictionary<string, string> names = units.ToDictionary(unit => unit.Key, unit => unit.Value.IndexOfAny(Comma) < 0 && units.Values.Count(name => name == unit.Value) == 1 ? unit.Value : $"{unit.Key} {unit.Value.Replace(",", "", StringComparison.Ordinal)}");

    public IReadOnlyCollection<string> All => names.Values;

    /// <summary>Several numbers in the words of the editor.</summary>
    public string Named(string value) => string.Join(", ", Parts(value).Select(id => names.GetValueOrDefault(id) ?? id));

    /// <summary>The same condition with the numbers of units that were named; what names none is kept, to be told.</summary>
    public ConditionGroup Numbered(ConditionGroup group, IReadOnlyList<Fact> facts) => group with
    {
        Of = [.. group.Of.Select(one => one switch
        {
            ConditionGroup inner => Numbered(inner, facts),
            FactCondition leaf when facts.Any(fact => fact.Name == leaf.Field && fact.Kept == FactKept.Unit) => leaf with { Value = string.Join(',', Parts(leaf.Value).Select(Number)) },
            _ => one,
        })],
    };

    private string Number(string typed) => names.FirstOrDefault(unit => string.Equals(unit.Value, typed, StringComparison.OrdinalIgnoreCase)).Key ?? typed;

    private static string[] Parts(string value) => value.Split(Comma, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
