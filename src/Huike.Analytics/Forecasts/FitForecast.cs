using Huike.Analytics.Facts;
using Huike.Statistics.Value;

namespace Huike.Analytics.Forecasts;

/// <summary>The models of one customer base, fitted in weeks.</summary>
/// <param name="Pareto">Pareto/NBD: what everything else is computed with.</param>
/// <param name="Beta">BG/NBD: beside it, for comparison.</param>
/// <param name="Spend">Gamma–Gamma on net sales per purchase day, of those with two or more.</param>
/// <param name="Customers">Customers with a purchase.</param>
/// <param name="Sample">How many of them the models were fitted on: every n-th by number.</param>
/// <param name="MeanActive">Mean probability of being active by the Pareto/NBD; 1 without one.</param>
internal sealed record FittedModels(ModelFit<ParetoNbd> Pareto, ModelFit<BgNbd> Beta, ModelFit<GammaGamma> Spend, int Customers, int Sample, double MeanActive);

/// <summary>Fits the models that tell who is still active and what is to come (H3 终身价值).</summary>
internal static class FitForecast
{
    /// <summary>Days in the models' unit of time.</summary>
    public const double DaysPerWeek = 7;

    /// <summary>Bases above this are fitted on a sample: standard errors are under a hundredth by then, and time grows with different histories.</summary>
    public const int LargestSample = 50_000;

    /// <summary>Fits on the whole base, or on every n-th customer of a large one: the same base always gives the same sample.</summary>
    /// <param name="facts">Ascending by customer.</param>
    /// <param name="days">The firm's days.</param>
    /// <param name="asOf">End of observation.</param>
    public static FittedModels Run(ReadOnlySpan<CustomerFacts> facts, FirmDays days, int asOf)
    {
        var buyers = 0;
        foreach (ref readonly var customer in facts) { buyers += customer.Purchases > 0 ? 1 : 0; }
        var step = (buyers + LargestSample - 1) / LargestSample;
        var histories = new List<PurchaseHistory>(Math.Min(buyers, LargestSample));
        var spend = new List<SpendHistory>(histories.Capacity);
        var place = 0;
        foreach (ref readonly var customer in facts)
        {
            if (customer.Purchases == 0 || place++ % step != 0) { continue; }
            histories.Add(HistoryOf(customer, days, asOf));
            var sales = (double)customer.Sales / Platform.Data.Stored.Scale;
            spend.Add(customer.Purchases > 1 && sales > 0 ? new(customer.Purchases, sales / customer.Purchases) : default);
        }
        var groups = HistoryGroups.Of(histories.ToArray());
        var pareto = ParetoNbd.Fit(groups);
        return new(pareto, BgNbd.Fit(groups), GammaGamma.Fit(spend.ToArray()), buyers, histories.Count, MeanActive(pareto.Model, groups));
    }

    private static double MeanActive(ParetoNbd? model, HistoryGroups groups)
    {
        if (model is null) { return 1; }
        var active = LifetimeValue.ProbabilitiesActive(model, groups);
        var sum = 0.0;
        for (var i = 0; i < active.Length; i++) { sum += active[i] * groups.Counts[i]; }
        return sum / groups.Customers;
    }

    /// <summary>The purchases of one customer in weeks.</summary>
    /// <param name="customer">With a purchase.</param>
    /// <param name="days">The firm's days.</param>
    /// <param name="asOf">End of observation.</param>
    public static PurchaseHistory HistoryOf(in CustomerFacts customer, FirmDays days, int asOf)
    {
        var first = days.DayOf(customer.FirstAt);
        return new(customer.Purchases - 1, (days.DayOf(customer.LastAt) - first) / DaysPerWeek, (asOf - first) / DaysPerWeek);
    }
}
