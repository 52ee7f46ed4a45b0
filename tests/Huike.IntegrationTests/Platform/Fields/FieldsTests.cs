using System.Net;
using System.Text.Json.Nodes;
using AngleSharp.Dom;
using Huike.Customers.Contracts;
using Huike.IntegrationTests.Platform.Audit;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Roles;
using Huike.Platform.Data;

namespace Huike.IntegrationTests.Platform.Fields;

/// <summary>Fields that a firm gives to its customers: through form, list, search, file, program and history.</summary>
public sealed class FieldsTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task A_field_of_each_type_goes_through_form_file_list_and_interface(DatabaseKind kind)
    {
        await using var app = await WithFields(kind);
        using var visitor = await app.As("admin");
        await Given.Customers(app, "number,name\nK1,总公司\n");
        using var added = await visitor.Submit("/customers/new", "/customers/new", ("name", "李雷"), ("formKey", Guid.CreateVersion7().ToString("N")), ("custom.region", "east"), ("custom.seats", "1,200.50"), ("custom.budget", "5000"),
            ("custom.until", "2027-01-31"), ("custom.machine", "Zeta 9"), ("custom.engineer", "ADMIN"), ("custom.parent", "K1"), ("custom.fee", "7"));
        Assert.Equal("/customers/2", added.Headers.Location?.ToString());
        var facts = (await visitor.Page("/customers/2")).QuerySelectorAll(".facts div").ToDictionary(row => row.QuerySelector("dt")!.TextContent, row => row.QuerySelector("dd")!.TextContent.Trim());
        Assert.Equal(("East", "1,200.5", "¥5,000.00", "Zeta 9", "总公司", "500"), (facts["Region"], facts["Seats"], facts["Budget"], facts["Machine"], facts["Parent"], facts["Fee"]));
        Assert.Equal("/customers/1", (await visitor.Page("/customers/2")).QuerySelector(".facts")!.QuerySelectorAll("a").Single().GetAttribute("href"));
        // A formula is computed, whatever was sent for it.
        var custom = JsonNode.Parse(await visitor.Text("/api/customers/2"))!["custom"]!;
        Assert.Equal("""{"region":"east","seats":1200.5,"budget":5000,"until":"2027-01-31","machine":"Zeta 9","engineer":"admin","parent":1,"fee":500}""", custom.ToJsonString());
        using var changed = await visitor.Json("PATCH", "/api/customers/2", """{"custom":{"budget":100,"machine":null,"parent":"K1"}}""", ("If-Match", "\"1\""));
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        custom = JsonNode.Parse(await visitor.Text("/api/customers/2?fields=custom"))!["custom"]!;
        Assert.Equal(("100", "10", null, "1200.5"), (custom["budget"]!.ToJsonString(), custom["fee"]!.ToJsonString(), custom["machine"]?.ToJsonString(), custom["seats"]!.ToJsonString()));
        // The form shows what is there, and changes nothing when it is sent back.
        var form = (await visitor.Page("/customers/2/edit")).QuerySelectorAll("form.card input[name], form.card select[name]").ToDictionary(input => input.GetAttribute("name")!, Value);
        using var same = await visitor.Post("/customers/2/edit", [.. form.Select(pair => (pair.Key, pair.Value))]);
        Assert.Equal(HttpStatusCode.Redirect, same.StatusCode);
        Assert.Equal("2", JsonNode.Parse(await visitor.Text("/api/customers/2?fields=version"))!["version"]!.ToJsonString());
        Assert.Contains("Budget", (await visitor.Page("/customers/2?kind=changes")).QuerySelector(".timeline")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("Budget", (await visitor.Page("/admin/audit/" + await app.Number("select max(id) from platform_audit where action = 'customer.edited'"))).Body!.TextContent, StringComparison.Ordinal);
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task A_list_shows_sorts_and_sifts_by_them_over_an_index(DatabaseKind kind)
    {
        await using var app = await WithFields(kind);
        using var visitor = await app.As("admin");
        await Given.Customers(app, "number,name,Region,合同到期,Seats,负责工程师,Parent\nK1,A,华东,2026/3/1,20,admin,\nK2,B,West,2026-05-31,3.5,Admin,K1\nK3,C,,,,,\nK4,D,nowhere,,,,\nK5,E,West,,,nobody,\n");
        Assert.Equal(3, await app.Number("select count(*) from customers_customer"));
        var page = await visitor.Page("/customers?columns=number.custom-region.custom-seats.custom-until.custom-engineer.custom-parent&sort=custom-seats&dir=desc");
        Assert.Equal(["A", "B", "C"], page.QuerySelectorAll("tbody .row-link").Select(link => link.TextContent));
        Assert.Equal(["K2", "West", "3.5", "2026-05-31", "admin", "A"], page.QuerySelectorAll("tbody tr")[1].QuerySelectorAll("td").Skip(1).Select(cell => cell.TextContent));
        async Task<string> Found(string query) => string.Join("", JsonNode.Parse(await visitor.Text("/api/customers?fields=name&" + query))!["rows"]!.AsArray().Select(row => row!["name"]!.GetValue<string>()));
        Assert.Equal("A", await Found("custom.region=east"));
        Assert.Equal("AB", await Found("custom.seats.from=3&sort=name"));
        Assert.Equal("B", await Found("custom.seats.to=4"));
        Assert.Equal("A", await Found("custom.until.to=2026-03-01"));
        Assert.Equal("B", await Found("custom.seats.from=3&custom.seats.to=4&custom.region=west&sort=custom-seats"));
        Assert.Equal("CAB", await Found("sort=custom-until&dir=asc"));
        var first = JsonNode.Parse(await visitor.Text("/api/customers?sort=custom-seats&dir=asc&limit=1"))!;
        Assert.Equal("B", JsonNode.Parse(await visitor.Text($"/api/customers?sort=custom-seats&dir=asc&limit=1&after={first["next"]}"))!["rows"]![0]!["name"]!.GetValue<string>());
        foreach (var wrong in new[] { "custom.machine=x", "custom.none=1", "custom.seats=x", "custom.region=moon", "sort=custom-machine" })
        {
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await visitor.Get("/api/customers?" + wrong)).StatusCode);
        }
        Assert.Contains("\"west\"", await visitor.Text("/customers?custom.region=west"), StringComparison.Ordinal);
        Assert.Equal(3, await app.Number(kind == DatabaseKind.Postgres ? "select count(*) from pg_indexes where indexname like 'customers\\_customer\\_own\\_%'" : "select count(*) from sqlite_master where type = 'index' and name glob 'customers_customer_own_*'"));
        Assert.Contains("customers_customer_own_", await Plan(app, "select c.id from customers_customer c where coalesce((c.custom ->> 'region'), '') = 'east'"), StringComparison.Ordinal);
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task What_is_wrong_is_told_at_its_place_and_nothing_is_kept(DatabaseKind kind)
    {
        await using var app = await WithFields(kind);
        using var visitor = await app.As("admin");
        using var refused = await visitor.Submit("/customers/new", "/customers/new", ("name", "W"), ("formKey", Guid.CreateVersion7().ToString("N")), ("custom.seats", "many"), ("custom.until", "soon"), ("custom.region", "moon"),
            ("custom.engineer", "nobody"), ("custom.parent", "none"), ("custom.machine", new string('x', 401)));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        var form = await Visitor.Parsed(await refused.Content.ReadAsStringAsync(Ct));
        Assert.Equal(6, form.QuerySelectorAll(".field-wrong").Length);
        Assert.Equal("many", form.QuerySelector("input[name='custom.seats']")!.GetAttribute("value"));
        using var program = await visitor.Json("POST", "/api/customers", """{"name":"W","custom":{"seats":"many","fee":1,"none":1}}""");
        var problem = JsonNode.Parse(await program.Content.ReadAsStringAsync(Ct))!;
        Assert.Equal(["custom.fee", "custom.none"], problem["errors"]!.AsObject().Select(error => error.Key).Order());
        using var other = await visitor.Json("POST", "/api/customers", """{"name":"W","custom":{"seats":"many"}}""");
        Assert.Contains("custom.seats", await other.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Equal(0, await app.Number("select count(*) from customers_customer"));
        foreach (var (place, fields) in new (string, (string, string)[])[]
        {
            ("name", [("chinese", "重名"), ("name", "region"), ("type", "Text")]), ("name", [("chinese", "错名"), ("name", "Bad name"), ("type", "Text")]), ("chinese", [("name", "nameless"), ("type", "Text")]),
            ("choices", [("chinese", "空"), ("name", "empty"), ("type", "Choice")]), ("expression", [("chinese", "式"), ("name", "sum"), ("type", "Formula"), ("expression", "budget +")]),
            ("expression", [("chinese", "式"), ("name", "sum"), ("type", "Formula"), ("expression", "fee + 1")]), ("target", [("chinese", "链"), ("name", "link"), ("type", "Record"), ("target", "moons")]),
        })
        {
            using var wrong = await visitor.Submit("/admin/fields/new", "/admin/fields/new", [("kind", "customers"), .. fields]);
            Assert.Equal((HttpStatusCode.UnprocessableEntity, $"field-{place}"), (wrong.StatusCode, (await Visitor.Parsed(await wrong.Content.ReadAsStringAsync(Ct))).QuerySelectorAll("[aria-invalid]").Single().Id));
        }
        // A formula tells no more than who sees it may know of what it reads.
        using var raised = await visitor.Submit("/admin/fields/3", "/admin/fields/3", ("chinese", "预算"), ("version", "1"), ("level", "3"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, raised.StatusCode);
        Assert.Equal(8, await app.Number("select count(*) from platform_field"));
    }

    [Theory, OnBothDatabases]
    public async Task A_changed_formula_is_computed_anew_a_searched_text_is_found_and_a_retired_field_comes_back(DatabaseKind kind)
    {
        await using var app = await WithFields(kind);
        using var visitor = await app.As("admin");
        await Given.Customers(app, "number,name,budget,machine\nK1,A,1000,Zeta 9\nK2,B,,\n");
        using var edited = await visitor.Submit("/admin/fields/8", "/admin/fields/8", ("chinese", "费用"), ("english", "Fee"), ("version", "1"), ("expression", "first(budget, 50) * 0.5"));
        Assert.Equal(HttpStatusCode.Redirect, edited.StatusCode);
        using var searched = await visitor.Submit("/admin/fields/5", "/admin/fields/5", ("chinese", "机型"), ("english", "Machine"), ("version", "1"), ("indexed", "true"));
        await Given.Drained(app);
        Assert.Equal(("500", "25"), (await Fee(visitor, 1), await Fee(visitor, 2)));
        Assert.Equal(1, await Hits(visitor));
        using var used = await visitor.Submit("/admin/fields/3", "/admin/fields/3/state", ("retired", "true"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, used.StatusCode);
        using var retired = await visitor.Submit("/admin/fields/5", "/admin/fields/5/state", ("retired", "true"));
        await Given.Drained(app);
        Assert.Equal(0, await Hits(visitor));
        Assert.DoesNotContain("Machine", await visitor.Text("/customers/1"), StringComparison.Ordinal);
        using var restored = await visitor.Submit("/admin/fields/5", "/admin/fields/5/state", ("retired", "false"));
        Assert.Contains("Zeta 9", await visitor.Text("/customers/1"), StringComparison.Ordinal);
        using var stale = await visitor.Submit("/admin/fields/5", "/admin/fields/5", ("chinese", "机型"), ("version", "1"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, stale.StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task Who_may_not_see_a_level_finds_the_field_nowhere_and_leaves_it_as_it_is(DatabaseKind kind)
    {
        await using var app = await WithFields(kind);
        using var administrator = await app.As("admin");
        using var hidden = await administrator.Submit("/admin/fields/5", "/admin/fields/5", ("chinese", "机型"), ("english", "Machine"), ("version", "1"), ("level", "3"), ("indexed", "true"));
        await Given.Drained(app);
        await Given.Customers(app, "number,name,machine\nK1,A,Zeta 9\n");
        await app.AddUserWith("partner", 1, new(new Dictionary<string, RecordScope> { [CustomerPermissions.Read] = RecordScope.All, [CustomerPermissions.Edit] = RecordScope.All }, new Dictionary<string, FieldAccess> { ["customers"] = new(2, 2) }));
        using var partner = await app.As("partner");
        foreach (var path in new[] { "/customers/1", "/customers/1/edit", "/customers?columns=custom-machine", "/api/customers/1", "/api/customers" })
        {
            var text = await partner.Text(path);
            Assert.DoesNotContain("Zeta", text, StringComparison.Ordinal);
            Assert.DoesNotContain("Machine", text, StringComparison.Ordinal);
            Assert.DoesNotContain("\"machine\"", text, StringComparison.Ordinal);
        }
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await partner.Get("/customers?custom.machine=Zeta+9")).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await partner.Get("/customers?sort=custom-machine")).StatusCode);
        Assert.Equal(0, await Hits(partner));
        using var written = await partner.Json("PATCH", "/api/customers/1", """{"custom":{"machine":"x"}}""", ("If-Match", "*"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, written.StatusCode);
        using var edited = await partner.Submit("/customers/1/edit", "/customers/1/edit", ("name", "AA"), ("version", "1"), ("custom.machine", "x"));
        Assert.Equal("Zeta 9", JsonNode.Parse(await administrator.Text("/api/customers/1"))!["custom"]!["machine"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.Forbidden, (await partner.Get("/admin/fields")).StatusCode);
        Assert.DoesNotContain("Machine", await partner.Text("/api/openapi/en.json"), StringComparison.Ordinal);
        Assert.Contains("\"Region\"", await partner.Text("/api/openapi/en.json"), StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task What_was_there_before_may_stay_a_choice_off_the_list_and_a_link_beyond_ones_own(DatabaseKind kind)
    {
        await using var app = await WithFields(kind);
        using var administrator = await app.As("admin");
        await Given.Customers(app, "number,name,Region,Parent\nK1,总公司,,\nK2,B,West,K1\n");
        var unit = await app.AddUnit("east");
        await app.AddUserWith("seller", unit, new(new Dictionary<string, RecordScope> { [CustomerPermissions.Read] = RecordScope.Own, [CustomerPermissions.Edit] = RecordScope.Own }, new Dictionary<string, FieldAccess> { ["customers"] = new(3, 3) }));
        (await administrator.Json("PUT", "/api/customers/2/owner", """{"owner":"seller"}""", ("If-Match", "*"))).Dispose();
        using var shorter = await administrator.Submit("/admin/fields/1", "/admin/fields/1", ("chinese", "区域"), ("english", "Region"), ("version", "1"), ("choices", "east = 华东 | East"), ("indexed", "true"));
        using var seller = await app.As("seller");
        var page = await seller.Page("/customers/2/edit");
        Assert.Equal(("#1", "west"), (page.QuerySelector("[name='custom.parent']")!.GetAttribute("value"), page.QuerySelector("[name='custom.region'] option[selected]")!.GetAttribute("value")));
        var version = page.QuerySelector("[name=version]")!.GetAttribute("value")!;
        using var saved = await seller.Submit("/customers/2/edit", "/customers/2/edit", ("name", "BB"), ("version", version), ("custom.parent", "#1"), ("custom.region", "west"), ("custom.seats", "3"));
        Assert.Equal(HttpStatusCode.Redirect, saved.StatusCode);
        Assert.DoesNotContain("总公司", await seller.Text("/customers/2"), StringComparison.Ordinal);
        var custom = JsonNode.Parse(await administrator.Text("/api/customers/2"))!["custom"]!;
        Assert.Equal(("1", "\"west\"", "3"), (custom["parent"]!.ToJsonString(), custom["region"]!.ToJsonString(), custom["seats"]!.ToJsonString()));
        // Who would set the link anew has to see where it leads.
        using var other = await seller.Submit("/customers/2/edit", "/customers/2/edit", ("name", "BB"), ("version", "9"), ("custom.parent", "K1"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task A_load_that_is_taken_back_takes_their_values_back(DatabaseKind kind)
    {
        await using var app = await WithFields(kind);
        using var visitor = await app.As("admin");
        await Given.Customers(app, "number,name,budget\nK1,A,1000\n");
        await Given.Customers(app, "number,name,budget,Region\nK1,A,2000,West\n");
        Assert.Equal("200", await Fee(visitor, 1));
        using var undone = await visitor.Submit("/imports/2", "/imports/2/undoing", ("confirm", "true"));
        await Given.Drained(app);
        var custom = JsonNode.Parse(await visitor.Text("/api/customers/1"))!["custom"]!;
        Assert.Equal(("1000", "100", null), (custom["budget"]!.ToJsonString(), custom["fee"]!.ToJsonString(), custom["region"]?.ToJsonString()));
    }

    private static async Task<int> Hits(Visitor visitor) => JsonNode.Parse(await visitor.Text("/api/customers?q=zeta"))!["rows"]!.AsArray().Count;

    private static async Task<string> Fee(Visitor visitor, long id) => JsonNode.Parse(await visitor.Text($"/api/customers/{id}"))!["custom"]!["fee"]!.ToJsonString();

    private static string Value(IElement input) => input.LocalName == "select" ? input.QuerySelector("option[selected]")?.GetAttribute("value") ?? "" : input.GetAttribute("value") ?? "";

    private static async Task<HuikeApp> WithFields(DatabaseKind kind)
    {
        var app = await HuikeApp.Start(kind);
        using var visitor = await app.Administrator();
        foreach (var (chinese, english, name, type, more) in new (string, string, string, string, (string, string)[])[]
        {
            ("区域", "Region", "region", "Choice", [("choices", "east = 华东 | East\nwest = 华西 | West"), ("indexed", "true")]), ("席位", "Seats", "seats", "Number", [("indexed", "true")]), ("预算", "Budget", "budget", "Money", []),
            ("合同到期", "Until", "until", "Date", [("indexed", "true")]), ("机型", "Machine", "machine", "Text", []), ("负责工程师", "Engineer", "engineer", "Person", []), ("上级公司", "Parent", "parent", "Record", [("target", "customers")]),
            ("费用", "Fee", "fee", "Formula", [("expression", "budget * 0.1")]),
        })
        {
            await Given.Field(visitor, "customers", chinese, english, name, type, more);
        }
        await Given.Drained(app);
        return app;
    }

    private static async Task<string> Plan(HuikeApp app, string sql)
    {
        await using var connection = await app.Database.Open(Ct);
        if (app.Database.Kind == DatabaseKind.Postgres) { await connection.Run("set enable_seqscan = off", Ct); }
        var rows = await connection.Rows((app.Database.Kind == DatabaseKind.Postgres ? "explain " : "explain query plan ") + sql, row => row.GetValue(row.FieldCount - 1).ToString(), Ct);
        return string.Join('\n', rows);
    }
}
