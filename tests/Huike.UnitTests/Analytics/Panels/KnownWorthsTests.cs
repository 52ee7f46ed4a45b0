using Huike.Analytics.Panels;
using Xunit;

namespace Huike.UnitTests.Analytics.Panels;

public sealed class KnownWorthsTests
{
    private readonly KnownWorths known = new();
    private int tallied;

    [Fact]
    public async Task ManyLinesAreAddedUpOnceUntilTheStandingIsAnother()
    {
        var first = await Get("monday", lines: 501);
        Assert.Same(first, await Get("monday", lines: 501));
        Assert.Equal(1, tallied);
        Assert.NotSame(first, await Get("tuesday", lines: 501));
        Assert.Equal(2, tallied);
    }

    [Theory]
    [InlineData("monday", 500)]
    [InlineData(null, 501)]
    public async Task FewLinesAndWhatWasNeverRecomputedAreAddedUpEachTime(string? of, int lines)
    {
        await Get(of, lines);
        await Get(of, lines);
        Assert.Equal(2, tallied);
    }

    private Task<LedgerWorth> Get(string? of, int lines) => known.Get(7, of, () =>
    {
        tallied++;
        return Task.FromResult((LedgerWorth.None with { MedianGap = tallied }, lines));
    });
}
