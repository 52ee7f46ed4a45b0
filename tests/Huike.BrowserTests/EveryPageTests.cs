using Deque.AxeCore.Playwright;

namespace Huike.BrowserTests;

/// <summary>What holds for every page, those of later modules too.</summary>
public sealed class EveryPageTests(Office office)
{
    /// <summary>Every two of language, theme and width meet: four desks of the eight, as each page costs a look at each.</summary>
    public static TheoryData<string, bool, int> Desks() => [.. from language in (string[])["en", "zh-CN"] from dark in (bool[])[false, true] select (language, dark, language == "en" == dark ? 390 : 1440)];

    [Theory, MemberData(nameof(Desks))]
    public async Task No_page_shuts_anyone_out_breaks_the_content_policy_or_runs_off_the_side(string language, bool dark, int width)
    {
        await using var tab = await office.Open(new(language, dark, width));
        var faults = new List<string>();
        foreach (var path in await office.Pages())
        {
            await tab.Page.GotoAsync(path);
            var result = await tab.Page.RunAxe();
            faults.AddRange(result.Violations.SelectMany(violation => violation.Nodes.Take(3).Select(node => $"{path}: {violation.Id}: {violation.Help}: {node.Html}")));
            var wider = await tab.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
            if (wider > 0) { faults.Add($"{path} is {wider} px wider than the window"); }
        }
        faults.AddRange(tab.Complaints);
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Theory, MemberData(nameof(Desks))]
    public async Task The_doors_are_open_to_everyone_too(string language, bool dark, int width)
    {
        await using var tab = await office.Open(new(language, dark, width), signedIn: false);
        foreach (var path in (string[])["/sign-in", "/no-such-page"])
        {
            await tab.Page.GotoAsync(path);
            Assert.Equal([], (await tab.Page.RunAxe()).Violations.SelectMany(violation => violation.Nodes.Select(node => $"{path}: {violation.Id}: {node.Html}")));
        }
    }

    [Fact]
    public async Task A_first_visit_takes_less_than_150_kB_and_each_page_after_it_less_than_30()
    {
        await using var tab = await office.Open(new());
        var traffic = await tab.Page.Context.NewCDPSessionAsync(tab.Page);
        await traffic.SendAsync("Network.enable");
        var received = 0.0;
        traffic.Event("Network.loadingFinished").OnEvent += (_, data) => received += data!.Value.GetProperty("encodedDataLength").GetDouble();
        var heavy = new List<string>();
        var limit = 150_000;
        foreach (var path in await office.Pages())
        {
            received = 0;
            await tab.Page.GotoAsync(path, new() { WaitUntil = Microsoft.Playwright.WaitUntilState.NetworkIdle });
            if (received > limit) { heavy.Add($"{path} takes {received:F0} bytes"); }
            limit = 30_000;
        }
        Assert.True(heavy.Count == 0, string.Join('\n', heavy));
    }
}
