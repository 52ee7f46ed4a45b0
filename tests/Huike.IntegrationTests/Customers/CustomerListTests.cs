using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using Huike.Customers;
using Huike.Customers.Contracts;
using Huike.Platform.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Huike.IntegrationTests.Customers;

public sealed class CustomerListTests
{
    private const int Count = 230;

    private static readonly string[] Surnames = ["张", "王", "李", "赵", "陈"];

    private static readonly string[] Given2 = ["伟", "秀英", "建国", "敏"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task Walking_all_pages_in_any_order_gives_every_customer_once_forwards_and_backwards(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var visitor = await app.Administrator();
        foreach (var sort in CustomerSort.All.Where(sort => sort != CustomerSort.Relevance))
        {
            foreach (var dir in (string[])["asc", "desc"])
            {
                foreach (var filter in (string[])["", "&tier=lead", "&kind=person"])
                {
                    await Walk(visitor, $"/api/customers?limit=37&sort={sort.Name}&dir={dir}{filter}");
                }
            }
        }
        Assert.Equal(Count, (await Walk(visitor, "/api/customers?limit=37")).Count);
    }

    [Theory, OnBothDatabases]
    public async Task Every_filter_finds_what_its_words_say(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var visitor = await app.Administrator();
        var all = (await Json(visitor, "/api/customers?limit=200")).GetProperty("rows").EnumerateArray().Concat((await Json(visitor, "/api/customers?limit=200&sort=name&dir=desc")).GetProperty("rows").EnumerateArray())
            .DistinctBy(row => row.GetProperty("id").GetInt64()).ToList();
        Assert.Equal(Count, all.Count);
        await Same(visitor, "tier=gold", all.Where(row => row.GetProperty("tier").GetString() == "gold"));
        await Same(visitor, "stage=loyal-buyer", all.Where(row => row.GetProperty("stage").GetString() == "loyal-buyer"));
        await Same(visitor, "place=" + Uri.EscapeDataString("上海市"), all.Where(row => row.GetProperty("place").GetString() == "上海市"));
        await Same(visitor, "category=" + Uri.EscapeDataString("餐饮") + "&kind=person", all.Where(row => row.GetProperty("category").GetString() == "餐饮" && row.GetProperty("kind").GetString() == "person"));
        await Same(visitor, "contribution=negative", all.Where(row => row.GetProperty("contribution").GetDecimal() < 0));
        await Same(visitor, "contribution=negative&tier=lead&place=" + Uri.EscapeDataString("上海市"),
            all.Where(row => row.GetProperty("contribution").GetDecimal() < 0 && row.GetProperty("tier").GetString() == "lead" && row.GetProperty("place").GetString() == "上海市"));
        await Same(visitor, "cohort=2024-03", all.Where(row => row.GetProperty("documents").GetInt32() > 0 && InMarch(row.GetProperty("firstAt").GetDateTimeOffset())));
        var buyers = all.Where(row => row.GetProperty("documents").GetInt32() > 0).ToList();
        await Same(visitor, "top=sales:0.2", buyers.OrderByDescending(row => row.GetProperty("sales").GetDecimal()).ThenByDescending(row => row.GetProperty("id").GetInt64()).Take(buyers.Count / 5));
        Assert.Equal(await app.Number("select count(*) from customers_standing where recency = 3 and frequency = 2"), (await Json(visitor, "/api/customers?rfm=32")).GetProperty("total").GetInt64());
    }

    [Theory, OnBothDatabases]
    public async Task A_search_finds_by_name_number_phone_and_pinyin_and_puts_the_very_one_first(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var visitor = await app.Administrator();
        async Task<List<string>> Found(string q) =>
            [.. (await Json(visitor, $"/api/customers?q={Uri.EscapeDataString(q)}&limit=200")).GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("number").GetString()!)];

        Assert.Equal("K17", (await Found("K17"))[0]);
        Assert.Equal(["K18"], await Found("13800130018"));
        Assert.Equal(["K18"], await Found("30018"));
        Assert.Contains("K18", await Found("138 0013 0018"));
        var zhang = Enumerable.Range(0, Count).Count(i => Surnames[i % 5] == "张");
        Assert.Equal(zhang, (await Found("张")).Count);
        Assert.Equal(zhang, (await Found("zhang")).Count);
        Assert.Equal(Enumerable.Range(0, Count).Count(i => Surnames[i % 5] is "张" or "赵" && Given2[i % 4] == "秀英"), (await Found("zxy")).Count);
        Assert.Equal(Enumerable.Range(0, Count).Count(i => Given2[i % 4] == "建国"), (await Found("建国")).Count);
        Assert.Empty(await Found("!!!"));
        Assert.Empty(await Found("'; drop table customers_customer; --"));
        var both = await Json(visitor, "/api/customers?q=zhang&tier=gold&limit=200");
        Assert.All(both.GetProperty("rows").EnumerateArray(), row => Assert.Equal("gold", row.GetProperty("tier").GetString()));
        Assert.NotEmpty(both.GetProperty("rows").EnumerateArray());
        await Walk(visitor, "/api/customers?q=zhang&limit=7");
        var palette = await Visitor.Parsed(await visitor.Text("/palette?q=" + Uri.EscapeDataString("张秀英")));
        Assert.Equal(8, palette.QuerySelectorAll("a[href^='/customers/']").Length);
        Assert.Empty((await Visitor.Parsed(await visitor.Text("/palette?q="))).QuerySelectorAll("a"));
    }

