using Huike.Analytics.Facts;
using Huike.Analytics.Settings;
using Huike.Statistics.Value;

namespace Huike.Analytics.Forecasts;

/// <summary>What a model says about one customer.</summary>
/// <param name="Active">Probability of still being active.</param>
/// <param name="Expected">Purchase days expected in the next twelve months.</param>
/// <param name="Discounted">Purchase days expected within the horizon, later ones worth less.</param>
internal readonly record struct Outlook(double Active, double Expected, double Discounted);

/// <summary>Models in use, by their parameters alone: what is kept from one whole recomputation to the next.</summary>
/// <param name="Purchases">r, α, s, β of the Pareto/NBD; r, α and an assumed p where the ledger shows nobody leave; empty where no model is usable.</param>
/// <param name="Spend">p, q, γ of the Gamma–Gamma; empty where none is usable.</param>
internal sealed record Forecast(IReadOnlyList<double> Purchases, IReadOnlyList<double> Spend)
{
    // Fewer than one customer in two hundred gone.
    private const double NobodyLeft = 0.995;
    /// <summary>Weeks in a year, leap years counted in.</summary>
    public const double WeeksPerYear = 365.25 / FitForecast.DaysPerWeek;

    /// <summary>No model: rhythms are judged by the customer's own gaps.</summary>
    public static Forecast None { get; } = new([], []);

    /// <summary>Whether probabilities can be told.</summary>
    public bool IsUsable => Purchases.Count > 0;

    /// <summary>Whether leaving is assumed, because the ledger shows none.</summary>
    public bool LeavingIsAssumed => Purchases.Count == 3;

    /// <summary>
    /// Takes what is usable: at an edge of their range parameters still forecast, but not when the steps ran out or nothing could be fitted.
    /// A model by which next to nobody has left can't tell who is about to: then leaving is assumed, and rates alone are the ledger's.
    /// </summary>
    public static Forecast From(FittedModels models, ValueSettings settings)
    {
        var purchases = Usable(models.Pareto)?.Parameters ?? [];
        if (purchases.Count > 0 && models.MeanActive > NobodyLeft) { purchases = [purchases[0], purchases[1], settings.AssumedLeaving]; }
        return new(purchases, Usable(models.Spend)?.Parameters ?? []);
    }

    /// <summary>The purchase model.</summary>
    /// <exception cref="InvalidOperationException">None is usable.</exception>
    public IPurchaseModel PurchaseModel() => Purchases.Count switch
    {
        4 => new ParetoNbd(Purchases[0], Purchases[1], Purchases[2], Purchases[3]),
        3 => new AssumedLeaving(Purchases[0], Purchases[1], Purchases[2]),
        _ => throw new InvalidOperationException("No model is usable."),
    };

    /// <summary>What is to be expected of each customer; zeros without a model or without a purchase. O(different histories) on all cores.</summary>
    /// <param name="facts">Any customers.</param>
    /// <param name="days">The firm's days.</param>
    /// <param name="asOf">End of observation.</param>
    /// <param name="settings">Horizon and discount rate.</param>
    public Outlook[] Of(ReadOnlySpan<CustomerFacts> facts, FirmDays days, int asOf, ValueSettings settings)
    {
        var outlooks = new Outlook[facts.Length];
        if (!IsUsable) { return outlooks; }
        var model = PurchaseModel();
        var (histories, buyers) = Histories(facts, days, asOf);
        var groups = HistoryGroups.Of(histories);
        var active = LifetimeValue.ProbabilitiesActive(model, groups);
        var expected = LifetimeValue.ExpectedPurchases(model, groups, WeeksPerYear);
        var discounted = LifetimeValue.ExpectedPurchases(model, groups, settings.HorizonYears * WeeksPerYear, LifetimeValue.DiscountPerUnit(settings.DiscountRate, WeeksPerYear));
        for (var i = 0; i < buyers.Length; i++)
        {
            var group = groups.GroupOf[i];
            outlooks[buyers[i]] = new(Finite(active[group]), Finite(expected[group]), Finite(discounted[group]));
        }
        return outlooks;
    }

    /// <summary>Net sales to expect of one purchase day, between the customer's own mean and that of all.</summary>
    /// <param name="customer">With a purchase.</param>
    public double ValueOfPurchase(in CustomerFacts customer)
    {
        var own = Math.Max(0, (double)customer.Sales / Platform.Data.Stored.Scale / customer.Purchases);
        if (Spend.Count == 0) { return own; }
        var value = new GammaGamma(Spend[0], Spend[1], Spend[2]).ExpectedValue(new(customer.Purchases, own));
        return double.IsFinite(value) ? value : own;
    }

    private static (PurchaseHistory[] Histories, int[] Buyers) Histories(ReadOnlySpan<CustomerFacts> facts, FirmDays days, int asOf)
    {
        var histories = new List<PurchaseHistory>(facts.Length);
        var buyers = new List<int>(facts.Length);
        for (var i = 0; i < facts.Length; i++)
        {
            if (facts[i].Purchases == 0) { continue; }
            histories.Add(FitForecast.HistoryOf(facts[i], days, asOf));
            buyers.Add(i);
        }
        return ([.. histories], [.. buyers]);
    }

    private static TModel? Usable<TModel>(ModelFit<TModel> fit) where TModel : class =>
        fit.Reason is FitReason.None or FitReason.NotIdentified or FitReason.HitBounds ? fit.Model : null;

    private static double Finite(double value) => double.IsFinite(value) ? value : 0;
}
