using System.Net;
using Huike.Analytics.Contracts;
using Huike.Customers.Contracts;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Roles;
using Huike.Platform.Data;

namespace Huike.IntegrationTests.Analytics;

public sealed class RankingTests
{
    private const int Customers = 60;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task Figures_of_a_year_open_the_customers_of_that_year(DatabaseKind kind)
    {
        await using var app = await Loaded(kind);
        using var visitor = await app.Administrator("en");
        var year = await visitor.Page("/value?period=2024");
        Assert.Empty(year.QuerySelectorAll(".stats a[href^='/customers']"));
        Assert.NotEmpty(year.QuerySelectorAll("a[href^='/value/ranking?period=2024'][href*='of=platinum']"));
        var all = await visitor.Page("/value/ranking?period=2024");
        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"K{Customers - i}"), all.QuerySelectorAll("tbody a.row-link").Select(link => link.TextContent));
        var rest = await visitor.Page(all.QuerySelector("a[rel=next]")!.GetAttribute("href")!);
        Assert.Equal(Enumerable.Range(50, 10).Select(i => $"K{Customers - i}"), rest.QuerySelectorAll("tbody a.row-link").Select(link => link.TextContent));
        Assert.Equal("51", rest.QuerySelector("tbody td")!.TextContent);
    }

    [Theory, OnBothDatabases]
    public async Task Stretches_are_the_tiers_the_best_and_those_who_cost_more_than_they_bring(DatabaseKind kind)
    {
        await using var app = await Loaded(kind);
        using var visitor = await app.Administrator("en");
        // Of 2025 there is one customer, who returned more than was bought.
        Assert.Equal("K1", Assert.Single(await Names(visitor, "/value/ranking?period=2025&of=negative")));
        Assert.Empty(await Names(visitor, "/value/ranking?period=2024&of=negative"));
        Assert.Equal(Enumerable.Range(0, 12).Select(i => $"K{Customers - i}"), await Names(visitor, "/value/ranking?period=2024&by=sales&of=top"));
        var tiers = new List<string>();
        foreach (var tier in new[] { "platinum", "gold", "iron", "lead" }) { tiers.AddRange(await Names(visitor, $"/value/ranking?period=2024&of={tier}")); }
        Assert.Equal(Enumerable.Range(0, Customers).Select(i => $"K{Customers - i}"), tiers);
        Assert.Empty(await Names(visitor, "/value/ranking?period=1999"));
    }

    [Theory, OnBothDatabases]
    public async Task Figures_and_names_need_the_right_to_read_all_customers(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var reader = await app.UserWith(AnalyticsPermissions.Read);
        await app.AddUserWith("some", 1, new(new Dictionary<string, RecordScope> { [AnalyticsPermissions.Read] = RecordScope.All, [CustomerPermissions.Read] = RecordScope.Below }, new Dictionary<string, FieldAccess>()));
        using var some = await app.As("some");
        foreach (var address in (string[])["/value", "/value/ranking?period=2024"])
        {
            Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), ((await reader.Get(address)).StatusCode, (await some.Get(address)).StatusCode));
        }
        Assert.DoesNotContain("/value\"", await some.Text("/customers"), StringComparison.Ordinal);
    }

    private static async Task<HuikeApp> Loaded(DatabaseKind kind)
    {
        var app = await HuikeApp.Start(kind);
        await Given.Ledger(app, [.. Enumerable.Range(1, Customers).Select(i => ($"K{i}", "2024-03-01", $"A{i}", 1_000m * i, "pot")), ("K1", "2025-02-01", "B1", -900m, "pot")]);
        for (var i = 0; i < 200 && await app.Number("select count(*) from platform_job where state < 2") > 0; i++) { await Task.Delay(100, Ct); }
        return app;
    }

    private static async Task<string[]> Names(Visitor visitor, string address) => [.. (await visitor.Page(address)).QuerySelectorAll("tbody a.row-link").Select(link => link.TextContent)];
}
