using Huike.Statistics.Value;
using Xunit;

namespace Huike.UnitTests.Statistics;

public sealed class ForecastTests
{
    [Fact]
    public void Days_become_repeats_recency_and_age()
    {
        Assert.Equal(new PurchaseHistory(2, 10, 16), PurchaseHistory.FromDays([100, 100, 107, 170], 212, 7));
        Assert.Equal(new PurchaseHistory(1, 7, 20), PurchaseHistory.FromDays([100, 107, 170], 120, 1));
        Assert.Null(PurchaseHistory.FromDays([100], 99, 1));
        Assert.Null(PurchaseHistory.FromDays([], 99, 1));
        Assert.Throws<ArgumentException>(() => PurchaseHistory.FromDays([5, 4], 9, 1));
    }

    [Fact]
    public void Cdnow_hold_out_is_predicted_within_a_few_percent()
    {
        var until = new DateOnly(1997, 9, 30);
        var purchases = ValueLedgers.Cdnow("CDNOW_sample.txt", 1);
        var histories = ValueLedgers.Histories(purchases, until, 7).ToList();
        var later = purchases.Where(purchase => purchase.On > until).GroupBy(purchase => purchase.Customer)
            .ToDictionary(customer => customer.Key, customer => customer.Select(purchase => purchase.On).Distinct().Count());
        var groups = HistoryGroups.Of([.. histories.Select(one => one.History)]);
        var actual = histories.Select(one => later.GetValueOrDefault(one.Customer)).ToArray();
        var model = ParetoNbd.Fit(groups).Model!;
        var rows = HoldOut.Compare(model, groups, actual, 39);
        Assert.Equal(8, rows.Length);
        Assert.Equal(2357, rows.Sum(row => row.Customers));
        Assert.Equal(actual.Sum(), rows.Sum(row => row.Customers * row.Actual), 1e-6);
        Assert.Equal(LifetimeValue.ExpectedPurchasesOfAll(model, groups, 39), rows.Sum(row => row.Customers * row.Predicted), 1e-6);
        Assert.InRange(rows.Sum(row => row.Customers * row.Predicted) / actual.Sum(), 0.85, 1.05);
        // Those who never came back are known to come more often than this model says.
        Assert.All(rows, row => Assert.InRange(row.Predicted / row.Actual, row.Repeats == 0 ? 0.5 : 0.8, 1.25));
    }

    [Fact]
    public void Apparel_forecast_gives_the_known_sum()
    {
        var groups = ValueLedgers.Apparel(new DateOnly(2005, 1, 2).AddDays(104 * 7));
        var rest = new DateOnly(2010, 12, 20).DayNumber - new DateOnly(2005, 1, 2).AddDays(104 * 7).DayNumber;
        Assert.Equal(1414, LifetimeValue.ExpectedPurchasesOfAll(BgNbd.Fit(groups).Model!, groups, rest / 7.0), 2.0);
    }

    [Fact]
    public void Cumulated_repeats_start_when_each_customer_does()
    {
        var model = new ParetoNbd(0.553, 10.578, 0.606, 11.669);
        var sums = LifetimeValue.CumulativeRepeats(model, [0, 10], [5, 2], [0, 10, 52]);
        Assert.Equal(0, sums[0]);
        Assert.Equal(5 * model.ExpectedPurchases(default, 10), sums[1], 1e-12);
        Assert.Equal((5 * 1.47299680337511) + (2 * model.ExpectedPurchases(default, 42)), sums[2], 1e-10);
    }
}
