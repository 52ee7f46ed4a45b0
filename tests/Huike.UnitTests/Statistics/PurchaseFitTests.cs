using Huike.Statistics.Value;
using Xunit;

namespace Huike.UnitTests.Statistics;

public sealed class PurchaseFitTests
{
    [Fact]
    public void Bg_nbd_gives_the_parameters_published_for_cdnow_with_their_errors()
    {
        var fit = BgNbd.Fit(ValueLedgers.CdnowSample());
        Assert.True(fit.Converged, fit.Reason.ToString());
        Close([0.243, 4.414, 0.793, 2.426], fit.Model!.Parameters, 0.0006);
        Assert.Equal(-9582.4, fit.LogLikelihood, 0.05);
        Close([0.0126, 0.378, 0.186, 0.705], fit.StandardErrors, 0.001);
    }

    [Fact]
    public void Pareto_nbd_gives_the_parameters_published_for_cdnow()
    {
        var fit = ParetoNbd.Fit(ValueLedgers.CdnowSample());
        Assert.True(fit.Converged, fit.Reason.ToString());
        Close([0.553, 10.578, 0.606, 11.669], fit.Model!.Parameters, 0.0012);
        Assert.Equal(-9595.0, fit.LogLikelihood, 0.05);
        Assert.All(fit.StandardErrors, error => Assert.InRange(error, 0.001, 10));
    }

    [Fact]
    public void Both_models_give_the_known_parameters_of_the_apparel_ledger()
    {
        var groups = ValueLedgers.Apparel(new DateOnly(2005, 1, 2).AddDays(104 * 7));
        var easy = BgNbd.Fit(groups);
        Assert.Equal(-5857.02, easy.LogLikelihood, 0.01);
        Close([0.6073, 20.957, 1.2756, 8.861], easy.Model!.Parameters, 0.01);
        var full = ParetoNbd.Fit(groups);
        Assert.Equal(-5848.10, full.LogLikelihood, 0.01);
        Close([1.4489, 48.635, 0.5613, 46.882], full.Model!.Parameters, 0.05);
    }

    /// <summary>Few leave in this ledger: the likelihood has a ridge without leaving, at -71,797, below its true top.</summary>
    [Fact]
    public void The_higher_of_two_tops_is_found()
    {
        var groups = ValueLedgers.OnlineRetail();
        Assert.Equal(4372, groups.Customers);
        var easy = BgNbd.Fit(groups);
        var full = ParetoNbd.Fit(groups);
        Assert.True(easy.Converged && full.Converged);
        Assert.Equal(-71771.07, easy.LogLikelihood, 0.01);
        Assert.Equal(-71784.89, full.LogLikelihood, 0.01);
    }

    private static void Close(double[] expected, IReadOnlyList<double> found, double tolerance)
    {
        Assert.Equal(expected.Length, found.Count);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], found[i], tolerance);
        }
    }
}
