using Microsoft.Playwright;

namespace Huike.BrowserTests.Administrator;

/// <summary>The same customer a second time: met while it is typed, and made one again.</summary>
public sealed class MergesTwoFilesTests(Office office)
{
    [Theory]
    [InlineData("en", 1440)]
    [InlineData("zh-CN", 390)]
    public async Task Who_is_there_already_is_met_while_one_types_and_two_files_become_one(string language, int width)
    {
        await using var tab = await office.Open(new(language, Width: width));
        var page = tab.Page;
        await page.GotoAsync("/customers/3");
        var (name, phone) = (await Said("name"), await Said("phone"));
        await page.GotoAsync("/customers/new");
        await page.GetByLabel(tab.Texts["customers.field.phone"]).PressSequentiallyAsync(phone);
        await Assertions.Expect(page.Locator("#twins a")).ToHaveTextAsync(name);
        await page.GetByLabel(tab.Texts["customers.field.name"]).FillAsync($"{name} 2");
        var save = page.GetByRole(AriaRole.Button, new() { Name = tab.Texts["customers.form.save"], Exact = true });
        await page.GetByLabel(tab.Texts["customers.form.anyway"]).CheckAsync();
        await save.ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync($"{name} 2");
        await page.GotoAsync("/customers/3/merge");
        await page.GetByLabel(tab.Texts["customers.merge.search"]).FillAsync($"{name} 2");
        await page.GetByRole(AriaRole.Button, new() { Name = tab.Texts["customers.merge.find"], Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = tab.Texts["customers.merge.compare"] }).First.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = tab.Texts["customers.merge.go"], Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator(".timeline").First).ToContainTextAsync(tab.Texts["customers.timeline.merge"]);
        Assert.EndsWith("/customers/3", page.Url, StringComparison.Ordinal);
        Assert.Equal([], tab.Complaints);

        Task<string> Said(string member) => page.EvaluateAsync<string>("async member => (await (await fetch('/api/customers/3')).json())[member]", member);
    }
}
