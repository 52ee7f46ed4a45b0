namespace Huike.Customers.Relationships;

/// <summary>关系规则: when which type is suggested, and how the plan makes tasks of it (H4).</summary>
internal sealed record RelationshipRules
{
    public const int MostDays = 365;

    /// <summary>A margin is high from so many times the firm's average on; above 0, default 3.</summary>
    public decimal HighMargin { get; init; } = 3;

    /// <summary>And low below so many times; 0 or more, default 0.5.</summary>
    public decimal LowMargin { get; init; } = 0.5m;

    /// <summary>A segment has many customers from this share of all buyers on, in per cent; default 30.</summary>
    public decimal ManyPercent { get; init; } = 30;

    /// <summary>And few below this one, in per cent; default 2.</summary>
    public decimal FewPercent { get; init; } = 2;

    /// <summary>Who has no type by hand is treated by the one that is suggested; default false.</summary>
    public bool AppliesSuggestions { get; init; }

    /// <summary>A task is made so many days before it is due; 0 to 60, default 7.</summary>
    public int DaysAhead { get; init; } = 7;

    /// <summary>After a purchase no task is made any more when it would be late by more than so many days; 0 to 365, default 14.</summary>
    public int DaysForgotten { get; init; } = 14;

    /// <summary>Language of tasks for owners who have not chosen one.</summary>
    public string Language { get; init; } = "zh-CN";

    /// <summary>Least days between contacts of ours, by type; null: as the firm's rule of contacts says.</summary>
    public int? Basic { get; init; }

    /// <inheritdoc cref="Basic"/>
    public int? Reactive { get; init; }

    /// <inheritdoc cref="Basic"/>
    public int? Accountable { get; init; }

    /// <inheritdoc cref="Basic"/>
    public int? Proactive { get; init; }

    /// <inheritdoc cref="Basic"/>
    public int? Partnership { get; init; }

    internal decimal ManyShare => ManyPercent / 100;

    internal decimal FewShare => FewPercent / 100;

    /// <summary>Least days between contacts of ours with a customer of a type.</summary>
    public int? LeastDays(RelationshipType type) => type switch
    {
        RelationshipType.Basic => Basic,
        RelationshipType.Reactive => Reactive,
        RelationshipType.Accountable => Accountable,
        RelationshipType.Proactive => Proactive,
        _ => Partnership,
    };
}
