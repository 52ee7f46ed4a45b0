using Microsoft.Playwright;

namespace Huike.BrowserTests.Salesperson;

/// <summary>A salesperson's day: find someone, read the file, note what was said, plan the next step.</summary>
public sealed class WorksWithACustomerTests(Office office)
{
    [Theory]
    [InlineData("en", 1440)]
    [InlineData("zh-CN", 390)]
    public async Task A_customer_is_found_while_typing_and_gets_a_note_and_a_next_step(string language, int width)
    {
        await using var tab = await office.Open(new(language, Width: width));
        await tab.Page.GotoAsync("/customers");
        var first = tab.Page.Locator("a.row-link").First;
        var name = await first.InnerTextAsync();
        await tab.Page.GetByRole(AriaRole.Searchbox, new() { Name = tab.Texts["customers.list.search"] }).FillAsync(name);
        await Assertions.Expect(tab.Page.Locator("a.row-link").First).ToHaveTextAsync(name);
        await tab.Page.Locator("a.row-link").First.ClickAsync();
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync(name);
        var words = $"asked for a quote, {language} <b>";
        await tab.Page.GetByLabel(tab.Texts["customers.note.label"]).FillAsync(words);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = tab.Texts["customers.note.save"], Exact = true }).ClickAsync();
        await Assertions.Expect(tab.Page.GetByText(words)).ToBeVisibleAsync();
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = tab.Texts["customers.step.add"] }).First.ClickAsync();
        await tab.Page.GetByLabel(tab.Texts["customers.step.what"]).FillAsync($"send it, {language}");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = tab.Texts["customers.step.save"], Exact = true }).ClickAsync();
        await Assertions.Expect(tab.Page.GetByText($"send it, {language}").First).ToBeVisibleAsync();
        Assert.Equal([], tab.Complaints);
    }

    [Fact]
    public async Task The_list_comes_as_a_spreadsheet()
    {
        await using var tab = await office.Open(new());
        await tab.Page.GotoAsync("/customers");
        await tab.Page.GetByText(tab.Texts["customers.list.export"], new() { Exact = true }).ClickAsync();
        await tab.Page.GetByLabel(tab.Texts["customers.export.purpose"]).SelectOptionAsync("sales");
        var download = await tab.Page.RunAndWaitForDownloadAsync(() => tab.Page.GetByRole(AriaRole.Button, new() { Name = tab.Texts["customers.export.xlsx"] }).ClickAsync());
        await using var file = await download.CreateReadStreamAsync();
        var start = new byte[2];
        await file.ReadExactlyAsync(start, TestContext.Current.CancellationToken);
        Assert.Equal("PK"u8.ToArray(), start);
        Assert.EndsWith(".xlsx", download.SuggestedFilename, StringComparison.Ordinal);
    }
}
