using Huike.Analytics.Facts;
using Huike.Analytics.Settings;
using Huike.Statistics.Intervals;

namespace Huike.Analytics.Retention;

/// <summary>An own share with what it rests on.</summary>
/// <param name="Hits">Customers of whom it is true.</param>
/// <param name="Of">Customers asked about.</param>
/// <param name="Low">Lower end of the 95 % interval (Wilson).</param>
/// <param name="High">Upper end.</param>
internal sealed record OwnShare(int Hits, int Of, double Low, double High)
{
    public double Share => (double)Hits / Of;

    public static OwnShare? From(int hits, int of)
    {
        if (of == 0) { return null; }
        var interval = Proportion.Wilson(hits, of);
        return new(hits, of, interval.Low, interval.High);
    }
}

/// <summary>What five points more retention would do to profit.</summary>
/// <param name="Change">Share by which the discounted contribution of a customer grows.</param>
/// <param name="Low">At the lower end of the retention's interval.</param>
/// <param name="High">At the upper end.</param>
internal sealed record FivePoints(double Change, double Low, double High);

/// <summary>保留经济学: the firm's own figures, as far as its ledger can tell (H3).</summary>
/// <param name="Kept">Of those who bought in the period before, those who bought in the last one; null where the ledger is too short.</param>
/// <param name="PeriodDays">Length of those two periods: 365, or half the ledger where it is shorter than two years.</param>
/// <param name="SaleToExisting">Of those who had bought before the last quarter, those who bought in it.</param>
/// <param name="FivePoints">Null where <paramref name="Kept"/> is.</param>
internal sealed record EconomicsPicture(OwnShare? Kept, int PeriodDays, OwnShare? SaleToExisting, FivePoints? FivePoints)
{
    public const int QuarterDays = 91;
    private const int Year = 365;
    private const int ShortestPeriod = 28;

    /// <summary>Counts who came again. O(purchases).</summary>
    public static EconomicsPicture Of(LedgerFacts facts, FirmDays days, ValueSettings settings)
    {
        var length = facts.AsOf - facts.FirstDay + 1;
        var period = Math.Min(Year, length / 2);
        var (before, kept, existing, again) = (0, 0, 0, 0);
        for (var i = 0; i < facts.Customers.Length; i++)
        {
            var (inLast, inPrevious, old, now) = (false, false, false, false);
            foreach (var at in facts.PurchasesOf(i))
            {
                var ago = facts.AsOf - days.DayOf(at);
                inLast |= ago < period;
                inPrevious |= ago >= period && ago < 2 * period;
                old |= ago >= QuarterDays;
                now |= ago < QuarterDays;
            }
            before += inPrevious ? 1 : 0;
            kept += inPrevious && inLast ? 1 : 0;
            existing += old ? 1 : 0;
            again += old && now ? 1 : 0;
        }
        var own = period >= ShortestPeriod ? OwnShare.From(kept, before) : null;
        return new(own, period, length > QuarterDays ? OwnShare.From(again, existing) : null, own is null ? null : Gain(own, period, settings.DiscountRate));
    }

    /// <summary>A customer who stays with probability r from period to period, at discount d, is worth (1 + d) / (1 + d − r) periods' contribution.</summary>
    private static FivePoints Gain(OwnShare kept, int period, double yearlyDiscount)
    {
        var discount = Math.Pow(1 + yearlyDiscount, period / 365.0) - 1;
        double At(double retention) => Worth(Math.Min(1, retention + 0.05), discount) / Worth(retention, discount) - 1;
        return new(At(kept.Share), At(kept.Low), At(kept.High));
    }

    private static double Worth(double retention, double discount) => (1 + discount) / Math.Max(1e-6, 1 + discount - retention);
}
