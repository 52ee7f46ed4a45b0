namespace Huike.Statistics.Value;

/// <summary>Who of each cohort is active again in later months.</summary>
/// <param name="Customers">Customers per cohort.</param>
/// <param name="Active">[cohort][age]: customers of the cohort with activity that many months after its own; as long as the months observed allow.</param>
public sealed record CohortRetention(IReadOnlyList<int> Customers, IReadOnlyList<IReadOnlyList<int>> Active)
{
    /// <summary>Counts active customers per cohort and age, each once a month.</summary>
    /// <param name="cohorts">Month index (0 is the first) in which each customer bought first; one per customer.</param>
    /// <param name="customers">Index into <paramref name="cohorts"/> of each activity, any order, repetitions allowed.</param>
    /// <param name="months">Month index of each activity, same length; those before the customer's cohort are passed over.</param>
    /// <param name="monthCount">Months observed; 0 or more. Memory: customers × months bits.</param>
    /// <exception cref="ArgumentException">Lengths differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index outside its range.</exception>
    public static CohortRetention Of(ReadOnlySpan<int> cohorts, ReadOnlySpan<int> customers, ReadOnlySpan<int> months, int monthCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(monthCount);
        if (customers.Length != months.Length)
        {
            throw new ArgumentException("One month per activity.", nameof(months));
        }

        var sizes = new int[monthCount];
        var active = new int[monthCount][];
        for (var cohort = 0; cohort < monthCount; cohort++)
        {
            active[cohort] = new int[monthCount - cohort];
        }

        foreach (var cohort in cohorts)
        {
            CheckMonth(cohort, monthCount);
            sizes[cohort]++;
        }

        var words = (monthCount + 63) / 64;
        var seen = new ulong[(long)cohorts.Length * words];
        for (var i = 0; i < customers.Length; i++)
        {
            CheckMonth(months[i], monthCount);
            var cohort = cohorts[customers[i]];
            ref var word = ref seen[((long)customers[i] * words) + (months[i] / 64)];
            var bit = 1UL << (months[i] % 64);
            if (months[i] >= cohort && (word & bit) == 0)
            {
                word |= bit;
                active[cohort][months[i] - cohort]++;
            }
        }

        return new CohortRetention(sizes, active);
    }

    /// <summary>Share of a cohort that is active at an age.</summary>
    /// <returns>In [0, 1]; NaN for an empty cohort.</returns>
    public double Rate(int cohort, int age) => (double)Active[cohort][age] / Customers[cohort];

    private static void CheckMonth(int month, int monthCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(month);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(month, monthCount);
    }
}
