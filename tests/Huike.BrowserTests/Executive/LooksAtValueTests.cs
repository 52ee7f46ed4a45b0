using Microsoft.Playwright;

namespace Huike.BrowserTests.Executive;

/// <summary>The executive's morning: the pyramid, who is behind it, whom to call.</summary>
public sealed class LooksAtValueTests(Office office)
{
    [Theory]
    [InlineData("en")]
    [InlineData("zh-CN")]
    public async Task The_pyramid_opens_the_customers_behind_each_tier(string language)
    {
        await using var tab = await office.Open(new(language));
        await tab.Page.GotoAsync("/");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync(tab.Texts["value.overview.title"]);
        await tab.Page.Locator("a[href='/customers?tier=gold']").First.ClickAsync();
        await Assertions.Expect(tab.Page.Locator("a.row-link").First).ToBeVisibleAsync();
        Assert.Equal(await office.App.Number("select count(*) from customers_standing where tier = 2"), await tab.Page.Locator("a.row-link").CountAsync());
        await tab.Page.GoBackAsync();
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync(tab.Texts["value.overview.title"]);
        Assert.Equal([], tab.Complaints);
    }

    [Fact]
    public async Task Whoever_is_to_be_called_today_comes_with_the_reason()
    {
        await using var tab = await office.Open(new());
        await tab.Page.GotoAsync("/value/call-today");
        var expected = await office.App.Number("select count(*) from customers_standing where at_risk > 0");
        Assert.InRange(expected, 1, 300);
        var row = tab.Page.GetByRole(AriaRole.Row).Nth(1);
        await Assertions.Expect(row.GetByRole(AriaRole.Link).First).ToBeVisibleAsync();
        await row.GetByRole(AriaRole.Link).First.ClickAsync();
        await Assertions.Expect(tab.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/customers/[0-9]+", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task Language_and_theme_change_in_place_and_stay()
    {
        await using var tab = await office.Open(new());
        await tab.Page.GotoAsync("/value");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = tab.Texts["shell.language.other"] }).First.ClickAsync();
        var chinese = Huike.Ui.TextCatalog.For("zh-CN");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync(chinese["value.overview.title"]);
        await Assertions.Expect(tab.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/value$", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)));
        await tab.Page.GetByLabel(chinese["shell.theme.label"]).First.ClickAsync();
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = chinese["shell.theme.dark"] }).First.ClickAsync();
        await Assertions.Expect(tab.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await tab.Page.GotoAsync("/value/rfm");
        await Assertions.Expect(tab.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await Assertions.Expect(tab.Page.Locator("html")).ToHaveAttributeAsync("lang", "zh-CN");
    }
}
