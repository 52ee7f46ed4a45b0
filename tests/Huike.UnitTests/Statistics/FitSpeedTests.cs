using System.Diagnostics;
using Huike.Statistics.Value;
using Xunit;

namespace Huike.UnitTests.Statistics;

/// <summary>Runs while nothing else does; counts processor time, as other programs may be at work.</summary>
[CollectionDefinition(nameof(FitSpeedTests), DisableParallelization = true)]
[Collection(nameof(FitSpeedTests))]
public sealed class FitSpeedTests
{
    [Fact]
    public void Cdnow_master_is_fitted_in_under_two_seconds()
    {
        var groups = ValueLedgers.CdnowMaster();
        Assert.Equal(23570, groups.Customers);
        Assert.InRange(Seconds(() => Assert.True(BgNbd.Fit(groups).Converged)), 0, 2);
        Assert.InRange(Seconds(() => Assert.True(ParetoNbd.Fit(groups).Converged)), 0, 2);
    }

    private static double Seconds(Action fit)
    {
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        fit();
        process.Refresh();
        return (process.TotalProcessorTime - before).TotalSeconds;
    }
}
