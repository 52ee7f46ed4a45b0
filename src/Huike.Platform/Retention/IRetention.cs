namespace Huike.Platform.Retention;

/// <summary>Units of a period.</summary>
public enum PeriodUnit
{
    /// <summary>天.</summary>
    Days = 0,

    /// <summary>个月.</summary>
    Months = 1,

    /// <summary>年.</summary>
    Years = 2,
}

/// <summary>How long something is kept.</summary>
/// <param name="Count">0: for ever; at most <see cref="Most"/>.</param>
/// <param name="Unit">Of what.</param>
public sealed record RetentionPeriod(int Count, PeriodUnit Unit)
{
    /// <summary>The longest period, in whatever unit.</summary>
    public const int Most = 1_000;

    /// <summary>Whether nothing goes by itself.</summary>
    public bool IsForEver => Count <= 0;

    /// <summary>What is older than this goes.</summary>
    public DateTimeOffset Before(DateTimeOffset now) => Unit switch
    {
        PeriodUnit.Days => now.AddDays(-Count),
        PeriodUnit.Months => now.AddMonths(-Count),
        _ => now.AddYears(-Count),
    };
}

/// <summary>保存期限: a kind of record that is not kept for ever, offered by a module as a scoped service. Its words stand in the texts under <c>retention.kind.</c> and its name.</summary>
public interface IRetention
{
    /// <summary>Stable name, a word in camelCase.</summary>
    string Kind { get; }

    /// <summary>As it is kept unless an administrator says otherwise.</summary>
    RetentionPeriod Usual { get; }

    /// <summary>How many <see cref="Remove"/> would take away, all batches together.</summary>
    /// <param name="before">What is older goes.</param>
    /// <param name="ct">Ends the count.</param>
    Task<long> Count(DateTimeOffset before, CancellationToken ct);

    /// <summary>Takes a batch away, in a transaction of its own.</summary>
    /// <param name="before">What is older goes.</param>
    /// <param name="most">At most so many.</param>
    /// <param name="ct">Ends the work.</param>
    /// <returns>How many; fewer than <paramref name="most"/> where none is left.</returns>
    Task<long> Remove(DateTimeOffset before, int most, CancellationToken ct);
}
