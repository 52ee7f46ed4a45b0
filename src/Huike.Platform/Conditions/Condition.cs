namespace Huike.Platform.Conditions;

/// <summary>How a condition compares.</summary>
public enum FactTest
{
    /// <summary>Equal to it, or to one of several.</summary>
    Is = 0,

    /// <summary>None of them.</summary>
    IsNot = 1,

    /// <summary>This or more; on this day or later.</summary>
    AtLeast = 2,

    /// <summary>This or less; on this day or earlier.</summary>
    AtMost = 3,

    /// <summary>The text holds it.</summary>
    Contains = 4,

    /// <summary>Has a value.</summary>
    Filled = 5,

    /// <summary>Has none.</summary>
    Empty = 6,

    /// <summary>On this day of any year.</summary>
    EachYear = 7,

    /// <summary>Between today and so many days on, or back where they are less than 0; both ends count.</summary>
    Within = 8,
}

/// <summary>What a record has to be like: one fact of it, or several conditions together. <see cref="ConditionText"/> writes it, <see cref="ConditionSql"/> asks for it.</summary>
public abstract record Condition
{
    /// <summary>The single conditions in it.</summary>
    public abstract IEnumerable<FactCondition> Leaves { get; }

    /// <summary>How deep groups lie in each other; 0 for a single one.</summary>
    public abstract int Depth { get; }
}

/// <summary>One condition.</summary>
/// <param name="Field">Name of a <see cref="Fact"/>.</param>
/// <param name="Test">How it compares.</param>
/// <param name="Value">With what; a day may be <c>today</c>, <c>today-90</c>, <c>today+7</c>; a user <c>@me</c>, a unit <c>@mine</c>.</param>
public sealed record FactCondition(string Field, FactTest Test, string Value) : Condition
{
    /// <inheritdoc/>
    [System.Text.Json.Serialization.JsonIgnore]
    public override IEnumerable<FactCondition> Leaves => [this];

    /// <inheritdoc/>
    [System.Text.Json.Serialization.JsonIgnore]
    public override int Depth => 0;
}

/// <summary>Several conditions together.</summary>
/// <param name="IsAny">One of them is enough; otherwise all must hold.</param>
/// <param name="Of">The conditions; of none nothing is asked.</param>
public sealed record ConditionGroup(bool IsAny, IReadOnlyList<Condition> Of) : Condition
{
    /// <inheritdoc/>
    public override IEnumerable<FactCondition> Leaves => Of.SelectMany(one => one.Leaves);

    /// <inheritdoc/>
    public override int Depth => 1 + Of.Select(one => one.Depth).DefaultIfEmpty(0).Max();

    /// <summary>Both of two conditions; a null one is none.</summary>
    public static Condition And(Condition? first, Condition second) => first is ConditionGroup { IsAny: false } all ? new ConditionGroup(false, [.. all.Of, second]) : first is null ? second : new ConditionGroup(false, [first, second]);
}
