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
/// <remarks>
/// Solved exactly on a grid of purchases and recencies, interpolated between in logarithms; within half a percent, which is under a day for
/// most (RhythmTests). A ledger of ten million lines asks millions of times.
/// </remarks>
internal sealed class ModelRhythm(IPurchaseModel model, ValueSettings settings) : IRhythm
{
    private const double Step = 1.2;
    private const int ExactRepeats = 24;
    private static readonly double LogStep = Math.Log(Step);
    private readonly Dictionary<int, List<(double Dormant, double Lost)>> rows = [];

    public Silence After(int repeats, int recency, ReadOnlySpan<int> gaps)
    {
        if (repeats <= ExactRepeats) { return At(Along(repeats, recency)); }
        var low = NodeBelow(repeats);
        var high = NodeAfter(low);
        var share = Math.Log((double)repeats / low) / Math.Log((double)high / low);
        return At(Between(Along(low, recency), Along(high, recency), share));
    }

    private (double Dormant, double Lost) Along(int repeats, int recency)
    {
        if (!rows.TryGetValue(repeats, out var row)) { rows[repeats] = row = []; }
        // Without a repeat there is one recency, 0; with one it is a day or more.
        var place = recency < 1 ? 0 : Math.Log(recency) / LogStep;
        var below = (int)place;
        while (row.Count <= below + 1) { row.Add(Solve(repeats, repeats == 0 ? 0 : Math.Pow(Step, row.Count))); }
        return Between(row[below], row[below + 1], place - below);
    }

    private (double Dormant, double Lost) Solve(int repeats, double recency) =>
        (Math.Log(model.DormantAfter(repeats, recency / FitForecast.DaysPerWeek, settings.DormantBelow) * FitForecast.DaysPerWeek),
         Math.Log(model.DormantAfter(repeats, recency / FitForecast.DaysPerWeek, settings.LostBelow) * FitForecast.DaysPerWeek));

    private static (double Dormant, double Lost) Between((double Dormant, double Lost) a, (double Dormant, double Lost) b, double share) =>
        (Mix(a.Dormant, b.Dormant, share), Mix(a.Lost, b.Lost, share));

    private static double Mix(double a, double b, double share) => share == 0 || a == b ? a : a + (share * (b - a));

    private static Silence At((double Dormant, double Lost) logs) => new(Days(logs.Dormant), Days(logs.Lost));

    // A model that knows no end gives infinity; the difference of two is not a number and means the same.
    private static int Days(double log) => log < 20 ? Math.Max(1, (int)Math.Ceiling(Math.Exp(log))) : int.MaxValue;

    private static int NodeBelow(int repeats)
    {
        var node = ExactRepeats;
        while (NodeAfter(node) <= repeats) { node = NodeAfter(node); }
        return node;
    }

    private static int NodeAfter(int node) => (int)Math.Ceiling(node * Step);
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
