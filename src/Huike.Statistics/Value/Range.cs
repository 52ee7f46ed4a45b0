using System.Runtime.CompilerServices;

namespace Huike.Statistics.Value;

/// <summary>The ranges that every model holds its arguments to.</summary>
internal static class Range
{
    internal static double Parameter(double value, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value, name);
        return double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, "A parameter must be finite.");
    }

    internal static void Check(PurchaseHistory history)
    {
        if (!history.IsValid)
        {
            throw new ArgumentOutOfRangeException(nameof(history), history, "Expected 0 ≤ recency ≤ age, all finite, and recency 0 without repeats.");
        }
    }

    internal static void CheckHorizon(double horizon, double discountRate)
    {
        if (!(horizon >= 0) || !(discountRate >= 0) || double.IsInfinity(discountRate) || (double.IsInfinity(horizon) && discountRate == 0))
        {
            throw new ArgumentOutOfRangeException(nameof(horizon), horizon, "Horizon and rate must be 0 or more, and one of them must bound the sum.");
        }
    }

    internal static void CheckThreshold(double threshold)
    {
        if (!(threshold > 0 && threshold < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "A threshold lies between 0 and 1.");
        }
    }
}
