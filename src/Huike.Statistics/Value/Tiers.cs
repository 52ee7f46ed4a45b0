using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Huike.Statistics.Value;

/// <summary>Cuts a base into the tiers of the pyramid (H3).</summary>
public static class Tiers
{
    // See ParetoCurve: 0.29 × 100 is 29 customers.
    private const double Rounding = 1e-9;

    /// <summary>Tiers by share of customers, best first.</summary>
    /// <param name="values">Contribution, one per customer.</param>
    /// <param name="shares">Share of each tier but the last, e.g. 0.01, 0.04, 0.15; 0 or more, together at most 1.</param>
    /// <returns>Tier per customer, 0 the best, <c>shares.Length</c> the rest. The first k tiers together hold ⌊(p₁ + … + p_k)·N⌋ customers, so a
    /// small base may have nobody on top. Equal values at a cut are parted in the order given.</returns>
    /// <exception cref="ArgumentException">Shares that are negative or add up to more than 1, or more than 255 tiers.</exception>
    public static byte[] ByShares(ReadOnlySpan<double> values, ReadOnlySpan<double> shares)
    {
        var sorted = values.ToArray();
        Array.Sort(sorted);
        Array.Reverse(sorted);
        var ends = Ends(shares, values.Length);
        var cuts = new double[ends.Length];
        var rankOf = new Dictionary<double, int>();
        for (var tier = 0; tier < ends.Length; tier++)
        {
            cuts[tier] = ends[tier] == 0 ? double.PositiveInfinity : sorted[ends[tier] - 1];
            rankOf[cuts[tier]] = CountAbove(sorted, cuts[tier]);
        }

        var tiers = new byte[values.Length];
        for (var i = 0; i < tiers.Length; i++)
        {
            ref var rank = ref CollectionsMarshal.GetValueRefOrNullRef(rankOf, values[i]);
            var tied = !Unsafe.IsNullRef(ref rank);
            for (var tier = 0; tier < ends.Length; tier++)
            {
                tiers[i] += (byte)((tied ? rank >= ends[tier] : values[i] < cuts[tier]) ? 1 : 0);
            }

            if (tied)
            {
                rank++;
            }
        }

        return tiers;
    }

    /// <summary>Tiers by amount.</summary>
    /// <param name="values">Contribution, one per customer.</param>
    /// <param name="least">Least amount of each tier but the last, descending.</param>
    /// <returns>Tier per customer, 0 the best, <c>least.Length</c> the rest.</returns>
    /// <exception cref="ArgumentException">Amounts not descending, or more than 255 tiers.</exception>
    public static byte[] ByAmounts(ReadOnlySpan<double> values, ReadOnlySpan<double> least)
    {
        for (var tier = 0; tier < least.Length; tier++)
        {
            if (tier > 254 || double.IsNaN(least[tier]) || (tier > 0 && least[tier] > least[tier - 1]))
            {
                throw new ArgumentException("Amounts must descend from the best tier on.", nameof(least));
            }
        }

        var tiers = new byte[values.Length];
        for (var i = 0; i < tiers.Length; i++)
        {
            while (tiers[i] < least.Length && !(values[i] >= least[tiers[i]]))
            {
                tiers[i]++;
            }
        }

        return tiers;
    }

    private static int CountAbove(double[] descending, double value)
    {
        var (low, high) = (0, descending.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = descending[middle] > value ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private static int[] Ends(ReadOnlySpan<double> shares, int customers)
    {
        var ends = new int[shares.Length];
        var sum = 0.0;
        for (var tier = 0; tier < ends.Length; tier++)
        {
            sum += shares[tier];
            if (tier > 254 || !(shares[tier] >= 0) || sum > 1 + Rounding)
            {
                throw new ArgumentException("Shares must be 0 or more and add up to at most 1.", nameof(shares));
            }

            ends[tier] = Math.Min(customers, (int)Math.Floor((sum * customers) + Rounding));
        }

        return ends;
    }
}
