namespace Huike.Statistics.Value;

/// <summary>Scores from 1 to 5 for recency, frequency and monetary value by the quintiles of the base itself.</summary>
/// <remarks>Rule of the R package rfm: a cut is a quantile (20, 40, 60, 80 %; type 7) plus one step, a score is 1 + the number of cuts that
/// the value reaches. The step is what counts as "more": 1 day, 1 purchase, 1 unit of currency. Its 995 published scores come out alike (RfmTests).</remarks>
public static class Rfm
{
    /// <summary>Number of scores: 1 to 5.</summary>
    public const int Scores = 5;

    /// <summary>The four cuts, ascending.</summary>
    /// <param name="values">One per customer, any order; finite. O(n log n), one copy.</param>
    /// <param name="step">Added to each quantile; 0 or more.</param>
    /// <returns>Empty where there are no values.</returns>
    public static double[] Cuts(ReadOnlySpan<double> values, double step = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        if (values.IsEmpty)
        {
            return [];
        }

        var sorted = values.ToArray();
        Array.Sort(sorted);
        var cuts = new double[Scores - 1];
        for (var i = 0; i < cuts.Length; i++)
        {
            cuts[i] = Quantile(sorted, (i + 1.0) / Scores) + step;
        }

        return cuts;
    }

    /// <summary>Score of one value.</summary>
    /// <param name="value">Days since the last purchase, number of purchases, or amount.</param>
    /// <param name="cuts">From <see cref="Cuts"/>.</param>
    /// <param name="lowIsBest">True for recency: few days score 5.</param>
    public static byte Score(double value, ReadOnlySpan<double> cuts, bool lowIsBest = false)
    {
        var reached = 0;
        foreach (var cut in cuts)
        {
            reached += value >= cut ? 1 : 0;
        }

        return (byte)(lowIsBest ? Scores - reached : 1 + reached);
    }

    /// <summary>Scores of a whole base against its own cuts.</summary>
    /// <param name="values">One per customer.</param>
    /// <param name="scores">Filled in the same order; same length.</param>
    /// <param name="lowIsBest">True for recency.</param>
    /// <param name="step">See <see cref="Cuts"/>.</param>
    /// <exception cref="ArgumentException">Lengths differ.</exception>
    public static void ScoreAll(ReadOnlySpan<double> values, Span<byte> scores, bool lowIsBest = false, double step = 1)
    {
        if (values.Length != scores.Length)
        {
            throw new ArgumentException("One score per value.", nameof(scores));
        }

        var cuts = Cuts(values, step);
        for (var i = 0; i < values.Length; i++)
        {
            scores[i] = Score(values[i], cuts, lowIsBest);
        }
    }

    /// <summary>Quantile by linear interpolation between order statistics (type 7 of Hyndman and Fan 1996, R's default).</summary>
    /// <param name="sorted">Ascending, not empty.</param>
    /// <param name="probability">In [0, 1].</param>
    /// <exception cref="ArgumentException">No values.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A probability outside [0, 1].</exception>
    public static double Quantile(ReadOnlySpan<double> sorted, double probability)
    {
        if (sorted.IsEmpty)
        {
            throw new ArgumentException("No values to take a quantile of.", nameof(sorted));
        }

        if (!(probability >= 0 && probability <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "A probability lies in [0, 1].");
        }

        var place = (sorted.Length - 1) * probability;
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }
}
