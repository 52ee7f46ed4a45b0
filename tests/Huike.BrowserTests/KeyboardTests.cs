using Microsoft.Playwright;

namespace Huike.BrowserTests;

/// <summary>A day without the mouse.</summary>
public sealed class KeyboardTests(Office office)
{
    [Theory]
    [InlineData("en")]
    [InlineData("zh-CN")]
    public async Task The_palette_opens_finds_a_place_and_leads_there(string language)
    {
        await using var tab = await office.Open(new(language));
        await tab.Page.GotoAsync("/customers");
        await tab.Page.Keyboard.PressAsync("Control+k");
        var palette = tab.Page.GetByRole(AriaRole.Dialog, new() { Name = tab.Texts["shell.search.label"] });
        await Assertions.Expect(palette).ToBeVisibleAsync();
        var place = palette.GetByRole(AriaRole.Option).Last;
        var name = await place.InnerTextAsync();
        await tab.Page.Keyboard.TypeAsync(name.Split('\n')[0]);
        await tab.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(tab.Page).Not.ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/customers$", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)));
        Assert.Equal([], tab.Complaints);
    }

    [Fact]
    public async Task Rows_of_a_list_are_walked_by_j_and_k_and_opened_by_Enter()
    {
        await using var tab = await office.Open(new());
        await tab.Page.GotoAsync("/customers");
        var rows = tab.Page.Locator("table[data-rows] tbody a.row-link");
        await Assertions.Expect(rows.First).ToBeVisibleAsync();
        await tab.Page.Keyboard.PressAsync("j");
        await tab.Page.Keyboard.PressAsync("j");
        await tab.Page.Keyboard.PressAsync("k");
        await Assertions.Expect(rows.First).ToBeFocusedAsync();
        var name = await rows.First.InnerTextAsync();
        await tab.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync(name);
    }

    [Fact]
    public async Task The_question_mark_lists_the_keys_and_Escape_closes_the_list()
    {
        await using var tab = await office.Open(new());
        await tab.Page.GotoAsync("/customers");
        await tab.Page.Keyboard.PressAsync("?");
        var keys = tab.Page.GetByRole(AriaRole.Dialog);
        await Assertions.Expect(keys).ToBeVisibleAsync();
        await tab.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(keys).ToBeHiddenAsync();
    }

    [Fact]
    public async Task The_first_stop_of_a_page_leads_past_the_navigation()
    {
        await using var tab = await office.Open(new());
        await tab.Page.GotoAsync("/customers");
        await tab.Page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(tab.Page.GetByText(tab.Texts["shell.skip"])).ToBeFocusedAsync();
        await tab.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(tab.Page.Locator("#main")).ToBeFocusedAsync();
    }
}
