using System.Globalization;
using Huike.Platform.Conditions;
using Huike.Ui;

namespace Huike.Customers.Views;

/// <summary>How long the time is whose dates make one group.</summary>
internal enum DatePeriod
{
    Month = 0,
    Quarter = 1,
    Year = 2,
}

/// <summary>Periods as groups have them: 2026-03, 2026-Q1, 2026.</summary>
internal static class DatePeriods
{
    public static bool IsDated(Fact fact) => fact.Kept is FactKept.Day or FactKept.Instant;

    /// <summary>The period of a month, an expression of yyyy-MM that is never null; empty stays empty.</summary>
    public static string Sql(DatePeriod period, string month) => period switch
    {
        DatePeriod.Year => $"substr({month}, 1, 4)",
        DatePeriod.Quarter => $"case when {month} = '' then '' else substr({month}, 1, 5) || 'Q' || cast((cast(substr({month}, 6, 2) as integer) + 2) / 3 as text) end",
        _ => month,
    };

    /// <summary>That a fact lies in a period.</summary>
    public static Condition Within(Fact fact, DatePeriod period, string value)
    {
        var first = First(period, value);
        var last = first.AddMonths(period switch { DatePeriod.Year => 11, DatePeriod.Quarter => 2, _ => 0 });
        return new ConditionGroup(false, [At(FactTest.AtLeast, first), At(FactTest.AtMost, new(last.Year, last.Month, DateTime.DaysInMonth(last.Year, last.Month)))]);

        FactCondition At(FactTest test, DateOnly day) => new(fact.Name, test, day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
    }

    public static string Label(Texts texts, DatePeriod period, string value) => First(period, value) is var first && period == DatePeriod.Month ? texts.Month(first)
        : period == DatePeriod.Quarter ? texts["views.period.quarterOf", value[..4], value[^1..]] : value;

    private static DateOnly First(DatePeriod period, string value)
    {
        var year = int.Parse(value.AsSpan(0, 4), CultureInfo.InvariantCulture);
        return new(year, period switch { DatePeriod.Month => int.Parse(value.AsSpan(5), CultureInfo.InvariantCulture), DatePeriod.Quarter => (3 * (value[^1] - '0')) - 2, _ => 1 }, 1);
    }
}
