namespace Huike.Statistics.Value;

/// <summary>Purchases at a personal rate, after each of which the customer leaves with one and the same assumed probability. Serves where a fit sees
/// nobody leave (<see cref="FitReason.NotIdentified"/>, <see cref="FitReason.HitBounds"/>), as in a short and growing ledger: rates are the fit's, leaving
/// is the caller's word.</summary>
/// <remarks>The modified BG/NBD with its leaving probability held at p: E. Batislam, M. Denizel, A. Filiztekin, IJRM 24 (2007).</remarks>
public sealed class AssumedLeaving : IPurchaseModel
{
    private static readonly string[] Names = ["r", "alpha", "p"];
    private readonly double r;
    private readonly double alpha;
    private readonly double p;

    /// <summary>The model with known parameters.</summary>
    /// <param name="r">Shape of the purchase rates among customers; above 0.</param>
    /// <param name="alpha">Their scale, a time; above 0.</param>
    /// <param name="p">Probability of leaving after a purchase; in (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter outside its range.</exception>
    public AssumedLeaving(double r, double alpha, double p)
    {
        Range.CheckThreshold(p);
        Parameters = Array.AsReadOnly([Range.Parameter(r), Range.Parameter(alpha), p]);
        (this.r, this.alpha, this.p) = (r, alpha, p);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> ParameterNames => Names;

    /// <inheritdoc/>
    public IReadOnlyList<double> Parameters { get; }

    /// <inheritdoc/>
    /// <remarks>1 − p directly after a purchase: who has just bought may have bought for the last time.</remarks>
    public double ProbabilityActive(PurchaseHistory history)
    {
        Range.Check(history);
        var logSilence = (r + history.Repeats) * Math.Log((alpha + history.Age) / (alpha + history.Recency));
        return 1 / (1 + (p / (1 - p) * Math.Exp(logSilence)));
    }

    /// <inheritdoc/>
    public double ExpectedPurchases(PurchaseHistory history, double horizon, double discountRate = 0)
    {
        Range.Check(history);
        Range.CheckHorizon(horizon, discountRate);
        var (shape, scale) = (r + history.Repeats, (alpha + history.Age) / p);
        var whenActive = discountRate == 0
            ? (1 - Math.Exp(-shape * Math.Log(1 + (horizon / scale)))) / p
            : Residual.Purchases(new Rate(shape, shape / (alpha + history.Age)), scale, horizon, discountRate);
        return ProbabilityActive(history) * whenActive;
    }

    /// <inheritdoc/>
    public double DormantAfter(int repeats, double recency, double threshold)
    {
        Range.Check(new PurchaseHistory(repeats, recency, recency));
        Range.CheckThreshold(threshold);
        var silence = p / (1 - p) * threshold / (1 - threshold);
        return silence >= 1 ? 0 : Rhythm.SilenceAfter(this, repeats, recency, silence);
    }

    private readonly struct Rate(double shape, double first) : IResidualRate
    {
        public double FirstDecay => shape + 1;

        public double At(double tau) => first * Math.Exp(-(shape + 1) * Math.Log(1 + tau));
    }
}
