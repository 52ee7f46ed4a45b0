using System.Net;
using System.Text.Json.Nodes;
using AngleSharp.Dom;
using Huike.Customers.Contracts;
using Huike.IntegrationTests.Platform.Audit;
using Huike.IntegrationTests.Privacy;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Roles;
using Huike.Platform.Api;
using Huike.Platform.Data;

namespace Huike.IntegrationTests.Customers;

/// <summary>Addresses of customers, their regions, and blocks that people paste.</summary>
public sealed class AddressTests
{
    private const string Addresses = "/customers/1/addresses";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task A_pasted_block_fills_the_form_which_is_saved_by_choices_without_a_script(DatabaseKind kind)
    {
        await using var app = await WithTwo(kind);
        using var visitor = await app.Administrator();
        using var read = await visitor.Submit(Addresses + "/new", Addresses, ("step", "read"), ("block", "收货人：张三 138-0013-8000\n广东 深圳 南山区粤海街道 科技园路1号 518000"), ("formKey", Key()));
        var page = await Visitor.Parsed(await read.Content.ReadAsStringAsync(Ct));
        Assert.Equal(("张三", "138-0013-8000", "518000", "科技园路1号", "44", "4403", "440305", "440305007"), (Value(page, "recipient"), Value(page, "phone"), Value(page, "postcode"), Value(page, "detail"),
            Chosen(page, "province"), Chosen(page, "city"), Chosen(page, "area"), Chosen(page, "street")));
        Assert.Null(page.QuerySelector("main .alert"));
        // Two districts of one name: the form asks.
        using var asked = await visitor.Submit(Addresses + "/new", Addresses, ("step", "read"), ("block", "朝阳区建国路88号"), ("formKey", Key()));
        page = await Visitor.Parsed(await asked.Content.ReadAsStringAsync(Ct));
        Assert.Equal(["", "110105", "220104"], page.QuerySelectorAll("select[name=code] option").Select(option => option.GetAttribute("value")!));
        Assert.Contains("Several regions fit", page.QuerySelector(".alert")!.TextContent, StringComparison.Ordinal);
        // From choice to choice; a city of another province is none.
        using var next = await visitor.Submit(Addresses + "/new", Addresses, ("step", "choose"), ("province", "11"), ("city", "4403"), ("detail", "typed"), ("formKey", Key()));
        page = await Visitor.Parsed(await next.Content.ReadAsStringAsync(Ct));
        Assert.Equal(("1101", "typed", 17, null), (Chosen(page, "city"), Value(page, "detail"), page.QuerySelectorAll("select[name=area] option").Length, page.QuerySelector("select[name=street]")));
        Assert.Equal(0, await app.Number("select count(*) from customers_address"));
        var key = Key();
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Sent(visitor, Addresses, ("use", "delivery"), ("province", "44"), ("city", "4403"), ("area", "440305"), ("street", "440305007"), ("detail", "科技园路１号"), ("recipient", "张三"), ("phone", "138-0013-8000"), ("postcode", "518000"), ("formKey", key))));
        Assert.Equal("""[{"id":1,"use":"delivery","recipient":"张三","phone":"+8613800138000","division":"440305007","region":"广东省深圳市南山区粤海街道","detail":"科技园路１号","postcode":"518000","preferred":true,"version":1}]""",
            JsonNode.Parse(await visitor.Text("/api" + Addresses))!["rows"]!.ToJsonString(ApiAnswer.Json));
    }

    [Theory, OnBothDatabases]
    public async Task The_preferred_one_is_the_customers_own_and_follows_it_both_ways(DatabaseKind kind)
    {
        await using var app = await WithTwo(kind);
        using var visitor = await app.Administrator();
        (await visitor.Json("PATCH", "/api/customers/1", """{"address":"Harbour Lane 7","place":"深圳"}""", ("If-Match", "*"))).Dispose();
        Assert.Equal("""[{"id":null,"use":"office","recipient":null,"phone":null,"division":null,"region":null,"detail":"Harbour Lane 7","postcode":null,"preferred":true,"version":1}]""", JsonNode.Parse(await visitor.Text("/api" + Addresses))!["rows"]!.ToJsonString());
        await Sent(visitor, Addresses, ("use", "office"), ("code", "440305"), ("detail", "Gate 2"), ("preferred", "true"), ("formKey", Key()));
        Assert.Equal(("广东省深圳市南山区Gate 2", "深圳"), await Own(visitor));
        await Sent(visitor, Addresses, ("use", "home"), ("code", "110105"), ("detail", "8"), ("formKey", Key()));
        await Sent(visitor, Addresses + "/2/preferred", ("confirm", "true"));
        Assert.Equal(("北京市朝阳区8", "北京市"), await Own(visitor));
        (await visitor.Json("PATCH", "/api/customers/1", """{"address":"广东省深圳市南山区Gate 2"}""", ("If-Match", "*"))).Dispose();
        Assert.Equal(1, await app.Number("select id from customers_address where is_preferred"));
        await Sent(visitor, Addresses + "/1", ("use", "office"), ("code", "440305"), ("detail", "Gate 3"), ("version", $"{await app.Number("select version from customers_address where id = 1")}"), ("formKey", Key()));
        Assert.Equal("广东省深圳市南山区Gate 3", (await Own(visitor)).Address);
        await Sent(visitor, Addresses + "/1/removal", ("confirm", "true"));
        Assert.Equal(("北京市朝阳区8", 1), ((await Own(visitor)).Address, await app.Number("select count(*) from customers_address where is_preferred")));
        (await visitor.Json("PATCH", "/api/customers/1", """{"address":"elsewhere"}""", ("If-Match", "*"))).Dispose();
        Assert.Equal(2, JsonNode.Parse(await visitor.Text("/api" + Addresses))!["rows"]!.AsArray().Count);
        Assert.Contains("北京市朝阳区8", (await visitor.Page("/customers/1?kind=changes")).QuerySelector(".timeline")!.TextContent, StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task What_is_wrong_or_old_is_refused_in_words_and_changes_nothing(DatabaseKind kind)
    {
        await using var app = await WithTwo(kind);
        using var visitor = await app.Administrator();
        await Sent(visitor, Addresses, ("use", "office"), ("detail", "Gate 2"), ("formKey", Key()));
        foreach (var (action, fields, said) in new (string, (string, string)[], string)[]
        {
            (Addresses, [("use", "office")], "Choose a region"), (Addresses, [("use", "moon"), ("detail", "x")], "one of the uses"), (Addresses, [("use", "office"), ("detail", "x"), ("postcode", "!!!")], "postcode"),
            (Addresses, [("use", "office"), ("detail", "x"), ("phone", "no digits")], "phone"), (Addresses, [("use", "office"), ("detail", new string('x', 401))], "400"), (Addresses, [("use", "office"), ("detail", "Gate 2")], "already"),
            (Addresses + "/1", [("use", "office"), ("detail", "x"), ("version", "7")], "changed"),
        })
        {
            using var refused = await visitor.Submit("/customers/1", action, [.. fields, ("formKey", Key())]);
            Assert.True(refused.StatusCode == HttpStatusCode.UnprocessableEntity, $"{said} answered {(int)refused.StatusCode}");
            Assert.Contains(said, await refused.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        }
        foreach (var action in new[] { "/customers/2/addresses/1/removal", "/customers/2/addresses/1/preferred", Addresses + "/99/removal" })
        {
            using var other = await visitor.Submit("/customers/1", action, ("confirm", "true"));
            Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
        }
        using var several = await visitor.Json("POST", "/api" + Addresses, """{"text":"朝阳区建国路88号"}""");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, several.StatusCode);
        Assert.Contains("220104", await several.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await visitor.Json("POST", "/api" + Addresses, """{"division":"999999","detail":"x"}""")).StatusCode);
        Assert.Equal(1, await app.Number("select count(*) from customers_address"));
    }

    [Theory, OnBothDatabases]
    public async Task Only_who_may_edit_and_sees_what_is_personal_writes_and_others_see_it_masked(DatabaseKind kind)
    {
        await using var app = await WithTwo(kind);
        using var administrator = await app.Administrator();
        await Sent(administrator, Addresses, ("use", "delivery"), ("code", "440305007"), ("detail", "Secret Lane 1"), ("recipient", "Wang Fang"), ("phone", "13700137001"), ("formKey", Key()));
        using var reader = await app.UserWith(CustomerPermissions.Read);
        await app.AddUserWithRoles("agent", 1, "agent");
        using var agent = await app.As("agent");
        await app.AddUserWith("owner", 1, new(new Dictionary<string, RecordScope> { [CustomerPermissions.Read] = RecordScope.Own, [CustomerPermissions.Edit] = RecordScope.Own }, new Dictionary<string, FieldAccess> { ["customers"] = FieldAccess.Full }));
        using var owner = await app.As("owner");
        foreach (var (visitor, status) in new[] { (reader, HttpStatusCode.Forbidden), (agent, HttpStatusCode.Forbidden), (owner, HttpStatusCode.NotFound) })
        {
            foreach (var (method, path, body) in new[] { ("POST", "", """{"detail":"x"}"""), ("PATCH", "/1", """{"detail":"x"}"""), ("DELETE", "/1", null) })
            {
                using var refused = await visitor.Json(method, "/api" + Addresses + path, body, ("If-Match", "*"));
                Assert.Equal(status, refused.StatusCode);
            }
            foreach (var action in new[] { "", "/1", "/1/preferred", "/1/removal" })
            {
                using var refused = await visitor.Submit("/account", Addresses + action, ("use", "office"), ("detail", "x"), ("version", "1"), ("formKey", Key()));
                Assert.Equal(status, refused.StatusCode);
            }
            // Who may edit and sees it masked is led back to the file.
            foreach (var path in new[] { "/new", "/1" }) { Assert.Equal(visitor == agent ? HttpStatusCode.Redirect : status, (await visitor.Get(Addresses + path)).StatusCode); }
        }
        foreach (var path in new[] { "/customers/1", "/customers/1?kind=changes", "/api" + Addresses, "/api" + Addresses + "/1" })
        {
            var text = await agent.Text(path);
            foreach (var secret in new[] { "Secret Lane", "13700137001", "Wang Fang", "440305007" }) { Assert.DoesNotContain(secret, text, StringComparison.Ordinal); }
        }
        Assert.Equal(1, await app.Number("select count(*) from customers_address where detail = 'Secret Lane 1'"));
    }

    [Theory, OnBothDatabases]
    public async Task Programs_paste_change_prefer_and_remove_them_and_walk_the_tree(DatabaseKind kind)
    {
        await using var app = await WithTwo(kind);
        using var program = await app.Administrator();
        using var added = await program.Json("POST", "/api" + Addresses, """{"text":"李雷，１３８００１３８０００，浙江省杭州市西湖区文三路478号","use":"invoice","postcode":"310012"}""", ("Idempotency-Key", "a"));
        var record = JsonNode.Parse(await added.Content.ReadAsStringAsync(Ct))!;
        Assert.Equal((HttpStatusCode.Created, "李雷", "330106", "文三路478号", "310012", "invoice"), (added.StatusCode, (string?)record["recipient"], (string?)record["division"], (string?)record["detail"], (string?)record["postcode"], (string?)record["use"]));
        using var stale = await program.Json("PATCH", "/api" + Addresses + "/1", """{"detail":"x"}""", ("If-Match", "\"7\""));
        using var changed = await program.Json("PATCH", "/api" + Addresses + "/1", """{"detail":"文三路479号"}""", ("If-Match", added.Headers.ETag!.Tag));
        Assert.Equal((HttpStatusCode.PreconditionFailed, HttpStatusCode.OK, "浙江省杭州市西湖区文三路479号"), (stale.StatusCode, changed.StatusCode, (await Own(program)).Address));
        using var removed = await program.Json("DELETE", "/api" + Addresses + "/1", headers: ("If-Match", "*"));
        Assert.Equal((HttpStatusCode.NoContent, null), (removed.StatusCode, (await Own(program)).Address));
        Assert.Equal(34, JsonNode.Parse(await program.Text("/api/divisions"))!["rows"]!.AsArray().Count);
        Assert.Contains("""{"code":"440305","name":"南山区"}""", await program.Text("/api/divisions?above=4403"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await program.Get("/api/divisions?above=nowhere")).StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task The_person_gets_a_copy_and_an_erasure_leaves_none(DatabaseKind kind)
    {
        await using var app = await Persons.Firm(kind);
        using var visitor = await app.Administrator();
        await Sent(visitor, Addresses, ("use", "delivery"), ("code", "440305007"), ("detail", "Jasmine Court 12"), ("recipient", "Ou Xiaoou"), ("phone", "13700137001"), ("preferred", "true"), ("formKey", Key()));
        Assert.Contains("Jasmine Court 12", await visitor.Text(await Persons.Asks(visitor, "copy") + "/copy"), StringComparison.Ordinal);
        await Persons.Erase(visitor);
        Assert.Equal([], await Persons.Sweep(app, [.. Persons.Words, "Jasmine Court", "Ou Xiaoou", "13700137001"]));
        Assert.Equal(0, await app.Number("select count(*) from customers_address"));
    }

    private static string Key() => Guid.CreateVersion7().ToString("N");

    private static async Task<HuikeApp> WithTwo(DatabaseKind kind)
    {
        var app = await HuikeApp.Start(kind);
        await Given.Customers(app, "number,name\nK1,张三\nK2,李雷\n");
        return app;
    }

    private static string? Value(IDocument page, string input) => page.QuerySelector($"input[name={input}]")?.GetAttribute("value");

    private static string? Chosen(IDocument page, string level) => page.QuerySelector($"select[name={level}] option[selected]")?.GetAttribute("value");

    private static async Task<(string? Address, string? Place)> Own(Visitor visitor) => JsonNode.Parse(await visitor.Text("/api/customers/1")) is var customer ? ((string?)customer!["address"], (string?)customer["place"]) : default;

    private static async Task Sent(Visitor visitor, string action, params (string Name, string Value)[] fields)
    {
        using var answer = await visitor.Submit("/customers/1", action, fields);
        Assert.True(answer.StatusCode == HttpStatusCode.Redirect, $"{action} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(Ct)}");
    }
}
