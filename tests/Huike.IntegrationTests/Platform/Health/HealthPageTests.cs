using System.Net;
using System.Net.Sockets;
using AngleSharp.Dom;
using Huike.Customers.Contracts;
using Huike.Platform.Access;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Health;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Platform.Health;

/// <summary>What the page of the system's health says, and to whom.</summary>
public sealed class HealthPageTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task It_says_what_is_well_what_is_not_and_what_to_do(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind, builder => builder.Configuration.AddInMemoryCollection([new("Files:Scanner", $"tcp://127.0.0.1:{FreePort()}"), new("PublicAddress", "http://crm.example.com")]));
        using var visitor = await app.Administrator();
        var at = kind == DatabaseKind.Sqlite ? "1700000000000" : "timestamptz '2023-11-14'";
        await app.Number($"insert into platform_event (id, kind, payload, record_kind, record_id, at, created_by) values (1000, 'gone', '{{}}', '', 0, {at}, '')");
        await app.Number("insert into platform_delivery (event_id, handler, state, attempts, error) values (1000, 'gone', 2, 8, 'broken')");
        var before = await visitor.Page("/admin/health");
        Assert.StartsWith((kind == DatabaseKind.Sqlite ? "SQLite 3." : "PostgreSQL "), Cells(before, "Database")[2], StringComparison.Ordinal);
        Assert.Equal("well", Cells(before, "Schema of the database")[1]);
        Assert.Equal(["not well", "1"], Cells(before, "Effects put aside")[1..3]);
        Assert.Equal("look at it", Cells(before, "Backup")[1]);
        Assert.Equal("look at it", Cells(before, "Chain of the audit")[1]);
        Assert.Equal("look at it", Cells(before, "Public address")[1]);
        Assert.Equal("not set up", Cells(before, "Mail")[1]);
        Assert.Equal("not well", Cells(before, "Malware scanner")[1]);
        Assert.Equal("1 runs, 0 fell silent", Cells(before, "Nodes")[2]);
        var log = app.Services.GetRequiredService<AuditLog>();
        await log.Write(new("backup.made"), Ct);
        await log.Write(new("audit.verified"), Ct);
        var after = await visitor.Page("/admin/health");
        Assert.Equal(["well", "well"], [Cells(after, "Backup")[1], Cells(after, "Chain of the audit")[1]]);
        await log.Write(new("audit.verified") { Changes = [AuditChange.Is("brokenAt", 7)] }, Ct);
        Assert.Equal("not well", Cells(await visitor.Page("/admin/health"), "Chain of the audit")[1]);
        app.Clock.Advance(TimeSpan.FromDays(4));
        using var later = await app.Administrator();
        Assert.Equal("look at it", Cells(await later.Page("/admin/health"), "Backup")[1]);
        using var chinese = await app.Administrator("zh-CN");
        Assert.Contains("系统状态", await chinese.Text("/admin/health"), StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task Only_who_operates_the_system_sees_it_and_only_links_that_are_open_to_him(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var other = await app.UserWith(CustomerPermissions.Read);
        Assert.Equal(HttpStatusCode.Forbidden, (await other.Get("/admin/health")).StatusCode);
        using var operates = await app.UserWith(Permissions.Operate);
        var links = (await operates.Page("/admin/health")).QuerySelectorAll("td.lead a").Select(link => link.GetAttribute("href")).ToList();
        Assert.Contains("/admin/jobs", links);
        Assert.DoesNotContain("/admin/audit", links);
        using var administrator = await app.UserWith(Permissions.All);
        Assert.Contains("/admin/audit", (await administrator.Page("/admin/health")).QuerySelectorAll("td.lead a").Select(link => link.GetAttribute("href")));
    }

    [Theory, OnBothDatabases]
    public async Task Who_watches_is_told_of_work_that_is_behind(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var visitor = app.Anonymous();
        var at = kind == DatabaseKind.Sqlite ? TimeProvider.System.GetUtcNow().AddMinutes(-20).ToUnixTimeMilliseconds().ToString(System.Globalization.CultureInfo.InvariantCulture) : "now() - interval '20 minutes'";
        Assert.Equal("ready", await visitor.Text("/health/ready"));
        await app.Number($"insert into platform_event (id, kind, payload, record_kind, record_id, at, created_by) values (1000, 'gone', '{{}}', '', 0, {at}, '')");
        await app.Number("insert into platform_delivery (event_id, handler, state, attempts, error) values (1000, 'of.another', 0, 0, '')");
        Assert.Matches("^ready; work is 1[12][0-9]{2} s behind$", await visitor.Text("/health/ready"));
    }

    [Theory]
    [InlineData(100, 200, HealthState.Good)]
    [InlineData(1, 1000, HealthState.Warn)]
    [InlineData(30, 1000, HealthState.Warn)]
    [InlineData(60, 1000, HealthState.Good)]
    public void A_disk_that_fills_up_is_told_in_time(int freeGigabytes, int totalGigabytes, HealthState state) =>
        Assert.Equal(state, DiskHasRoom.StateOf((long)freeGigabytes << 30, (long)totalGigabytes << 30));

    private static string[] Cells(IDocument page, string title) =>
        [.. page.QuerySelectorAll("tr").Single(row => row.QuerySelector("td.lead")?.TextContent.Trim() == title).QuerySelectorAll("td").Select(cell => cell.TextContent.Trim())];

    /// <summary>Where nobody listens.</summary>
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
