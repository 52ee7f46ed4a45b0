using Huike.Customers.Contracts;
using Huike.Customers.PermissionStages;
using Huike.Ui.Kit;

namespace Huike.Customers;

/// <summary>Text keys and tones of the kinds, tiers and stages of customers.</summary>
internal static class Words
{
    public static string Of(CustomerKind kind) => kind switch
    {
        CustomerKind.Person => "customers.kind.person",
        CustomerKind.Household => "customers.kind.household",
        CustomerKind.Organisation => "customers.kind.organisation",
        CustomerKind.Distributor => "customers.kind.distributor",
        CustomerKind.Partner => "customers.kind.partner",
        _ => "customers.kind.unknown",
    };

    public static string Of(Tier tier) => tier switch
    {
        Tier.Platinum => "customers.tier.platinum",
        Tier.Gold => "customers.tier.gold",
        Tier.Iron => "customers.tier.iron",
        Tier.Lead => "customers.tier.lead",
        _ => "customers.tier.none",
    };

    public static string Of(BuyingStage stage) => stage switch
    {
        BuyingStage.QualifiedProspect => "customers.stage.qualifiedProspect",
        BuyingStage.LikelyBuyer => "customers.stage.likelyBuyer",
        BuyingStage.FirstTimeBuyer => "customers.stage.firstTimeBuyer",
        BuyingStage.RepeatBuyer => "customers.stage.repeatBuyer",
        BuyingStage.LoyalBuyer => "customers.stage.loyalBuyer",
        BuyingStage.Advocate => "customers.stage.advocate",
        BuyingStage.Dormant => "customers.stage.dormant",
        BuyingStage.Lost => "customers.stage.lost",
        _ => "customers.stage.nonCustomer",
    };

    public static string Of(PermissionStage stage) => stage switch
    {
        PermissionStage.Attention => "customers.permission.attention",
        PermissionStage.Permission => "customers.permission.permission",
        PermissionStage.Participation => "customers.permission.participation",
        PermissionStage.Loyalty => "customers.permission.loyalty",
        _ => "customers.permission.none",
    };

    public static Tone ToneOf(PermissionStage stage) => stage switch
    {
        PermissionStage.Attention => Tone.Info,
        PermissionStage.Permission or PermissionStage.Participation => Tone.Good,
        PermissionStage.Loyalty => Tone.Accent,
        _ => Tone.Neutral,
    };

    public static Tone ToneOf(Tier tier) => tier switch
    {
        Tier.Platinum => Tone.Accent,
        Tier.Gold => Tone.Warn,
        Tier.Iron => Tone.Info,
        _ => Tone.Neutral,
    };

    public static Tone ToneOf(BuyingStage stage) => stage switch
    {
        BuyingStage.FirstTimeBuyer => Tone.Info,
        BuyingStage.RepeatBuyer or BuyingStage.LoyalBuyer => Tone.Good,
        BuyingStage.Advocate => Tone.Accent,
        BuyingStage.Dormant => Tone.Warn,
        BuyingStage.Lost => Tone.Bad,
        _ => Tone.Neutral,
    };

    /// <summary>Class of a pill in rows that are written without components.</summary>
    public static string Pill(Tone tone) => tone switch
    {
        Tone.Good => "pill tone-good",
        Tone.Info => "pill tone-info",
        Tone.Warn => "pill tone-warn",
        Tone.Bad => "pill tone-bad",
        Tone.Accent => "pill tone-accent",
        _ => "pill tone-neutral",
    };
}
