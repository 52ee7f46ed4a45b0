using Huike.Statistics.Value;
using Xunit;

namespace Huike.UnitTests.Statistics;

public sealed class SpendTests
{
    [Fact]
    public void Gamma_gamma_gives_the_parameters_published_for_cdnow()
    {
        var until = new DateOnly(1997, 9, 30);
        var spend = ValueLedgers.Cdnow("CDNOW_sample.txt", 1).Where(purchase => purchase.On <= until)
            .GroupBy(purchase => purchase.Customer).Select(customer =>
            {
                var days = customer.GroupBy(purchase => purchase.On).OrderBy(day => day.Key).Select(day => day.Sum(purchase => purchase.Amount))
                    .Where(value => value > 0).Skip(1).ToList();
                return new SpendHistory(days.Count, days.Count == 0 ? 0 : (double)days.Average());
            }).ToArray();
        var fit = GammaGamma.Fit(spend);
        Assert.Equal(946, spend.Count(one => one.Repeats > 0));
        Assert.True(fit.Converged, fit.Reason.ToString());
        Assert.Equal(-4055.92, fit.LogLikelihood, 0.01);
        Assert.Equal(6.25, fit.Model!.Parameters[0], 0.01);
        Assert.Equal(3.74, fit.Model.Parameters[1], 0.01);
        Assert.Equal(15.44, fit.Model.Parameters[2], 0.02);
    }

    [Fact]
    public void Expected_value_lies_between_the_customers_own_and_that_of_all()
    {
        var model = new GammaGamma(6.25, 3.74, 15.44);
        var all = model.ExpectedValue(new SpendHistory(0, 0));
        Assert.Equal(6.25 * 15.44 / 2.74, all, 1e-12);
        Assert.InRange(model.ExpectedValue(new SpendHistory(1, 100)), all, 100);
        Assert.InRange(model.ExpectedValue(new SpendHistory(50, 100)), model.ExpectedValue(new SpendHistory(1, 100)), 100);
        Assert.True(double.IsNaN(new GammaGamma(2, 0.9, 5).ExpectedValue(new SpendHistory(0, 0))));
    }

    [Fact]
    public void Lifetime_value_is_purchases_times_value_discounted()
    {
        var model = new ParetoNbd(0.553, 10.578, 0.606, 11.669);
        var spend = new GammaGamma(6.25, 3.74, 15.44);
        var history = new PurchaseHistory(2, 30.43, 38.86);
        var rate = LifetimeValue.DiscountPerUnit(0.15, 52);
        Assert.Equal(Math.Pow(1.15, -1), Math.Exp(-52 * rate), 1e-12);
        var value = LifetimeValue.Of(model, spend, history, 22.35, 52, rate);
        Assert.Equal(model.ExpectedPurchases(history, 52, rate) * spend.ExpectedValue(new SpendHistory(2, 22.35)), value, 1e-12);
        Assert.InRange(value, 0, model.ExpectedPurchases(history, 52) * spend.ExpectedValue(new SpendHistory(2, 22.35)));
    }
}
