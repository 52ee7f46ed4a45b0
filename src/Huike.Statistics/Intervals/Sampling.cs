using Huike.Statistics.Value;
using MathNet.Numerics.Distributions;

namespace Huike.Statistics.Intervals;

/// <summary>Intervals for means and for ratios of sums over customers.</summary>
public static class Sampling
{
    /// <summary>Student's interval of a mean.</summary>
    /// <param name="values">Independent, finite.</param>
    /// <param name="level">Confidence in (0, 1).</param>
    /// <returns>NaN without values; an endless range for a single one.</returns>
    public static Interval Mean(ReadOnlySpan<double> values, double level = 0.95)
    {
        Proportion.NormalQuantile(level);
        var (mean, squares) = (0.0, 0.0);
        for (var i = 0; i < values.Length; i++)
        {
            var away = values[i] - mean;
            mean += away / (i + 1);
            squares += away * (values[i] - mean);
        }

        if (values.Length < 2)
        {
            return new Interval(values.IsEmpty ? double.NaN : mean, double.NegativeInfinity, double.PositiveInfinity);
        }

        var half = StudentT.InvCDF(0, 1, values.Length - 1, 0.5 + (level / 2)) * Math.Sqrt(squares / (values.Length - 1) / values.Length);
        return new Interval(mean, mean - half, mean + half);
    }

    /// <summary>Ratio of two sums over the same customers, by the delta method; for hundreds of customers and more, O(n).</summary>
    /// <param name="numerators">One per customer.</param>
    /// <param name="denominators">One per customer, same length.</param>
    /// <param name="level">Confidence in (0, 1).</param>
    /// <returns>NaN where the denominators add up to 0; an endless range for fewer than two customers.</returns>
    /// <exception cref="ArgumentException">Lengths differ.</exception>
    public static Interval Ratio(ReadOnlySpan<double> numerators, ReadOnlySpan<double> denominators, double level = 0.95)
    {
        var z = Proportion.NormalQuantile(level);
        var (above, below) = Sums(numerators, denominators);
        var ratio = below == 0 ? double.NaN : above / below;
        double n = numerators.Length;
        if (n < 2 || double.IsNaN(ratio))
        {
            return new Interval(ratio, double.NegativeInfinity, double.PositiveInfinity);
        }

        var squares = 0.0;
        for (var i = 0; i < numerators.Length; i++)
        {
            var away = numerators[i] - (ratio * denominators[i]);
            squares += away * away;
        }

        var half = z * Math.Sqrt(squares * n / (n - 1)) / Math.Abs(below);
        return new Interval(ratio, ratio - half, ratio + half);
    }

    /// <summary>Ratio of two sums over the same customers, by the percentiles of resampled customers; for few or very unequal customers.</summary>
    /// <param name="numerators">One per customer.</param>
    /// <param name="denominators">One per customer, same length; all 1 gives the mean.</param>
    /// <param name="seed">Same seed, same interval.</param>
    /// <param name="resamples">100 or more; cost is resamples × customers.</param>
    /// <param name="level">Confidence in (0, 1).</param>
    /// <returns>NaN without customers or where the denominators add up to 0; resamples whose denominators do are passed over.</returns>
    /// <exception cref="ArgumentException">Lengths differ.</exception>
    /// <remarks>Source: B. Efron, Annals of Statistics 7 (1979), percentile interval.</remarks>
    public static Interval Bootstrap(
        ReadOnlySpan<double> numerators, ReadOnlySpan<double> denominators, int seed, int resamples = 2000, double level = 0.95)
    {
        Proportion.NormalQuantile(level);
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 100);
        var (above, below) = Sums(numerators, denominators);
        if (below == 0)
        {
            return new Interval(double.NaN, double.NegativeInfinity, double.PositiveInfinity);
        }

        var random = new Random(seed);
        var ratios = new List<double>(resamples);
        for (var resample = 0; resample < resamples; resample++)
        {
            var (up, down) = (0.0, 0.0);
            for (var i = 0; i < numerators.Length; i++)
            {
                var drawn = random.Next(numerators.Length);
                up += numerators[drawn];
                down += denominators[drawn];
            }

            if (down != 0)
            {
                ratios.Add(up / down);
            }
        }

        var sorted = ratios.Order().ToArray();
        return sorted.Length == 0
            ? new Interval(above / below, double.NegativeInfinity, double.PositiveInfinity)
            : new Interval(above / below, Rfm.Quantile(sorted, (1 - level) / 2), Rfm.Quantile(sorted, (1 + level) / 2));
    }

    private static (double Numerator, double Denominator) Sums(ReadOnlySpan<double> numerators, ReadOnlySpan<double> denominators)
    {
        if (numerators.Length != denominators.Length)
        {
            throw new ArgumentException("One denominator per numerator.", nameof(denominators));
        }

        var (above, below) = (0.0, 0.0);
        for (var i = 0; i < numerators.Length; i++)
        {
            above += numerators[i];
            below += denominators[i];
        }

        return (above, below);
    }
}
