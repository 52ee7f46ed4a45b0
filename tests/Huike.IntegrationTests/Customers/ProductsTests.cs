using System.Globalization;
using System.Net;
using System.Text;
using AngleSharp.Dom;
using Huike.Analytics.Settings;
using Huike.Customers.Contracts;
using Huike.IntegrationTests.Platform.Audit;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Jobs;
using Huike.Platform.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Customers;

public sealed class ProductsTests
{
    private const string Ledger = "customer,date,document,product,product name,category,quantity,amount\nK1,2024-01-05,A1,P1,Iron pot,pots,2,100.00\nK1,2024-01-06,A2,P2,Steel pan,pans,1,50.00\nK2,2024-01-07,A3,P3,炒锅 50%,,1,10.00\n";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task The_list_tells_where_each_cost_comes_from_in_both_languages(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        await app.Number("update customers_product set cost = 203000 where code = 'P1'");
        await app.Services.GetRequiredService<SettingsStore>().Save(new ValueSettings { DefaultMargin = 0.4m, MarginByCategory = new Dictionary<string, decimal> { ["pans"] = 0.355m } }, "test", Ct);
        using var english = await app.Administrator("en");
        using var chinese = await app.Administrator("zh-CN");
        Assert.Equal(["P1|Iron pot|pots|¥20.30|Own cost", "P2|Steel pan|pans|–|Category margin 35.5%", "P3|炒锅 50%||–|Default margin 40%"], Cells(await english.Page("/products")));
        // One page needs nothing to turn it.
        var page = await english.Page("/products");
        Assert.Equal(("3 products", 0), (page.QuerySelector(".pager")!.TextContent, page.QuerySelectorAll("nav.pager, a[rel=next], a[rel=prev]").Length));
        Assert.Contains("品类毛利率 35.5%", (await chinese.Page("/products")).Body!.TextContent, StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task A_search_and_the_filters_find_what_their_words_say(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        await app.Number("update customers_product set cost = 0 where code = 'P1'");
        using var visitor = await app.Administrator();
        async Task<string> Found(string query) => string.Join(' ', Codes(await visitor.Page("/products?" + query)));

        Assert.Equal("P2", await Found("q=p2"));
        Assert.Equal("P1", await Found("q=IRON"));
        Assert.Equal("P3", await Found("q=" + Uri.EscapeDataString("炒锅")));
        Assert.Equal("P3", await Found("q=%25"));
        Assert.Equal("", await Found("q=_"));
        Assert.Equal("", await Found("q=" + Uri.EscapeDataString(@"\")));
        Assert.Equal("P2", await Found("category=pans"));
        Assert.Equal("P2 P3", await Found("cost=none"));
        Assert.Equal("", await Found("category=pots&cost=none"));
        foreach (var wrong in (string[])["cost=x", "after=abc", "before=abc", "q=" + new string('a', 101)])
        {
            using var answer = await visitor.Get("/products?" + wrong);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        }
    }

    [Theory, OnBothDatabases]
    public async Task Walking_all_pages_gives_every_product_once_forwards_and_backwards(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        await Given.Ledger(app, "customer,date,document,product,amount\n" + string.Concat(Enumerable.Range(0, 130).Select(i => string.Create(CultureInfo.InvariantCulture, $"K1,2024-01-05,A{i},p-{i * 37 % 130:D3},10\n"))));
        using var visitor = await app.Administrator();
        foreach (var filter in (string[])["", "q=P-", "cost=none"])
        {
            var pages = new List<List<string>>();
            IDocument page;
            for (var href = "/products?" + filter; ; href = page.QuerySelector("a[rel=next]")!.GetAttribute("href")!)
            {
                page = await visitor.Page(href);
                pages.Add(Codes(page));
                if (page.QuerySelector("a[rel=next][href]") is null) { break; }
            }
            Assert.Equal(Enumerable.Range(0, 130).Select(i => $"p-{i:D3}"), pages.SelectMany(codes => codes));
            for (var i = pages.Count - 2; i >= 0; i--)
            {
                page = await visitor.Page(page.QuerySelector("a[rel=prev]")!.GetAttribute("href")!);
                Assert.Equal(pages[i], Codes(page));
            }
            Assert.Null(page.QuerySelector("a[rel=prev][href]"));
            Assert.Contains("130 products", page.QuerySelector(".pager-sum")!.TextContent, StringComparison.Ordinal);
        }
    }

    [Theory, OnBothDatabases]
    public async Task A_cost_changes_contribution_when_everything_is_recomputed_and_a_later_load_leaves_it(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        await Settled(app);
        using var visitor = await app.Administrator();
        // Margin 30 % of 150.00, less two documents of 2.00.
        Assert.Equal(41_0000, await Contribution(app));
        var page = await visitor.Page("/products?q=pot");
        using (var saved = await Save(visitor, page.QuerySelector("tbody a")!.GetAttribute("href")!, "20.3", "cast iron"))
        {
            Assert.Equal((HttpStatusCode.Redirect, "/products?q=pot"), (saved.StatusCode, saved.Headers.Location!.ToString()));
        }
        await Settled(app);
        // 100.00 − 2 × 20.30 and 30 % of 50.00, less 4.00.
        Assert.Equal(70_4000, await Contribution(app));
        Assert.Equal(["""admin product.edited product 1 [{"field":"cost","old":null,"new":"20.3"},{"field":"category","old":"pots","new":"cast iron"}]"""], await app.Entries("product.edited"));
        await Given.Ledger(app, "customer,date,document,product,product name,category,quantity,amount,cost\nK2,2024-02-05,B1,P1,Pot,kettles,1,60.00,55.00\n");
        await Settled(app);
        Assert.Equal(1, await app.Number("select count(*) from customers_product where code = 'P1' and cost = 203000 and category = 'cast iron' and name = 'Iron pot'"));
        // The new line keeps the cost that it tells: 60.00 − 55.00 and 30 % of 10.00, less 4.00.
        Assert.Equal(4_0000, await app.Number("select contribution from customers_standing s join customers_customer c on c.id = s.customer_id where c.number = 'K2'"));
        Assert.Equal(70_4000, await Contribution(app));
        using var removed = await Save(visitor, "/products/1", "", "");
        await Settled(app);
        Assert.Equal(41_0000, await Contribution(app));
        Assert.Equal("""admin product.edited product 1 [{"field":"cost","old":"20.3","new":null},{"field":"category","old":"cast iron","new":""}]""", (await app.Entries("product.edited"))[^1]);
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task What_cannot_be_a_cost_is_marked_and_stays_in_the_form(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var visitor = await app.Administrator("zh-CN");
        foreach (var wrong in (string[])["abc", "-1", "100000001", "12%", "1e30", new string('9', 60)])
        {
            using var answer = await Save(visitor, "/products/1", wrong, "pots and more");
            Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
            var page = await Visitor.Parsed(await answer.Content.ReadAsStringAsync(Ct));
            var input = page.QuerySelector("input[name=cost]")!;
            Assert.Equal(("true", wrong[..Math.Min(wrong.Length, 40)]), (input.GetAttribute("aria-invalid"), input.GetAttribute("value")));
            Assert.Equal("pots and more", page.QuerySelector("input[name=category]")!.GetAttribute("value"));
            Assert.Contains("8.20", page.QuerySelector(".field-error")!.TextContent, StringComparison.Ordinal);
        }
        using (var longer = await Save(visitor, "/products/1", "8.2", new string('长', 101)))
        {
            var page = await Visitor.Parsed(await longer.Content.ReadAsStringAsync(Ct));
            Assert.Equal("true", page.QuerySelector("input[name=category]")!.GetAttribute("aria-invalid"));
        }
        Assert.Equal(0, await app.Number("select count(*) from customers_product where cost is not null or version > 1"));
        using var unknown = await visitor.Get("/products/999999");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task Who_saves_over_a_later_change_is_told_and_may_save_again(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var visitor = await app.Administrator();
        var token = await visitor.Token("/products/1");
        (string, string)[] First(string cost, string version) => [("__RequestVerificationToken", token), ("cost", cost), ("category", "pots"), ("version", version)];
        using var first = await visitor.Post("/products/1", First("7", "1"));
        using var late = await visitor.Post("/products/1", First("8", "1"));
        Assert.Equal((HttpStatusCode.Redirect, HttpStatusCode.UnprocessableEntity), (first.StatusCode, late.StatusCode));
        var page = await Visitor.Parsed(await late.Content.ReadAsStringAsync(Ct));
        Assert.Equal(("8", "2"), (page.QuerySelector("input[name=cost]")!.GetAttribute("value"), page.QuerySelector("input[name=version]")!.GetAttribute("value")));
        using var again = await visitor.Post("/products/1", First("8", "2"));
        Assert.Equal(80_000, await app.Number("select cost from customers_product where id = 1"));
    }

    [Theory, OnBothDatabases]
    public async Task Changes_that_follow_each_other_ask_for_one_recomputation(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        await Settled(app);
        await using var connection = await app.Database.Open(Ct);
        var jobs = app.Services.GetRequiredService<JobQueue>();
        await using (var transaction = await connection.BeginTransactionAsync(Ct))
        {
            for (var i = 0; i < 20; i++) { await jobs.AddUnlessWaiting(connection, "test.nobody", "{}", "anna", Ct); }
            await transaction.CommitAsync(Ct);
        }
        Assert.Equal(1, await app.Number("select count(*) from platform_job where kind = 'test.nobody'"));
        await app.Number("update platform_job set state = 1 where kind = 'test.nobody'");
        await jobs.AddUnlessWaiting(connection, "test.nobody", "{}", "anna", Ct);
        Assert.Equal(2, await app.Number("select count(*) from platform_job where kind = 'test.nobody'"));
        await app.Number("update platform_job set state = 2 where kind = 'test.nobody'");
    }

    [Theory, OnBothDatabases]
    public async Task A_file_of_costs_changes_many_tells_the_wrong_rows_and_changes_nothing_the_second_time(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var visitor = await app.Administrator();
        var file = Given.Written("产品编号,名称,单位成本,品类\nP1,铁锅,\"1,020.5\",锅具\nP2,x,-3,\n,x,4,\nP9,x,5,\nP3,x,,\nP1,x,7,\nP2,x,12.34567,\n", Encoding.GetEncoding("GB18030"));
        Assert.Equal("2 1 4", Figures(await Upload(visitor, file, "check")));
        Assert.Equal(0, await app.Number("select count(*) from customers_product where cost is not null"));
        var page = await Upload(visitor, file, "load");
        Assert.Equal("2 1 4", Figures(page));
        Assert.Equal(["3", "4", "5", "7"], page.QuerySelectorAll("table tbody tr").Select(row => row.Children[0].TextContent));
        Assert.Equal(2, await app.Number("select count(*) from customers_product where (code = 'P1' and cost = 10205000 and category = '锅具') or (code = 'P2' and cost = 123457 and category = 'pans')"));
        Assert.Equal(["""admin product.costs-loaded product 0 [{"field":"changed","old":null,"new":"2"},{"field":"unchanged","old":null,"new":"1"},{"field":"refused","old":null,"new":"4"},{"field":"P1","old":null,"new":"1020.5"},{"field":"P1","old":"pots","new":"锅具"},{"field":"P2","old":null,"new":"12.3457"}]"""], await app.Entries("product.costs-loaded"));
        Assert.Equal("0 3 4", Figures(await Upload(visitor, file, "load")));
        Assert.Single(await app.Entries("product.costs-loaded"));
        Assert.Equal(AuditFault.None, (await app.Verify()).Fault);
        await Settled(app);
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task A_file_that_cannot_be_used_is_refused_with_the_mend(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var visitor = await app.Administrator();
        foreach (var text in (string[])["product number,colour\nP1,red\n", "P1,3\nP2,4\n", "", "\0\u0001\u0002", "product number,unit cost\n" + string.Concat(Enumerable.Range(0, 20_001).Select(i => $"P{i},1\n"))])
        {
            using var answer = await visitor.Upload("/products/costs", "/products/costs", "file", [Given.Written(text)], ("next", "load"));
            Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        }
        using var none = await visitor.Submit("/products/costs", "/products/costs", ("next", "load"));
        Assert.True((int)none.StatusCode is >= 400 and < 500);
        Assert.Equal(0, await app.Number("select count(*) from customers_product where cost is not null"));
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task Who_may_not_change_products_sees_them_and_is_refused_the_rest(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var reader = await app.UserWith(CustomerPermissions.Read, CustomerPermissions.Edit, CustomerPermissions.Create, ProductPermissions.Read);
        using var nobody = await app.UserWith();
        var page = await reader.Page("/products");
        Assert.Equal(3, page.QuerySelectorAll("tbody tr").Length);
        Assert.Empty(page.QuerySelectorAll("main a[href='/products/costs']"));
        var product = await reader.Page("/products/1");
        Assert.Equal((0, "pots"), (product.QuerySelectorAll("main form").Length, product.QuerySelector(".facts dd")!.TextContent));
        using var refused = await reader.Get("/products/costs");
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using var unread = await nobody.Get("/products/1");
        Assert.Equal(HttpStatusCode.Forbidden, unread.StatusCode);
        using var written = await reader.Post("/products/1", ("__RequestVerificationToken", await reader.Token("/customers/new")), ("cost", "1"), ("version", "1"));
        Assert.Equal(HttpStatusCode.Forbidden, written.StatusCode);
        using var unseen = await nobody.Get("/products");
        Assert.Equal(HttpStatusCode.Forbidden, unseen.StatusCode);
        using var editor = await app.UserWith(ProductPermissions.Read, ProductPermissions.Edit);
        using var saved = await Save(editor, "/products/1", "1", "pots");
        Assert.Equal(HttpStatusCode.Redirect, saved.StatusCode);
    }

    private static async Task<HuikeApp> Firm(DatabaseKind kind)
    {
        var app = await HuikeApp.Start(kind);
        await Given.Ledger(app, Ledger);
        return app;
    }

    private static async Task Settled(HuikeApp app)
    {
        for (var i = 0; i < 300 && await app.Number("select (select count(*) from platform_delivery where state = 0) + (select count(*) from platform_job where state < 2)") > 0; i++) { await Task.Delay(100, Ct); }
    }

    private static Task<long> Contribution(HuikeApp app) => app.Number("select contribution from customers_standing s join customers_customer c on c.id = s.customer_id where c.number = 'K1'");

    private static async Task<HttpResponseMessage> Save(Visitor visitor, string href, string cost, string category)
    {
        var version = (await visitor.Page(href)).QuerySelector("input[name=version]")!.GetAttribute("value")!;
        return await visitor.Submit(href, href, ("cost", cost), ("category", category), ("version", version));
    }

    private static async Task<IDocument> Upload(Visitor visitor, string file, string next)
    {
        using var answer = await visitor.Upload("/products/costs", "/products/costs", "file", [file], ("next", next));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await Visitor.Parsed(await answer.Content.ReadAsStringAsync(Ct));
    }

    private static string Figures(IDocument page) => string.Join(' ', page.QuerySelectorAll(".stat-value").Select(stat => stat.TextContent.Trim()));

    private static List<string> Codes(IDocument page) => [.. page.QuerySelectorAll("tbody td.lead").Select(cell => cell.TextContent)];

    private static List<string> Cells(IDocument page) => [.. page.QuerySelectorAll("tbody tr").Select(row => string.Join('|', row.Children.Select(cell => cell.TextContent)))];
}
