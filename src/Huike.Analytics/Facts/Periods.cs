using System.Globalization;

namespace Huike.Analytics.Facts;

/// <summary>A span of days that contribution can be counted over.</summary>
/// <param name="Key"><c>all</c>, <c>recent</c> or a year; as in the settings.</param>
/// <param name="From">First day number.</param>
/// <param name="To">Last day number, included.</param>
internal readonly record struct Period(string Key, int From, int To)
{
    public bool Holds(int day) => day >= From && day <= To;
}

/// <summary>The spans that the value page can show: the whole ledger, the last twelve months, and calendar years.</summary>
internal static class Periods
{
    public const string All = "all";
    public const string Recent = "recent";
    private const int MostYears = 10;

    /// <summary>The whole ledger first, then twelve months up to the last day, then years, the latest ten at most, in order.</summary>
    /// <param name="first">First day of the ledger.</param>
    /// <param name="asOf">Last day that counts.</param>
    public static IReadOnlyList<Period> Of(int first, int asOf)
    {
        var end = DateOnly.FromDayNumber(asOf);
        var from = Math.Max(DateOnly.FromDayNumber(Math.Min(first, asOf)).Year, end.Year - MostYears + 1);
        return [
            new(All, int.MinValue, asOf),
            new(Recent, YearBefore(asOf) + 1, asOf),
            .. Enumerable.Range(from, end.Year - from + 1).Select(year => new Period(
                year.ToString(CultureInfo.InvariantCulture), new DateOnly(year, 1, 1).DayNumber, Math.Min(asOf, new DateOnly(year, 12, 31).DayNumber))),
        ];
    }

    /// <summary>The day a year before; day 0 where the calendar has none.</summary>
    public static int YearBefore(int day) => day < 366 ? 0 : DateOnly.FromDayNumber(day).AddYears(-1).DayNumber;
}

/// <summary>What customers brought within one period; one entry per customer with a line in it. Amounts are whole ten-thousandths.</summary>
internal sealed class PeriodSums
{
    /// <summary>Ascending.</summary>
    public List<long> Customers { get; } = [];

    public List<long> Sales { get; } = [];

    public List<long> Contribution { get; } = [];

    /// <summary>Sales of lines without a customer.</summary>
    public long SalesOfUnknown { get; set; }
}
