using Microsoft.Playwright;

namespace Huike.BrowserTests.Administrator;

/// <summary>The administrator's day: a ledger comes in, is looked at, loaded, and taken back.</summary>
public sealed class LoadsALedgerTests(Office office)
{
    [Theory]
    [InlineData("en")]
    [InlineData("zh-CN")]
    public async Task A_ledger_is_tried_out_loaded_found_and_undone(string language)
    {
        var who = $"Z9{language[0]}";
        var file = Given.Written($"会员号,客户名称,下单时间,小票号,商品名称,数量,实付金额\n{who},测试客户{who},2026-10-05 14:05,{who}-1,绿茶,2,1234.50\n{who},测试客户{who},不知道,{who}-2,咖啡,1,38\n");
        await using var tab = await office.Open(new(language));
        await Choose(tab, file);
        await Press(tab, "load.check.submit");
        await Assertions.Expect(tab.Page.GetByText(tab.Texts["load.run.hint"])).ToBeVisibleAsync();
        await Assertions.Expect(tab.Page.GetByText("不知道").First).ToBeVisibleAsync();
        Assert.Equal(0, await Lines(who));
        await Press(tab, "load.run.submit");
        var undo = tab.Page.GetByRole(AriaRole.Button, new() { Name = tab.Texts["load.undo.open"], Exact = true });
        await Assertions.Expect(undo).ToBeVisibleAsync();
        Assert.Equal(1, await Lines(who));
        await FindByPalette(tab, who);
        await tab.Page.GoBackAsync();
        await undo.ClickAsync();
        await Press(tab, "load.undo.submit");
        await Assertions.Expect(undo).ToBeHiddenAsync();
        await Assertions.Expect(tab.Page.GetByText(tab.Texts["load.state.undone"]).First).ToBeVisibleAsync();
        Assert.Equal(0, await Lines(who));
        await office.Settled();
        Assert.Equal([], tab.Complaints);
    }

    private static async Task Choose(Tab tab, string file)
    {
        await tab.Page.GotoAsync("/imports/new");
        await tab.Page.GetByLabel(tab.Texts["load.field.files"]).SetInputFilesAsync(file);
        await Press(tab, "load.new.submit");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Name = tab.Texts["load.columns.title"] })).ToBeVisibleAsync();
    }

    private static Task Press(Tab tab, string text) => tab.Page.GetByRole(AriaRole.Button, new() { Name = tab.Texts[text], Exact = true }).ClickAsync();

    private static async Task FindByPalette(Tab tab, string who)
    {
        await tab.Page.Keyboard.PressAsync("Control+k");
        await tab.Page.Keyboard.TypeAsync(who);
        await tab.Page.GetByRole(AriaRole.Option).Filter(new() { HasText = $"测试客户{who}" }).ClickAsync();
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync($"测试客户{who}");
    }

    private Task<long> Lines(string who) => office.App.Number($"select count(*) from customers_transaction where document like '{who}-%'");
}
