namespace Huike.Customers.Contracts;

/// <summary>购买阶段: where a customer stands in buying (H2).</summary>
public enum BuyingStage
{
    /// <summary>非客户: never bought, nothing known of a wish to.</summary>
    NonCustomer = 0,

    /// <summary>有效潜在客户: could buy.</summary>
    QualifiedProspect = 1,

    /// <summary>可能买主: is about to.</summary>
    LikelyBuyer = 2,

    /// <summary>初次购买者: bought once.</summary>
    FirstTimeBuyer = 3,

    /// <summary>重复购买者: came back.</summary>
    RepeatBuyer = 4,

    /// <summary>忠实买主: keeps coming back.</summary>
    LoyalBuyer = 5,

    /// <summary>品牌鼓吹者: brings others, with evidence.</summary>
    Advocate = 6,

    /// <summary>沉寂客户: the own rhythm says that the customer is probably gone.</summary>
    Dormant = 7,

    /// <summary>流失: gone.</summary>
    Lost = 8,
}

/// <summary>客户金字塔: tier by contribution (H3).</summary>
public enum Tier
{
    /// <summary>Not in the pyramid: never bought.</summary>
    None = 0,

    /// <summary>白金.</summary>
    Platinum = 1,

    /// <summary>黄金.</summary>
    Gold = 2,

    /// <summary>铁.</summary>
    Iron = 3,

    /// <summary>铅.</summary>
    Lead = 4,
}

/// <summary>What the ledger says of one customer, as of the last recomputation. Everyone has one; who never bought has zeros.</summary>
/// <param name="CustomerId">Whose.</param>
/// <param name="Purchases">Distinct days with a purchase.</param>
/// <param name="Documents">Distinct documents, returns not among them.</param>
/// <param name="Returns">Distinct documents with returned lines.</param>
/// <param name="Sales">Net sales: purchases less returns, in the firm's currency.</param>
/// <param name="Returned">Value of what came back; 0 or more.</param>
/// <param name="Margin">Sales less cost of goods.</param>
/// <param name="CostToServe">What serving cost, by the rates in the settings.</param>
/// <param name="Contribution">贡献: margin − cost to serve.</param>
/// <param name="FirstAt">First purchase; the Unix epoch where there was none.</param>
/// <param name="LastAt">Last purchase; the Unix epoch where there was none.</param>
/// <param name="Recency">RFM score 1–5; 0 where never bought.</param>
/// <param name="Frequency">RFM score 1–5; 0 where never bought.</param>
/// <param name="Monetary">RFM score 1–5; 0 where never bought.</param>
/// <param name="Tier">Place in the pyramid.</param>
/// <param name="Stage">Buying stage.</param>
/// <param name="StageSinceAt">When the stage began; the Unix epoch for who never bought.</param>
/// <param name="Active">Probability of still being active, in [0, 1]; 0 where never bought or where no model could be fitted.</param>
/// <param name="Expected">Expected purchases in the next twelve months.</param>
/// <param name="Lifetime">Expected discounted future contribution.</param>
/// <param name="AtRisk">Expected yearly contribution that leaves with the customer, as far as leaving is likely but not certain; orders "call today". 0 where there is nothing to save.</param>
public readonly record struct Standing(
    long CustomerId, int Purchases, int Documents, int Returns, decimal Sales, decimal Returned, decimal Margin, decimal CostToServe, decimal Contribution,
    DateTimeOffset FirstAt, DateTimeOffset LastAt, byte Recency, byte Frequency, byte Monetary, Tier Tier, BuyingStage Stage, DateTimeOffset StageSinceAt,
    double Active, double Expected, decimal Lifetime, decimal AtRisk);

/// <summary>One step of a customer's dated history of buying stages.</summary>
/// <param name="CustomerId">Whose.</param>
/// <param name="SinceAt">When the stage began.</param>
/// <param name="Stage">The stage.</param>
public readonly record struct StageStep(long CustomerId, DateTimeOffset SinceAt, BuyingStage Stage);

/// <summary>Takes the computed facts of customers. One writer at a time: the recomputation job.</summary>
public interface IStandings
{
    /// <summary>The standing of one customer, or null where there is no such customer.</summary>
    Task<Standing?> Find(long customerId, CancellationToken ct);

    /// <summary>Standings in force, ordered by customer; streamed.</summary>
    IAsyncEnumerable<Standing> All(CancellationToken ct);

    /// <summary>Replaces every standing and every stage history in one transaction; for whole recomputation. O(customers).</summary>
    Task ReplaceAll(IEnumerable<Standing> standings, IEnumerable<StageStep> steps, CancellationToken ct);

    /// <summary>Replaces the standings of some customers, and the stage histories of those named in <paramref name="stepsOf"/>, in one transaction.</summary>
    /// <param name="standings">Only those that changed.</param>
    /// <param name="stepsOf">Customers whose whole history is in <paramref name="steps"/>.</param>
    /// <param name="steps">Their new histories.</param>
    /// <param name="ct">Ends the write.</param>
    Task Replace(IReadOnlyCollection<Standing> standings, IReadOnlyCollection<long> stepsOf, IEnumerable<StageStep> steps, CancellationToken ct);

    /// <summary>Stages pinned by hand and still in force.</summary>
    /// <returns>Customer → pinned stage and since when.</returns>
    Task<IReadOnlyDictionary<long, (BuyingStage Stage, DateTimeOffset SinceAt)>> Pins(CancellationToken ct);
}
