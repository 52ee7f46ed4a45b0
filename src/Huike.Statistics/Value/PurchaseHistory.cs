namespace Huike.Statistics.Value;

/// <summary>What a buy-till-you-die model needs to know of one customer, in time units of the caller's choice (days, weeks).</summary>
/// <param name="Repeats">x: days with a purchase after the day of the first one; 0 or more.</param>
/// <param name="Recency">t_x: time from the first to the last purchase; 0 where there is no repeat.</param>
/// <param name="Age">T: time from the first purchase to the end of observation; not below <paramref name="Recency"/>.</param>
public readonly record struct PurchaseHistory(int Repeats, double Recency, double Age)
{
    /// <summary>Whether the numbers are finite and in the ranges named above.</summary>
    public bool IsValid => Repeats >= 0 && Recency >= 0 && Age >= Recency && double.IsFinite(Age) && (Repeats > 0 || Recency == 0);

    /// <summary>Time since the last purchase: <see cref="Age"/> − <see cref="Recency"/>.</summary>
    public double Gap => Age - Recency;

    /// <summary>The history of one customer from the days of purchase.</summary>
    /// <param name="days">Day numbers (<see cref="DateOnly.DayNumber"/>), ascending; several purchases on a day count as one.</param>
    /// <param name="until">Last observed day; purchases after it are ignored.</param>
    /// <param name="daysPerUnit">1 for days, 7 for weeks; parts of a unit are kept.</param>
    /// <returns>Null where no purchase lies on or before <paramref name="until"/>.</returns>
    /// <exception cref="ArgumentException">Days out of order.</exception>
    public static PurchaseHistory? FromDays(ReadOnlySpan<int> days, int until, double daysPerUnit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(daysPerUnit);
        if (days.IsEmpty || days[0] > until)
        {
            return null;
        }

        var last = days[0];
        var repeats = 0;
        foreach (var day in days)
        {
            if (day < last)
            {
                throw new ArgumentException("Days must be ascending.", nameof(days));
            }

            if (day > until)
            {
                break;
            }

            repeats += day > last ? 1 : 0;
            last = day;
        }

        return new PurchaseHistory(repeats, (last - days[0]) / daysPerUnit, (until - days[0]) / daysPerUnit);
    }
}
