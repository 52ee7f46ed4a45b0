using Huike.Platform.Numbering;

namespace Huike.UnitTests.Platform;

public sealed class NumberPatternTests
{
    private static readonly DateOnly Day = new(2026, 3, 9);

    [Theory]
    [InlineData("C{0000000}", 12, "C0000012", "")]
    [InlineData("C{0}", 12, "C12", "")]
    [InlineData("KH-{yyyy}{MM}-{0000}", 7, "KH-202603-0007", "202603")]
    [InlineData("{yy}/{MM}/{dd}.{00}", 100, "26/03/09.100", "20260309")]
    [InlineData("客户{yyyy}{000}", 1, "客户2026001", "2026")]
    public void A_number_looks_as_the_pattern_says(string text, long count, string number, string period)
    {
        var pattern = NumberPattern.Read(text)!;
        Assert.Equal((number, period), (pattern.Format(Day, count), pattern.PeriodOf(Day)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("C")]
    [InlineData("{00}{00}")]
    [InlineData("{00}{000}")]
    [InlineData("{MM}{00}")]
    [InlineData("{yyyy}{dd}{00}")]
    [InlineData("C {00}")]
    [InlineData("C{}")]
    [InlineData("C{0000000000000}")]
    [InlineData("<{00}>")]
    [InlineData("ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJ{0000}")]
    public void What_can_be_no_pattern_is_none(string text) => Assert.Null(NumberPattern.Read(text));
}
