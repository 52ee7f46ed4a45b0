using Huike.Analytics.Forecasts;
using Huike.Analytics.Settings;
using Huike.Statistics.Value;

namespace Huike.Analytics.Standings;

/// <summary>How many days without a purchase make a customer dormant, and how many lost. <see cref="int.MaxValue"/>: never.</summary>
internal readonly record struct Silence(int Dormant, int Lost);

/// <summary>A customer's own rhythm: what silence means after the purchases so far (H2 沉寂客户).</summary>
internal interface IRhythm
{
    /// <summary>What silence means after the last of these purchases.</summary>
    /// <param name="repeats">Purchase days after the first.</param>
    /// <param name="recency">Days from the first to the last.</param>
    /// <param name="gaps">Days from each purchase to the next.</param>
    Silence After(int repeats, int recency, ReadOnlySpan<int> gaps);
}

/// <summary>By the fitted model: the day on which the probability of being active falls below the thresholds, given what was known then.</summary>
/// <remarks>Tables, because a ledger of ten million lines asks millions of times; within a day of the exact answer (StageHistoryTests).</remarks>
internal sealed class ModelRhythm(IPurchaseModel model, ValueSettings settings) : IRhythm
{
    // The same for every ledger: tables of other lengths interpolate otherwise, and a day would move when the ledger grows.
    private const double LongestWeeks = 20 * 365.25 / 7;
    private readonly DormancyTable dormant = new(model, settings.DormantBelow, LongestWeeks);
    private readonly DormancyTable lost = new(model, settings.LostBelow, LongestWeeks);

    public Silence After(int repeats, int recency, ReadOnlySpan<int> gaps) => new(Days(dormant, repeats, recency), Days(lost, repeats, recency));

    private static int Days(DormancyTable table, int repeats, int recency)
    {
        var days = table.After(repeats, recency / FitForecast.DaysPerWeek) * FitForecast.DaysPerWeek;
        return days < int.MaxValue ? Math.Max(1, (int)Math.Ceiling(days)) : int.MaxValue;
    }
}

/// <summary>Without a model: so many of the customer's own median gaps; before the second purchase, of the median gap of all.</summary>
/// <param name="medianOfAll">Median gap of the whole base in days; null where nobody ever came back.</param>
/// <param name="settings">How many gaps.</param>
internal sealed class OwnRhythm(double? medianOfAll, ValueSettings settings) : IRhythm
{
    public Silence After(int repeats, int recency, ReadOnlySpan<int> gaps)
    {
        var days = gaps.IsEmpty && medianOfAll is null
            ? settings.DaysUntilDormant
            : (gaps.IsEmpty ? medianOfAll!.Value : Median(gaps.ToArray())) * settings.GapsUntilDormant;
        return new(Math.Max(1, (int)Math.Ceiling(Math.Min(days, 1e8))), Math.Max(2, (int)Math.Ceiling(Math.Min(days * 2, 1e9))));
    }

    /// <summary>The median; its argument is sorted.</summary>
    /// <param name="values">One or more.</param>
    public static double Median(int[] values)
    {
        Array.Sort(values);
        return (values[(values.Length - 1) / 2] + (double)values[values.Length / 2]) / 2;
    }
}
