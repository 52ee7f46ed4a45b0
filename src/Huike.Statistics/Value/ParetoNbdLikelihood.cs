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

/// <summary>∫ (α+u)^−n (β+u)^−m du from the last purchase to the end of observation, as a logarithm, with its slopes in n, α, m, β.</summary>
/// <remarks>Gauss–Legendre in panels that follow the decay of the integrand and keep their distance from its poles at −α and −β.
/// Relative error under 1e-13; all terms are positive; one to three panels for usual data, O(log(T/min(α, β))) at worst.</remarks>
internal readonly record struct LeavingIntegral(double Log, double SlopeFirst, double SlopeAlpha, double SlopeSecond, double SlopeBeta)
{
    internal static double LogOf(double n, double alpha, double m, double beta, double from, double to)
    {
        var (logAlpha, logBeta) = (Math.Log(alpha + from), Math.Log(beta + from));
        var sum = 0.0;
        for (var u = from; u < to;)
        {
            var length = Panel(n, alpha, m, beta, u, to);
            var panel = 0.0;
            for (var i = 0; i < Gauss.Nodes.Length; i++)
            {
                var at = u + (length * Gauss.Nodes[i]);
                panel += Gauss.Weights[i] * Math.Exp((n * (logAlpha - Math.Log(alpha + at))) + (m * (logBeta - Math.Log(beta + at))));
            }

            sum += panel * length;
            u = Next(u, length, panel * length, sum, to);
        }

        return Math.Log(sum) - (n * logAlpha) - (m * logBeta);
    }

    internal static LeavingIntegral WithSlopes(double n, double alpha, double m, double beta, double from, double to)
    {
        if (to <= from)
        {
            return new LeavingIntegral(double.NegativeInfinity, 0, 0, 0, 0);
        }

        var (logAlpha, logBeta) = (Math.Log(alpha + from), Math.Log(beta + from));
        var (sum, first, overAlpha, second, overBeta) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for (var u = from; u < to;)
        {
            var length = Panel(n, alpha, m, beta, u, to);
            var before = sum;
            for (var i = 0; i < Gauss.Nodes.Length; i++)
            {
                var at = u + (length * Gauss.Nodes[i]);
                var (fallA, fallB) = (logAlpha - Math.Log(alpha + at), logBeta - Math.Log(beta + at));
                var weight = length * Gauss.Weights[i] * Math.Exp((n * fallA) + (m * fallB));
                sum += weight;
                first += weight * fallA;
                second += weight * fallB;
                overAlpha += weight / (alpha + at);
                overBeta += weight / (beta + at);
            }

            u = Next(u, length, sum - before, sum, to);
        }

        return new LeavingIntegral(
            Math.Log(sum) - (n * logAlpha) - (m * logBeta),
            (first / sum) - logAlpha,
            -n * overAlpha / sum,
            (second / sum) - logBeta,
            -m * overBeta / sum);
    }

    private static double Panel(double n, double alpha, double m, double beta, double u, double to)
    {
        var decay = (n / (alpha + u)) + (m / (beta + u));
        return Math.Min(to - u, Math.Min(8 / decay, 3 * (Math.Min(alpha, beta) + u)));
    }

    // What is left after a panel that added nothing adds less: the integrand only falls.
    private static double Next(double u, double length, double added, double sum, double to) =>
        u + length <= u || added < 1e-18 * sum ? to : u + length;
}
