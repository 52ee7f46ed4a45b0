using System.Text.RegularExpressions;
using Huike.Ui;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Huike.UnitTests.Ui;

public sealed class FormatTests
{
    private static readonly Texts _english = TextCatalog.For("en");
    private static readonly Texts _chinese = TextCatalog.For("zh-CN");
    private static readonly DateTimeOffset _now = new(2026, 11, 22, 14, 5, 0, TimeSpan.FromHours(8));

    [Theory]
    [InlineData(0, "0", "0")]
    [InlineData(-0.04, "0", "0")]
    [InlineData(12.34, "12.3", "12.3")]
    [InlineData(999, "999", "999")]
    [InlineData(9_999, "10K", "1万")]
    [InlineData(12_345, "12.3K", "1.2万")]
    [InlineData(999_999, "1M", "100万")]
    [InlineData(-21_400_000, "-21.4M", "-2,140万")]
    [InlineData(340_000_000, "340M", "3.4亿")]
    [InlineData(double.NaN, "–", "–")]
    [InlineData(double.PositiveInfinity, "–", "–")]
    public void A_compact_number_takes_the_units_of_its_language(double value, string english, string chinese)
    {
        Assert.Equal(english, _english.Compact(value));
        Assert.Equal(chinese, _chinese.Compact(value));
    }

    [Theory]
    [InlineData(1, "1 customer", "共 1 位客户")]
    [InlineData(2, "2 customers", "共 2 位客户")]
    [InlineData(0, "0 customers", "共 0 位客户")]
    public void One_is_told_in_the_singular(int count, string english, string chinese)
    {
        Assert.Equal(english, _english["customers.list.count", count]);
        Assert.Equal(chinese, _chinese["customers.list.count", count]);
    }

    [Theory]
    [InlineData(1234.5, "CNY", "¥1,234.50")]
    [InlineData(-1234.565, "CNY", "-¥1,234.57")]
    [InlineData(-0.001, "GBP", "£0.00")]
    [InlineData(1234.5, "JPY", "JP¥1,235")]
    [InlineData(1234.5, "CHF", "1,234.50\u00A0CHF")]
    public void Money_carries_its_sign_and_rounds_halves_away_from_zero(double amount, string currency, string written) =>
        Assert.Equal(written, _english.Money((decimal)amount, currency));

    [Fact]
    public void A_share_is_written_in_percent() => Assert.Equal("73.8%", _chinese.Percent(0.738));

    [Fact]
    public void Days_are_written_in_the_form_of_the_language()
    {
        Assert.Equal("22 Sep 2026", _english.Date(new DateOnly(2026, 9, 22)));
        Assert.Equal("2026年9月22日", _chinese.Date(new DateOnly(2026, 9, 22)));
    }

    [Theory]
    [InlineData(-30, "just now")]
    [InlineData(-300, "5 min ago")]
    [InlineData(7_300, "in 2 h")]
    [InlineData(-90_000, "yesterday")]
    [InlineData(90_000, "tomorrow")]
    [InlineData(-864_000, "10 days ago")]
    [InlineData(-8_640_000, "2026-08-14")]
    public void Time_is_told_from_the_present(int seconds, string told) => Assert.Equal(told, _english.When(_now.AddSeconds(seconds), _now));

    [Fact]
    public void Placeholders_are_filled_by_the_language() => Assert.Equal("共 12,345 位客户", _chinese["gallery.count", 12345]);

    [Fact]
    public void An_unknown_key_is_shown_and_counted()
    {
        Assert.Equal("shell.no.such", _english["shell.no.such"]);
        Assert.Contains("shell.no.such", _english.Missing);
    }

    [Theory]
    [InlineData(null, null, "zh-CN")]
    [InlineData(null, "en-US,en;q=0.9", "en")]
    [InlineData(null, "fr, en;q=0.3, zh;q=0.8", "zh-CN")]
    [InlineData(null, "zh;q=0, en;q=0.1", "en")]
    [InlineData(null, "\u0001;;=,q", "zh-CN")]
    [InlineData("en", "zh-CN", "en")]
    [InlineData("tlh", "en", "en")]
    public void The_language_is_chosen_then_wished_then_Chinese(string? cookie, string? accept, string language)
    {
        var http = new DefaultHttpContext();
        http.Request.Headers.AcceptLanguage = accept;
        http.Request.Headers.Cookie = cookie is null ? null : $"lang={cookie}";
        Assert.Equal(language, TextCatalog.LanguageOf(http));
    }

    [Fact]
    public void Every_icon_that_a_page_names_is_in_the_sprite()
    {
        var known = File.ReadAllLines(Path.Combine(SourceTree.Root, "src/Huike.Ui/assets/icons.txt")).ToHashSet(StringComparer.Ordinal);
        var named = SourceTree.Files.SelectMany(file => Regex.Matches(file.Content, """<Icon Name="(?<name>[a-z0-9-]+)"|\bIcon="(?<name>[a-z0-9-]+)"|new Place\("[^"]*", "[^"]*", "[^"]*", "(?<name>[^"]*)""", RegexOptions.None, SourceTree.Patience)
            .Select(match => (file.Path, Name: match.Groups["name"].Value)));
        Assert.DoesNotContain(named, icon => !known.Contains(icon.Name));
    }
}
