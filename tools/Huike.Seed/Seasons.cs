using System.Globalization;

namespace Huike.Seed;

/// <summary>
/// How busy each day is, as a clock of its own: on busy days it runs faster. Who waits by this clock comes in season
/// (春节, 五一, 618, 国庆, 双11), on the weekend or not, and more often from year to year.
/// </summary>
internal sealed class Seasons
{
    private const double GrowthPerDay = 0.10 / 365;
    private static readonly double[] Months = [0.95, 0.80, 1.05, 1.00, 1.10, 1.05, 1.00, 0.95, 1.00, 1.10, 1.05, 1.00];
    private static readonly ChineseLunisolarCalendar Lunar = new();

    // Reading of the clock at the beginning of each day, and at the end.
    private readonly double[] _clock;

    private Seasons(DateOnly from, int days, Func<DateOnly, double> weight)
    {
        _clock = new double[days + 1];
        for (var day = 0; day < days; day++)
        {
            _clock[day + 1] = _clock[day] + (weight(from.AddDays(day)) * (1 + (day * GrowthPerDay)));
        }

        // One unit is an average day.
        var scale = days / _clock[days];
        for (var day = 0; day <= days; day++)
        {
            _clock[day] *= scale;
        }
    }

    internal double End => _clock[^1];

    internal static Seasons Retail(DateOnly from, int days) => new(from, days, RetailWeight);

    internal static Seasons Trade(DateOnly from, int days) => new(from, days, TradeWeight);

    internal double Noon(int day) => (_clock[day] + _clock[day + 1]) / 2;

    /// <summary>The day on which the clock shows the reading; the number of days where that is after the end.</summary>
    internal int DayAt(double reading)
    {
        var at = Array.BinarySearch(_clock, reading);
        return Math.Min(at >= 0 ? at : ~at - 1, _clock.Length - 1);
    }

    private static double RetailWeight(DateOnly date)
    {
        var weight = Months[date.Month - 1] * (date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 1.5 : 0.9);
        weight *= (date.Month, date.Day) switch
        {
            (6, >= 16 and <= 18) => 3.5,
            (6, <= 20) => 1.7,
            (11, 10 or 11) => 4.5,
            (11, < 10) or (10, 31) => 1.7,
            (12, 12) => 1.8,
            (5, <= 5) => 1.7,
            (10, <= 7) => 1.7,
            _ => 1,
        };
        return weight * DaysFromNewYear(date) switch
        {
            >= -20 and <= -4 => 1.5,
            >= -3 and <= -1 => 0.6,
            >= 0 and <= 6 => 0.25,
            >= 7 and <= 14 => 0.7,
            _ => 1,
        };
    }

    private static double TradeWeight(DateOnly date)
    {
        var weight = Months[date.Month - 1] * date.DayOfWeek switch { DayOfWeek.Sunday => 0.03, DayOfWeek.Saturday => 0.3, _ => 1 };
        weight *= (date.Month, date.Day) switch
        {
            (5, <= 5) or (10, <= 7) => 0.1,
            // Distributors stock up before the two great sales.
            (5, >= 20) or (6, <= 10) => 1.5,
            (10, >= 15) or (11, <= 5) => 1.6,
            _ => 1,
        };
        return weight * DaysFromNewYear(date) switch
        {
            >= -25 and <= -8 => 1.5,
            >= -3 and <= 7 => 0.05,
            _ => 1,
        };
    }

    private static int DaysFromNewYear(DateOnly date) => date.DayNumber - DateOnly.FromDateTime(Lunar.ToDateTime(date.Year, 1, 1, 0, 0, 0, 0)).DayNumber;
}
