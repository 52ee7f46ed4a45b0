using Microsoft.Playwright;

namespace Huike.BrowserTests.Salesperson;

/// <summary>Two people at one customer's file.</summary>
public sealed class SeesWhatOthersDoTests(Office office)
{
    [Theory]
    [InlineData("en")]
    [InlineData("zh-CN")]
    public async Task A_note_of_somebody_else_appears_without_reloading_and_what_is_being_typed_stays(string language)
    {
        await using var mine = await office.Open(new(language));
        await using var theirs = await office.Open(new());
        var heard = mine.Page.WaitForRequestAsync("**/live?watch=customers*");
        await mine.Page.GotoAsync("/customers/3");
        await heard;
        await mine.Page.EvaluateAsync("window.sameDocument = true");
        await mine.Page.GetByLabel(mine.Texts["customers.note.label"]).FillAsync("half a sen");
        await theirs.Page.GotoAsync("/customers/3");
        var words = $"rang back, {language}";
        await theirs.Page.GetByLabel(theirs.Texts["customers.note.label"]).FillAsync(words);
        await theirs.Page.GetByRole(AriaRole.Button, new() { Name = theirs.Texts["customers.note.save"], Exact = true }).ClickAsync();
        await Assertions.Expect(mine.Page.Locator("ol.timeline > li").First).ToContainTextAsync(words);
        await Assertions.Expect(mine.Page.GetByRole(AriaRole.Status).Filter(new() { HasText = mine.Texts["customers.live.news"] })).ToHaveCountAsync(1);
        Assert.Equal("half a sen", await mine.Page.GetByLabel(mine.Texts["customers.note.label"]).InputValueAsync());
        Assert.True(await mine.Page.EvaluateAsync<bool>("window.sameDocument === true"));
        await theirs.Page.GetByRole(AriaRole.Button, new() { Name = theirs.Texts["customers.step.add"] }).First.ClickAsync();
        await theirs.Page.GetByLabel(theirs.Texts["customers.step.what"]).FillAsync($"visit, {language}");
        await theirs.Page.GetByRole(AriaRole.Button, new() { Name = theirs.Texts["customers.step.save"], Exact = true }).ClickAsync();
        await Assertions.Expect(mine.Page.Locator("[data-live-part=steps]").GetByText($"visit, {language}")).ToBeVisibleAsync();
        Assert.Equal([], mine.Complaints);
        Assert.Equal([], theirs.Complaints);
    }
}
