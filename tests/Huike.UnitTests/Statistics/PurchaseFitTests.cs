using System.Diagnostics;
using Huike.Statistics.Value;
using Xunit;

namespace Huike.UnitTests.Statistics;

public sealed class PurchaseFitTests
{
    [Fact]
    public void Bg_nbd_gives_the_parameters_published_for_cdnow()
    {
        var fit = BgNbd.Fit(ValueLedgers.CdnowSample());
        Assert.True(fit.Converged, fit.Reason.ToString());
        Close([0.243, 4.414, 0.793, 2.426], fit.Model!.Parameters, 0.0006);
        Assert.Equal(-9582.4, fit.LogLikelihood, 0.05);
        Assert.All(fit.StandardErrors, error => Assert.InRange(error, 0.001, 2));
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

    [Fact]
    public void Cdnow_master_is_fitted_in_under_two_seconds()
    {
        var groups = ValueLedgers.CdnowMaster();
        Assert.Equal(23570, groups.Customers);
        var clock = Stopwatch.StartNew();
        var easy = BgNbd.Fit(groups);
        var afterEasy = clock.Elapsed;
        var full = ParetoNbd.Fit(groups);
        var afterFull = clock.Elapsed - afterEasy;
        TestContext.Current.TestOutputHelper?.WriteLine($"{groups.Histories.Length} histories; {easy} {string.Join(' ', easy.Model!.Parameters)} {afterEasy.TotalMilliseconds} ms; {full} {string.Join(' ', full.Model!.Parameters)} {afterFull.TotalMilliseconds} ms");
        Assert.True(easy.Converged && full.Converged);
        Assert.InRange(afterEasy.TotalSeconds, 0, 2);
        Assert.InRange(afterFull.TotalSeconds, 0, 2);
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
