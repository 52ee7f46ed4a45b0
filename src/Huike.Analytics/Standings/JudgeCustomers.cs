using Huike.Analytics.Facts;
using Huike.Analytics.Forecasts;
using Huike.Analytics.Settings;
using Huike.Customers.Contracts;
using Huike.Platform.Data;

namespace Huike.Analytics.Standings;

/// <summary>A customer's buying stage and since when, as Unix milliseconds.</summary>
internal readonly record struct StageNow(BuyingStage Stage, long SinceAt);

/// <summary>What depends on all customers together: scores, tiers, forecasts. From facts alone, so that it gives the same whether they were read from the ledger or from earlier standings.</summary>
internal sealed class JudgeCustomers(ValueSettings settings, FirmDays days, int asOf, Forecast forecast)
{
    /// <summary>Judges every customer. O(n log n).</summary>
    /// <param name="facts">Ascending by customer.</param>
    /// <param name="stages">In the same order.</param>
    public StandingRoll Run(CustomerFacts[] facts, StageNow[] stages)
    {
        var outlooks = forecast.Of(facts, days, asOf, settings);
        var scores = RfmScores.Of(facts, days, asOf);
        var tiers = PyramidCut.Of(facts, settings);
        var rate = MarginRate(facts);
        return new(facts.Length, i => Judge(facts[i], stages[i], outlooks[i], scores[i], tiers[i], rate));
    }

    private Standing Judge(in CustomerFacts customer, StageNow stage, Outlook outlook, RfmScore score, Tier tier, double rateOfAll)
    {
        var each = customer.Purchases == 0 ? 0 : ContributionOfPurchase(customer, rateOfAll);
        var risky = outlook.Active >= settings.LostBelow && outlook.Active < settings.CallBelow;
        return new(customer.CustomerId, customer.Purchases, customer.Documents, customer.Returns, customer.Sales.FromStored(), customer.Returned.FromStored(),
            customer.Margin.FromStored(), customer.CostToServe.FromStored(), customer.Contribution.FromStored(),
            At(customer.FirstAt), At(customer.LastAt), score.Recency, score.Frequency, score.Monetary, tier, stage.Stage, At(stage.SinceAt),
            outlook.Active, outlook.Expected, Money(outlook.Discounted * each), risky ? Math.Max(0, Money(outlook.Expected * each * (1 - outlook.Active))) : 0);
    }

    /// <summary>Expected net sales of a purchase at the customer's own margin, less what serving one has cost.</summary>
    private double ContributionOfPurchase(in CustomerFacts customer, double rateOfAll)
    {
        var rate = customer.Sales > 0 ? Math.Clamp((double)customer.MarginOfAll / customer.Sales, -1, 1) : rateOfAll;
        return (forecast.ValueOfPurchase(customer) * rate) - ((double)customer.ServedOfAll / Stored.Scale / customer.Purchases);
    }

    private static double MarginRate(CustomerFacts[] facts)
    {
        var (margin, sales) = (0.0, 0.0);
        foreach (ref readonly var customer in facts.AsSpan())
        {
            margin += customer.MarginOfAll;
            sales += customer.Sales;
        }
        return sales > 0 ? Math.Clamp(margin / sales, -1, 1) : 0;
    }

    private static decimal Money(double amount) => decimal.Round((decimal)Math.Clamp(double.IsFinite(amount) ? amount : 0, -9e13, 9e13), 2);

    private static DateTimeOffset At(long at) => DateTimeOffset.FromUnixTimeMilliseconds(at);
}

/// <summary>Standings that are put together when asked for: a million of them would weigh 200 MB.</summary>
/// <param name="Count">How many.</param>
/// <param name="At">The standing at a place.</param>
internal sealed record StandingRoll(int Count, Func<int, Standing> At)
{
    public IEnumerable<Standing> All()
    {
        for (var i = 0; i < Count; i++) { yield return At(i); }
    }
}
