using System.Net;
using Huike.Analytics.Contracts;
using Huike.Analytics.Settings;
using Huike.Customers.Contracts;
using Huike.Platform.Data;
using Huike.Platform.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Analytics;

public sealed class ValuePagesTests
{
    private static readonly string[] Addresses = ["/value", "/value/call-today", "/value/ranking?period=all", "/value/stages", "/value/rfm", "/value/retention", "/value/models", "/value/settings"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task Before_the_first_ledger_every_page_says_what_to_do(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var visitor = await app.Administrator();
        foreach (var address in Addresses.Where(address => address != "/value/settings"))
        {
            Assert.NotNull((await visitor.Page(address)).QuerySelector("a[href='/imports/new']"));
        }
    }

    [Theory, OnBothDatabases]
    public async Task Every_page_shows_the_ledger_in_both_languages(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        await Given.Ledger(app, [.. from customer in Enumerable.Range(1, 30) from month in Enumerable.Range(1, 1 + (customer % 6)) select ($"K{customer}", $"2025-{month:00}-{1 + (customer % 28):00}", $"{customer}-{month}", 10m * customer, "pot")]);
        for (var i = 0; i < 200 && await app.Number("select count(*) from platform_job where state < 2") > 0; i++) { await Task.Delay(100, Ct); }
        using var english = await app.Administrator("en");
        using var chinese = await app.Administrator("zh-CN");
        foreach (var address in Addresses)
        {
            var page = await english.Page(address);
            Assert.DoesNotContain("value.", page.Body!.TextContent, StringComparison.Ordinal);
            Assert.NotEqual(page.Title, (await chinese.Page(address)).Title);
        }
        var overview = await english.Page("/value");
        Assert.NotEmpty(overview.QuerySelectorAll("a[href^='/customers?tier=']"));
        Assert.NotEmpty(overview.QuerySelectorAll("a[href*='top=sales:0.2']"));
        Assert.Equal(25, (await english.Page("/value/rfm")).QuerySelectorAll("a[href^='/customers?rfm=']").Select(link => link.GetAttribute("href")).Distinct().Count());
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task Settings_are_checked_saved_and_recomputed(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var visitor = await app.Administrator();
        (string, string)[] fields = [.. ValueField.All.Select(field => (field.Name, field.Write(new ValueSettings()))), ("cut", "shares"), ("period", "all"), ("margins", "pots = 25")];
        using var wrong = await visitor.Submit("/value/settings", "/value/settings", [.. fields.Where(field => field.Item1 != "loyalFrom"), ("loyalFrom", "many")]);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        Assert.Equal(0, await app.Number("select count(*) from platform_job"));
        using var right = await visitor.Submit("/value/settings", "/value/settings", [.. fields.Where(field => field.Item1 != "loyalFrom"), ("loyalFrom", "7")]);
        Assert.Equal(HttpStatusCode.Redirect, right.StatusCode);
        var saved = await app.Services.GetRequiredService<SettingsStore>().Get<ValueSettings>(Ct);
        Assert.Equal((7, 0.25m), (saved.LoyalFrom, saved.MarginByCategory["pots"]));
        Assert.Equal(1, await app.Number("select count(*) from platform_job"));
    }

    [Theory, OnBothDatabases]
    public async Task A_form_without_its_token_is_refused(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var visitor = await app.Administrator();
        using var answer = await visitor.Post("/value/settings", ("loyalFrom", "7"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task Who_may_read_may_not_change_and_who_may_neither_is_refused(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var reader = await app.UserWith(AnalyticsPermissions.Read, CustomerPermissions.Read);
        using var nobody = await app.UserWith();
        using var stranger = app.Anonymous();
        Assert.Equal(HttpStatusCode.OK, (await reader.Get("/value")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await reader.Get("/value/settings")).StatusCode);
        foreach (var address in Addresses)
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await nobody.Get(address)).StatusCode);
            Assert.Equal(HttpStatusCode.Redirect, (await stranger.Get(address)).StatusCode);
        }
    }
}
