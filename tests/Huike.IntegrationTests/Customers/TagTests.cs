using System.Net;
using System.Text.Json.Nodes;
using Huike.Customers.Contracts;
using Huike.IntegrationTests.Platform.Audit;
using Huike.IntegrationTests.Privacy;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Roles;
using Huike.Platform.Api;
using Huike.Platform.Data;

namespace Huike.IntegrationTests.Customers;

/// <summary>Tags, former names, special requirements and purchase characteristics of customers.</summary>
public sealed class TagTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task The_firm_writes_a_tag_once_and_lists_who_carries_it(DatabaseKind kind)
    {
        await using var app = await WithTwo(kind);
        using var visitor = await app.Administrator();
        await Sent(visitor, "/customers/1/tags", ("tag", " VIP ， #展会，ＶＩＰ"));
        await Sent(visitor, "/customers/2/tags", ("tag", "vip"));
        Assert.Equal("""["VIP","展会"]""", JsonNode.Parse(await visitor.Text("/api/customers/1"))!["tags"]!.ToJsonString(ApiAnswer.Json));
        Assert.Equal(2, await app.Number("select count(*) from customers_tag"));
        foreach (var (asked, found) in new[] { ("vip", "1 2"), ("VIP", "1 2"), ("展会", "1"), ("nobody", ""), ("vip&q=" + Uri.EscapeDataString("李雷"), "2"), ("vip&stage=non-customer&sort=name&dir=desc", "1 2") })
        {
            var rows = JsonNode.Parse(await visitor.Text("/api/customers?tag=" + asked))!["rows"]!.AsArray().Select(row => (int)row!["id"]!).Order();
            Assert.Equal(found, string.Join(' ', rows));
        }
        Assert.NotNull((await visitor.Page("/customers/1")).QuerySelector("ul.chips a[href='/customers?tag=VIP']"));
        Assert.NotNull((await visitor.Page("/customers?tag=VIP")).QuerySelector("select[name=tag] option[value=VIP][selected]"));
        await Sent(visitor, "/customers/1/tags/removal", ("tag", "Vip"));
        await Sent(visitor, "/customers/1/tags", ("tag", "展会"));
        Assert.Equal(["tags  VIP", "tags  展会", "tags VIP "], (await Rows(app, "select field, coalesce(old_value, ''), coalesce(new_value, '') from customers_change where customer_id = 1 order by id")).Order(StringComparer.Ordinal));
        Assert.Equal("""{"rows":["VIP","展会"],"next":null}""", await visitor.Text("/api/tags"));
        using var replaced = await visitor.Json("PUT", "/api/customers/1/tags", """{"tags":["new","VIP"]}""", ("If-Match", "*"));
        Assert.Equal("""["new","VIP"]""", JsonNode.Parse(await replaced.Content.ReadAsStringAsync(Ct))!["tags"]!.ToJsonString());
        foreach (var tag in new[] { "", " ，、", new string('长', 41), string.Join(',', Enumerable.Range(0, 51)) })
        {
            using var refused = await visitor.Submit("/customers/1", "/customers/1/tags", ("tag", tag));
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        }
        Assert.Equal(2, await app.Number("select count(*) from customers_tagged where customer_id = 1"));
    }

    [Theory, OnBothDatabases]
    public async Task Of_one_new_tag_by_many_at_once_there_is_one(DatabaseKind kind)
    {
        await using var app = await WithTwo(kind);
        using var visitor = await app.Administrator();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Sent(visitor, $"/customers/{i % 2 + 1}/tags", ("tag", "rush"))));
        Assert.Equal((1, 2), (await app.Number("select count(*) from customers_tag"), await app.Number("select count(*) from customers_tagged")));
    }

    [Theory, OnBothDatabases]
    public async Task A_changed_name_is_a_former_one_that_the_search_still_knows(DatabaseKind kind)
    {
        await using var app = await WithTwo(kind);
        using var visitor = await app.Administrator();
        (await visitor.Json("PATCH", "/api/customers/1", """{"name":"凯旋机电有限公司"}""", ("If-Match", "*"))).Dispose();
        Assert.Equal("1", await Finds(visitor, "张三"));
        Assert.Equal("1", await Finds(visitor, "zhangsan"));
        Assert.Contains("张三", (await visitor.Page("/customers/1")).QuerySelector(".facts")!.TextContent, StringComparison.Ordinal);
        // A load names the customer otherwise; undone, that never was a name.
        await Given.Customers(app, "number,name\nK1,华光机电\n");
        Assert.Equal(("1", "1"), (await Finds(visitor, "凯旋"), await Finds(visitor, "华光")));
        var load = await app.Number("select max(id) from customers_load");
        using var undone = await visitor.Submit($"/imports/{load}", $"/imports/{load}/undoing", ("confirm", "true"));
        await Persons.Ended(app);
        Assert.Equal(("1", "", "1"), (await Finds(visitor, "凯旋"), await Finds(visitor, "华光"), await Finds(visitor, "张三")));
        // One that was learnt of, and one that was a slip.
        await Sent(visitor, "/customers/1/former-names", ("name", "老张电器"));
        await Sent(visitor, "/customers/1/former-names", ("name", "老张电器"));
        Assert.Equal("1", await Finds(visitor, "老张电器"));
        var slip = await app.Number("select id from customers_former_name where name = '张三'");
        await Sent(visitor, $"/customers/1/former-names/{slip}/removal", ("confirm", "true"));
        Assert.Equal(("", "老张电器"), (await Finds(visitor, "张三"), string.Join(' ', JsonNode.Parse(await visitor.Text("/api/customers/1/former-names"))!["rows"]!.AsArray().Select(row => (string)row!["name"]!))));
        // The name comes back: it is no former one then.
        (await visitor.Json("PATCH", "/api/customers/1", """{"name":"老张电器"}""", ("If-Match", "*"))).Dispose();
        Assert.Equal(["凯旋机电有限公司"], await Rows(app, "select name from customers_former_name"));
        foreach (var (action, name, status) in new[] { ("/customers/1/former-names", "老张电器", HttpStatusCode.UnprocessableEntity), ("/customers/1/former-names", " ", HttpStatusCode.UnprocessableEntity), ("/customers/2/former-names/1/removal", "x", HttpStatusCode.NotFound) })
        {
            using var refused = await visitor.Submit("/customers/1", action, ("name", name));
            Assert.Equal(status, refused.StatusCode);
        }
    }

    [Theory, OnBothDatabases]
    public async Task What_is_to_be_heeded_stands_at_the_top_for_everybody_and_what_is_internal_does_not(DatabaseKind kind)
    {
        await using var app = await WithTwo(kind);
        using var visitor = await app.Administrator();
        Assert.Null((await visitor.Page("/customers/1")).QuerySelector("main .alert"));
        using var edited = await visitor.Submit("/customers/1/edit", "/customers/1/edit", ("version", "1"), ("name", "张三"), ("phone", "13900139000"), ("requirements", "Call before a visit: night shifts"), ("buying", "Buys in spring, in bulk"));
        Assert.Equal(HttpStatusCode.Redirect, edited.StatusCode);
        await Sent(visitor, "/customers/1/tags", ("tag", "difficult"));
        await app.AddUserWith("partner", 1, new(new Dictionary<string, RecordScope> { [CustomerPermissions.Read] = RecordScope.All, [CustomerPermissions.Edit] = RecordScope.All }, new Dictionary<string, FieldAccess> { ["customers"] = new(1, 1) }));
        using var partner = await app.As("partner");
        foreach (var (someone, sees) in new[] { (visitor, true), (partner, false) })
        {
            var (page, json) = (await someone.Page("/customers/1"), await someone.Text("/api/customers/1"));
            Assert.Contains("night shifts", page.QuerySelector(".alert")!.TextContent, StringComparison.Ordinal);
            Assert.Contains("night shifts", json, StringComparison.Ordinal);
            foreach (var secret in new[] { "in bulk", "difficult" })
            {
                Assert.Equal((sees, sees), (page.DocumentElement.TextContent.Contains(secret, StringComparison.Ordinal), json.Contains(secret, StringComparison.Ordinal)));
            }
        }
        using var sifted = await partner.Get("/api/customers?tag=difficult");
        using var tagged = await partner.Submit("/customers/1", "/customers/1/tags", ("tag", "mine"));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, HttpStatusCode.Forbidden, """{"rows":[],"next":null}"""), (sifted.StatusCode, tagged.StatusCode, await partner.Text("/api/tags")));
        using var reader = await app.UserWith(CustomerPermissions.Read);
        await app.AddUserWith("owner", 1, new(new Dictionary<string, RecordScope> { [CustomerPermissions.Read] = RecordScope.Own, [CustomerPermissions.Edit] = RecordScope.Own }, new Dictionary<string, FieldAccess> { ["customers"] = FieldAccess.Full }));
        using var owner = await app.As("owner");
        foreach (var (someone, status) in new[] { (reader, HttpStatusCode.Forbidden), (owner, HttpStatusCode.NotFound) })
        {
            foreach (var action in new[] { "/customers/1/tags", "/customers/1/tags/removal", "/customers/1/former-names", "/customers/1/former-names/1/removal" })
            {
                using var refused = await someone.Submit("/account", action, ("tag", "x"), ("name", "x"));
                Assert.Equal(status, refused.StatusCode);
            }
            using var put = await someone.Json("PUT", "/api/customers/1/tags", """{"tags":["x"]}""", ("If-Match", "*"));
            Assert.Equal(status, put.StatusCode);
        }
    }

    [Theory, OnBothDatabases]
    public async Task The_person_gets_a_copy_and_an_erasure_leaves_none(DatabaseKind kind)
    {
        await using var app = await Persons.Firm(kind);
        using var visitor = await app.Administrator();
        await Sent(visitor, "/customers/1/tags", ("tag", "gourmet"));
        await Sent(visitor, "/customers/1/former-names", ("name", "鸥姑娘"));
        (await visitor.Json("PATCH", "/api/customers/1", """{"requirements":"allergic to nuts","buying":"at new year"}""", ("If-Match", "*"))).Dispose();
        var copy = JsonNode.Parse(await visitor.Text(await Persons.Asks(visitor, "copy") + "/copy"))!.ToJsonString(ApiAnswer.Json);
        foreach (var word in new[] { "gourmet", "鸥姑娘", "欧阳小鸥", "allergic to nuts", "at new year" }) { Assert.Contains(word, copy, StringComparison.Ordinal); }
        await Persons.Erase(visitor);
        Assert.Equal([], await Persons.Sweep(app, [.. Persons.Words, "鸥姑娘", "allergic to nuts", "at new year"]));
        Assert.Equal(0, await app.Number("select count(*) from customers_tagged") + await app.Number("select count(*) from customers_former_name"));
        Assert.Equal("", await Finds(visitor, "鸥姑娘"));
    }

    private static async Task<HuikeApp> WithTwo(DatabaseKind kind)
    {
        var app = await HuikeApp.Start(kind);
        await Given.Customers(app, "number,name,phone\nK1,张三,13900139000\nK2,李雷,13800138000\n");
        return app;
    }

    private static async Task Sent(Visitor visitor, string action, params (string Name, string Value)[] fields)
    {
        using var answer = await visitor.Submit("/customers/1", action, fields);
        Assert.True(answer.StatusCode == HttpStatusCode.Redirect, $"{action} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(Ct)}");
    }

    private static async Task<string> Finds(Visitor visitor, string typed) =>
        string.Join(' ', JsonNode.Parse(await visitor.Text("/api/customers?q=" + Uri.EscapeDataString(typed)))!["rows"]!.AsArray().Select(row => (int)row!["id"]!));

    private static async Task<List<string>> Rows(HuikeApp app, string sql)
    {
        await using var connection = await app.Database.Open(Ct);
        return await connection.Rows(sql, row => string.Join(' ', Enumerable.Range(0, row.FieldCount).Select(row.GetValue)), Ct);
    }
}
