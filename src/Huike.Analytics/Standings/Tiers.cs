using Huike.Analytics.Facts;
using Huike.Analytics.Settings;
using Huike.Customers.Contracts;
using Huike.Platform.Data;

namespace Huike.Analytics.Standings;

/// <summary>Cuts the pyramid (H3 客户金字塔).</summary>
internal static class Tiers
{
    /// <summary>The tier of each customer; none for those whom the ledger does not know.</summary>
    /// <param name="facts">Ascending by customer; of equal contributions the earlier customer stands higher.</param>
    /// <param name="settings">The cuts.</param>
    public static Tier[] Of(CustomerFacts[] facts, ValueSettings settings)
    {
        var places = Enumerable.Range(0, facts.Length).Where(i => facts[i].InLedger).ToArray();
        var keys = Array.ConvertAll(places, i => facts[i].Contribution);
        var ranks = Cut(keys, settings);
        var tiers = new Tier[facts.Length];
        for (var i = 0; i < places.Length; i++) { tiers[places[i]] = ranks[i]; }
        return tiers;
    }

    /// <summary>Tiers by contribution, one per entry.</summary>
    /// <param name="contributions">Whole ten-thousandths, any order; of equal ones the earlier stands higher.</param>
    /// <param name="settings">The cuts.</param>
    public static Tier[] Cut(long[] contributions, ValueSettings settings)
    {
        if (settings.Cut == TierCut.Amounts) { return Array.ConvertAll(contributions, amount => ByAmount(amount, settings)); }
        var order = Enumerable.Range(0, contributions.Length).ToArray();
        var keys = Array.ConvertAll(contributions, amount => -(Int128)amount);
        // Sorting by key and place makes ties fall the same way each time.
        Array.Sort(order, (a, b) => keys[a].CompareTo(keys[b]) is var sign and not 0 ? sign : a.CompareTo(b));
        var (platinum, gold, iron) = Counts(contributions.Length, settings);
        var tiers = new Tier[contributions.Length];
        for (var rank = 0; rank < order.Length; rank++)
        {
            tiers[order[rank]] = rank < platinum ? Tier.Platinum : rank < gold ? Tier.Gold : rank < iron ? Tier.Iron : Tier.Lead;
        }
        return tiers;
    }

    /// <summary>How many customers stand in platinum, in platinum and gold, and in all three: shares rounded down, platinum never empty.</summary>
    public static (int Platinum, int Gold, int Iron) Counts(int customers, ValueSettings settings)
    {
        var platinum = Math.Max(Math.Min(1, customers), (int)Math.Floor(customers * settings.PlatinumShare));
        var gold = Math.Max(platinum, (int)Math.Floor(customers * (settings.PlatinumShare + settings.GoldShare)));
        var iron = Math.Max(gold, (int)Math.Floor(customers * (settings.PlatinumShare + settings.GoldShare + settings.IronShare)));
        return (platinum, gold, Math.Min(customers, iron));
    }

    private static Tier ByAmount(long contribution, ValueSettings settings)
    {
        var amount = contribution.FromStored();
        return amount >= settings.PlatinumFrom ? Tier.Platinum : amount >= settings.GoldFrom ? Tier.Gold : amount >= settings.IronFrom ? Tier.Iron : Tier.Lead;
    }
}
