using Huike.Statistics.Intervals;
using Xunit;

namespace Huike.UnitTests.Statistics;

public sealed class IntervalTests
{
    /// <summary>Newcombe 1998, Statistics in Medicine 17, 857–872, table I, method 3.</summary>
    [Theory]
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0.0000, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    public void Wilson_gives_the_published_intervals(long successes, long trials, double low, double high)
    {
        var interval = Proportion.Wilson(successes, trials);
        Assert.Equal(low, interval.Low, 0.00005);
        Assert.Equal(high, interval.High, 0.00005);
    }

    /// <summary>Newcombe 1998, Statistics in Medicine 17, 873–890, table II, method 10.</summary>
    [Theory]
    [InlineData(56, 70, 48, 80, 0.0524, 0.3339)]
    [InlineData(9, 10, 3, 10, 0.1705, 0.8090)]
    [InlineData(10, 10, 0, 10, 0.6075, 1.0000)]
    [InlineData(0, 10, 0, 20, -0.1611, 0.2775)]
    public void Newcombe_gives_the_published_differences(long successes1, long trials1, long successes2, long trials2, double low, double high)
    {
        var interval = Proportion.Difference(successes1, trials1, successes2, trials2);
        Assert.Equal(low, interval.Low, 0.00005);
        Assert.Equal(high, interval.High, 0.00005);
    }

    [Fact]
    public void Without_data_nothing_is_claimed()
    {
        Assert.Equal(new Interval(double.NaN, 0, 1), Proportion.Wilson(0, 0));
        Assert.True(double.IsNaN(Proportion.Difference(0, 0, 5, 10).Estimate));
        Assert.True(double.IsNaN(Sampling.Mean([]).Estimate));
        Assert.Equal(double.PositiveInfinity, Sampling.Mean([3]).High);
        Assert.True(double.IsNaN(Sampling.Ratio([1, 2], [0, 0]).Estimate));
        Assert.True(double.IsNaN(Sampling.Bootstrap([], [], 1).Estimate));
        Assert.Throws<ArgumentOutOfRangeException>(() => Proportion.Wilson(3, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Proportion.Wilson(1, 2, 1));
    }

    [Fact]
    public void A_mean_has_students_interval()
    {
        // Standard error 1/√2 · … of 1..5: mean 3, s = 1.5811, t(4) = 2.7764.
        var interval = Sampling.Mean([1, 2, 3, 4, 5]);
        Assert.Equal(3, interval.Estimate, 1e-12);
        Assert.Equal(3 - (2.7764451052 * Math.Sqrt(2.5 / 5)), interval.Low, 1e-8);
    }

    [Fact]
    public void Delta_and_bootstrap_agree_on_many_customers()
    {
        var random = new Random(7);
        var denominators = Enumerable.Range(0, 2000).Select(_ => 1 + random.NextDouble()).ToArray();
        var numerators = denominators.Select(below => below * random.NextDouble()).ToArray();
        var delta = Sampling.Ratio(numerators, denominators);
        var resampled = Sampling.Bootstrap(numerators, denominators, 1, 1000);
        Assert.Equal(resampled, Sampling.Bootstrap(numerators, denominators, 1, 1000));
        Assert.Equal(delta.Estimate, resampled.Estimate, 1e-12);
        Assert.Equal(delta.Low, resampled.Low, 0.003);
        Assert.Equal(delta.High, resampled.High, 0.003);
        Assert.InRange(0.5, delta.Low, delta.High);
    }
}
