using Huike.Statistics.Numerics;
using MathNet.Numerics;

namespace Huike.Statistics.Value;

/// <summary>What one customer spent on repeat purchases.</summary>
/// <param name="Repeats">Days with a repeat purchase (x); 0 or more.</param>
/// <param name="MeanValue">Mean value of those days, in the currency of the caller; above 0 where there are repeats, ignored where there are none.</param>
public readonly record struct SpendHistory(int Repeats, double MeanValue);

/// <summary>Gamma–Gamma: values of purchases vary around a personal mean, which varies among customers and not with how often they buy.</summary>
/// <remarks>Source: P. Fader, B. Hardie, "The Gamma-Gamma Model of Monetary Value" (2013).</remarks>
public sealed class GammaGamma
{
    private static readonly double[][] Starts = [[2, 3, 1], [6, 4, 0.5], [1, 2, 1], [15, 10, 0.6]];
    private readonly double p;
    private readonly double q;
    private readonly double gamma;

    /// <summary>The model with known parameters.</summary>
    /// <param name="p">Shape of one customer's values around their mean; above 0.</param>
    /// <param name="q">Shape of the means among customers; above 0, and above 1 for a finite mean.</param>
    /// <param name="gamma">Scale, in currency; above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter that is not finite and above 0.</exception>
    public GammaGamma(double p, double q, double gamma)
    {
        Parameters = Array.AsReadOnly([Range.Parameter(p), Range.Parameter(q), Range.Parameter(gamma)]);
        (this.p, this.q, this.gamma) = (p, q, gamma);
    }

    /// <summary>Names of the parameters as the paper prints them.</summary>
    public static IReadOnlyList<string> ParameterNames { get; } = ["p", "q", "gamma"];

    /// <summary>Parameters in the order of <see cref="ParameterNames"/>.</summary>
    public IReadOnlyList<double> Parameters { get; }

    /// <summary>Fits by maximum likelihood on those with repeats; never throws for what the data are like.</summary>
    /// <param name="customers">One entry per customer; those without repeats are passed over.</param>
    public static ModelFit<GammaGamma> Fit(ReadOnlySpan<SpendHistory> customers)
    {
        var repeaters = Repeaters(customers, out var obstacle);
        if (obstacle != FitReason.None)
        {
            return ModelFit<GammaGamma>.Impossible(obstacle, 3);
        }

        var scale = repeaters.Average(one => one.MeanValue);
        var scaled = Array.ConvertAll(repeaters, one => one with { MeanValue = one.MeanValue / scale });
        var ascent = Ascent.From(Starts.Select(start => Array.ConvertAll(start, Math.Log)), (point, gradient) => LogLikelihood(scaled, point, gradient));
        var parameters = Array.ConvertAll(ascent.Point, Math.Exp);
        parameters[2] *= scale;
        var errors = parameters.Zip(ascent.StandardErrors, (parameter, error) => parameter * error).ToArray();
        return new ModelFit<GammaGamma>(
            new GammaGamma(parameters[0], parameters[1], parameters[2]), errors, ascent.Value - (scaled.Length * Math.Log(scale)), ascent.Reason, ascent.Steps);
    }

    /// <summary>Mean value of a customer's purchases, between their own mean and that of all.</summary>
    /// <param name="history">Repeats 0 gives the mean of the population.</param>
    /// <returns>In currency, above 0; NaN where q ≤ 1 leaves the population without a mean and there is nothing to weigh against it.</returns>
    public double ExpectedValue(SpendHistory history)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(history.Repeats, nameof(history));
        var own = history.Repeats == 0 ? 0 : history.Repeats * history.MeanValue;
        var weight = (p * history.Repeats) + q - 1;
        return weight > 0 ? p * (gamma + own) / weight : double.NaN;
    }

    private static SpendHistory[] Repeaters(ReadOnlySpan<SpendHistory> customers, out FitReason obstacle)
    {
        var repeaters = new List<SpendHistory>();
        obstacle = FitReason.None;
        foreach (var customer in customers)
        {
            if (customer.Repeats < 0 || (customer.Repeats > 0 && !(customer.MeanValue > 0 && double.IsFinite(customer.MeanValue))))
            {
                obstacle = FitReason.InvalidHistory;
                return [];
            }

            if (customer.Repeats > 0)
            {
                repeaters.Add(customer);
            }
        }

        obstacle = customers.Length < FitLimits.MinimumCustomers ? FitReason.TooFewCustomers
            : repeaters.Count == 0 ? FitReason.NoRepeatPurchases
            : repeaters.Count < FitLimits.MinimumCustomers ? FitReason.TooFewCustomers
            : repeaters.TrueForAll(one => one.MeanValue == repeaters[0].MeanValue) ? FitReason.Degenerate
            : FitReason.None;
        return [.. repeaters.OrderBy(one => one.Repeats)];
    }

    internal static double LogLikelihood(SpendHistory[] repeaters, ReadOnlySpan<double> logParameters, Span<double> gradient)
    {
        var (p, q, gamma) = (Math.Exp(logParameters[0]), Math.Exp(logParameters[1]), Math.Exp(logParameters[2]));
        var value = ChunkedSum.Of(repeaters.Length, gradient, (from, to, slope) => Part(repeaters.AsSpan(from, to - from), p, q, gamma, slope));
        gradient[0] *= p;
        gradient[1] *= q;
        gradient[2] *= gamma;
        return value;
    }

    private static double Part(ReadOnlySpan<SpendHistory> repeaters, double p, double q, double gamma, Span<double> gradient)
    {
        var (known, constant, slopeP, slopeQ) = (-1, 0.0, 0.0, 0.0);
        var logGamma = Math.Log(gamma);
        var sum = 0.0;
        foreach (var (x, mean) in repeaters)
        {
            var shape = p * x;
            if (x != known)
            {
                known = x;
                constant = SpecialFunctions.GammaLn(shape + q) - SpecialFunctions.GammaLn(shape) - SpecialFunctions.GammaLn(q) + (q * logGamma);
                var digamma = SpecialFunctions.DiGamma(shape + q);
                slopeP = x * (digamma - SpecialFunctions.DiGamma(shape));
                slopeQ = digamma - SpecialFunctions.DiGamma(q) + logGamma;
            }

            var total = x * mean;
            var logTotal = Math.Log(total);
            var logAll = Math.Log(gamma + total);
            sum += constant + (shape * logTotal) - Math.Log(mean) - ((shape + q) * logAll);
            gradient[0] += slopeP + (x * (logTotal - logAll));
            gradient[1] += slopeQ - logAll;
            gradient[2] += (q / gamma) - ((shape + q) / (gamma + total));
        }

        return sum;
    }
}
