using Huike.Analytics.Facts;

namespace Huike.Analytics.Retention;

/// <summary>Customers who first bought in one month, and how many of them bought in each month since.</summary>
/// <param name="Month">First day of the month.</param>
/// <param name="Customers">How many they are.</param>
/// <param name="Active">Buyers by months since the first, which is not among them; only whole or begun months up to the last day.</param>
internal sealed record Cohort(DateOnly Month, int Customers, IReadOnlyList<int> Active);

/// <summary>Retention by cohort (H3): the latest months of first purchase, at most <see cref="MostCohorts"/> of them.</summary>
internal sealed record CohortPicture(IReadOnlyList<Cohort> Cohorts)
{
    public const int MostCohorts = 36;
    public const int MostMonths = 24;

    /// <summary>Counts cohorts. O(purchases).</summary>
    public static CohortPicture Of(LedgerFacts facts, FirmDays days)
    {
        var last = MonthOf(facts.AsOf);
        var first = Math.Max(MonthOf(facts.FirstDay), last - MostCohorts + 1);
        var customers = new int[Math.Max(0, last - first + 1)];
        var active = new int[customers.Length, MostMonths];
        for (var i = 0; i < facts.Customers.Length; i++)
        {
            var purchases = facts.PurchasesOf(i);
            if (purchases.IsEmpty || MonthOf(days.DayOf(purchases[0])) is var born && born < first) { continue; }
            customers[born - first]++;
            var seen = born;
            foreach (var at in purchases)
            {
                var month = MonthOf(days.DayOf(at));
                if (month == seen) { continue; }
                seen = month;
                if (month - born <= MostMonths) { active[born - first, month - born - 1]++; }
            }
        }
        return new([.. customers.Select((count, cohort) => new Cohort(StartOf(first + cohort), count,
            [.. Enumerable.Range(0, Math.Min(MostMonths, customers.Length - cohort - 1)).Select(month => active[cohort, month])]))]);
    }

    private static int MonthOf(int day)
    {
        var date = DateOnly.FromDayNumber(day);
        return (date.Year * 12) + date.Month - 1;
    }

    private static DateOnly StartOf(int month) => new(month / 12, (month % 12) + 1, 1);
}
