using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Huike.Platform.Data;

namespace Huike.IntegrationTests.Customers;

/// <summary>Lists in groups by month, quarter and year.</summary>
public sealed class DateGroupTests
{
    [Theory, OnBothDatabases]
    public async Task Dates_make_groups_by_period_newest_first_and_each_link_opens_exactly_those(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var visitor = await app.Administrator();
        await Given.Field(visitor, "customers", "签约", "Signed", "signed", "date");
        string?[] days = ["2025-12-31", "2026-01-01", "2026-03-31", "2026-04-01", null];
        // The last second of March and the first of April in Shanghai; the end of 2025 there is another's year.
        string[] instants = ["2026-03-31T15:59:59Z", "2026-03-31T16:00:00Z", "2025-12-31T16:00:00Z", "2025-12-31T15:59:59Z", "2026-01-05T00:00:00Z"];
        for (var i = 0; i < days.Length; i++)
        {
            using var added = await visitor.Json("POST", "/api/customers", JsonSerializer.Serialize(new { name = "C" + i, custom = days[i] is { } day ? new { signed = day } : null }));
            Assert.Equal(HttpStatusCode.Created, added.StatusCode);
            var at = DateTimeOffset.Parse(instants[i], CultureInfo.InvariantCulture);
            await app.Number($"update customers_standing set purchases = {(i == 4 ? 0 : 1)}, first_at = {(kind == DatabaseKind.Sqlite ? at.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture) : $"'{instants[i]}'")} where customer_id = {i + 1}");
        }
        await Shows(visitor, "custom.signed:month", "Apr 2026 4", "Mar 2026 3", "Jan 2026 2", "Dec 2025 1", "None 5");
        await Shows(visitor, "custom.signed:quarter", "Q2 2026 4", "Q1 2026 2,3", "Q4 2025 1", "None 5");
        await Shows(visitor, "custom.signed:year", "2026 2,3,4", "2025 1", "None 5");
        await Shows(visitor, "firstAt:month", "Apr 2026 2", "Mar 2026 1", "Jan 2026 3", "Dec 2025 4", "None 5");
        await Shows(visitor, "firstAt:quarter", "Q2 2026 2", "Q1 2026 1,3", "Q4 2025 4", "None 5");
        await Shows(visitor, "firstAt:year&q=C", "2026 1,2,3", "2025 4", "None 5");
        await Shows(visitor, "contactedAt:year", "None 1,2,3,4,5");
        foreach (var wrong in (string[])["kind:month", "firstAt:week", "firstAt"])
        {
            using var refused = await visitor.Get("/customers?group=" + wrong);
            Assert.True(refused.StatusCode == HttpStatusCode.UnprocessableEntity, wrong);
        }
        using var saved = await visitor.Json("POST", "/api/views", """{"name":"Firsts","query":"group=firstAt:quarter"}""");
        Assert.Equal(HttpStatusCode.Created, saved.StatusCode);
        var kept = await visitor.Page("/customers?view=1");
        Assert.Equal("firstAt:quarter", kept.QuerySelector("select[name=group] option[selected]")!.GetAttribute("value"));
        Assert.Empty(kept.QuerySelectorAll("form[action='/customers/views/1/query']"));
        Assert.Empty(app.Errors);
    }

    private static async Task Shows(Visitor visitor, string group, params string[] expected)
    {
        var shown = new List<string>();
        foreach (var row in (await visitor.Page("/customers?group=" + group)).QuerySelectorAll("tbody tr"))
        {
            var link = row.QuerySelector("td[data-label=Customers] a")!;
            var found = JsonNode.Parse(await visitor.Text("/api/customers?limit=200&" + link.GetAttribute("href")!.Split('?')[1]))!["rows"]!.AsArray().Select(one => (long)one!["id"]!).Order().ToList();
            Assert.Equal(link.TextContent, found.Count.ToString(CultureInfo.InvariantCulture));
            shown.Add($"{row.QuerySelector("summary")!.TextContent} {string.Join(',', found)}");
        }
        Assert.Equal((group, string.Join('|', expected)), (group, string.Join('|', shown)));
    }
}
