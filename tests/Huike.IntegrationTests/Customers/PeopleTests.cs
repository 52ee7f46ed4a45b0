using System.Net;
using System.Text.Json.Nodes;
using Huike.Customers.Contracts;
using Huike.IntegrationTests.Platform.Audit;
using Huike.IntegrationTests.Privacy;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Roles;
using Huike.Platform.Api;
using Huike.Platform.Data;
using Huike.Platform.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Customers;

/// <summary>Contacts of customers, their posts at several, and their birthdays.</summary>
public sealed class PeopleTests
{
    private const string People = "/customers/1/people";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task The_first_ones_name_is_the_customers_own_field_and_follows_it_both_ways(DatabaseKind kind)
    {
        await using var app = await WithTwo(kind);
        using var visitor = await app.Administrator();
        (await visitor.Json("PATCH", "/api/customers/1", """{"contact":"王芳"}""", ("If-Match", "*"))).Dispose();
        Assert.Equal("""[{"name":"王芳","id":null,"main":true}]""", await Listed(visitor));
        // What was only a name gets details.
        var key = Key();
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Sent(visitor, People, [("formKey", key), .. Person("王芳", "decision-maker", phone: "139 0013 9000")])));
        await Sent(visitor, People, [("formKey", Key()), .. Person("李雷", "technical", wechat: "li_lei8")]);
        Assert.Equal("""[{"name":"王芳","id":1,"main":true},{"name":"李雷","id":2,"main":false}]""", await Listed(visitor));
        await Sent(visitor, People + "/2", [("version", "1"), ("main", "true"), .. Person("李磊", "payer", wechat: "li_lei8")]);
        Assert.Equal("李磊", (string?)JsonNode.Parse(await visitor.Text("/api/customers/1"))!["contact"]);
        // The customer's form names the other one again, then nobody whom we know.
        (await visitor.Json("PATCH", "/api/customers/1", """{"contact":"王芳"}""", ("If-Match", "*"))).Dispose();
        Assert.Equal("""[{"name":"王芳","id":1,"main":true},{"name":"李磊","id":2,"main":false}]""", await Listed(visitor));
        (await visitor.Json("PATCH", "/api/customers/1", """{"contact":"老赵"}""", ("If-Match", "*"))).Dispose();
        Assert.Equal("""[{"name":"老赵","id":null,"main":true},{"name":"王芳","id":1,"main":false},{"name":"李磊","id":2,"main":false}]""", await Listed(visitor));
        (await visitor.Json("PATCH", "/api/customers/1", """{"contact":"王芳"}""", ("If-Match", "*"))).Dispose();
        await Sent(visitor, People + "/1/removal", ("confirm", "true"));
        Assert.Equal(("李磊", 1), ((string?)JsonNode.Parse(await visitor.Text("/api/customers/1"))!["contact"], (int)await app.Number("select count(*) from customers_person")));
        var page = await visitor.Page("/customers/1?kind=changes");
        Assert.Contains("李磊: Pays", page.QuerySelector(".timeline")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("李磊", page.QuerySelector("#people")!.TextContent, StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task One_person_at_two_customers_is_one_and_the_search_finds_both_by_name_and_phone(DatabaseKind kind)
    {
        await using var app = await WithTwo(kind);
        using var visitor = await app.Administrator();
        await Sent(visitor, People, [("formKey", Key()), .. Person("单田芳", "buyer", phone: "13700137001")]);
        await Sent(visitor, "/customers/2/people", [("formKey", Key()), .. Person("单田芳", "user", phone: "+86 137-0013-7001", email: "tf@example.cn")]);
        Assert.Equal((1, 2), (await app.Number("select count(*) from customers_person"), await app.Number("select count(*) from customers_post")));
        foreach (var typed in new[] { "单田芳", "shantianfang", "13700137001", "7001" }) { Assert.Equal("1 2", await Finds(visitor, typed)); }
        Assert.Contains("李雷", (await visitor.Page("/customers/1")).QuerySelector("#people")!.TextContent, StringComparison.Ordinal);
        // What is said of the person at one holds at the other.
        using var changed = await visitor.Json("PATCH", "/api/customers/2/people/2", """{"name":"单雄信","phone":"13700137002"}""", ("If-Match", "\"1\""));
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.Equal(("1 2", "1 2", ""), (await Finds(visitor, "单雄信"), await Finds(visitor, "13700137002"), await Finds(visitor, "13700137001")));
        Assert.Equal("单雄信", (string?)JsonNode.Parse(await visitor.Text("/api/customers/1"))!["contact"]);
        Assert.Equal(2, await app.Number("select count(*) from customers_change where field = 'personPhone' and new_value like '%7002'"));
        using var twice = await visitor.Submit("/customers/1", People, [("formKey", Key()), .. Person("单雄信", "other", phone: "13700137002")]);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, twice.StatusCode);
        // Whoever sees only one of the two is not told of the other.
        await app.AddUserWith("owner", 1, new(new Dictionary<string, RecordScope> { [CustomerPermissions.Read] = RecordScope.Own, [CustomerPermissions.Edit] = RecordScope.Own }, new Dictionary<string, FieldAccess> { ["customers"] = FieldAccess.Full }));
        (await visitor.Json("PUT", "/api/customers/1/owner", """{"owner":"owner"}""", ("If-Match", "*"))).Dispose();
        using var owner = await app.As("owner");
        var page = (await owner.Page("/customers/1")).QuerySelector("#people")!.TextContent;
        Assert.Contains("a customer of a colleague", page, StringComparison.Ordinal);
        Assert.DoesNotContain("李雷", page, StringComparison.Ordinal);
        Assert.DoesNotContain("\"others\":[2]", await owner.Text("/api/customers/1/people"), StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task Only_who_may_edit_and_sees_what_is_personal_writes_and_others_see_it_masked(DatabaseKind kind)
    {
        await using var app = await WithTwo(kind);
        using var administrator = await app.Administrator();
        await Sent(administrator, People, [("formKey", Key()), ("month", "5"), ("day", "12"), ("preferences", "green tea"), .. Person("王芳", "payer", phone: "13700137001", email: "fang.w@example.cn", wechat: "fang_wang")]);
        using var reader = await app.UserWith(CustomerPermissions.Read);
        await app.AddUserWithRoles("agent", 1, "agent");
        using var agent = await app.As("agent");
        await app.AddUserWith("owner", 1, new(new Dictionary<string, RecordScope> { [CustomerPermissions.Read] = RecordScope.Own, [CustomerPermissions.Edit] = RecordScope.Own }, new Dictionary<string, FieldAccess> { ["customers"] = FieldAccess.Full }));
        using var owner = await app.As("owner");
        foreach (var (visitor, status) in new[] { (reader, HttpStatusCode.Forbidden), (agent, HttpStatusCode.Forbidden), (owner, HttpStatusCode.NotFound) })
        {
            foreach (var (method, path, body) in new[] { ("POST", "", """{"name":"x"}"""), ("PATCH", "/1", """{"name":"x"}"""), ("DELETE", "/1", null) })
            {
                using var refused = await visitor.Json(method, "/api" + People + path, body, ("If-Match", "*"));
                Assert.Equal(status, refused.StatusCode);
            }
            foreach (var action in new[] { "", "/1", "/1/removal" })
            {
                using var refused = await visitor.Submit("/account", People + action, [("formKey", Key()), ("version", "1"), .. Person("x", "other")]);
                Assert.Equal(status, refused.StatusCode);
            }
        }
        foreach (var path in new[] { "/customers/1", "/customers/1?kind=changes", "/api" + People, "/api" + People + "/1" })
        {
            var text = await agent.Text(path);
            foreach (var secret in new[] { "13700137001", "137 0013 7001", "ang.w@", "ang_wang" }) { Assert.DoesNotContain(secret, text, StringComparison.Ordinal); }
        }
        Assert.Null(JsonNode.Parse(await agent.Text("/api" + People + "/1"))!["birthday"]);
        Assert.Contains("137****7001", await agent.Text("/customers/1"), StringComparison.Ordinal);
        using var shown = await agent.Submit("/customers/1", "/customers/1/reveal", ("field", "personPhone-1"), ("reason", "return call"));
        Assert.Contains("137 0013 7001", await shown.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Equal(["""agent record.revealed customer 1 [{"field":"field","old":null,"new":"personPhone"}] return call"""], await app.Entries("record.revealed"));
        Assert.Equal(1, await app.Number("select count(*) from customers_person where name = '王芳'"));
    }

    [Theory, OnBothDatabases]
    public async Task What_is_wrong_or_old_is_refused_in_words_and_changes_nothing(DatabaseKind kind)
    {
        await using var app = await WithTwo(kind);
        using var visitor = await app.Administrator();
        await Sent(visitor, People, [("formKey", Key()), .. Person("王芳", "payer")]);
        foreach (var (action, fields, said) in new (string, (string, string)[], string)[]
        {
            (People, Person("", "payer"), "name of the contact"), (People, Person("x", "king"), "one of the roles"), (People, Person("x", "payer", phone: "no digits"), "phone"), (People, Person("x", "payer", email: "nobody"), "e-mail"),
            (People, [.. Person("x", "payer"), ("month", "2"), ("day", "30")], "no such birthday"), (People, [.. Person("x", "payer"), ("calendar", "lunar"), ("year", "2024"), ("month", "4"), ("day", "1"), ("leap", "true")], "no such birthday"),
            (People + "/1", [.. Person("x", "payer"), ("version", "7")], "changed"),
        })
        {
            using var refused = await visitor.Submit("/customers/1", action, [.. fields, ("formKey", Key())]);
            Assert.True(refused.StatusCode == HttpStatusCode.UnprocessableEntity, $"{said} answered {(int)refused.StatusCode}");
            Assert.Contains(said, await refused.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        }
        foreach (var action in new[] { "/customers/2/people/1/removal", People + "/99/removal" })
        {
            using var other = await visitor.Submit("/customers/1", action, ("confirm", "true"));
            Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
        }
        Assert.Equal("""[{"name":"王芳","id":1,"main":true}]""", await Listed(visitor));
    }

    [Theory, OnBothDatabases]
    public async Task Programs_add_read_change_and_remove_them(DatabaseKind kind)
    {
        await using var app = await WithTwo(kind);
        using var program = await app.Administrator();
        using var added = await program.Json("POST", "/api" + People, """{"name":"王芳","role":"decision-maker","influence":"decisive","title":"厂长","phone":"13700137001","birthday":{"calendar":"lunar","year":1990,"month":8,"day":15}}""", ("Idempotency-Key", "a"));
        Assert.Equal((HttpStatusCode.Created, "/api/customers/1/people/1"), (added.StatusCode, added.Headers.Location!.OriginalString));
        Assert.Equal("""{"calendar":"lunar","month":8,"day":15,"year":1990,"leap":false}""", JsonNode.Parse(await program.Text("/api" + People + "/1"))!["birthday"]!.ToJsonString());
        using var blind = await program.Json("PATCH", "/api" + People + "/1", """{"title":"x"}""");
        using var stale = await program.Json("PATCH", "/api" + People + "/1", """{"title":"x"}""", ("If-Match", "\"7\""));
        using var changed = await program.Json("PATCH", "/api" + People + "/1", """{"title":null,"birthday":null}""", ("If-Match", added.Headers.ETag!.Tag));
        Assert.Equal((HttpStatusCode.PreconditionRequired, HttpStatusCode.PreconditionFailed, HttpStatusCode.OK), (blind.StatusCode, stale.StatusCode, changed.StatusCode));
        var now = JsonNode.Parse(await changed.Content.ReadAsStringAsync(Ct))!;
        Assert.Equal((null, null, "decision-maker", "+8613700137001"), ((string?)now["title"], now["birthday"], (string?)now["role"], (string?)now["phone"]));
        using var removed = await program.Json("DELETE", "/api" + People + "/1", headers: ("If-Match", "*"));
        Assert.Equal((HttpStatusCode.NoContent, 0), (removed.StatusCode, await app.Number("select count(*) from customers_person")));
    }

    [Theory, OnBothDatabases]
    public async Task Owners_are_told_of_birthdays_three_days_ahead_once(DatabaseKind kind)
    {
        await using var app = await WithTwo(kind);
        using var visitor = await app.Administrator();
        await app.AddUserWithRoles("owner", 1, "salesperson");
        (await visitor.Json("PUT", "/api/customers/1/owner", """{"owner":"owner"}""", ("If-Match", "*"))).Dispose();
        var calendar = new System.Globalization.ChineseLunisolarCalendar();
        var today = TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(8).Date;
        foreach (var (name, ahead, lunar) in new[] { ("甲", 2, false), ("乙", 2, true), ("丙", 9, false), ("丁", -3, true) })
        {
            var at = today.AddDays(ahead);
            var (month, leap) = (calendar.GetMonth(at), calendar.GetLeapMonth(calendar.GetYear(at)));
            var (m, d) = lunar ? (leap > 0 && month >= leap ? month - 1 : month, calendar.GetDayOfMonth(at)) : (at.Month, at.Day);
            await Sent(visitor, People, [("formKey", Key()), ("calendar", lunar ? "lunar" : "solar"), ("month", $"{m}"), ("day", $"{d}"), ("leap", lunar && leap > 0 && month == leap ? "true" : ""), .. Person(name, "user")]);
        }
        for (var i = 0; i < 2; i++)
        {
            var job = await app.Services.GetRequiredService<JobQueue>().Add("customers.due", "{}", "test", false, Ct);
            Assert.Equal(JobState.Done, (await app.Services.GetRequiredService<JobRunner>().RunUntilDone(job, _ => { }, Ct)).State);
        }
        Assert.Equal(2, await app.Number("select count(*) from platform_notice where kind = 'customers.birthday'"));
        using var owner = await app.As("owner");
        Assert.Contains("has a birthday on", (await owner.Page("/notifications")).DocumentElement.TextContent, StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task An_erasure_leaves_none_but_who_has_a_post_elsewhere(DatabaseKind kind)
    {
        await using var app = await Persons.Firm(kind);
        using var visitor = await app.Administrator();
        await Sent(visitor, People, [("formKey", Key()), ("preferences", "white orchids"), .. Person("司徒琴", "user", phone: "13612340001", wechat: "qin_st_1")]);
        await Sent(visitor, People, [("formKey", Key()), .. Person("鲁智", "payer", phone: "13612340002")]);
        await Sent(visitor, "/customers/2/people", [("formKey", Key()), .. Person("鲁智", "buyer", phone: "13612340002")]);
        await Sent(visitor, "/customers/1/relations", ("formKey", Key()), ("relation", "influenced"), ("number", "K2"), ("note", "plays cards with him"));
        Assert.Contains("司徒琴", JsonNode.Parse(await visitor.Text(await Persons.Asks(visitor, "copy") + "/copy"))!["records"]?.ToJsonString(ApiAnswer.Json) ?? JsonNode.Parse(await visitor.Text("/api" + People))!.ToJsonString(ApiAnswer.Json), StringComparison.Ordinal);
        await Persons.Erase(visitor);
        Assert.Equal([], await Persons.Sweep(app, [.. Persons.Words, "司徒琴", "13612340001", "qin_st_1", "white orchids", "plays cards"]));
        Assert.Equal((1, 1, 0), (await app.Number("select count(*) from customers_person"), await app.Number("select count(*) from customers_post"), await app.Number("select count(*) from customers_relation")));
        Assert.Equal("", await Finds(visitor, "qin"));
    }

    private static string Key() => Guid.CreateVersion7().ToString("N");

    private static (string, string)[] Person(string name, string role, string phone = "", string email = "", string wechat = "") => [("name", name), ("role", role), ("influence", "high"), ("phone", phone), ("email", email), ("wechat", wechat)];

    private static async Task<HuikeApp> WithTwo(DatabaseKind kind)
    {
        var app = await HuikeApp.Start(kind);
        await Given.Customers(app, "number,name,phone\nK1,凯旋机电,13900139009\nK2,李雷,13800138000\n");
        return app;
    }

    private static async Task<string> Listed(Visitor visitor) => new JsonArray([.. JsonNode.Parse(await visitor.Text("/api" + People))!["rows"]!.AsArray()
        .Select(row => new JsonObject { ["name"] = row!["name"]!.DeepClone(), ["id"] = row["id"]?.DeepClone(), ["main"] = row["main"]!.DeepClone() })]).ToJsonString(ApiAnswer.Json);

    private static async Task Sent(Visitor visitor, string action, params (string Name, string Value)[] fields)
    {
        using var answer = await visitor.Submit("/customers/1", action, fields);
        Assert.True(answer.StatusCode == HttpStatusCode.Redirect, $"{action} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(Ct)}");
    }

    private static async Task<string> Finds(Visitor visitor, string typed) =>
        string.Join(' ', JsonNode.Parse(await visitor.Text("/api/customers?q=" + Uri.EscapeDataString(typed)))!["rows"]!.AsArray().Select(row => (int)row!["id"]!).Order());
}
