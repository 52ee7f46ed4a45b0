using System.Globalization;
using Huike.Analytics.Facts;
using Huike.Analytics.Pyramid;
using Huike.Customers.Contracts;
using Huike.Statistics.Value;
using Huike.Ui;
using Huike.Ui.Kit;

namespace Huike.Analytics.Overview;

/// <summary>The handbook's words for stages, tiers and reasons, and where their customers are listed.</summary>
internal static class Wording
{
    public static string Of(Texts texts, Tier tier) => tier switch
    {
        Tier.Platinum => texts["value.tier.platinum"],
        Tier.Gold => texts["value.tier.gold"],
        Tier.Iron => texts["value.tier.iron"],
        Tier.Lead => texts["value.tier.lead"],
        _ => texts["value.tier.none"],
    };

    public static string Of(Texts texts, BuyingStage stage) => stage switch
    {
        BuyingStage.QualifiedProspect => texts["value.stage.qualifiedProspect"],
        BuyingStage.LikelyBuyer => texts["value.stage.likelyBuyer"],
        BuyingStage.FirstTimeBuyer => texts["value.stage.firstTimeBuyer"],
        BuyingStage.RepeatBuyer => texts["value.stage.repeatBuyer"],
        BuyingStage.LoyalBuyer => texts["value.stage.loyalBuyer"],
        BuyingStage.Advocate => texts["value.stage.advocate"],
        BuyingStage.Dormant => texts["value.stage.dormant"],
        BuyingStage.Lost => texts["value.stage.lost"],
        _ => texts["value.stage.nonCustomer"],
    };

    public static string Of(Texts texts, LossCause cause) => cause switch
    {
        LossCause.Returned => texts["value.loss.returned"],
        LossCause.BelowCost => texts["value.loss.belowCost"],
        LossCause.ReturnCost => texts["value.loss.returnCost"],
        _ => texts["value.loss.smallDocuments"],
    };

    public static string Of(Texts texts, FitReason reason) => reason switch
    {
        FitReason.None => texts["value.fit.converged"],
        FitReason.TooFewCustomers => texts["value.fit.tooFew", FitLimits.MinimumCustomers],
        FitReason.NoRepeatPurchases => texts["value.fit.noRepeats"],
        FitReason.Degenerate => texts["value.fit.degenerate"],
        FitReason.HitBounds => texts["value.fit.bounds"],
        FitReason.NotIdentified => texts["value.fit.notIdentified"],
        FitReason.MaxIterations => texts["value.fit.iterations"],
        _ => texts["value.fit.invalid"],
    };

    public static string Period(Texts texts, string key) => key switch
    {
        Periods.All => texts["value.period.all"],
        Periods.Recent => texts["value.period.recent"],
        _ => key,
    };

    public static Tone ToneOf(Tier tier) => tier switch { Tier.Platinum => Tone.Accent, Tier.Gold => Tone.Warn, _ => Tone.Neutral };

    public static Tone ToneOf(BuyingStage stage) => stage switch
    {
        BuyingStage.LoyalBuyer or BuyingStage.Advocate => Tone.Good,
        BuyingStage.Dormant => Tone.Warn,
        BuyingStage.Lost => Tone.Bad,
        _ => Tone.Neutral,
    };

    /// <summary>The list of a tier's customers.</summary>
    public static string Href(Tier tier) => "/customers?tier=" + NameOf(tier);

    /// <summary>A tier's name in addresses.</summary>
    public static string NameOf(Tier tier) => Kebab(tier.ToString());

    /// <summary>The list of a stage's customers.</summary>
    public static string Href(BuyingStage stage) => "/customers?stage=" + Kebab(stage.ToString());

    /// <summary>The file of a customer.</summary>
    public static string Href(long customerId) => "/customers/" + customerId.ToString(CultureInfo.InvariantCulture);

    /// <summary>A reason to call: the usual gap beside the silence.</summary>
    public static string Reason(Texts texts, double? usualGap, int silentDays, int purchases) => usualGap is { } gap
        ? texts["value.call.reason.rhythm", Math.Max(1, (int)Math.Round(gap)), silentDays, purchases]
        : texts["value.call.reason.once", silentDays];

    private static string Kebab(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "-" : "") + char.ToLowerInvariant(c) : c.ToString()));
}
