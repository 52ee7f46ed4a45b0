using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Huike.Statistics.Numerics;

namespace Huike.Statistics.Value;

/// <summary>∫ (α+u)^−n (β+u)^−m du from the last purchase to the end of observation, as a logarithm, with its slopes in n, α, m, β.</summary>
/// <remarks>Gauss–Legendre in panels that follow the decay of the integrand and keep their distance from its poles at −α and −β.
/// Relative error under 1e-13; all terms are positive; one to three panels for usual data, O(log(T/min(α, β))) at worst.
/// The loops are compiled with all optimisation at once: vectors in unoptimised code cost a short fit more than the fit itself.</remarks>
internal readonly record struct LeavingIntegral(double Log, double SlopeFirst, double SlopeAlpha, double SlopeSecond, double SlopeBeta)
{
    private const int Lanes = 4;

    /// <summary>The logarithm alone; minus infinity where <paramref name="to"/> is not after <paramref name="from"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static double LogOf(double n, double alpha, double m, double beta, double from, double to)
    {
        var (logAlpha, logBeta) = (Math.Log(alpha + from), Math.Log(beta + from));
        var sum = 0.0;
        for (var u = from; u < to;)
        {
            var length = Panel(n, alpha, m, beta, u, to);
            var panel = Vector256<double>.Zero;
            for (var i = 0; i < Gauss.Nodes.Length; i += Lanes)
            {
                var at = Vector256.Create(u) + (length * Vector256.Create(Gauss.Nodes.Slice(i, Lanes)));
                var fallA = Vector256.Create(logAlpha) - Vector256.Log(at + Vector256.Create(alpha));
                var fallB = Vector256.Create(logBeta) - Vector256.Log(at + Vector256.Create(beta));
                panel += Vector256.Create(Gauss.Weights.Slice(i, Lanes)) * Vector256.Exp((n * fallA) + (m * fallB));
            }

            var added = length * Vector256.Sum(panel);
            sum += added;
            u = Next(u, length, added, sum, to);
        }

        return Math.Log(sum) - (n * logAlpha) - (m * logBeta);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
            for (var i = 0; i < Gauss.Nodes.Length; i += Lanes)
            {
                var at = Vector256.Create(u) + (length * Vector256.Create(Gauss.Nodes.Slice(i, Lanes)));
                var (atAlpha, atBeta) = (at + Vector256.Create(alpha), at + Vector256.Create(beta));
                var fallA = Vector256.Create(logAlpha) - Vector256.Log(atAlpha);
                var fallB = Vector256.Create(logBeta) - Vector256.Log(atBeta);
                var weight = length * Vector256.Create(Gauss.Weights.Slice(i, Lanes)) * Vector256.Exp((n * fallA) + (m * fallB));
                sum += Vector256.Sum(weight);
                first += Vector256.Dot(weight, fallA);
                second += Vector256.Dot(weight, fallB);
                overAlpha += Vector256.Sum(weight / atAlpha);
                overBeta += Vector256.Sum(weight / atBeta);
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
