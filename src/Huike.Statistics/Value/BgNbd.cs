namespace Huike.Statistics.Value;

/// <summary>BG/NBD: purchases at a personal rate, and after each purchase a personal chance to leave for good.</summary>
/// <remarks>Source: P. Fader, B. Hardie, K. L. Lee, "Counting Your Customers" the Easy Way, Marketing Science 24 (2005). Somebody who never
/// came back is active with probability 1 in this model; where that misleads, use <see cref="ParetoNbd"/>.</remarks>
public sealed class BgNbd : IPurchaseModel
{
    private static readonly string[] Names = ["r", "alpha", "a", "b"];
    private readonly double r;
    private readonly double alpha;
    private readonly double a;
    private readonly double b;

    /// <summary>The model with known parameters.</summary>
    /// <param name="r">Shape of the purchase rates among customers; above 0.</param>
    /// <param name="alpha">Their scale, a time: mean rate is r/α; above 0.</param>
    /// <param name="a">First parameter of the chance to leave, mean a/(a+b); above 0.</param>
    /// <param name="b">Second one; above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter that is not finite and above 0.</exception>
    public BgNbd(double r, double alpha, double a, double b)
    {
        Parameters = Array.AsReadOnly([Range.Parameter(r), Range.Parameter(alpha), Range.Parameter(a), Range.Parameter(b)]);
        (this.r, this.alpha, this.a, this.b) = (r, alpha, a, b);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> ParameterNames => Names;

    /// <inheritdoc/>
    public IReadOnlyList<double> Parameters { get; }

    /// <summary>Fits by maximum likelihood; O(different histories) per step. Never throws for what the data are like.</summary>
    /// <param name="groups">The base.</param>
    public static ModelFit<BgNbd> Fit(HistoryGroups groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        return PurchaseFit.Run(
            groups,
            (histories, counts) => new BgNbdLikelihood(histories, counts).At,
            rate => from shape in new[] { 0.3, 2 }
                    from leaving in new[] { (A: 0.03, B: 0.3), (A: 0.5, B: 2.0), (A: 1.0, B: 8.0) }
                    select new[] { shape, shape / (1.5 * rate), leaving.A, leaving.B },
            [1],
            found => new BgNbd(found[0], found[1], found[2], found[3]));
    }

    /// <inheritdoc/>
    public double ProbabilityActive(PurchaseHistory history)
    {
        Range.Check(history);
        return history.Repeats == 0 ? 1 : 1 / (1 + Math.Exp(LogOddsLeft(history)));
    }

    /// <inheritdoc/>
    public double ExpectedPurchases(PurchaseHistory history, double horizon, double discountRate = 0)
    {
        Range.Check(history);
        Range.CheckHorizon(horizon, discountRate);
        return ProbabilityActive(history) * Residual.Purchases(new Rate(this, history), alpha + history.Age, horizon, discountRate);
    }

    /// <inheritdoc/>
    public double DormantAfter(int repeats, double recency, double threshold)
    {
        Range.Check(new PurchaseHistory(repeats, recency, recency));
        Range.CheckThreshold(threshold);
        if (repeats == 0)
        {
            return double.PositiveInfinity;
        }

        var logGrowth = (Math.Log((1 - threshold) / threshold) + Math.Log((b + repeats - 1) / a)) / (r + repeats);
        return logGrowth <= 0 ? 0 : (alpha + recency) * (Math.Exp(logGrowth) - 1);
    }

    private double LogOddsLeft(PurchaseHistory history) =>
        Math.Log(a / (b + history.Repeats - 1))
        + ((r + history.Repeats) * (Math.Log(alpha + history.Age) - Math.Log(alpha + history.Recency)));

    /// <summary>Expected purchases per time unit of a customer still active, E[λ·exp(−λpt)] over what is known of λ and p.</summary>
    private readonly struct Rate(BgNbd model, PurchaseHistory history) : IResidualRate
    {
        private readonly double n = model.r + history.Repeats;
        private readonly double a = model.a;
        private readonly double c = model.a + model.b + history.Repeats;
        private readonly double scale = model.alpha + history.Age;

        public double FirstDecay => a * (n + 1) / c;

        public double At(double tau) => n / scale * Laplace(n + 1, a, c, tau);
    }

    /// <summary>E[(1 + pτ)^−n] for p ~ Beta(a, c − a), that is ₂F₁(n, a; c; −τ), by whichever of its forms sums without cancellation.</summary>
    private static double Laplace(double n, double a, double c, double tau)
    {
        var z = tau / (1 + tau);
        var other = c - n;
        if (other >= 0)
        {
            return ScaledSeries(a, other, c, z, -a * Math.Log(1 + tau));
        }

        // Signs alternate here; with these bounds the terms stay near 1 and take no digits away.
        return -4 * other <= c && -a * other <= 4 * c
            ? Math.Exp(-a * Math.Log(1 + tau)) * Series(a, other, c, z)
            : ScaledSeries(n, c - a, c, z, -n * Math.Log(1 + tau));
    }

    private static double Series(double first, double second, double third, double z)
    {
        var (term, sum) = (1.0, 1.0);
        for (var i = 0; i < 100_000 && Math.Abs(term) > 1e-16 * Math.Abs(sum); i++)
        {
            term *= (first + i) * (second + i) / ((third + i) * (i + 1)) * z;
            sum += term;
        }

        return sum;
    }

    /// <summary>exp(<paramref name="logScale"/>) · ₂F₁ with positive terms that may rise beyond the range of a double before they fall.</summary>
    private static double ScaledSeries(double first, double second, double third, double z, double logScale)
    {
        const double Large = 1e200;
        var (term, sum) = (1.0, 1.0);
        for (var i = 0; i < 1_000_000; i++)
        {
            var ratio = (first + i) * (second + i) / ((third + i) * (i + 1)) * z;
            term *= ratio;
            sum += term;
            if (sum > Large)
            {
                term /= Large;
                sum /= Large;
                logScale += Math.Log(Large);
            }

            if (ratio < 1 && term < 1e-16 * sum)
            {
                break;
            }
        }

        return Math.Exp(logScale + Math.Log(sum));
    }
}
