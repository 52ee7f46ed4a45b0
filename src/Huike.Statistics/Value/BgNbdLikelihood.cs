using Huike.Statistics.Numerics;

namespace Huike.Statistics.Value;

/// <summary>Log-likelihood of the BG/NBD model with its gradient (Fader, Hardie, Lee 2005, equation 6, in their form A1·A2·(A3 + A4)).</summary>
internal sealed class BgNbdLikelihood(PurchaseHistory[] histories, int[] counts)
{
    internal double At(ReadOnlySpan<double> logParameters, Span<double> gradient)
    {
        var parameters = new double[4];
        for (var i = 0; i < 4; i++)
        {
            parameters[i] = Math.Exp(logParameters[i]);
        }

        var value = ChunkedSum.Of(histories.Length, gradient, (from, to, slope) => Part(parameters, from, to, slope));
        for (var i = 0; i < 4; i++)
        {
            gradient[i] *= parameters[i];
        }

        return value;
    }

    private double Part(double[] parameters, int from, int to, Span<double> gradient)
    {
        var (r, alpha, a, b) = (parameters[0], parameters[1], parameters[2], parameters[3]);
        var ofRepeats = default(OfRepeats);
        var known = -1;
        var sum = 0.0;
        for (var i = from; i < to; i++)
        {
            var (x, recency, age) = histories[i];
            if (x != known)
            {
                ofRepeats = OfRepeats.At(x, r, alpha, a, b);
                known = x;
            }

            double count = counts[i];
            var logAge = Math.Log(alpha + age);
            var stays = -(r + x) * logAge;
            var gone = 0.0;
            var logRecency = 0.0;
            if (x > 0)
            {
                logRecency = Math.Log(alpha + recency);
                var leaves = ofRepeats.LogLeaves - ((r + x) * logRecency);
                gone = 1 / (1 + Math.Exp(stays - leaves));
                stays = leaves > stays ? leaves + Log1P(Math.Exp(stays - leaves)) : stays + Log1P(Math.Exp(leaves - stays));
            }

            sum += count * (ofRepeats.Constant + stays);
            gradient[0] += count * (ofRepeats.SlopeR - ((1 - gone) * logAge) - (gone * logRecency));
            gradient[1] += count * ((r / alpha) - ((r + x) * (((1 - gone) / (alpha + age)) + (gone / (alpha + recency)))));
            gradient[2] += count * (ofRepeats.SlopeA + (gone / a));
            gradient[3] += count * (ofRepeats.SlopeB - (x > 0 ? gone / (b + x - 1) : 0));
        }

        return sum;
    }

    // Below 1e-4 the plain logarithm loses digits; three terms of the series are exact to 1e-17.
    private static double Log1P(double value) => value > 1e-4 ? Math.Log(1 + value) : value * (1 - (value * (0.5 - (value / 3))));

    /// <summary>The terms that depend on x alone; histories are ordered by it.</summary>
    private readonly record struct OfRepeats(double Constant, double LogLeaves, double SlopeR, double SlopeA, double SlopeB)
    {
        internal static OfRepeats At(int x, double r, double alpha, double a, double b)
        {
            var slopeA = -RisingFactorial.LogSlope(a + b, x);
            return new OfRepeats(
                RisingFactorial.Log(r, x) + (r * Math.Log(alpha)) + RisingFactorial.Log(b, x) - RisingFactorial.Log(a + b, x),
                x > 0 ? Math.Log(a) - Math.Log(b + x - 1) : double.NegativeInfinity,
                RisingFactorial.LogSlope(r, x) + Math.Log(alpha),
                slopeA,
                slopeA + RisingFactorial.LogSlope(b, x));
        }
    }
}
