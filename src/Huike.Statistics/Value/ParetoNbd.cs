namespace Huike.Statistics.Value;

/// <summary>Pareto/NBD: purchases at a personal rate during a personal lifetime that ends unseen, at any moment.</summary>
/// <remarks>Sources: D. Schmittlein, D. Morrison, R. Colombo, "Counting Your Customers", Management Science 33 (1987); P. Fader, B. Hardie,
/// "A Note on Deriving the Pareto/NBD Model" (2005).</remarks>
public sealed class ParetoNbd : IPurchaseModel
{
    private static readonly string[] Names = ["r", "alpha", "s", "beta"];
    private readonly double r;
    private readonly double alpha;
    private readonly double s;
    private readonly double beta;

    /// <summary>The model with known parameters.</summary>
    /// <param name="r">Shape of the purchase rates among customers; above 0.</param>
    /// <param name="alpha">Their scale, a time: mean rate is r/α; above 0.</param>
    /// <param name="s">Shape of the leaving rates; above 0.</param>
    /// <param name="beta">Their scale, a time: mean rate is s/β; above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter that is not finite and above 0.</exception>
    public ParetoNbd(double r, double alpha, double s, double beta)
    {
        Parameters = Array.AsReadOnly([Range.Parameter(r), Range.Parameter(alpha), Range.Parameter(s), Range.Parameter(beta)]);
        (this.r, this.alpha, this.s, this.beta) = (r, alpha, s, beta);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> ParameterNames => Names;

    /// <inheritdoc/>
    public IReadOnlyList<double> Parameters { get; }

    /// <summary>Fits by maximum likelihood; O(different histories) per step. Never throws for what the data are like.</summary>
    /// <param name="groups">The base.</param>
    public static ModelFit<ParetoNbd> Fit(HistoryGroups groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        return PurchaseFit.Run(
            groups,
            (histories, counts) => new ParetoNbdLikelihood(histories, counts).At,
            rate => from shape in new[] { 0.5, 2 }
                    from leaving in new[] { (S: 0.05, Beta: 0.05), (S: 0.5, Beta: 0.5), (S: 2.0, Beta: 5.0) }
                    select new[] { shape, shape / (1.5 * rate), leaving.S, leaving.Beta },
            [1, 3],
            found => new ParetoNbd(found[0], found[1], found[2], found[3]));
    }

    /// <inheritdoc/>
    public double ProbabilityActive(PurchaseHistory history)
    {
        Range.Check(history);
        return history.Gap == 0 ? 1 : 1 / (1 + Math.Exp(LogOddsLeft(history.Repeats, history.Recency, history.Age)));
    }

    /// <inheritdoc/>
    public double ExpectedPurchases(PurchaseHistory history, double horizon, double discountRate = 0)
    {
        Range.Check(history);
        Range.CheckHorizon(horizon, discountRate);
        var scale = beta + history.Age;
        var rate = new Rate(s, (r + history.Repeats) / (alpha + history.Age));
        var whenActive = discountRate == 0 ? rate.Undiscounted(scale, horizon) : Residual.Purchases(rate, scale, horizon, discountRate);
        return ProbabilityActive(history) * whenActive;
    }

    /// <inheritdoc/>
    public double DormantAfter(int repeats, double recency, double threshold)
    {
        Range.Check(new PurchaseHistory(repeats, recency, recency));
        Range.CheckThreshold(threshold);
        var n = r + repeats;
        var logTarget = Math.Log((1 - threshold) / threshold);

        // The closed form for α = β, which is near enough for Newton's method to arrive in a few steps.
        var logFactor = Math.Log(1 + ((n + s) / s * Math.Exp(logTarget))) / (n + s);
        var logGap = Math.Log((Math.Min(alpha, beta) + recency) * (Math.Exp(logFactor) - 1));
        for (var step = 0; step < 60; step++)
        {
            var gap = Math.Exp(logGap);
            if (double.IsInfinity(gap))
            {
                return gap;
            }

            var age = recency + gap;
            var logOdds = LogOddsLeft(repeats, recency, age);
            var slope = gap * ((n / (alpha + age)) + (s / (beta + age) * (1 + Math.Exp(-logOdds))));
            var change = Math.Clamp((logTarget - logOdds) / slope, -3, 3);
            logGap += change;
            if (Math.Abs(change) < 1e-11)
            {
                break;
            }
        }

        return Math.Exp(logGap);
    }

    private double LogOddsLeft(int repeats, double recency, double age)
    {
        var n = r + repeats;
        return Math.Log(s) + LeavingIntegral.LogOf(n, alpha, s + 1, beta, recency, age)
            + (n * Math.Log(alpha + age)) + (s * Math.Log(beta + age));
    }

    /// <summary>Of a customer still active: mean rate of purchase times the chance to be active still after τ·scale.</summary>
    private readonly struct Rate(double s, double first) : IResidualRate
    {
        public double FirstDecay => s;

        public double At(double tau) => first * Math.Exp(-s * Math.Log(1 + tau));

        /// <summary>The integral in closed form, through its removable case s = 1.</summary>
        internal double Undiscounted(double scale, double horizon)
        {
            var grown = Math.Log(1 + (horizon / scale));
            var fall = (s - 1) * grown;
            var mean = Math.Abs(fall) < 1e-5 ? 1 - (fall * (0.5 - (fall / 6))) : (1 - Math.Exp(-fall)) / fall;
            return first * scale * grown * mean;
        }
    }
}
