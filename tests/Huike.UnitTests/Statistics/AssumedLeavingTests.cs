using Huike.Statistics.Value;
using Xunit;

namespace Huike.UnitTests.Statistics;

public sealed class AssumedLeavingTests
{
    private static readonly AssumedLeaving Model = new(0.83, 9.87, 0.1);

    [Fact]
    public void Who_has_just_bought_leaves_with_the_assumed_probability() =>
        Assert.Equal(0.9, Model.ProbabilityActive(new(4, 20, 20)), 12);

    [Theory]
    [InlineData(0, 0, 0.5)]
    [InlineData(1, 3, 0.5)]
    [InlineData(12, 40, 0.1)]
    public void The_silence_that_makes_dormant_leads_to_the_threshold(int repeats, double recency, double threshold)
    {
        var gap = Model.DormantAfter(repeats, recency, threshold);
        Assert.Equal(threshold, Model.ProbabilityActive(new(repeats, recency, recency + gap)), 9);
    }

    [Fact]
    public void Above_what_a_purchase_tells_everybody_is_dormant_at_once() => Assert.Equal(0, Model.DormantAfter(2, 5, 0.95));

    [Fact]
    public void Expected_purchases_are_those_of_a_simulation()
    {
        var random = new Random(7);
        var (sum, runs) = (0.0, 200_000);
        for (var i = 0; i < runs; i++)
        {
            // Shape 3 makes the gamma a sum of three exponentials: r = 1, x = 2.
            var rate = -Math.Log((1 - random.NextDouble()) * (1 - random.NextDouble()) * (1 - random.NextDouble())) / (10 + 8);
            for (var at = Wait(random, rate); at < 20; at += Wait(random, rate))
            {
                sum++;
                if (random.NextDouble() < 0.2) { break; }
            }
        }
        var model = new AssumedLeaving(1, 10, 0.2);
        Assert.Equal(sum / runs, model.ExpectedPurchases(new(2, 8, 8), 20) / model.ProbabilityActive(new(2, 8, 8)), 0.02);
    }

    [Fact]
    public void A_discount_near_nothing_changes_nearly_nothing() =>
        Assert.Equal(Model.ExpectedPurchases(new(3, 10, 14), 52), Model.ExpectedPurchases(new(3, 10, 14), 52, 1e-9), 5);

    private static double Wait(Random random, double rate) => -Math.Log(1 - random.NextDouble()) / rate;
}