    [Theory, OnBothDatabases]
    public async Task What_cannot_be_meant_is_refused_and_said(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var visitor = await app.Administrator();
        foreach (var query in (string[])["tier=silver", "stage=x", "rfm=66", "cohort=2024", "top=sales", "top=sales:2", "sort=x", "dir=x", "limit=0", "limit=201", "after=abc", "sort=relevance"])
        {
            using var answer = await visitor.Get("/api/customers?" + query);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        }
        var next = (await Json(visitor, "/api/customers?sort=name&limit=5")).GetProperty("next").GetString();
        using var other = await visitor.Get($"/api/customers?sort=sales&after={next}");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.StatusCode);
        using var unknown = await visitor.Get("/api/customers/987654321");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task An_export_holds_the_rows_order_and_columns_that_are_seen(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var visitor = await app.Administrator();
        await app.Number($"update customers_customer set name = '=1+1' where number = 'K3'");
        var csv = await visitor.Text("/customers/export?format=csv&purpose=sales&columns=number.phone.sales&sort=sales&dir=desc&tier=lead");
        var lines = csv.TrimStart('\ufeff').Replace("\"", "", StringComparison.Ordinal).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var rows = await Walk(visitor, "/api/customers?limit=200&sort=sales&dir=desc&tier=lead");
        Assert.Equal("Name,Number,Phone,Net sales", lines[0]);
        Assert.Equal(rows.Select(row => row.GetProperty("number").GetString()), lines.Skip(1).Select(line => line.Split(',')[1]));
        Assert.DoesNotContain(lines, line => line.StartsWith('='));
        using var answer = await visitor.Get("/customers/export?purpose=sales&columns=number.phone");
        await using var stream = await answer.Content.ReadAsStreamAsync(Ct);
        using var workbook = new ZipArchive(stream);
        using var sheet = new StreamReader(workbook.GetEntry("xl/worksheets/sheet1.xml")!.Open(), Encoding.UTF8);
        var xml = await sheet.ReadToEndAsync(Ct);
        Assert.Equal(Count + 1, xml.Split("<row").Length - 1);
        Assert.Contains("138 0013 0018", xml, StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task The_page_shows_chosen_columns_and_remembers_them_in_both_languages(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        foreach (var language in (string[])["en", "zh-CN"])
        {
            using var visitor = await app.Administrator(language);
            Assert.Equal(8, (await visitor.Page("/customers")).QuerySelectorAll("thead th").Length);
            Assert.Equal(3, (await visitor.Page("/customers?columns=lifetime&columns=risk")).QuerySelectorAll("thead th").Length);
            var page = await visitor.Page("/customers?top=sales:0.2");
            Assert.Equal(3, page.QuerySelectorAll("thead th").Length);
            Assert.DoesNotContain("customers.", page.Body!.TextContent, StringComparison.Ordinal);
            Assert.Null(page.QuerySelector("a[rel=next]"));
        }
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task Strangers_and_users_without_permission_are_refused(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var stranger = app.Anonymous();
        using var reader = await app.UserWith(CustomerPermissions.Read);
        using var nobody = await app.UserWith();
        foreach (var path in (string[])["/customers", "/customers/1", "/customers/export", "/palette?q=a", "/imports", "/imports/new", "/customers/new"])
        {
            using var sent = await stranger.Get(path);
            Assert.Equal(HttpStatusCode.Redirect, sent.StatusCode);
            using var refused = await nobody.Get(path);
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        }
        using var program = await stranger.Get("/api/customers");
        Assert.Equal(HttpStatusCode.Unauthorized, program.StatusCode);
        foreach (var path in (string[])["/customers/export", "/imports", "/customers/new", "/customers/1/edit"])
        {
            using var refused = await reader.Get(path);
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        }
        Assert.Null((await reader.Page("/customers")).QuerySelector("a[href='/customers/new'], a[href*='export']"));
    }

    [Fact]
    public async Task The_top_fifth_of_a_real_ledger_is_listed_by_one_link()
    {
        var files = Enumerable.Range(0, 13).Select(month => Huike.UnitTests.SharedFolder.File("online_retail_uci", $"online_retail_{new DateOnly(2010, 12, 1).AddMonths(month):yyyy-MM}.csv.gz")).ToArray();
        await using var app = await HuikeApp.Start(DatabaseKind.Sqlite);
        await Given.Loaded(app, files);
        for (var i = 0; i < 1200 && await app.Number("select count(*) from platform_job where state < 2") > 0; i++) { await Task.Delay(100, Ct); }
        using var visitor = await app.Administrator();
        var top = await Walk(visitor, "/api/customers?top=sales:0.2&limit=200");
        Assert.Equal(874, top.Count);
        Assert.Equal(0.738m, decimal.Round(top.Sum(row => row.GetProperty("sales").GetDecimal()) / 8300065.814m, 3));
    }

    /// <summary>Customers with many ties, and standings as a recomputation might leave them.</summary>
    private static async Task<HuikeApp> Firm(DatabaseKind kind)
    {
        var app = await HuikeApp.Start(kind, WithoutRunner);
        string[] places = ["上海市", "杭州市", ""], categories = ["餐饮", "", "零售"];
        var csv = new StringBuilder("编号,姓名,手机,城市,类别,客户类型\n");
        for (var i = 0; i < Count; i++)
        {
            csv.Append(CultureInfo.InvariantCulture, $"K{i},{Surnames[i % 5]}{Given2[i % 4]},{(i % 3 == 2 ? "" : $"1380013{i:D4}")},{places[i % 3]},{categories[i / 7 % 3]},{(i % 2 == 0 ? "个人" : "企业")}\n");
        }
        await Given.Customers(app, csv.ToString());
        var (march, later) = kind == DatabaseKind.Sqlite ? ("1710000000000", "1720000000000") : ("timestamptz '2024-03-09 16:00Z'", "timestamptz '2024-07-03 09:00Z'");
        await app.Number($"""
            update customers_standing set sales = (customer_id % 7) * 100000, contribution = (customer_id % 5 - 1) * 10000, documents = customer_id % 4, purchases = customer_id % 4,
                tier = 1 + customer_id % 4, stage = customer_id % 9, recency = 1 + customer_id % 5, frequency = 1 + customer_id % 3, active = (customer_id % 3) / 3.0, lifetime = customer_id % 2,
                at_risk = customer_id % 6, first_at = case when customer_id % 2 = 0 then {march} else {later} end, last_at = {later}
            """);
        return app;
    }

    /// <summary>Nothing recomputes standings behind the test's back.</summary>
    private static void WithoutRunner(WebApplicationBuilder builder)
    {
        foreach (var service in builder.Services.Where(service => service.ServiceType == typeof(IHostedService) && service.ImplementationFactory is not null).ToList()) { builder.Services.Remove(service); }
    }

    private static bool InMarch(DateTimeOffset at) => at.ToOffset(TimeSpan.FromHours(8)) is { Year: 2024, Month: 3 };

    private static async Task<JsonElement> Json(Visitor visitor, string path) => JsonElement.Parse(await visitor.Text(path));

    private static async Task Same(Visitor visitor, string filter, IEnumerable<JsonElement> expected)
    {
        var found = await Walk(visitor, $"/api/customers?limit=23&{filter}");
        Assert.NotEmpty(found);
        Assert.Equal(expected.Select(Id).Order(), found.Select(Id).Order());
        // The same where the order is walked along another index.
        Assert.Equal(found.Count, (await Walk(visitor, $"/api/customers?limit=23&sort=created&{filter}")).Count);
    }

    private static long Id(JsonElement row) => row.GetProperty("id").GetInt64();

    /// <summary>All pages to the end, and back again: the same rows, each once.</summary>
    private static async Task<List<JsonElement>> Walk(Visitor visitor, string path)
    {
        var forwards = new List<List<JsonElement>>();
        JsonElement page = default;
        for (string? after = ""; after is not null; after = page.GetProperty("next").GetString())
        {
            page = await Json(visitor, after.Length == 0 ? path : $"{path}&after={after}");
            forwards.Add([.. page.GetProperty("rows").EnumerateArray()]);
        }
        var all = forwards.SelectMany(rows => rows).ToList();
        Assert.Equal(all.Count, all.DistinctBy(Id).Count());
        Assert.Equal(page.GetProperty("total").GetInt64(), all.Count);
        for (var i = forwards.Count - 2; i >= 0; i--)
        {
            page = await Json(visitor, $"{path}&before={page.GetProperty("previous").GetString()}");
            Assert.Equal(forwards[i].Select(Id), page.GetProperty("rows").EnumerateArray().Select(Id));
        }
        Assert.Null(page.GetProperty("previous").GetString());
        return all;
    }
}
