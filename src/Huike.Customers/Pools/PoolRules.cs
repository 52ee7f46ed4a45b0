using System.Text.Json;
using System.Text.Json.Serialization;
using Huike.Customers.Contracts;
using Huike.Customers.Relationships;
using Huike.Platform;

namespace Huike.Customers.Pools;

/// <summary>What a customer went without.</summary>
internal enum Lack
{
    /// <summary>没有有效跟进: a call, visit or meeting, or a note that is long enough.</summary>
    Contact = 0,

    /// <summary>没有下一步: a next step that is planned.</summary>
    Step = 1,

    /// <summary>没有成交: a purchase.</summary>
    Purchase = 2,
}

/// <summary>退回规则: whoever went without something for so long returns to the pool.</summary>
/// <param name="Lack">Without what.</param>
/// <param name="Days">So many working days of the owner, 1 to <see cref="PoolRules.MostDays"/>.</param>
/// <param name="Tier">Customers of this tier alone; null: of all.</param>
/// <param name="Stage">Customers in this stage alone; null: in all.</param>
internal sealed record ReturnRule(Lack Lack, int Days, Tier? Tier = null, BuyingStage? Stage = null);

/// <summary>What holds in a pool.</summary>
internal sealed record PoolRules
{
    public const int MostDays = 730;
    public const int MostReturns = 12;
    public const int MostNames = 50;
    private const int MostCount = 1_000_000;

    /// <summary>Customers of these places whom nobody looks after belong to the pool.</summary>
    public IReadOnlyList<string> Places { get; init; } = [];

    /// <summary>Customers of these categories whom nobody looks after belong to the pool.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>Level of fields that members see before they claim, 1 to 3; those above are masked, whatever their roles show.</summary>
    public int Shown { get; init; } = 1;

    /// <summary>Most claims of a member in a day; null: any number.</summary>
    public int? Quota { get; init; }

    /// <summary>Most customers that a member may look after who came from this pool; null: any number.</summary>
    public int? Capacity { get; init; }

    /// <summary>Most customers that a member may look after and claim one more; null: any number.</summary>
    public int? CapacityOfAll { get; init; }

    /// <summary>For so many working days the former owner may not claim.</summary>
    public int CoolingDays { get; init; }

    /// <summary>For so many working days a customer does not return after it changed hands.</summary>
    public int ProtectedDays { get; init; }

    /// <summary>So many working days before, the owner is told.</summary>
    public int WarningDays { get; init; } = 3;

    /// <summary>Working days of one extension.</summary>
    public int ExtensionDays { get; init; } = 5;

    /// <summary>Extensions of one owner for one customer.</summary>
    public int Extensions { get; init; } = 1;

    /// <summary>Flow by which an extension is decided; null: the owner's leader or an administrator of the pool decides.</summary>
    public long? Flow { get; init; }

    /// <summary>When customers return; the earliest counts.</summary>
    public IReadOnlyList<ReturnRule> Returns { get; init; } = [];

    /// <summary>A note of so many characters is a valid contact.</summary>
    public int LeastNote { get; init; } = 20;

    /// <summary>Whoever bought within so many days stays; 0: no exception.</summary>
    public int StaysAfterPurchase { get; init; }

    /// <summary>Whoever has a next step that is still to come stays until it is due.</summary>
    public bool StaysWithStep { get; init; } = true;

    /// <summary>Who carries one of these tags stays.</summary>
    public IReadOnlyList<string> StayingTags { get; init; } = [];

    /// <summary>Who is in one of these tiers stays.</summary>
    public IReadOnlyList<Tier> StayingTiers { get; init; } = [];

    /// <summary>With whom this relationship was agreed stays.</summary>
    public IReadOnlyList<RelationshipType> StayingTypes { get; init; } = [];

    /// <exception cref="RuleException"><c>pools.rules.wrong</c>, <c>pools.rules.many</c>.</exception>
    public PoolRules Demanded()
    {
        int?[] counts = [Quota, Capacity, CapacityOfAll];
        int[] days = [CoolingDays, ProtectedDays, WarningDays, ExtensionDays, Extensions, StaysAfterPurchase];
        if (Shown is < 1 or > 3 || counts.Any(count => count is < 1 or > MostCount) || days.Any(count => count is < 0 or > MostDays) || LeastNote is < 1 or > 4_000 || Returns.Any(rule => rule.Days is < 1 or > MostDays)) { throw new RuleException("pools.rules.wrong", MostDays); }
        return Returns.Count <= MostReturns && new[] { Places, Categories, StayingTags }.All(names => names.Count <= MostNames && names.All(name => name.Length is > 0 and <= 200)) ? this : throw new RuleException("pools.rules.many", MostReturns, MostNames);
    }

    public string Write() => JsonSerializer.Serialize(this, Json);

    public static PoolRules Parse(string text) => JsonSerializer.Deserialize<PoolRules>(text, Json)!;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() }, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
}
