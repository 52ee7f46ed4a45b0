using System.Net;
using System.Text.Json.Nodes;
using Huike.Customers.Contracts;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Roles;
using Huike.Platform.Data;
using Huike.Platform.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Api;

/// <summary>What a customer is worth, as programs read it.</summary>
public sealed class ValueApiTests
{
    private const string Path = "/api/customers/1/value";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task It_is_what_the_customers_page_shows_and_empty_before_anything_was_computed(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var program = await app.UserWith(CustomerPermissions.Read);
        await Given.Customers(app, "number,name\nK1,张三\n");
        var none = JsonNode.Parse(await program.Text(Path))!;
        Assert.Equal(("none", 0m, null, null, 0), ((string?)none["tier"], (decimal)none["sales"]!, none["lifetime"], none["computedAt"], none["years"]!.AsArray().Count));
        Assert.Equal(HttpStatusCode.NotFound, (await program.Get("/api/customers/9/value")).StatusCode);
        await Given.Ledger(app, ("K1", "2025-01-05", "D1", 1200m, "P1"), ("K1", "2025-03-05", "D2", 800m, "P1"), ("K2", "2025-02-01", "D3", 30m, "P1"));
        await app.Services.GetRequiredService<JobRunner>().RunUntilDone(await app.Number("select max(id) from platform_job where kind = 'analytics.recompute'"), _ => { }, Ct);
        var value = JsonNode.Parse(await program.Text(Path))!;
        Assert.Equal(("lead", 2000m, "CNY", "2025-03-05"), ((string?)value["tier"], (decimal)value["sales"]!, (string?)value["currency"], (string?)value["asOf"]));
        Assert.Equal((decimal)value["contribution"]!, (decimal)value["margin"]! - (decimal)value["costToServe"]!);
        var year = Assert.Single(value["years"]!.AsArray(), year => !(bool)year!["isExpected"]!)!;
        Assert.Equal((2025, 2000m, (decimal)value["contribution"]!), ((int)year["year"]!, (decimal)year["sales"]!, (decimal)year["contribution"]!));
        var panel = (await program.Page("/customers/1")).QuerySelector("#value")!.TextContent;
        Assert.Contains("Lead", panel, StringComparison.Ordinal);
        Assert.Equal((decimal)value["sales"]!, (decimal)JsonNode.Parse(await program.Text("/api/customers/1"))!["sales"]!);
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task Who_may_not_see_the_customer_or_its_figures_is_refused(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        await app.Administrator();
        await Given.Ledger(app, ("K1", "2025-01-05", "D1", 1200m, "P1"));
        await app.AddUserWithRoles("anna", 1, "salesperson");
        await app.AddUserWith("veiled", 1, new(new Dictionary<string, RecordScope> { [CustomerPermissions.Read] = RecordScope.All }, new Dictionary<string, FieldAccess> { ["customers"] = new(1, 1) }));
        foreach (var (name, status) in new[] { ("anna", HttpStatusCode.NotFound), ("veiled", HttpStatusCode.Forbidden) })
        {
            using var visitor = await app.As(name);
            Assert.Equal((name, status), (name, (await visitor.Get(Path)).StatusCode));
        }
        using var bare = await app.UserWith();
        Assert.Equal(HttpStatusCode.Forbidden, (await bare.Get(Path)).StatusCode);
    }
}
