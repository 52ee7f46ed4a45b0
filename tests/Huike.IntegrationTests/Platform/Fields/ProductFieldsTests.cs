using System.Net;
using System.Text.Json.Nodes;
using AngleSharp.Dom;
using Huike.Customers.Contracts;
using Huike.IntegrationTests.Platform.Audit;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Roles;
using Huike.Platform.Data;

namespace Huike.IntegrationTests.Platform.Fields;

/// <summary>Fields that a firm gives to its products: through form, list, search, file, program, links and history.</summary>
public sealed class ProductFieldsTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task A_field_of_each_type_goes_through_form_page_list_and_interface(DatabaseKind kind)
    {
        await using var app = await WithFields(kind);
        using var visitor = await app.As("admin");
        var jobs = await app.Number("select count(*) from platform_job");
        using var saved = await visitor.Submit("/products/1", "/products/1", [.. Plain, ("custom.grade", "top"), ("custom.weight", "1,200.50"), ("custom.deposit", "50"), ("custom.since", "2026-01-31"), ("custom.supplier", "Zeta works"), ("custom.buyer", "ADMIN"), ("custom.maker", "K1"),
            ("custom.spare", "P2"), ("custom.freight", "7")]);
        Assert.Equal((HttpStatusCode.Redirect, "/products"), (saved.StatusCode, saved.Headers.Location!.ToString()));
        // A formula is computed, whatever was sent for it.
        Assert.Equal("""{"grade":"top","weight":1200.5,"deposit":50,"since":"2026-01-31","supplier":"Zeta works","buyer":"admin","maker":1,"spare":2,"freight":2401}""", (await Custom(visitor, 1)).ToJsonString());
        var facts = Facts(await visitor.Page("/products/1"));
        Assert.Equal(["Buyer", "Maker", "Spare part", "Freight"], facts.Keys);
        Assert.Equal(("总公司", "Steel pan", "2,401"), (facts["Maker"], facts["Spare part"], facts["Freight"]));
        Assert.Equal(["/customers/1", "/products/2"], (await visitor.Page("/products/1")).QuerySelectorAll(".facts a").Select(link => link.GetAttribute("href")));
        using var changed = await visitor.Json("PATCH", "/api/products/1", """{"custom":{"weight":10,"supplier":null,"spare":"P2"}}""", ("If-Match", "\"2\""));
        Assert.Equal((HttpStatusCode.OK, "\"3\""), (changed.StatusCode, changed.Headers.ETag!.ToString()));
        var custom = await Custom(visitor, 1);
        Assert.Equal(("10", "20", null, "50"), (custom["weight"]!.ToJsonString(), custom["freight"]!.ToJsonString(), custom["supplier"]?.ToJsonString(), custom["deposit"]!.ToJsonString()));
        // The form shows what is there, and changes nothing when it is sent back.
        var form = (await visitor.Page("/products/1")).QuerySelectorAll("form.card input[name], form.card select[name]").ToDictionary(input => input.GetAttribute("name")!, Value);
        using var same = await visitor.Post("/products/1", [.. form.Select(pair => (pair.Key, pair.Value))]);
        Assert.Equal(HttpStatusCode.Redirect, same.StatusCode);
        Assert.Equal(3, await app.Number("select version from customers_product where id = 1"));
        var entries = await app.Entries("product.edited");
        Assert.Equal("""admin product.edited product 1 [{"field":"custom.freight","old":"2401","new":"20"},{"field":"custom.supplier","old":"Zeta works","new":null},{"field":"custom.weight","old":"1200.5","new":"10"}]""", entries[^1]);
        Assert.Contains("Supplier", (await visitor.Page("/admin/audit/" + await app.Number("select max(id) from platform_audit where action = 'product.edited'"))).Body!.TextContent, StringComparison.Ordinal);
        // What no figure reads asks for no figures anew.
        for (var i = 0; i < 300 && await app.Number("select count(*) from platform_delivery where state = 0") > 0; i++) { await Task.Delay(100, Ct); }
        Assert.Equal(jobs, await app.Number("select count(*) from platform_job"));
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task The_list_shows_sorts_sifts_and_searches_by_them_over_an_index(DatabaseKind kind)
    {
        await using var app = await WithFields(kind);
        using var visitor = await app.As("admin");
        await Load(visitor, "product number,等级,Weight,since,supplier,Maker\nP1,Top,20,2026/3/1,Zeta works,K1\nP2,plain,3.5,2026-05-31,,\n");
        var page = await visitor.Page("/products?columns=name.custom-grade.custom-weight.custom-since.custom-maker&sort=custom-weight&dir=desc");
        Assert.Equal(["P1", "P2", "P3"], page.QuerySelectorAll("tbody .row-link").Select(link => link.TextContent));
        Assert.Equal(["Steel pan", "Plain", "3.5", "2026-05-31", ""], page.QuerySelectorAll("tbody tr")[1].QuerySelectorAll("td").Skip(1).Select(cell => cell.TextContent));
        Assert.Equal("总公司", page.QuerySelectorAll("tbody tr")[0].QuerySelectorAll("td")[5].TextContent);
        Assert.Equal("descending", page.QuerySelectorAll("thead th")[3].GetAttribute("aria-sort"));
        // The choice of columns stays with the browser.
        Assert.Equal(6, (await visitor.Page("/products")).QuerySelectorAll("thead th").Length);
        async Task<string> Found(string query) => string.Join(' ', JsonNode.Parse(await visitor.Text("/api/products?fields=code&" + query))!["rows"]!.AsArray().Select(row => row!["code"]!.GetValue<string>()));
        Assert.Equal("P1", await Found("custom.grade=top"));
        Assert.Equal("P1 P2", await Found("custom.weight.from=3&sort=code"));
        Assert.Equal("P2", await Found("custom.weight.to=4"));
        Assert.Equal("P3 P1 P2", await Found("sort=custom-since&dir=asc"));
        Assert.Equal("P3 P2 P1", await Found("dir=desc"));
        Assert.Equal("P1", await Found("q=ZETA"));
        Assert.Equal("", await Found("q=ZETA&custom.grade=plain"));
        foreach (var wrong in new[] { "custom.deposit=1", "custom.none=1", "custom.weight=x", "custom.grade=moon", "sort=custom-deposit", "sort=name", "dir=up", "after=WyJjb2RlKyIsIjAiLCJQMSJd", "sort=custom-weight&after=" + Cursor("custom-weight-", "0", "x", "1") })
        {
            Assert.Equal((wrong, HttpStatusCode.UnprocessableEntity), (wrong, (await visitor.Get("/api/products?" + wrong)).StatusCode));
            Assert.Equal((wrong, HttpStatusCode.UnprocessableEntity), (wrong, (await visitor.Get("/products?" + wrong)).StatusCode));
        }
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await visitor.Get("/products?after=" + Cursor("code+", "0", "a\0b", "1"))).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await visitor.Get("/customers?after=" + Cursor("name+", "0", "a\0b", "1"))).StatusCode);
        Assert.Equal(4, await app.Number(kind == DatabaseKind.Postgres ? "select count(*) from pg_indexes where indexname like 'customers\\_product\\_own\\_%'" : "select count(*) from sqlite_master where type = 'index' and name glob 'customers_product_own_*'"));
        Assert.Contains("customers_product_own_", await Plan(app, "select c.id from customers_product c order by coalesce(cast((c.custom ->> 'weight') as double precision), -1e300), c.id limit 51"), StringComparison.Ordinal);
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task Walking_all_pages_in_the_order_of_a_field_gives_every_product_once(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var visitor = await app.Administrator();
        await Given.Field(visitor, "products", "重量", "Weight", "weight", "Number", ("indexed", "true"));
        await Given.Ledger(app, "customer,date,document,product,amount\n" + string.Concat(Enumerable.Range(0, 130).Select(i => FormattableString.Invariant($"K1,2024-01-05,A{i},p-{i:D3},10\n"))));
        await Load(visitor, "product number,weight\n" + string.Concat(Enumerable.Range(0, 130).Where(i => i % 13 > 0).Select(i => FormattableString.Invariant($"p-{i:D3},{i * 37 % 130 / 2 - 20}\n"))));
        foreach (var direction in (string[])["asc", "desc"])
        {
            var pages = new List<List<string>>();
            IDocument page;
            for (var href = "/products?sort=custom-weight&dir=" + direction; ; href = page.QuerySelector("a[rel=next]")!.GetAttribute("href")!)
            {
                page = await visitor.Page(href);
                pages.Add([.. page.QuerySelectorAll("tbody .row-link").Select(link => link.TextContent)]);
                if (page.QuerySelector("a[rel=next][href]") is null) { break; }
            }
            var all = pages.SelectMany(codes => codes).Select(code => int.Parse(code[2..], System.Globalization.CultureInfo.InvariantCulture)).ToList();
            Assert.Equal((3, 130), (pages.Count, all.Distinct().Count()));
            var weights = all.ConvertAll(i => i % 13 > 0 ? i * 37 % 130 / 2 - 20 : int.MinValue);
            Assert.Equal(direction == "asc" ? weights.Order() : weights.OrderDescending(), weights);
            page = await visitor.Page(page.QuerySelector("a[rel=prev]")!.GetAttribute("href")!);
            Assert.Equal(pages[^2], page.QuerySelectorAll("tbody .row-link").Select(link => link.TextContent));
        }
    }

    [Theory, OnBothDatabases]
    public async Task A_file_fills_them_tells_the_wrong_rows_and_changes_nothing_the_second_time(DatabaseKind kind)
    {
        await using var app = await WithFields(kind);
        using var visitor = await app.As("admin");
        const string file = "产品编号,单位成本,Grade,重量,buyer,Maker,Spare part\nP1,8.2,顶级,\"1,020.5\",admin,K1,P2\nP2,,moon,,,,\nP3,,,,nobody,,\nP2,,,,,K9,\n";
        Assert.Equal("1 0 3", Figures(await Load(visitor, file, "check")));
        Assert.Equal(0, await app.Number("select count(*) from customers_product where custom is not null"));
        var page = await Load(visitor, file);
        Assert.Equal("1 0 3", Figures(page));
        Assert.Equal(["Grade does not take \"moon\"", "Buyer does not take \"nobody\"", "Maker does not take \"K9\""], page.QuerySelectorAll("table tbody tr").Select(row => row.Children[2].TextContent));
        Assert.Equal("""{"grade":"top","weight":1020.5,"deposit":null,"since":null,"supplier":null,"buyer":"admin","maker":1,"spare":2,"freight":2041}""", (await Custom(visitor, 1)).ToJsonString());
        Assert.Contains("""{"field":"P1","old":null,"new":"8.2"},{"field":"P1","old":null,"new":"admin"},{"field":"P1","old":null,"new":"2041"},{"field":"P1","old":null,"new":"top"}""", Assert.Single(await app.Entries("product.costs-loaded")), StringComparison.Ordinal);
        Assert.Equal("0 1 3", Figures(await Load(visitor, file)));
        Assert.Single(await app.Entries("product.costs-loaded"));
        // What a row leaves empty stays.
        Assert.Equal("1 0 0", Figures(await Load(visitor, "product number,grade,weight\nP1,,3\n")));
        Assert.Equal(("\"top\"", "6"), ((await Custom(visitor, 1))["grade"]!.ToJsonString(), (await Custom(visitor, 1))["freight"]!.ToJsonString()));
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task What_is_wrong_is_told_at_its_place_and_nothing_is_kept(DatabaseKind kind)
    {
        await using var app = await WithFields(kind);
        using var visitor = await app.As("admin");
        using var refused = await visitor.Submit("/products/1", "/products/1", [.. Plain, ("custom.weight", "many"), ("custom.since", "soon"), ("custom.grade", "moon"), ("custom.buyer", "nobody"), ("custom.maker", "none"), ("custom.spare", "#99"), ("custom.supplier", new string('x', 401))]);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        var form = await Visitor.Parsed(await refused.Content.ReadAsStringAsync(Ct));
        Assert.Equal(7, form.QuerySelectorAll(".field-wrong").Length);
        Assert.Equal("many", form.QuerySelector("input[name='custom.weight']")!.GetAttribute("value"));
        foreach (var (body, wrong) in new[] { ("""{"custom":{"freight":1,"none":1}}""", "custom.freight custom.none"), ("""{"custom":{"weight":"many","grade":"top"}}""", "custom.weight"), ("""{"cost":-1,"custom":{"maker":99}}""", "cost custom.maker") })
        {
            using var program = await visitor.Json("PATCH", "/api/products/1", body, ("If-Match", "*"));
            Assert.Equal(wrong, string.Join(' ', JsonNode.Parse(await program.Content.ReadAsStringAsync(Ct))!["errors"]!.AsObject().Select(error => error.Key).Order()));
        }
        Assert.Equal(0, await app.Number("select count(*) from customers_product where version > 1 or custom is not null"));
    }

    [Theory, OnBothDatabases]
    public async Task A_changed_formula_is_computed_anew_and_a_retired_field_comes_back(DatabaseKind kind)
    {
        await using var app = await WithFields(kind);
        using var visitor = await app.As("admin");
        await Load(visitor, "product number,weight,supplier\nP1,10,Zeta works\n");
        using var edited = await visitor.Submit("/admin/fields/9", "/admin/fields/9", ("chinese", "运费"), ("english", "Freight"), ("version", "1"), ("expression", "first(weight, 4) * 3"), ("indexed", "true"));
        Assert.Equal(HttpStatusCode.Redirect, edited.StatusCode);
        await Given.Drained(app);
        Assert.Equal(("30", "12"), ((await Custom(visitor, 1))["freight"]!.ToJsonString(), (await Custom(visitor, 2))["freight"]!.ToJsonString()));
        Assert.Equal(2, await app.Number("select version from customers_product where id = 2"));
        using var retired = await visitor.Submit("/admin/fields/5", "/admin/fields/5/state", ("retired", "true"));
        Assert.DoesNotContain("Zeta", await visitor.Text("/products/1"), StringComparison.Ordinal);
        Assert.DoesNotContain("P1", await visitor.Text("/api/products?q=zeta"), StringComparison.Ordinal);
        using var saved = await visitor.Submit("/products/1", "/products/1", ("cost", ""), ("category", "pots"), ("version", "3"), ("custom.weight", "11"));
        using var restored = await visitor.Submit("/admin/fields/5", "/admin/fields/5/state", ("retired", "false"));
        Assert.Contains("P1", await visitor.Text("/api/products?q=zeta"), StringComparison.Ordinal);
        Assert.Equal("33", (await Custom(visitor, 1))["freight"]!.ToJsonString());
    }

    [Fact]
    public async Task What_somebody_writes_while_a_formula_is_computed_anew_stays()
    {
        Assert.SkipWhen(TestDatabase.Server is null, "no PostgreSQL: HUIKE_TEST_POSTGRES is not set (./test sets it)");
        await using var app = await WithFields(DatabaseKind.Postgres);
        using var visitor = await app.As("admin");
        await Load(visitor, "product number,weight\nP1,10\n");
        await using var connection = await app.Database.Open(Ct);
        await using var transaction = await connection.BeginTransactionAsync(Ct);
        await connection.Run("update customers_product set custom = '{\"freight\":\"14\",\"weight\":\"7\"}', version = version + 1 where id = 1", Ct);
        using var edited = await visitor.Submit("/admin/fields/9", "/admin/fields/9", ("chinese", "运费"), ("english", "Freight"), ("version", "1"), ("expression", "weight * 3"));
        var computed = Given.Drained(app);
        while (await app.Number("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like 'update customers_product %'") == 0) { await Task.Delay(50, Ct); }
        await transaction.CommitAsync(Ct);
        await computed;
        Assert.Equal(("7", "21"), ((await Custom(visitor, 1))["weight"]!.ToJsonString(), (await Custom(visitor, 1))["freight"]!.ToJsonString()));
    }

    [Theory, OnBothDatabases]
    public async Task Who_may_not_see_a_level_finds_the_field_nowhere_and_leaves_it_as_it_is(DatabaseKind kind)
    {
        await using var app = await WithFields(kind);
        using var administrator = await app.As("admin");
        using var hidden = await administrator.Submit("/admin/fields/5", "/admin/fields/5", ("chinese", "供应商"), ("english", "Supplier"), ("version", "1"), ("level", "3"), ("indexed", "true"));
        await Given.Drained(app);
        await Load(administrator, "product number,supplier\nP1,Zeta works\n");
        await app.AddUserWith("keeper", 1, new(new Dictionary<string, RecordScope> { [ProductPermissions.Read] = RecordScope.All, [ProductPermissions.Edit] = RecordScope.All }, new Dictionary<string, FieldAccess> { ["customers"] = new(2, 2) }));
        using var keeper = await app.As("keeper");
        foreach (var path in new[] { "/products/1", "/products?columns=custom-supplier", "/api/products/1", "/api/products" })
        {
            var text = await keeper.Text(path);
            Assert.DoesNotContain("Zeta", text, StringComparison.Ordinal);
            Assert.DoesNotContain("Supplier", text, StringComparison.Ordinal);
            Assert.DoesNotContain("\"supplier\"", text, StringComparison.Ordinal);
        }
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await keeper.Get("/products?custom.supplier=Zeta+works")).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await keeper.Get("/products?sort=custom-supplier")).StatusCode);
        Assert.Empty(JsonNode.Parse(await keeper.Text("/api/products?q=zeta"))!["rows"]!.AsArray());
        using var written = await keeper.Json("PATCH", "/api/products/1", """{"custom":{"supplier":"x"}}""", ("If-Match", "*"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, written.StatusCode);
        using var edited = await keeper.Submit("/products/1", "/products/1", ("cost", "1"), ("category", "pots"), ("version", "2"), ("custom.supplier", "x"));
        Assert.Equal(HttpStatusCode.Redirect, edited.StatusCode);
        Assert.Equal("0 1 0", Figures(await Load(keeper, "product number,unit cost,supplier\nP1,1,x\n")));
        Assert.Equal("Zeta works", (await Custom(administrator, 1))["supplier"]!.GetValue<string>());
        // A customer that he may not see is nothing to link to, and stays a number.
        using var linked = await keeper.Submit("/products/1", "/products/1", ("cost", "1"), ("category", "pots"), ("version", "3"), ("custom.maker", "K1"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, linked.StatusCode);
        Assert.True((await administrator.Json("PATCH", "/api/products/1", """{"custom":{"maker":"K1"}}""", ("If-Match", "*"))).IsSuccessStatusCode);
        Assert.DoesNotContain("总公司", await keeper.Text("/products/1"), StringComparison.Ordinal);
        var document = await keeper.Text("/api/openapi/en.json");
        Assert.Contains("\"Weight\"", document, StringComparison.Ordinal);
        Assert.DoesNotContain("upplier", document, StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task A_customer_links_to_a_product_as_far_as_its_reader_sees_products(DatabaseKind kind)
    {
        await using var app = await WithFields(kind);
        using var visitor = await app.As("admin");
        await Given.Field(visitor, "customers", "主要产品", "Main product", "main", "Record", ("target", "products"), ("indexed", "true"));
        await Given.Drained(app);
        await Given.Customers(app, "number,name,Main product\nK2,李雷,P1\nK3,韩梅梅,P9\n");
        Assert.Equal(2, await app.Number("select count(*) from customers_customer"));
        var fact = (await visitor.Page("/customers/2")).QuerySelector(".facts a")!;
        Assert.Equal(("Iron pot", "/products/1"), (fact.TextContent, fact.GetAttribute("href")));
        Assert.Contains("李雷", await visitor.Text("/customers?custom.main=" + Uri.EscapeDataString("#1")), StringComparison.Ordinal);
        await app.AddUserWith("partner", 1, new(new Dictionary<string, RecordScope> { [CustomerPermissions.Read] = RecordScope.All, [CustomerPermissions.Edit] = RecordScope.All }, new Dictionary<string, FieldAccess> { ["customers"] = new(1, 1) }));
        using var partner = await app.As("partner");
        Assert.DoesNotContain("Iron pot", await partner.Text("/customers/2"), StringComparison.Ordinal);
        using var written = await partner.Json("PATCH", "/api/customers/2", """{"custom":{"main":"P2"}}""", ("If-Match", "*"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, written.StatusCode);
    }

    private static readonly (string, string)[] Plain = [("cost", ""), ("category", "pots"), ("version", "1")];

    private static string Cursor(params string[] parts) => System.Buffers.Text.Base64Url.EncodeToString(System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(parts));

    private static async Task<JsonNode> Custom(Visitor visitor, long id) => JsonNode.Parse(await visitor.Text($"/api/products/{id}"))!["custom"]!;

    private static Dictionary<string, string> Facts(IDocument page) => page.QuerySelectorAll(".facts div").ToDictionary(row => row.QuerySelector("dt")!.TextContent, row => row.QuerySelector("dd")!.TextContent.Trim());

    private static string Value(IElement input) => input.LocalName == "select" ? input.QuerySelector("option[selected]")?.GetAttribute("value") ?? "" : input.GetAttribute("value") ?? "";

    private static string Figures(IDocument page) => string.Join(' ', page.QuerySelectorAll(".stat-value").Select(stat => stat.TextContent.Trim()));

    private static async Task<IDocument> Load(Visitor visitor, string csv, string next = "load")
    {
        using var answer = await visitor.Upload("/products/costs", "/products/costs", "file", [Given.Written(csv)], ("next", next));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await Visitor.Parsed(await answer.Content.ReadAsStringAsync(Ct));
    }

    private static async Task<string> Plan(HuikeApp app, string sql)
    {
        await using var connection = await app.Database.Open(Ct);
        if (app.Database.Kind == DatabaseKind.Postgres) { await connection.Run("set enable_seqscan = off", Ct); }
        var rows = await connection.Rows((app.Database.Kind == DatabaseKind.Postgres ? "explain " : "explain query plan ") + sql, row => row.GetValue(row.FieldCount - 1).ToString(), Ct);
        return string.Join('\n', rows);
    }

    private static async Task<HuikeApp> WithFields(DatabaseKind kind)
    {
        var app = await HuikeApp.Start(kind);
        using var visitor = await app.Administrator();
        foreach (var (chinese, english, name, type, more) in new (string, string, string, string, (string, string)[])[]
        {
            ("等级", "Grade", "grade", "Choice", [("choices", "top = 顶级 | Top\nplain = 普通 | Plain"), ("indexed", "true")]), ("重量", "Weight", "weight", "Number", [("indexed", "true")]), ("押金", "Deposit", "deposit", "Money", []),
            ("上市", "Since", "since", "Date", [("indexed", "true")]), ("供应商", "Supplier", "supplier", "Text", [("indexed", "true")]), ("采购员", "Buyer", "buyer", "Person", []), ("厂家", "Maker", "maker", "Record", [("target", "customers")]),
            ("备件", "Spare part", "spare", "Record", [("target", "products")]), ("运费", "Freight", "freight", "Formula", [("expression", "weight * 2")]),
        }) { await Given.Field(visitor, "products", chinese, english, name, type, more); }
        await Given.Customers(app, "number,name\nK1,总公司\n");
        await Given.Ledger(app, "customer,date,document,product,product name,category,quantity,amount\nK1,2024-01-05,A1,P1,Iron pot,pots,2,100.00\nK1,2024-01-06,A2,P2,Steel pan,pans,1,50.00\nK1,2024-01-07,A3,P3,Kettle,,1,10.00\n");
        await Given.Drained(app);
        return app;
    }
}
