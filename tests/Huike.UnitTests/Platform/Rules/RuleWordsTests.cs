using Huike.Platform.Conditions;
using Huike.Platform.Rules;

namespace Huike.UnitTests.Platform.Rules;

/// <summary>Days, trails and rows of forms as rules write them.</summary>
public sealed class RuleWordsTests
{
    private static readonly DateOnly Today = new(2026, 11, 23);

    [Theory]
    [InlineData("today", "2026-11-23")]
    [InlineData("Today + 7", "2026-11-30")]
    [InlineData("今天-90", "2026-08-25")]
    [InlineData("今天＋1", "2026-11-24")]
    [InlineData("2024-02-29", "2024-02-29")]
    [InlineData("2025-02-29", null)]
    [InlineData("today7", null)]
    [InlineData("today+", null)]
    [InlineData("today+40000", null)]
    [InlineData("tomorrow", null)]
    [InlineData("今", null)]
    [InlineData("", null)]
    public void A_day_is_fixed_or_counted_from_today(string text, string? day) => Assert.Equal(day, FactDay.Read(text, Today)?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));

    [Fact]
    public void Who_was_born_on_the_29th_of_February_has_a_birthday_each_year()
    {
        Assert.Equal(["-02-28", "-02-29"], FactDay.EachYear(new(2027, 2, 28)));
        Assert.Equal(["-02-28"], FactDay.EachYear(new(2028, 2, 28)));
        Assert.Equal(["-02-29"], FactDay.EachYear(new(2028, 2, 29)));
    }

    [Fact]
    public void A_trail_is_told_by_a_name_and_stops_rings_and_long_chains()
    {
        Assert.Empty(RuleTrail.Read("anna"));
        Assert.Equal("rule:7", RuleTrail.Name([], 7));
        Assert.Equal([3L, 7L], RuleTrail.Read(RuleTrail.Name([3], 7)));
        Assert.True(RuleTrail.Stops([3, 7], 3));
        Assert.False(RuleTrail.Stops([3, 7], 4));
        Assert.True(RuleTrail.Stops([1, 2, 3, 4, 5], 6));
    }
}
