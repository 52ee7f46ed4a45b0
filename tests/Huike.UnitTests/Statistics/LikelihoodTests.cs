using Huike.Statistics.Numerics;
using Huike.Statistics.Value;
using Xunit;

namespace Huike.UnitTests.Statistics;

public sealed class LikelihoodTests
{
    private static readonly PurchaseHistory[] Histories =
    [
        new(0, 0, 0.5), new(0, 0, 39), new(1, 0, 10), new(1, 10, 10), new(2, 30.43, 38.86), new(26, 30.86, 31), new(300, 20, 39), new(1_000_000, 99_000, 100_000),
    ];

    private static readonly int[] Counts = [3, 2, 1, 5, 4, 1, 1, 1];

    /// <summary>Logarithm of the likelihood by 40-digit quadrature of the papers' formulas.</summary>
    [Theory]
    [InlineData(20, 5, 0.05, 300, 0, 0, 500, -10.03548656038983)]
    [InlineData(20, 5, 0.05, 300, 3, 2, 500, -13.28865870338032)]
    [InlineData(20, 5, 0.05, 300, 40, 390, 400, -182.8912187942959)]
    [InlineData(0.02, 0.001, 8, 900, 0, 0, 500, -0.2218237607614482)]
    [InlineData(0.02, 0.001, 8, 900, 40, 390, 400, -139.9489439453083)]
    public void The_pareto_likelihood_is_exact_on_either_side_of_equal_scales(
        double r, double alpha, double s, double beta, int x, double recency, double age, double expected)
    {
        var likelihood = new ParetoNbdLikelihood([new PurchaseHistory(x, recency, age)], [1]);
        Assert.Equal(expected, likelihood.At(Logarithms(r, alpha, s, beta), new double[4]), Math.Abs(expected) * 1e-12);
    }

    [Theory]
    [InlineData(0.243, 4.414, 0.793, 2.426)]
    [InlineData(3, 0.2, 5, 0.3)]
    [InlineData(0.05, 300, 0.02, 40)]
    public void Gradients_agree_with_finite_differences(double one, double two, double three, double four)
    {
        var point = Logarithms(one, two, three, four);
        Agrees(new BgNbdLikelihood(Histories, Counts).At, point);
        Agrees(new ParetoNbdLikelihood(Histories, Counts).At, point);
        SpendHistory[] spend = [new(1, 3), new(1, 30), new(4, 12.5), new(200, 9)];
        Agrees((at, gradient) => GammaGamma.LogLikelihood(spend, at, gradient), point[..3]);
    }

    [Fact]
    public void A_group_counts_as_often_as_it_has_customers()
    {
        PurchaseHistory[] customers = [new(1, 2, 5), new(0, 0, 5), new(1, 2, 5), new(1, 2, 5), new(0, 0, 4)];
        var groups = HistoryGroups.Of(customers);
        Assert.Equal([new(0, 0, 4), new(0, 0, 5), new(1, 2, 5)], groups.Histories.ToArray());
        Assert.Equal([1, 1, 3], groups.Counts.ToArray());
        Assert.Equal([2, 1, 2, 2, 0], groups.GroupOf.ToArray());
        Assert.Equal([30, 20, 30, 30, 10], groups.PerCustomer([10, 20, 30]));
        var point = Logarithms(0.5, 3, 0.7, 2);
        var together = new BgNbdLikelihood(groups.Histories.ToArray(), groups.Counts.ToArray()).At(point, new double[4]);
        var alone = new BgNbdLikelihood(customers, [1, 1, 1, 1, 1]).At(point, new double[4]);
        Assert.Equal(alone, together, 1e-12);
    }

    [Fact]
    public void A_sum_over_many_cores_is_the_same_each_time()
    {
        var many = Enumerable.Range(0, 20_000).Select(i => new PurchaseHistory(i % 7, i % 7 == 0 ? 0 : i % 300, 300 + (i % 11))).ToArray();
        var ones = Enumerable.Repeat(1, many.Length).ToArray();
        var likelihood = new BgNbdLikelihood(many, ones);
        var point = Logarithms(0.5, 30, 0.7, 2);
        var first = likelihood.At(point, new double[4]);
        Assert.All(Enumerable.Range(0, 5), _ => Assert.Equal(first, likelihood.At(point, new double[4])));
    }

    private static void Agrees(LogLikelihood likelihood, double[] point)
    {
        const double Step = 1e-5;
        var gradient = new double[point.Length];
        likelihood(point, gradient);
        var scratch = new double[point.Length];
        for (var i = 0; i < point.Length; i++)
        {
            var moved = (double[])point.Clone();
            moved[i] += Step;
            var above = likelihood(moved, scratch);
            moved[i] -= 2 * Step;
            var slope = (above - likelihood(moved, scratch)) / (2 * Step);
            Assert.Equal(slope, gradient[i], 1e-5 * Math.Max(1, Math.Max(Math.Abs(slope), Math.Abs(above) * 1e-5)));
        }
    }

    private static double[] Logarithms(params double[] parameters) => Array.ConvertAll(parameters, Math.Log);
}
