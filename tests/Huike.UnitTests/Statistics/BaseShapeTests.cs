using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Huike.Statistics.Value;
using Xunit;

namespace Huike.UnitTests.Statistics;

public sealed class BaseShapeTests
{
    [Fact]
    public void All_published_rfm_scores_come_out()
    {
        var rows = ValueLedgers.Lines("rfm_reference", "expected_rfm_published.csv").Skip(1).Select(line => line.Split(',')[^4..]).ToList();
        double[] Column(int index) => [.. rows.Select(row => double.Parse(row[index], CultureInfo.InvariantCulture))];
        var (recency, frequency, monetary) = (new byte[rows.Count], new byte[rows.Count], new byte[rows.Count]);
        Rfm.ScoreAll(Column(2), recency, lowIsBest: true);
        Rfm.ScoreAll(Column(1), frequency);
        Rfm.ScoreAll(Column(3), monetary);
        Assert.Equal(995, rows.Count);
        Assert.Equal(rows.Select(row => row[0]), Enumerable.Range(0, rows.Count).Select(i => $"{recency[i]}{frequency[i]}{monetary[i]}"));
    }

    [Fact]
    public void Quantiles_interpolate_as_type_7_does()
    {
        Assert.Equal(1.75, Rfm.Quantile([1, 2, 3, 4], 0.25));
        Assert.Equal(4, Rfm.Quantile([1, 2, 3, 4], 1));
        Assert.Equal(9, Rfm.Quantile([9], 0.3));
        Assert.Throws<ArgumentException>(() => Rfm.Quantile([], 0.3));
        Assert.Empty(Rfm.Cuts([]));
    }

    [Fact]
    public void Customers_all_alike_share_one_score()
    {
        var scores = new byte[6];
        Rfm.ScoreAll([3, 3, 3, 3, 3, 3], scores);
        Assert.All(scores, score => Assert.Equal(1, score));
    }

    [Fact]
    public void The_top_share_rounds_customers_down_but_never_to_none()
    {
        var curve = ParetoCurve.Of([1, 1, 1, 1, 6]);
        Assert.Equal(1, curve.CustomersInTop(0.01));
        Assert.Equal(1, curve.CustomersInTop(0.39));
        Assert.Equal(2, curve.CustomersInTop(0.4));
        Assert.Equal(0.6, curve.ShareOfTop(0.2), 1e-15);
        Assert.Equal(29, ParetoCurve.Of(new double[100]).CustomersInTop(0.29));
        Assert.Equal(874, ParetoCurve.Of(new double[4372]).CustomersInTop(0.2));
    }

    [Fact]
    public void The_curve_runs_from_nothing_to_all_and_past_all_where_some_cost_money()
    {
        var points = ParetoCurve.Of([.. Enumerable.Range(1, 1000).Select(i => (double)i)]).Points();
        Assert.Equal(201, points.Length);
        Assert.Equal(new ParetoPoint(0, 0), points[0]);
        Assert.Equal(new ParetoPoint(1, 1), points[^1]);
        Assert.Contains(ParetoCurve.Of([10, 5, -5]).Points(), point => point.Value > 1);
        Assert.Empty(ParetoCurve.Of([-1, 1]).Points());
        Assert.Empty(ParetoCurve.Of([]).Points());
    }

    [Fact]
    public void Gini_is_0_for_equals_and_near_1_where_one_has_all()
    {
        Assert.Equal(0, ParetoCurve.Of([4, 4, 4, 4]).Gini, 1e-15);
        Assert.Equal(0.75, ParetoCurve.Of([0, 0, 0, 4]).Gini, 1e-15);
        Assert.Equal(0.25, ParetoCurve.Of([1, 2, 3, 4]).Gini, 1e-15);
        Assert.True(double.IsNaN(ParetoCurve.Of([0, 0]).Gini));
    }

    [Fact]
    public void Tiers_hold_the_shares_rounded_down_together()
    {
        var values = Enumerable.Range(0, 4372).Select(i => (double)(i * 7919 % 4372)).ToArray();
        var tiers = Tiers.ByShares(values, [0.01, 0.04, 0.15]);
        Assert.Equal([43, 218 - 43, 874 - 218, 4372 - 874], Enumerable.Range(0, 4).Select(tier => tiers.Count(one => one == tier)));
        Assert.All(Enumerable.Range(0, values.Length).Where(i => tiers[i] == 0), i => Assert.True(values[i] >= 4372 - 43));
        Assert.All(Tiers.ByShares([1, 2, 3], [0.01, 0.04, 0.15]), tier => Assert.Equal(3, tier));
        Assert.Throws<ArgumentException>(() => Tiers.ByShares([1], [0.5, 0.6]));
    }

    [Fact]
    public void Equal_values_at_a_cut_are_parted_in_order()
    {
        Assert.Equal<byte>([0, 0, 1, 1, 2, 2], Tiers.ByShares([5, 5, 5, 5, 5, 5], [1 / 3.0, 1 / 3.0]));
        Assert.Equal<byte>([0, 0, 1, 1], Tiers.ByShares([1, 5, 1, 1], [0.5]));
    }

    [Fact]
    public void Tiers_agree_with_sorting_everybody() => Check.QuickThrowOnFailure(Prop.ForAll(
        Gen.Choose(0, 6).Select(value => (double)value).ArrayOf().ToArbitrary(),
        values =>
        {
            var expected = new byte[values.Length];
            var order = Enumerable.Range(0, values.Length).OrderByDescending(i => values[i]).ToArray();
            for (var rank = 0; rank < order.Length; rank++)
            {
                expected[order[rank]] = (byte)(rank < values.Length / 10 ? 0 : rank < values.Length * 4 / 10 ? 1 : rank < values.Length * 9 / 10 ? 2 : 3);
            }

            return Tiers.ByShares(values, [0.1, 0.3, 0.5]).SequenceEqual(expected);
        }));

    [Fact]
    public void Amounts_cut_where_they_say()
    {
        Assert.Equal<byte>([0, 1, 1, 2, 2], Tiers.ByAmounts([100, 99.99, 10, 9, -5], [100, 10]));
        Assert.Throws<ArgumentException>(() => Tiers.ByAmounts([1], [10, 100]));
    }

    [Fact]
    public void Retention_counts_each_customer_once_a_month()
    {
        var retention = CohortRetention.Of([0, 0, 1], [0, 0, 0, 1, 2, 2, 2], [0, 2, 2, 0, 1, 2, 0], 3);
        Assert.Equal([2, 1, 0], retention.Customers);
        Assert.Equal([2, 0, 1], retention.Active[0]);
        Assert.Equal([1, 1], retention.Active[1]);
        Assert.Equal(0.5, retention.Rate(0, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => CohortRetention.Of([3], [], [], 3));
    }
}
