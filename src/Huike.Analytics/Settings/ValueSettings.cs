namespace Huike.Analytics.Settings;

/// <summary>What the worth of customers is computed with (H2, H3). Money is in the firm's currency, rates are in [0, 1] unless said.</summary>
internal sealed record ValueSettings
{
    /// <summary>Serving one document: taking the order, packing, billing. Default 2.00.</summary>
    public decimal CostPerDocument { get; init; } = 2m;

    /// <summary>Taking one document back: freight, inspection, refund, restocking. Default 30.00.</summary>
    public decimal CostPerReturn { get; init; } = 30m;

    /// <summary>Margin of products of which neither cost nor category margin is known; default 0.30.</summary>
    public decimal DefaultMargin { get; init; } = 0.30m;

    /// <summary>Margin by product category, for products without a cost.</summary>
    public IReadOnlyDictionary<string, decimal> MarginByCategory { get; init; } = new Dictionary<string, decimal>();

    /// <summary>How the pyramid is cut; default by shares.</summary>
    public TierCut Cut { get; init; } = TierCut.Shares;

    /// <summary>Share of customers in platinum; default 0.01.</summary>
    public decimal PlatinumShare { get; init; } = 0.01m;

    /// <summary>Share of customers in gold, next to platinum; default 0.04.</summary>
    public decimal GoldShare { get; init; } = 0.04m;

    /// <summary>Share of customers in iron, next to gold; default 0.15.</summary>
    public decimal IronShare { get; init; } = 0.15m;

    /// <summary>Least contribution of platinum where the pyramid is cut by amounts; default 100,000.</summary>
    public decimal PlatinumFrom { get; init; } = 100_000m;

    /// <summary>Least contribution of gold where the pyramid is cut by amounts; default 20,000.</summary>
    public decimal GoldFrom { get; init; } = 20_000m;

    /// <summary>Least contribution of iron where the pyramid is cut by amounts; default 5,000.</summary>
    public decimal IronFrom { get; init; } = 5_000m;

    /// <summary>Days with a purchase from which a buyer is loyal; 3 or more, default 5.</summary>
    public int LoyalFrom { get; init; } = 5;

    /// <summary>Dormant below this probability of being active; default 0.5.</summary>
    public double DormantBelow { get; init; } = 0.5;

    /// <summary>Lost below this probability of being active; default 0.1.</summary>
    public double LostBelow { get; init; } = 0.1;

    /// <summary>
    /// "Call today" lists customers below this probability of being active who are not lost yet; default 0.8. Above it the call costs more
    /// than it saves, for four of five would have come anyway.
    /// </summary>
    public double CallBelow { get; init; } = 0.8;

    /// <summary>Without a model: dormant after so many of the customer's own median gaps, lost after twice as many; default 2.</summary>
    public double GapsUntilDormant { get; init; } = 2;

    /// <summary>Without a model, where nobody ever came back: dormant after so many days; default 365.</summary>
    public int DaysUntilDormant { get; init; } = 365;

    /// <summary>Share of customers who leave after a purchase, assumed only where the ledger itself shows nobody leave; above 0, below 1, default 0.10.</summary>
    public double AssumedLeaving { get; init; } = 0.10;

    /// <summary>Yearly rate by which later contribution is worth less; default 0.10.</summary>
    public double DiscountRate { get; init; } = 0.10;

    /// <summary>Years ahead that the lifetime value counts; 1 to 10, default 3.</summary>
    public int HorizonYears { get; init; } = 3;

    /// <summary>What contribution and pyramid count: <c>all</c> (default), <c>recent</c> (the twelve months up to the last day) or a year such as <c>2025</c>.</summary>
    public string Period { get; init; } = "all";

    /// <summary>Hour of the firm's day at which everything is recomputed; 0 to 23, default 2.</summary>
    public int NightlyHour { get; init; } = 2;
}

/// <summary>Ways to cut the pyramid.</summary>
internal enum TierCut
{
    /// <summary>By shares of customers.</summary>
    Shares,

    /// <summary>By least contributions.</summary>
    Amounts,
}
