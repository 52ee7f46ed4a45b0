using Huike.Analytics.Facts;
using Huike.Analytics.Forecasts;
using Huike.Analytics.LifetimeModels;
using Huike.Analytics.Pyramid;
using Huike.Analytics.Retention;
using Huike.Analytics.Settings;
using Huike.Analytics.Stages;
using Huike.Analytics.Standings;
using Huike.Customers.Contracts;
using Huike.Platform.Data;
using Xunit;

namespace Huike.UnitTests.Analytics;

public sealed class PictureTests
{
    private static readonly Period All = new(Periods.All, int.MinValue, Lines.Day("2025-12-31"));

    [Fact]
    public void The_pyramid_holds_everyone_and_every_amount()
    {
        var picture = PyramidPicture.Of(All, Sums(Enumerable.Range(1, 200).Select(i => i * 10m)), Lines.Settings);
        Assert.Equal([2, 8, 30, 160], picture.Tiers.Select(tier => tier.Customers));
        Assert.Equal(picture.Contribution, picture.Tiers.Sum(tier => tier.Contribution));
        Assert.Equal(40, picture.TopSales.Customers);
        Assert.Equal(Enumerable.Range(161, 40).Sum(i => i * 10m), picture.TopSales.Amount);
        Assert.Equal((double)picture.TopSales.Amount / (double)picture.Sales, picture.TopSales.Share, 12);
    }

    [Fact]
    public void Who_costs_more_than_they_bring_lift_the_curve_above_one()
    {
        var picture = PyramidPicture.Of(All, Sums([100, 50, -30, 10, -5]), Lines.Settings);
        Assert.Equal((2, -35m), (picture.Negative, picture.NegativeAmount));
        Assert.Contains(picture.ContributionCurve, point => point.Value > 1);
        Assert.Equal(1, picture.ContributionCurve[^1].Value, 9);
    }

    [Fact]
    public void Nobody_and_nothing_make_an_empty_picture()
    {
        var picture = PyramidPicture.Of(All, new PeriodSums(), Lines.Settings);
        Assert.Equal((0, 0m, 0), (picture.Customers, picture.Sales, picture.TopSales.Customers));
    }

    [Fact]
    public void Amounts_cut_the_pyramid_where_the_settings_say_so()
    {
        var settings = Lines.Settings with { Cut = TierCut.Amounts, PlatinumFrom = 100, GoldFrom = 50, IronFrom = 10 };
        Assert.Equal([Tier.Platinum, Tier.Gold, Tier.Iron, Tier.Lead], PyramidCut.Run([100_0000, 99_9999, 10_0000, -1], settings));
    }

    [Fact]
    public void Cohorts_count_who_came_back_in_which_month()
    {
        var facts = Lines.Facts(
        [
            Lines.Of(1, "2025-01-10 10:00", 10, 1), Lines.Of(1, "2025-02-10 10:00", 10, 2), Lines.Of(1, "2025-02-20 10:00", 10, 3), Lines.Of(1, "2025-04-01 10:00", 10, 4),
            Lines.Of(2, "2025-01-31 23:59", 10, 5), Lines.Of(3, "2025-02-01 00:01", 10, 6), Lines.Of(3, "2025-03-01 10:00", 10, 7),
        ], "2026-01-01");
        var cohorts = CohortPicture.Of(facts, new FirmDays(Lines.Shanghai)).Cohorts;
        Assert.Equal([2, 1, 0, 0], cohorts.Select(cohort => cohort.Customers));
        Assert.Equal([1, 0, 1], cohorts[0].Active);
        Assert.Equal([1, 0], cohorts[1].Active);
        Assert.Empty(cohorts[3].Active);
    }

    [Fact]
    public void Economics_rest_on_counted_customers_or_are_not_told()
    {
        var lines = Enumerable.Range(1, 100).Select(i => Lines.Of(i, "2023-04-01 10:00", 10, i))
            .Concat(Enumerable.Range(1, 100).Select(i => Lines.Of(i, "2023-12-01 10:00", 10, 1000 + i)))
            .Concat(Enumerable.Range(1, 80).Select(i => Lines.Of(i, "2025-05-20 10:00", 10, 2000 + i)));
        var picture = EconomicsPicture.Of(Lines.Facts(lines, "2026-01-01"), new FirmDays(Lines.Shanghai), Lines.Settings);
        Assert.Equal((80, 100), (picture.Kept!.Hits, picture.Kept.Of));
        Assert.InRange(picture.Kept.Low, 0.70, 0.72);
        Assert.Equal((1.1 - 0.8) / (1.1 - 0.85) - 1, picture.FivePoints!.Change, 9);
        var young = EconomicsPicture.Of(Lines.Facts([Lines.Of(1, "2025-01-01 10:00", 5, 1), Lines.Of(1, "2025-01-20 10:00", 5, 2)], "2026-01-01"), new FirmDays(Lines.Shanghai), Lines.Settings);
        Assert.Null(young.Kept);
        Assert.Null(young.FivePoints);
        Assert.Null(young.SaleToExisting);
    }

    [Fact]
    public void Passages_count_each_customer_once_with_the_median_time()
    {
        StageStep Step(long customer, string on, BuyingStage stage) => new(customer, DateTimeOffset.FromUnixTimeMilliseconds(Lines.At(on)), stage);
        var passages = StagePicture.PassagesOf(
        [
            Step(1, "2025-01-01", BuyingStage.FirstTimeBuyer), Step(1, "2025-01-11", BuyingStage.RepeatBuyer), Step(1, "2025-03-01", BuyingStage.Dormant), Step(1, "2025-03-31", BuyingStage.LoyalBuyer),
            Step(2, "2025-01-01", BuyingStage.FirstTimeBuyer), Step(2, "2025-01-31", BuyingStage.RepeatBuyer),
            Step(3, "2025-01-01", BuyingStage.FirstTimeBuyer), Step(3, "2025-06-01", BuyingStage.Dormant),
        ]);
        Assert.Equal((3, 2, 20.0), (passages[0].Reached, passages[0].Passed, passages[0].MedianDays!.Value));
        var back = passages.Single(passage => passage is { From: BuyingStage.Dormant, To: BuyingStage.RepeatBuyer });
        Assert.Equal((2, 1, 30.0), (back.Reached, back.Passed, back.MedianDays!.Value));
    }

    [Fact]
    public void Too_few_customers_have_no_model_and_the_picture_says_so()
    {
        var facts = Lines.Facts([Lines.Of(1, "2025-01-10 10:00", 10, 1), Lines.Of(1, "2025-05-10 10:00", 10, 2)], "2026-01-01");
        var days = new FirmDays(Lines.Shanghai);
        var picture = ModelsPicture.Of(FitForecast.Run(facts.Customers, days, facts.AsOf), Forecast.None, facts, days);
        Assert.Equal(ModelUse.None, picture.Use);
        Assert.All(picture.Fits, fit => Assert.NotEqual(Huike.Statistics.Value.FitReason.None, fit.Reason));
    }

    private static PeriodSums Sums(IEnumerable<decimal> amounts)
    {
        var sums = new PeriodSums();
        foreach (var amount in amounts)
        {
            sums.Sales.Add(amount.ToStored());
            sums.Contribution.Add(amount.ToStored());
        }
        return sums;
    }
}
