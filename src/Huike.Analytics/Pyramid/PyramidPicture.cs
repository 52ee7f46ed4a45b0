using Huike.Analytics.Facts;
using Huike.Analytics.Settings;
using Huike.Analytics.Standings;
using Huike.Customers.Contracts;
using Huike.Platform.Data;
using Huike.Statistics.Value;

namespace Huike.Analytics.Pyramid;

/// <summary>One tier of the pyramid in a period.</summary>
internal sealed record TierSum(Tier Tier, int Customers, decimal Sales, decimal Contribution);

/// <summary>What the best customers bring.</summary>
/// <param name="Customers">How many they are: the share of all, rounded down, one at least.</param>
/// <param name="Amount">What they bring.</param>
/// <param name="Share">Of the whole; 0 where the whole is not above 0, and above 1 where others lose money.</param>
internal sealed record TopShare(int Customers, decimal Amount, double Share);

/// <summary>A point of the Pareto curve: share of the customers, best first, and what they bring of the whole.</summary>
internal sealed record CurvePoint(double Customers, double Value);

/// <summary>客户金字塔 and 二八分析 of one period (H3).</summary>
/// <param name="Period">Key of the period.</param>
/// <param name="From">First day; null for the whole ledger.</param>
/// <param name="To">Last day.</param>
/// <param name="Customers">Customers with a line in the period.</param>
/// <param name="Sales">Net sales of named customers.</param>
/// <param name="SalesOfUnknown">Net sales of lines without a customer.</param>
/// <param name="Contribution">Of named customers.</param>
/// <param name="Tiers">From the top.</param>
/// <param name="SalesCurve">From (0, 0) to (1, 1).</param>
/// <param name="ContributionCurve">Likewise; rises above 1 where some cost more than they bring.</param>
/// <param name="TopSales">The top fifth by sales.</param>
/// <param name="TopContribution">The top fifth by contribution.</param>
/// <param name="Negative">How many cost more than they bring.</param>
/// <param name="NegativeAmount">What those cost; 0 or less.</param>
internal sealed record PyramidPicture(string Period, DateOnly? From, DateOnly To, int Customers, decimal Sales, decimal SalesOfUnknown, decimal Contribution,
    IReadOnlyList<TierSum> Tiers, IReadOnlyList<CurvePoint> SalesCurve, IReadOnlyList<CurvePoint> ContributionCurve,
    TopShare TopSales, TopShare TopContribution, int Negative, decimal NegativeAmount)
{
    private const int CurveSteps = 100;

    /// <summary>Share of customers that the analysis is named after.</summary>
    public const double Top = 0.2;

    /// <summary>Draws the picture of a period. O(n log n).</summary>
    public static PyramidPicture Of(Period period, PeriodSums sums, ValueSettings settings)
    {
        var (sales, contributions) = (sums.Sales.ToArray(), sums.Contribution.ToArray());
        var tiers = PyramidCut.Run(contributions, settings);
        var byTier = new (int Customers, Int128 Sales, Int128 Contribution)[5];
        for (var i = 0; i < tiers.Length; i++)
        {
            ref var sum = ref byTier[(int)tiers[i]];
            sum = (sum.Customers + 1, sum.Sales + sales[i], sum.Contribution + contributions[i]);
        }
        var (salesCurve, contributionCurve) = (CurveOf(sales), CurveOf(contributions));
        return new(period.Key, period.From < 0 ? null : DateOnly.FromDayNumber(period.From), DateOnly.FromDayNumber(period.To), sales.Length,
            Amount(Sum(sales)), sums.SalesOfUnknown.FromStored(), Amount(Sum(contributions)),
            [.. Enumerable.Range(1, 4).Select(tier => new TierSum((Tier)tier, byTier[tier].Customers, Amount(byTier[tier].Sales), Amount(byTier[tier].Contribution)))],
            Points(salesCurve), Points(contributionCurve), TopOf(sales, salesCurve), TopOf(contributions, contributionCurve),
            contributions.Count(amount => amount < 0), Amount(Sum(contributions.Where(amount => amount < 0))));
    }

    private static ParetoCurve CurveOf(long[] values) => ParetoCurve.Of(Array.ConvertAll(values, value => (double)value / Stored.Scale));

    private static TopShare TopOf(long[] values, ParetoCurve curve)
    {
        if (values.Length == 0) { return new(0, 0, 0); }
        var count = curve.CustomersInTop(Top);
        var descending = values.AsSpan().ToArray();
        Array.Sort(descending);
        return new(count, Amount(Sum(descending.AsSpan(descending.Length - count).ToArray())), double.IsFinite(curve.ShareOfTop(Top)) ? curve.ShareOfTop(Top) : 0);
    }

    private static List<CurvePoint> Points(ParetoCurve curve) =>
        [.. curve.Points(CurveSteps).Select(point => new CurvePoint(Math.Round(point.Customers, 5), Math.Round(point.Value, 5)))];

    private static Int128 Sum(IEnumerable<long> values)
    {
        var sum = Int128.Zero;
        foreach (var value in values) { sum += value; }
        return sum;
    }

    private static decimal Amount(Int128 stored) => (decimal)stored / Stored.Scale;
}
