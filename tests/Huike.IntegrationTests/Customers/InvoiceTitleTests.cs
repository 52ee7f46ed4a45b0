using System.Net;
using System.Text.Json.Nodes;
using AngleSharp.Dom;
using Huike.Customers.Contracts;
using Huike.Platform.Data;
using Huike.Platform.Search;

namespace Huike.IntegrationTests.Customers;

/// <summary>Invoice titles of customers, and what firms send round.</summary>
public sealed class InvoiceTitleTests
{
    private const string Code = "91440300708461136T";
    private const string Titles = "/customers/1/invoice-titles";
    private const string Block = "名称：回客（武汉）电器有限公司\n纳税人识别号：91440300708461136t\n地址、电话：武汉市江汉区建设大道1号 027-85551234\n开户行及账号：工商银行武汉分行 3202 0060 0900 0123 456";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task What_a_firm_sent_fills_the_form_is_kept_once_and_copied_back(DatabaseKind kind)
    {
        await using var app = await WithTwo(kind);
        using var visitor = await app.Administrator();
        Assert.Equal(("organisation", "回客集团有限公司", Code), await Begun(visitor, 1));
        Assert.Equal(("person", "李雷", ""), await Begun(visitor, 2));
        using var read = await visitor.Submit(Titles + "/new", Titles, ("step", "read"), ("kind", "person"), ("block", Block), ("formKey", Key()));
        var page = await Visitor.Parsed(await read.Content.ReadAsStringAsync(Ct));
        string[] inputs = ["name", "taxNumber", "address", "phone", "bank", "account"];
        string[] values = ["回客（武汉）电器有限公司", Code, "武汉市江汉区建设大道1号", "027-85551234", "工商银行武汉分行", "3202006009000123456"];
        Assert.Equal(["organisation", .. values], [page.QuerySelector("select[name=kind] option[selected]")!.GetAttribute("value")!, .. inputs.Select(input => Value(page, input)!)]);
        var key = Key();
        (string, string)[] fields = [("kind", "organisation"), .. inputs.Zip(values), ("email", "fp@huike.example"), ("mobile", "138 0013 8000"), ("formKey", key)];
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Sent(visitor, Titles, fields)));
        Assert.Equal(1, await app.Number("select count(*) from customers_invoice_title where is_preferred and mobile = '+8613800138000'"));
        foreach (var language in new[] { "en", "zh-CN" })
        {
            using var speaker = await app.Administrator(language);
            var card = (await speaker.Page("/customers/1")).QuerySelector("#invoice-titles")!;
            var again = InvoiceText.Read(card.QuerySelector("[data-copy]")!.GetAttribute("data-copy"));
            Assert.Equal([.. values, "fp@huike.example"], [again.Name!, again.TaxNumber!, again.Address!, again.Phone!, again.BankName!, again.AccountNumber!, again.Email!]);
            Assert.Equal((true, 0), (again.MobilePhone?.EndsWith("138 0013 8000", StringComparison.Ordinal), again.Doubts.Count));
            Assert.NotNull(card.QuerySelector(".pill"));
        }
    }

    [Theory, OnBothDatabases]
    public async Task One_of_several_is_offered_first_and_history_tells_each_change(DatabaseKind kind)
    {
        await using var app = await WithTwo(kind);
        using var visitor = await app.Administrator();
        await Sent(visitor, Titles, ("kind", "organisation"), ("name", "回客一"), ("taxNumber", "440300708461136"), ("formKey", Key()));
        await Sent(visitor, Titles, ("kind", "person"), ("name", "回客二"), ("formKey", Key()));
        Assert.Contains("18 characters", (await visitor.Page("/customers/1")).QuerySelector("#invoice-titles .tone-warn")!.TextContent, StringComparison.Ordinal);
        await Sent(visitor, Titles + "/2/preferred", ("confirm", "true"));
        Assert.Equal("""[{"id":2,"name":"回客二","preferred":true},{"id":1,"name":"回客一","preferred":false}]""", Rows(await visitor.Text("/api" + Titles)));
        await Sent(visitor, Titles + "/1", ("kind", "organisation"), ("name", "回客一"), ("taxNumber", Code), ("version", "2"), ("formKey", Key()));
        await Sent(visitor, Titles + "/2/removal", ("confirm", "true"));
        Assert.Equal("""[{"id":1,"name":"回客一","preferred":true}]""", Rows(await visitor.Text("/api" + Titles)));
        var timeline = (await visitor.Page("/customers/1?kind=changes")).QuerySelector(".timeline")!.TextContent;
        foreach (var told in new[] { "440300708461136", Code, "回客二" }) { Assert.Contains(told, timeline, StringComparison.Ordinal); }
    }

    [Theory, OnBothDatabases]
    public async Task What_is_wrong_or_old_is_refused_in_words_and_changes_nothing(DatabaseKind kind)
    {
        await using var app = await WithTwo(kind);
        using var visitor = await app.Administrator();
        await Sent(visitor, Titles, ("kind", "organisation"), ("name", "回客一"), ("taxNumber", Code), ("formKey", Key()));
        foreach (var (action, fields, said) in new (string, (string, string)[], string)[]
        {
            (Titles, [("kind", "organisation"), ("name", "")], "needs a name"), (Titles, [("kind", "moon"), ("name", "x")], "organisation or a person"), (Titles, [("kind", "organisation"), ("name", "x"), ("taxNumber", "91440300708461136X")], "last character"),
            (Titles, [("kind", "organisation"), ("name", "x"), ("taxNumber", "123")], "this one has 3"), (Titles, [("kind", "person"), ("name", "x"), ("account", "12a4567")], "5 to 32 digits"), (Titles, [("kind", "person"), ("name", "x"), ("email", "nobody")], "mail"),
            (Titles, [("kind", "person"), ("name", new string('x', 401))], "400"), (Titles, [("kind", "organisation"), ("name", "回客一"), ("taxNumber", Code)], "already"), (Titles + "/1", [("kind", "person"), ("name", "x"), ("version", "7")], "changed"),
        })
        {
            using var refused = await visitor.Submit("/customers/1", action, [.. fields, ("formKey", Key())]);
            Assert.True(refused.StatusCode == HttpStatusCode.UnprocessableEntity, $"{said} answered {(int)refused.StatusCode}");
            var page = await Visitor.Parsed(await refused.Content.ReadAsStringAsync(Ct));
            Assert.Contains(said, page.QuerySelector(".alert")!.TextContent, StringComparison.Ordinal);
            // What was typed is not lost.
            Assert.Equal(fields[1].Item2, Value(page, "name"));
        }
        foreach (var action in new[] { "/customers/2/invoice-titles/1/removal", "/customers/2/invoice-titles/1/preferred", Titles + "/99/removal" })
        {
            using var other = await visitor.Submit("/customers/1", action, ("confirm", "true"));
            Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
        }
        // A person in trade is taxed by his identity number.
        await Sent(visitor, Titles, ("kind", "person"), ("name", "张三"), ("taxNumber", "11010519491231002X"), ("formKey", Key()));
        Assert.Equal(2, await app.Number("select count(*) from customers_invoice_title"));
    }

    [Theory, OnBothDatabases]
    public async Task Only_who_may_edit_and_sees_what_is_personal_writes_and_others_see_it_masked(DatabaseKind kind)
    {
        await using var app = await WithTwo(kind);
        using var administrator = await app.Administrator();
        await Sent(administrator, Titles, ("kind", "person"), ("name", "Wang Secret"), ("account", "6222020200112233445"), ("mobile", "13700137001"), ("formKey", Key()));
        using var reader = await app.UserWith(CustomerPermissions.Read);
        await app.AddUserWithRoles("agent", 1, "agent");
        using var agent = await app.As("agent");
        foreach (var (visitor, status) in new[] { (reader, HttpStatusCode.Forbidden), (agent, HttpStatusCode.Forbidden) })
        {
            foreach (var (method, path, body) in new[] { ("POST", "", """{"name":"x"}"""), ("PATCH", "/1", """{"name":"x"}"""), ("DELETE", "/1", null) })
            {
                using var refused = await visitor.Json(method, "/api" + Titles + path, body, ("If-Match", "*"));
                Assert.Equal(status, refused.StatusCode);
            }
            foreach (var action in new[] { "", "/1", "/1/preferred", "/1/removal" })
            {
                using var refused = await visitor.Submit("/account", Titles + action, ("kind", "person"), ("name", "x"), ("step", "read"), ("version", "1"), ("formKey", Key()));
                Assert.Equal(status, refused.StatusCode);
            }
            foreach (var path in new[] { "/new", "/1" }) { Assert.Equal(visitor == agent ? HttpStatusCode.Redirect : status, (await visitor.Get(Titles + path)).StatusCode); }
        }
        foreach (var path in new[] { "/customers/1", "/customers/1?kind=changes", "/api" + Titles, "/api" + Titles + "/1" })
        {
            var text = await agent.Text(path);
            foreach (var secret in new[] { "Wang Secret", "6222020200112233445", "13700137001" }) { Assert.DoesNotContain(secret, text, StringComparison.Ordinal); }
        }
        Assert.Equal(1, await app.Number("select count(*) from customers_invoice_title where name = 'Wang Secret'"));
    }

    [Theory, OnBothDatabases]
    public async Task Programs_paste_change_and_remove_them(DatabaseKind kind)
    {
        await using var app = await WithTwo(kind);
        using var program = await app.Administrator();
        using var added = await program.Json("POST", "/api" + Titles, new JsonObject { ["text"] = Block, ["email"] = "fp@huike.example" }.ToJsonString(), ("Idempotency-Key", "a"));
        var record = JsonNode.Parse(await added.Content.ReadAsStringAsync(Ct))!;
        Assert.Equal((HttpStatusCode.Created, Code, "工商银行武汉分行", "fp@huike.example", true), (added.StatusCode, (string?)record["taxNumber"], (string?)record["bank"], (string?)record["email"], (bool)record["preferred"]!));
        using var stale = await program.Json("PATCH", "/api" + Titles + "/1", """{"bank":"x"}""", ("If-Match", "\"7\""));
        using var changed = await program.Json("PATCH", "/api" + Titles + "/1", """{"bank":null}""", ("If-Match", added.Headers.ETag!.Tag));
        Assert.Equal((HttpStatusCode.PreconditionFailed, HttpStatusCode.OK, null), (stale.StatusCode, changed.StatusCode, JsonNode.Parse(await changed.Content.ReadAsStringAsync(Ct))!["bank"]));
        Assert.Equal(HttpStatusCode.NotFound, (await program.Get("/api" + Titles + "/9")).StatusCode);
        using var removed = await program.Json("DELETE", "/api" + Titles + "/1", headers: ("If-Match", "*"));
        Assert.Equal((HttpStatusCode.NoContent, 0), (removed.StatusCode, await app.Number("select count(*) from customers_invoice_title")));
    }

    private static async Task<HuikeApp> WithTwo(DatabaseKind kind)
    {
        var app = await HuikeApp.Start(kind);
        await Given.Customers(app, $"number,name,kind,creditCode\nK1,回客集团有限公司,organisation,{Code}\nK2,李雷,person,\n");
        return app;
    }

    private static async Task<(string?, string?, string?)> Begun(Visitor visitor, long id)
    {
        var page = await visitor.Page($"/customers/{id}/invoice-titles/new");
        return (page.QuerySelector("select[name=kind] option[selected]")!.GetAttribute("value"), Value(page, "name"), Value(page, "taxNumber"));
    }

    private static string Rows(string answer) => new JsonArray([.. JsonNode.Parse(answer)!["rows"]!.AsArray().Select(row => new JsonObject { ["id"] = (long)row!["id"]!, ["name"] = (string?)row["name"], ["preferred"] = (bool)row["preferred"]! })]).ToJsonString(Huike.Platform.Api.ApiAnswer.Json);

    private static string? Value(IParentNode page, string input) => page.QuerySelector($"input[name={input}]")!.GetAttribute("value") ?? "";

    private static async Task Sent(Visitor visitor, string action, params (string, string)[] fields)
    {
        using var sent = await visitor.Submit("/customers/1", action, fields);
        Assert.True(sent.StatusCode == HttpStatusCode.Redirect, $"{action} answered {(int)sent.StatusCode}: {await sent.Content.ReadAsStringAsync(Ct)}");
    }

    private static string Key() => Guid.CreateVersion7().ToString("N");
}
