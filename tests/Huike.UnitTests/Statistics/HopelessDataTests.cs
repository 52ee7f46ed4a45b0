using Huike.Statistics.Value;
using Xunit;

namespace Huike.UnitTests.Statistics;

public sealed class HopelessDataTests
{
    [Fact]
    public void Too_few_customers_are_said_to_be_too_few()
    {
        Refuses(FitReason.TooFewCustomers, []);
        Refuses(FitReason.TooFewCustomers, [new(3, 10, 20)]);
    }

    [Fact]
    public void A_base_without_repeats_is_said_to_have_none() =>
        Refuses(FitReason.NoRepeatPurchases, [.. Enumerable.Range(1, 50).Select(i => new PurchaseHistory(0, 0, i))]);

    [Fact]
    public void Customers_all_alike_are_degenerate() => Refuses(FitReason.Degenerate, [.. Enumerable.Repeat(new PurchaseHistory(2, 5, 10), 40)]);

    [Theory]
    [InlineData(-1, 0, 5)]
    [InlineData(1, 6, 5)]
    [InlineData(1, double.NaN, 5)]
    [InlineData(1, 1, double.PositiveInfinity)]
    public void Impossible_histories_are_refused(int x, double recency, double age) =>
        Refuses(FitReason.InvalidHistory, [.. Enumerable.Range(1, 30).Select(i => new PurchaseHistory(1, i, 40)), new(x, recency, age)]);

    [Fact]
    public void Nobody_who_leaves_is_a_likelihood_without_a_top_and_says_so()
    {
        // Clockwork customers who all bought to the last day: the chance to leave is as near to 0 as one likes.
        var groups = HistoryGroups.Of([.. Enumerable.Range(1, 60).Select(i => new PurchaseHistory(i % 9 + 1, 50, 50))]);
        foreach (var (reason, model) in Fits(groups))
        {
            Assert.Contains(reason, new[] { FitReason.HitBounds, FitReason.NotIdentified });
            Assert.NotNull(model);
            Assert.True(model.ProbabilityActive(new PurchaseHistory(3, 50, 50)) > 0.99);
        }
    }

    [Fact]
    public void Huge_numbers_are_survived()
    {
        var groups = HistoryGroups.Of([.. Enumerable.Range(1, 40).Select(i => new PurchaseHistory(i * 25_000, 99_000 - i, 100_000)), new(0, 0, 1e5), new(0, 0, 3)]);
        foreach (var (_, model) in Fits(groups))
        {
            Assert.NotNull(model);
            Assert.All(model.Parameters, parameter => Assert.True(double.IsFinite(parameter)));
        }
    }

    [Fact]
    public void Spend_without_repeats_or_without_difference_is_refused()
    {
        Assert.Equal(FitReason.TooFewCustomers, GammaGamma.Fit([new(1, 5)]).Reason);
        Assert.Equal(FitReason.NoRepeatPurchases, GammaGamma.Fit([.. Enumerable.Repeat(new SpendHistory(0, 5), 20)]).Reason);
        Assert.Equal(FitReason.Degenerate, GammaGamma.Fit([.. Enumerable.Repeat(new SpendHistory(2, 5), 20)]).Reason);
        Assert.Equal(FitReason.InvalidHistory, GammaGamma.Fit([.. Enumerable.Repeat(new SpendHistory(2, 5), 20), new(1, -3)]).Reason);
        var failed = GammaGamma.Fit([]);
        Assert.False(failed.Converged);
        Assert.Null(failed.Model);
        Assert.True(double.IsNaN(failed.LogLikelihood));
        Assert.Equal(3, failed.StandardErrors.Count(double.IsNaN));
    }

    private static void Refuses(FitReason expected, PurchaseHistory[] customers)
    {
        foreach (var (reason, model) in Fits(HistoryGroups.Of(customers)))
        {
            Assert.Equal(expected, reason);
            Assert.Null(model);
        }
    }

    private static (FitReason Reason, IPurchaseModel? Model)[] Fits(HistoryGroups groups)
    {
        var easy = BgNbd.Fit(groups);
        var full = ParetoNbd.Fit(groups);
        return [(easy.Reason, easy.Model), (full.Reason, full.Model)];
    }
}
