using Huike.Statistics.Numerics;

namespace Huike.Statistics.Value;

/// <summary>Log-likelihood of the Pareto/NBD model with its gradient (Schmittlein, Morrison, Colombo 1987; Fader, Hardie 2005).</summary>
/// <remarks>The papers write the unknown time of leaving as a difference of two ₂F₁, with one form for α ≥ β and one for α ≤ β;
/// <see cref="LeavingIntegral"/> is that difference as one integral, without either case and without cancellation.</remarks>
internal sealed class ParetoNbdLikelihood(PurchaseHistory[] histories, int[] counts)
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
        var (r, alpha, s, beta) = (parameters[0], parameters[1], parameters[2], parameters[3]);
        var (logAlpha, logBeta, logS) = (Math.Log(alpha), Math.Log(beta), Math.Log(s));
        var (known, constant, slopeR) = (-1, 0.0, 0.0);
        var sum = 0.0;
        for (var i = from; i < to; i++)
        {
            var (x, recency, age) = histories[i];
            if (x != known)
            {
                constant = RisingFactorial.Log(r, x) + (r * logAlpha) + (s * logBeta);
                slopeR = RisingFactorial.LogSlope(r, x) + logAlpha;
                known = x;
            }

            double count = counts[i];
            var left = LeavingIntegral.WithSlopes(r + x, alpha, s + 1, beta, recency, age);
            var (logA, logB) = (Math.Log(alpha + age), Math.Log(beta + age));
            var stays = -((r + x) * logA) - (s * logB);
            var leaves = logS + left.Log;
            var gone = 1 / (1 + Math.Exp(stays - leaves));
            var larger = Math.Max(stays, leaves);
            sum += count * (constant + larger + Math.Log(Math.Exp(stays - larger) + Math.Exp(leaves - larger)));
            var stay = 1 - gone;
            gradient[0] += count * (slopeR - (stay * logA) + (gone * left.SlopeFirst));
            gradient[1] += count * ((r / alpha) - (stay * (r + x) / (alpha + age)) + (gone * left.SlopeAlpha));
            gradient[2] += count * (logBeta - (stay * logB) + (gone * ((1 / s) + left.SlopeSecond)));
            gradient[3] += count * ((s / beta) - (stay * s / (beta + age)) + (gone * left.SlopeBeta));
        }

        return sum;
    }
}
