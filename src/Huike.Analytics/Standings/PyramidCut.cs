using Huike.Analytics.Facts;
using Huike.Analytics.Settings;
using Huike.Customers.Contracts;
using Huike.Platform.Data;

namespace Huike.Analytics.Standings;

/// <summary>Cuts the pyramid by the settings (H3 客户金字塔).</summary>
internal static class PyramidCut
{
    /// <summary>The tier of each customer; none for those whom the ledger does not know.</summary>
    /// <param name="facts">Ascending by customer; of equal contributions the earlier customer stands higher.</param>
    /// <param name="settings">The cuts.</param>
    public static Tier[] Of(CustomerFacts[] facts, ValueSettings settings)
    {
        var places = Enumerable.Range(0, facts.Length).Where(i => facts[i].InLedger).ToArray();
        var cut = Run(Array.ConvertAll(places, i => facts[i].Contribution), settings);
        var tiers = new Tier[facts.Length];
        for (var i = 0; i < places.Length; i++) { tiers[places[i]] = cut[i]; }
        return tiers;
    }

    /// <summary>Tiers by contribution, one per entry.</summary>
    /// <param name="contributions">Whole ten-thousandths, any order; of equal ones the earlier stands higher.</param>
    /// <param name="settings">The cuts.</param>
    public static Tier[] Run(long[] contributions, ValueSettings settings)
    {
        var values = Array.ConvertAll(contributions, amount => (double)amount / Stored.Scale);
        var cut = settings.Cut == TierCut.Amounts
            ? Statistics.Value.Tiers.ByAmounts(values, [(double)settings.PlatinumFrom, (double)settings.GoldFrom, (double)settings.IronFrom])
            : Statistics.Value.Tiers.ByShares(values, [(double)settings.PlatinumShare, (double)settings.GoldShare, (double)settings.IronShare]);
        return Array.ConvertAll(cut, tier => (Tier)(tier + 1));
    }
}
