using MathNet.Numerics.Distributions;

namespace Huike.Statistics.Intervals;

/// <summary>Intervals for shares.</summary>
public static class Proportion
{
    /// <summary>Wilson's score interval of a share: sensible near 0 and 1 and for few trials.</summary>
    /// <param name="successes">In [0, trials].</param>
    /// <param name="trials">0 or more; without trials the range is [0, 1] and the estimate NaN.</param>
    /// <param name="level">Confidence in (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument outside its range.</exception>
    /// <remarks>Source: E. B. Wilson, JASA 22 (1927), without continuity correction.</remarks>
    public static Interval Wilson(long successes, long trials, double level = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, trials);
        var z = NormalQuantile(level);
        if (trials == 0)
        {
            return new Interval(double.NaN, 0, 1);
        }

        double n = trials;
        var share = successes / n;
        var middle = (share + (z * z / (2 * n))) / (1 + (z * z / n));
        var half = z / (1 + (z * z / n)) * Math.Sqrt((share * (1 - share) / n) + (z * z / (4 * n * n)));
        return new Interval(share, successes == 0 ? 0 : Math.Max(0, middle - half), successes == trials ? 1 : Math.Min(1, middle + half));
    }

    /// <summary>Difference of two independent shares, first − second.</summary>
    /// <param name="successes1">In [0, trials1].</param>
    /// <param name="trials1">0 or more; without trials the estimate is NaN and the range as wide as the other leaves it.</param>
    /// <param name="successes2">In [0, trials2].</param>
    /// <param name="trials2">0 or more.</param>
    /// <param name="level">Confidence in (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument outside its range.</exception>
    /// <remarks>Source: R. G. Newcombe, Statistics in Medicine 17 (1998), method 10 (hybrid score).</remarks>
    public static Interval Difference(long successes1, long trials1, long successes2, long trials2, double level = 0.95)
    {
        var (share1, low1, high1) = Wilson(successes1, trials1, level);
        var (share2, low2, high2) = Wilson(successes2, trials2, level);
        if (trials1 == 0 || trials2 == 0)
        {
            return new Interval(double.NaN, low1 - high2, high1 - low2);
        }

        var difference = share1 - share2;
        return new Interval(
            difference,
            difference - Math.Sqrt(Square(share1 - low1) + Square(high2 - share2)),
            difference + Math.Sqrt(Square(high1 - share1) + Square(share2 - low2)));
    }

    /// <summary>The two-sided quantile of the normal distribution.</summary>
    internal static double NormalQuantile(double level) =>
        level > 0 && level < 1
            ? Normal.InvCDF(0, 1, 0.5 + (level / 2))
            : throw new ArgumentOutOfRangeException(nameof(level), level, "A confidence level lies between 0 and 1.");

    private static double Square(double value) => value * value;
}
