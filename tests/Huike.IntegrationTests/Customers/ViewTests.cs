using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Huike.Customers.Contracts;
using Huike.IntegrationTests.Platform.Audit;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Roles;
using Huike.Platform.Data;

namespace Huike.IntegrationTests.Customers;

/// <summary>Lists that are kept under a name, and how they are shown.</summary>
public sealed class ViewTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task A_list_is_kept_used_changed_on_top_and_saved_again(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var anna = await app.As("anna");
        var query = "where=" + Uri.EscapeDataString("any(category:is:餐饮,sales:min:20)") + "&sort=sales&dir=desc&columns=sales.number";
        var key = Key();
        foreach (var _ in new[] { 1, 2 })
        {
            using var saved = await anna.Submit("/customers/views/new?query=" + Uri.EscapeDataString(query), "/customers/views", ("name", " Eat\nor big "), ("sharing", "private"), ("query", query), ("formKey", key));
            Assert.Equal("/customers?view=1", saved.Headers.Location!.ToString());
        }
        var page = await anna.Page("/customers?view=1");
        Assert.Equal(["Customer", "Net sales", "Number"], page.QuerySelectorAll("thead th").Select(head => head.TextContent.Trim()).Select(text => text == "Name" ? "Customer" : text));
        Assert.Equal("Eat or big", page.QuerySelector("nav.tabs [aria-current=page]")!.TextContent.Trim());
        Assert.Equal((await Ids(anna, "view=1")).Select(id => $"/customers/{id}"), page.QuerySelectorAll("tbody .row-link").Select(link => link.GetAttribute("href")!));
        Assert.Equal(await Ids(anna, query), await Ids(anna, "view=1"));
        Assert.Equal(await Ids(anna, query + "&place=" + Uri.EscapeDataString("杭州市")), await Ids(anna, "view=1&place=" + Uri.EscapeDataString("杭州市")));
        Assert.Empty(page.QuerySelectorAll("form[action='/customers/views/1/query']"));
        // The order is another: the view tells that it is changed, and takes it over.
        var link = page.QuerySelectorAll("thead a").First(head => head.TextContent.Trim() == "Number").GetAttribute("href")!;
        var changed = await anna.Page(link);
        var kept = changed.QuerySelector("form[action='/customers/views/1/query'] input[name=query]")!.GetAttribute("value")!;
        Assert.Contains("sort=number", kept, StringComparison.Ordinal);
        using var taken = await anna.Submit(link, "/customers/views/1/query", ("query", kept), ("version", "1"));
        Assert.Equal(HttpStatusCode.Redirect, taken.StatusCode);
        Assert.Equal(await Ids(anna, kept), await Ids(anna, "view=1"));
        using var late = await anna.Submit(link, "/customers/views/1/query", ("query", kept + "&tier=gold"), ("version", "1"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, late.StatusCode);
        // What the whole address says counts, whatever the view has.
        Assert.Equal(12, (await Ids(anna, "view=1&whole=1")).Count);
        Assert.Equal(["Name,Net sales,Number"], (await anna.Text("/customers/export?view=1&purpose=sales&format=csv")).TrimStart('\ufeff').Replace("\"", "", StringComparison.Ordinal).Split("\r\n")[..1]);
        Assert.Equal((1, 1), ((await app.Entries("view.added")).Count, (await app.Entries("view.changed")).Count));
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task A_view_is_shared_with_a_unit_and_below_copied_pinned_and_nobody_elses_to_change(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var anna = await app.As("anna");
        using var bert = await app.As("bert");
        using var carla = await app.As("carla");
        using var refused = await bert.Json("POST", "/api/views", """{"name":"All","query":"tier=gold","sharing":"all"}""");
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using var shared = await anna.Json("POST", "/api/views", $$"""{"name":"South","query":"where=owner:is:@me","sharing":"unit","unit":{{await app.Number("select id from platform_unit where name = 'South'")}}}""");
        Assert.Equal(HttpStatusCode.Created, shared.StatusCode);
        // Bert works in a unit below, Carla elsewhere; each sees his own customers in it.
        Assert.Equal(["South"], await Names(bert));
        Assert.Empty(await Names(carla));
        Assert.Equal(HttpStatusCode.NotFound, (await carla.Get("/customers?view=1")).StatusCode);
        Assert.Equal((4, 3), ((await Ids(anna, "view=1")).Count, (await Ids(bert, "view=1")).Count));
        foreach (var (action, fields) in new[] { ("/customers/views/1", new[] { ("name", "Mine"), ("sharing", "private"), ("version", "1") }), ("/customers/views/1/removal", [("confirm", "true")]), ("/customers/views/1/query", [("query", "tier=lead"), ("version", "1")]) })
        {
            using var no = await bert.Submit("/account", action, fields);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, no.StatusCode);
        }
        using var copied = await bert.Submit("/customers/views", "/customers/views/1/copies", ("formKey", Key()));
        Assert.Equal("/customers?view=2", copied.Headers.Location!.ToString());
        foreach (var how in (string[])["pin", "up", "first"]) { Assert.Equal(HttpStatusCode.Redirect, (await bert.Submit("/customers/views", "/customers/views/1/mark", ("how", how))).StatusCode); }
        Assert.Equal(["South", "Copy of South"], await Names(bert));
        using var first = await bert.Get("/customers");
        Assert.Equal("/customers?view=1", first.Headers.Location!.ToString());
        Assert.Equal(HttpStatusCode.OK, (await bert.Get("/customers?view=")).StatusCode);
        // Taken away from him, it is no beginning any more.
        using var now = await anna.Json("PATCH", "/api/views/1", """{"sharing":"private"}""", ("If-Match", "\"1\""));
        Assert.Equal(HttpStatusCode.OK, now.StatusCode);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound), ((await bert.Get("/customers")).StatusCode, (await bert.Get("/api/views/1")).StatusCode));
        using var gone = await anna.Json("DELETE", "/api/views/1", headers: ("If-Match", "*"));
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        Assert.Equal(1, await app.Number("select count(*) from customers_view_pin"));
        foreach (var wrong in (string[])["""{"name":"","query":""}""", """{"name":"x","query":"tier=silver"}""", """{"name":"x","query":"where=all("}""", """{"name":"x","query":"columns=secret"}""", """{"name":"x","query":"where=custom.none:filled"}"""])
        {
            Assert.True((await anna.Json("POST", "/api/views", wrong)).StatusCode == HttpStatusCode.UnprocessableEntity, wrong);
        }
    }

    [Theory, OnBothDatabases]
    public async Task Groups_a_board_and_places_count_what_stands_behind_their_links(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var anna = await app.As("anna");
        foreach (var shape in (string[])["group=category", "group=tier", "group=owner", "group=unit", "group=custom.grade", "group=relationship", "as=board", "as=board&group=custom.grade", "as=places", "group=category&q=" + "客", "as=places&where=" + "sales:min:20"])
        {
            var page = await anna.Page("/customers?" + shape);
            var links = page.QuerySelectorAll(shape.StartsWith("as=board", StringComparison.Ordinal) ? ".board-column > p a" : shape.StartsWith("as", StringComparison.Ordinal) ? ".places > li > .place-figures a" : "tbody td[data-label=Customers] a").ToList();
            var whole = shape.Contains("sales", StringComparison.Ordinal) ? (await Ids(anna, "where=sales:min:20")).Count : 12;
            var counts = 0;
            foreach (var link in links)
            {
                var count = int.Parse(new string([.. link.TextContent.TakeWhile(letter => char.IsDigit(letter))]), System.Globalization.CultureInfo.InvariantCulture);
                Assert.Equal((shape, count), (shape, (await Ids(anna, link.GetAttribute("href")!.Split('?')[1])).Count));
                counts += link.Closest(".places .places") is null ? count : 0;
            }
            Assert.Equal((shape, whole), (shape, counts));
            Assert.NotNull(page.QuerySelector("dl.totals"));
        }
        Assert.Contains("西湖区", (await anna.Page("/customers?as=places")).QuerySelector(".places .places .places")!.TextContent, StringComparison.Ordinal);
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task A_card_is_moved_by_who_may_change_the_fact_and_a_conflict_is_told(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var anna = await app.As("anna");
        using var carla = await app.As("carla");
        var board = await anna.Page("/customers?as=board&group=custom.grade");
        Assert.Equal(["a", "b", "None"], board.QuerySelectorAll(".board-column h2").Select(head => head.TextContent));
        var card = board.QuerySelector(".board-column[data-value=a] .board-card form")!;
        var (action, version) = (card.GetAttribute("action")!, card.QuerySelector("input[name=version]")!.GetAttribute("value")!);
        using var moved = await anna.Submit("/account", action, ("field", "custom.grade"), ("value", "b"), ("version", version), ("back", "/customers?as=board&group=custom.grade"));
        Assert.Equal("/customers?as=board&group=custom.grade", moved.Headers.Location!.ToString());
        using var late = await anna.Submit("/account", action, ("field", "custom.grade"), ("value", "a"), ("version", version), ("back", "https://evil.example/"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, late.StatusCode);
        var now = (await anna.Page("/customers?as=board&group=kind")).QuerySelector(".board-card form")!;
        using var led = await anna.Submit("/account", now.GetAttribute("action")!, ("field", "kind"), ("value", "partner"), ("version", now.QuerySelector("input[name=version]")!.GetAttribute("value")!), ("back", "//evil.example"));
        Assert.Equal("/customers", led.Headers.Location!.ToString());
        // A stage is computed, an owner not hers to give, another's customer not there at all.
        foreach (var (field, value) in new[] { ("stage", "advocate"), ("owner", "bert"), ("sales", "1"), ("custom.none", "1") })
        {
            using var fixedThere = await anna.Submit("/account", "/customers/1/facts", ("field", field), ("value", value), ("version", "1"));
            Assert.True(fixedThere.StatusCode == HttpStatusCode.UnprocessableEntity, field);
        }
        Assert.Empty((await anna.Page("/customers?as=board&group=stage")).QuerySelectorAll(".board-card form"));
        Assert.Equal(HttpStatusCode.NotFound, (await carla.Submit("/account", "/customers/1/facts", ("field", "kind"), ("value", "partner"), ("version", "1"))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await carla.Get("/customers/1/cells/category")).StatusCode);
        using var administrator = await app.Administrator();
        var given = (await administrator.Page("/customers?as=board&group=owner")).QuerySelector(".board-column[data-value=anna] .board-card form")!;
        using var assigned = await administrator.Submit("/account", given.GetAttribute("action")!, ("field", "owner"), ("value", "bert"), ("version", "1"));
        Assert.Equal(HttpStatusCode.Redirect, assigned.StatusCode);
        Assert.Equal(4, await app.Number("select count(*) from customers_customer where owner_id = (select id from platform_user where user_name = 'bert')"));
        // Cards that follow go on where the column ends.
        var more = await administrator.Page("/customers/cards?where=name:filled&sort=sales");
        Assert.Equal(12, more.QuerySelectorAll(".board-card").Length);
    }

    [Theory, OnBothDatabases]
    public async Task A_cell_is_changed_where_it_stands_on_the_version_that_was_shown(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var anna = await app.As("anna");
        var list = await anna.Page("/customers?edit=1&columns=category.custom-grade.sales.tier");
        Assert.Equal(["category", "custom-grade"], list.QuerySelectorAll("tbody tr:first-child a.cell").Select(cell => cell.GetAttribute("href")!.Split('/')[^1]));
        Assert.Empty((await anna.Page("/customers?columns=category")).QuerySelectorAll("a.cell"));
        var cell = await anna.Page("/customers/1/cells/category");
        var version = cell.QuerySelector("input[name=version]")!.GetAttribute("value")!;
        using var saved = await anna.Submit("/account", "/customers/1/cells/category", ("value", " 零售 "), ("version", version));
        Assert.Equal(HttpStatusCode.OK, saved.StatusCode);
        Assert.Equal("零售", (await Visitor.Parsed(await saved.Content.ReadAsStringAsync(Ct))).QuerySelector("a.cell")!.TextContent);
        using var stale = await anna.Submit("/account", "/customers/1/cells/category", ("value", "餐饮"), ("version", version));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, stale.StatusCode);
        var told = await Visitor.Parsed(await stale.Content.ReadAsStringAsync(Ct));
        Assert.Equal(("餐饮", true), (told.QuerySelector("input[name=value]")!.GetAttribute("value"), told.QuerySelector("[role=alert]") is not null));
        using var wrong = await anna.Submit("/account", "/customers/1/cells/custom-grade", ("value", "z"), ("version", (int.Parse(version, System.Globalization.CultureInfo.InvariantCulture) + 1).ToString(System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        Assert.DoesNotContain("fields.", (await Visitor.Parsed(await wrong.Content.ReadAsStringAsync(Ct))).QuerySelector("[role=alert]")!.TextContent, StringComparison.Ordinal);
        foreach (var key in (string[])["sales", "tier", "owner", "number", "custom-none"]) { Assert.True((await anna.Get("/customers/1/cells/" + key)).StatusCode == HttpStatusCode.UnprocessableEntity, key); }
        Assert.Single(await app.Entries("customer.edited"), entry => entry.StartsWith("anna ", StringComparison.Ordinal));
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task Where_an_address_lies_and_how_the_firm_is_built_is_not_for_everybody(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        await app.AddUserWith("dora", 1, new(new Dictionary<string, RecordScope> { [CustomerPermissions.Read] = RecordScope.All }, new Dictionary<string, FieldAccess> { ["customers"] = new(1, 1) }));
        using var anna = await app.As("anna");
        using var dora = await app.As("dora");
        // Two were written down as of that district; of the third one the address alone says it.
        Assert.Equal((3, 2), (await InDistrict(anna), await InDistrict(dora)));
        Assert.Equal([3L], await Ids(anna, "where=region:is:330106"));
        foreach (var path in (string[])["/api/customers", "/customers", "/customers/cards"])
        {
            using var refused = await dora.Get(path + "?where=region:is:330106");
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        }
        Assert.Contains("Shenzhen", (await anna.Page("/customers/where")).DocumentElement.OuterHtml, StringComparison.Ordinal);
        Assert.DoesNotContain("Shenzhen", (await dora.Page("/customers/where")).DocumentElement.OuterHtml, StringComparison.Ordinal);

        static async Task<int> InDistrict(Visitor visitor)
        {
            var place = (await visitor.Page("/customers?as=places")).QuerySelectorAll(".places > li").Single(one => one.TextContent.Trim().StartsWith("西湖区", StringComparison.Ordinal));
            var link = place.QuerySelector(":scope > .place-figures a")!;
            var ids = await Ids(visitor, link.GetAttribute("href")!.Split('?')[1]);
            Assert.StartsWith($"{ids.Count} ", link.TextContent, StringComparison.Ordinal);
            return ids.Count;
        }
    }

    /// <summary>Twelve customers: four of Anna's, three of Bert's who works below her, five of nobody; Carla works elsewhere.</summary>
    private static async Task<HuikeApp> Firm(DatabaseKind kind)
    {
        var app = await HuikeApp.Start(kind);
        using var administrator = await app.Administrator();
        var south = await app.AddUnit("South");
        var below = await app.AddUnit("Shenzhen", south);
        RoleDefinition Role(RecordScope read, bool shares) => new(new Dictionary<string, RecordScope> { [CustomerPermissions.Read] = read, [CustomerPermissions.Edit] = read, [CustomerPermissions.Create] = RecordScope.All, [CustomerPermissions.Export] = read, [CustomerPermissions.ShareViews] = shares ? RecordScope.All : RecordScope.None }, new Dictionary<string, FieldAccess> { ["customers"] = FieldAccess.Full });
        await app.AddUserWith("anna", south, Role(RecordScope.All, shares: true));
        await app.AddUserWith("bert", below, Role(RecordScope.Own, shares: false));
        await app.AddUserWith("carla", await app.AddUnit("North"), Role(RecordScope.Own, shares: false));
        await Given.Field(administrator, "customers", "级别", "Grade", "grade", "choice", ("choices", "a\nb"));
        string[] places = ["浙江省 杭州市 西湖区", "杭州市", "上海市", "深圳市南山区", "Mars", ""];
        for (var i = 0; i < 12; i++)
        {
            var custom = i % 3 == 2 ? null : new Dictionary<string, string> { ["grade"] = i % 3 == 0 ? "a" : "b" };
            using var added = await administrator.Json("POST", "/api/customers", JsonSerializer.Serialize(new { name = "客" + i, category = i % 4 == 0 ? null : i % 2 == 0 ? "餐饮" : "零售", place = places[i % 6], custom }));
            Assert.True(added.StatusCode == HttpStatusCode.Created, await added.Content.ReadAsStringAsync(Ct));
            var owner = i < 4 ? "(select id from platform_user where user_name = 'anna')" : i < 7 ? "(select id from platform_user where user_name = 'bert')" : "null";
            await app.Number($"update customers_customer set owner_id = {owner}, unit_id = {(i < 4 ? south.ToString(System.Globalization.CultureInfo.InvariantCulture) : "null")} where id = {i + 1}");
            await app.Number($"update customers_standing set tier = {i % 3}, stage = {i % 4}, sales = {i * 50_000}, documents = 1, purchases = 1 where customer_id = {i + 1}");
        }
        using var address = await administrator.Json("POST", "/api/customers/3/addresses", """{"text":"浙江省杭州市西湖区文三路1号"}""");
        return app;
    }

    private static async Task<List<long>> Ids(Visitor visitor, string query) => [.. JsonNode.Parse(await visitor.Text("/api/customers?limit=200&" + query))!["rows"]!.AsArray().Select(row => (long)row!["id"]!)];

    private static async Task<List<string>> Names(Visitor visitor) => [.. JsonNode.Parse(await visitor.Text("/api/views"))!["rows"]!.AsArray().Select(row => (string)row!["name"]!)];

    private static string Key() => Guid.CreateVersion7().ToString("N");
}
