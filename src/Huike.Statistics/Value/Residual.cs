using Huike.Statistics.Numerics;

namespace Huike.Statistics.Value;

/// <summary>Expected purchases per time unit of a customer who is active now, as time goes on. A mixture of falling exponentials in both models.</summary>
internal interface IResidualRate
{
    /// <summary>Relative decay at τ = 0, per unit of τ.</summary>
    double FirstDecay { get; }

    /// <summary>Rate per time unit at τ = time / scale.</summary>
    double At(double tau);
}

/// <summary>∫ e^(−δt) · rate(t) dt: expected (discounted) purchases, one scheme for both models.</summary>
/// <remarks>Gauss–Legendre in panels of ln(1 + t/scale) that double in length, the first as long as the decay allows. Relative error under
/// 1e-9 (ResidualTests, against closed forms). The discounted sum of Fader, Hardie, Lee (2005, "RFM and CLV") is the case of an endless horizon.</remarks>
internal static class Residual
{
    // e^−45 is beneath the last digit of the sum.
    private const double Forgotten = 45;

    internal static double Purchases<TRate>(TRate rate, double scale, double horizon, double discountRate)
        where TRate : struct, IResidualRate
    {
        var seen = discountRate > 0 ? Math.Min(horizon, Forgotten / discountRate) : horizon;
        var end = Math.Log(1 + (seen / scale));
        var length = Math.Min(1, 4 / (rate.FirstDecay + (discountRate * scale)));
        var sum = 0.0;
        for (var from = 0.0; from < end; from += length, length = Math.Min(1, 2 * length))
        {
            var panel = Math.Min(length, end - from);
            var added = 0.0;
            for (var i = 0; i < Gauss.Nodes.Length; i++)
            {
                var grown = Math.Exp(from + (panel * Gauss.Nodes[i]));
                var tau = grown - 1;
                added += Gauss.Weights[i] * grown * Math.Exp(-discountRate * scale * tau) * rate.At(tau);
            }

            sum += added * panel * scale;
        }

        return sum;
    }
}
