using System.Net;
using System.Text.Json.Nodes;
using Huike.Customers.Contracts;
using Huike.IntegrationTests.Platform.Audit;
using Huike.IntegrationTests.Privacy;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Roles;
using Huike.Platform.Api;
using Huike.Platform.Audit;
using Huike.Platform.Data;

namespace Huike.IntegrationTests.Customers;

/// <summary>Phones, mail addresses and WeChat ids of customers, and how they like to be reached.</summary>
public sealed class ContactPointTests
{
    private const string Points = "/customers/1/contact-points";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task Several_of_a_kind_stand_in_the_file_and_the_preferred_one_is_the_customers_own(DatabaseKind kind)
    {
        await using var app = await WithTwo(kind);
        using var visitor = await app.Administrator();
        var key = Guid.CreateVersion7().ToString("N");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Sent(visitor, Points, ("kind", "phone"), ("value", "（０１０）8765-4321 转 802"), ("use", "work"), ("label", "前台"), ("formKey", key))));
        await Sent(visitor, Points, ("kind", "we-chat"), ("value", "Zhang_San8"), ("formKey", Key()));
        await Sent(visitor, Points, ("kind", "email"), ("value", "San@Example.com"), ("use", "private"), ("formKey", Key()));
        Assert.Equal(["+861087654321 （０１０）8765-4321 转 802 前台", "zhang_san8 Zhang_San8 ", "san@example.com San@Example.com "], await Rows(app, "select value, raw, label from customers_contact_point order by id"));
        var page = await visitor.Page("/customers/1");
        Assert.Equal(["tel:+8613900139000", "tel:+861087654321;ext=802", "mailto:san@example.com"], page.QuerySelectorAll("#contact-points .contact-point > a").Select(link => link.GetAttribute("href")!));
        Assert.Equal("+861087654321", page.QuerySelectorAll("[data-copy]")[1].GetAttribute("data-copy"));
        Assert.Single(page.QuerySelectorAll("#contact-points .contact-point .pill"));
        // The first of its kind is the preferred one, and so the customer's own.
        Assert.Equal(("+8613900139000", "san@example.com"), await Own(visitor));
        await Sent(visitor, Points + "/1/preferred", ("confirm", "true"));
        Assert.Equal("+861087654321", (await Own(visitor)).Phone);
        Assert.Equal(["+8613900139000 False", "+861087654321 True"], await Rows(app, "select value, case when is_preferred then 'True' else 'False' end from customers_contact_point where kind = 0 order by value desc"));
        await Sent(visitor, Points + "/1", ("value", "010-87654322"), ("use", "home"), ("label", ""), ("version", $"{await app.Number("select version from customers_contact_point where id = 1")}"));
        Assert.Equal("+861087654322", (await Own(visitor)).Phone);
        // Where the preferred one goes the next takes its place.
        await Sent(visitor, Points + "/1/removal", ("confirm", "true"));
        Assert.Equal("+8613900139000", (await Own(visitor)).Phone);
        Assert.Equal(["phones  +861087654321", "wechat  zhang_san8", "email  san@example.com", "phone +8613900139000 +861087654321", "phone +861087654321 +861087654322", "phone +861087654322 +8613900139000", "phones +861087654322 "],
            await Rows(app, "select field, coalesce(old_value, ''), coalesce(new_value, '') from customers_change order by id"));
        Assert.Equal((3, 2, 1), ((await app.Entries("customer.contact-added")).Count, (await app.Entries("customer.contact-changed")).Count, (await app.Entries("customer.contact-removed")).Count));
        Assert.Equal(AuditFault.None, (await app.Verify()).Fault);
        Assert.Contains("010 8765 4322", (await visitor.Page("/customers/1?kind=changes")).QuerySelector(".timeline")!.TextContent, StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task What_is_wrong_or_old_is_refused_in_words_and_changes_nothing(DatabaseKind kind)
    {
        await using var app = await WithTwo(kind);
        using var visitor = await app.Administrator();
        await Sent(visitor, Points, ("kind", "phone"), ("value", "13700137000"), ("formKey", Key()));
        await Sent(visitor, "/customers/2/contact-points", ("kind", "we-chat"), ("value", "li-lei"), ("formKey", Key()));
        foreach (var (action, fields, said) in new (string, (string, string)[], string)[]
        {
            (Points, [("kind", "phone"), ("value", "no digits")], "phone"), (Points, [("kind", "email"), ("value", "nobody")], "e-mail"), (Points, [("kind", "we-chat"), ("value", "微信 号")], "WeChat id has"), (Points, [("kind", "fax"), ("value", "1")], "Choose phone, e-mail or WeChat"),
            (Points, [("kind", "email"), ("value", "a@b.cn"), ("use", "fax")], "goes with the kind"), (Points, [("kind", "phone"), ("value", "+86 137 0013 7000")], "already"), (Points, [("kind", "phone"), ("value", new string('1', 401))], "400"),
            (Points + "/1", [("value", "13700137001"), ("version", "7")], "changed"), (Points + "/1", [("value", "13900139000"), ("version", "1")], "already"),
            ("/customers/1/reach", [("day", "someday")], "days of the week"), ("/customers/1/reach", [("from", "18:00"), ("to", "09:00")], "09:00"), ("/customers/1/reach", [("from", "09:00")], "09:00"), ("/customers/1/reach", [("channel", "pigeon")], "visit"),
        })
        {
            using var refused = await visitor.Submit("/customers/1", action, [.. fields, ("formKey", Key())]);
            Assert.True(refused.StatusCode == HttpStatusCode.UnprocessableEntity, $"{action} {fields[^1]} answered {(int)refused.StatusCode}");
            Assert.Contains(said, await refused.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        }
        // Another customer's is not there, by whichever door.
        foreach (var action in new[] { Points + "/2/preferred", Points + "/2/removal", Points + "/99/removal" })
        {
            using var other = await visitor.Submit("/customers/1", action, ("confirm", "true"));
            Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
        }
        Assert.Equal((2, 2), (await app.Number("select count(*) from customers_contact_point"), (await app.Entries("customer.contact-added")).Count));
    }

    [Theory, OnBothDatabases]
    public async Task Only_who_may_edit_the_record_and_sees_what_is_personal_changes_them(DatabaseKind kind)
    {
        await using var app = await WithTwo(kind);
        using var administrator = await app.Administrator();
        await Sent(administrator, Points, ("kind", "phone"), ("value", "13700137000"), ("label", "her sister"), ("formKey", Key()));
        await Sent(administrator, Points, ("kind", "we-chat"), ("value", "Zhang_San8"), ("formKey", Key()));
        using var reader = await app.UserWith(CustomerPermissions.Read);
        await app.AddUserWithRoles("agent", 1, "agent");
        using var agent = await app.As("agent");
        await app.AddUserWith("owner", 1, new(new Dictionary<string, RecordScope> { [CustomerPermissions.Read] = RecordScope.Own, [CustomerPermissions.Edit] = RecordScope.Own }, new Dictionary<string, FieldAccess> { ["customers"] = FieldAccess.Full }));
        using var owner = await app.As("owner");
        foreach (var (visitor, status) in new[] { (reader, HttpStatusCode.Forbidden), (agent, HttpStatusCode.Forbidden), (owner, HttpStatusCode.NotFound) })
        {
            foreach (var (method, path, body) in new[] { ("POST", "", """{"kind":"phone","value":"13600136000"}"""), ("PATCH", "/1", """{"preferred":true}"""), ("DELETE", "/1", null) })
            {
                using var refused = await visitor.Json(method, "/api" + Points + path, body, ("If-Match", "*"));
                Assert.Equal(status, refused.StatusCode);
            }
            foreach (var action in new[] { "", "/1", "/1/preferred", "/1/removal" })
            {
                using var refused = await visitor.Submit("/account", Points + action, ("kind", "phone"), ("value", "13600136000"), ("version", "1"), ("formKey", Key()));
                Assert.Equal(status, refused.StatusCode);
            }
        }
        Assert.Equal(HttpStatusCode.NotFound, (await owner.Get("/api" + Points)).StatusCode);
        Assert.Null((await reader.Page("/customers/1")).QuerySelector("#contact-points form"));
        foreach (var path in new[] { "/customers/1", "/customers/1?kind=changes", "/api" + Points, "/api" + Points + "/1" })
        {
            var text = await agent.Text(path);
            foreach (var secret in new[] { "13700137000", "137 0013 7000", "hang_San8", "hang_san8" }) { Assert.DoesNotContain(secret, text, StringComparison.Ordinal); }
        }
        Assert.Contains("137****7000", await agent.Text("/customers/1"), StringComparison.Ordinal);
        using var shown = await agent.Submit("/customers/1", "/customers/1/reveal", ("field", "phones-1"), ("reason", "return call"));
        Assert.Contains("137 0013 7000", await shown.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        using var none = await agent.Submit("/customers/1", "/customers/1/reveal", ("field", "phones-9"), ("reason", "return call"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, none.StatusCode);
        Assert.Equal(["""agent record.revealed customer 1 [{"field":"field","old":null,"new":"phones"}] return call"""], await app.Entries("record.revealed"));
        Assert.Equal(2, await app.Number("select count(*) from customers_contact_point"));
    }

    [Theory, OnBothDatabases]
    public async Task The_search_finds_by_each_of_them_within_scope_and_masks(DatabaseKind kind)
    {
        await using var app = await WithTwo(kind);
        using var administrator = await app.Administrator();
        await Sent(administrator, Points, ("kind", "phone"), ("value", "0571-8765 4321"), ("formKey", Key()));
        await Sent(administrator, Points, ("kind", "email"), ("value", "first@example.com"), ("formKey", Key()));
        await Sent(administrator, Points, ("kind", "email"), ("value", "San.Second@example.com"), ("formKey", Key()));
        await Sent(administrator, Points, ("kind", "we-chat"), ("value", "Qixi_88"), ("formKey", Key()));
        await app.AddUserWithRoles("agent", 1, "agent");
        using var agent = await app.As("agent");
        await app.AddUserWith("owner", 1, new(new Dictionary<string, RecordScope> { [CustomerPermissions.Read] = RecordScope.Own }, new Dictionary<string, FieldAccess> { ["customers"] = FieldAccess.Full }));
        using var owner = await app.As("owner");
        foreach (var (typed, all, masked) in new[]
        {
            ("4321", true, true), ("0571-87654321", true, true), ("57187654321", true, true), ("0571 8765", true, false), ("654321", true, false), ("9000", true, true), ("first@example.com", true, true), ("FIRST@", true, false),
            ("san.second@EXAMPLE.com", true, true), ("san.sec", true, false), ("qixi_88", true, true), ("Qixi_", true, false), ("5432", false, false), ("second@example.com", false, false),
        })
        {
            Assert.True(all == await Finds(administrator, typed), $"{typed} should {(all ? "" : "not ")}be found");
            Assert.True(masked == await Finds(agent, typed), $"{typed} should {(masked ? "" : "not ")}be found where it is masked");
            Assert.False(await Finds(owner, typed), $"{typed} found what is no own one");
        }
        // The same with a filter over figures, and with what is no more.
        Assert.True(await Finds(administrator, "4321&stage=non-customer"));
        await Sent(administrator, Points + "/1/removal", ("confirm", "true"));
        Assert.False(await Finds(administrator, "4321"));
    }

    [Theory, OnBothDatabases]
    public async Task A_twin_is_known_by_any_of_its_phones(DatabaseKind kind)
    {
        await using var app = await WithTwo(kind);
        using var visitor = await app.Administrator();
        await Sent(visitor, Points, ("kind", "phone"), ("value", "0571-87654321"), ("formKey", Key()));
        using var twin = await visitor.Submit("/customers/new", "/customers/new", ("name", "b"), ("phone", "(0571) 8765 4321"), ("formKey", Key()));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, twin.StatusCode);
        Assert.NotNull((await Visitor.Parsed(await twin.Content.ReadAsStringAsync(Ct))).QuerySelector("a[href='/customers/1']"));
        using var conflict = await visitor.Json("POST", "/api/customers", """{"name":"b","phone":"+8657187654321"}""");
        Assert.Equal(HttpStatusCode.Conflict, conflict.StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task Programs_add_read_change_prefer_and_remove_them(DatabaseKind kind)
    {
        await using var app = await WithTwo(kind);
        using var program = await app.Administrator();
        using var added = await program.Json("POST", "/api" + Points, """{"kind":"phone","value":"400-820-8820","label":"hotline"}""", ("Idempotency-Key", "a"));
        using var again = await program.Json("POST", "/api" + Points, """{"kind":"phone","value":"400-820-8820","label":"hotline"}""", ("Idempotency-Key", "a"));
        Assert.Equal((HttpStatusCode.Created, "/api/customers/1/contact-points/1", "\"1\"", HttpStatusCode.Created), (added.StatusCode, added.Headers.Location!.OriginalString, added.Headers.ETag!.Tag, again.StatusCode));
        Assert.Equal("""{"id":1,"kind":"phone","use":"other","value":"+864008208820","raw":"400-820-8820","label":"hotline","preferred":false,"version":1}""", await added.Content.ReadAsStringAsync(Ct));
        Assert.Equal(await added.Content.ReadAsStringAsync(Ct), await program.Text("/api/customers/1/contact-points/1"));
        Assert.Equal("[null,1]", new JsonArray([.. JsonNode.Parse(await program.Text("/api" + Points))!["rows"]!.AsArray().Select(row => row!["id"]?.DeepClone())]).ToJsonString());
        using var blind = await program.Json("PATCH", "/api/customers/1/contact-points/1", """{"preferred":true}""");
        using var stale = await program.Json("PATCH", "/api/customers/1/contact-points/1", """{"preferred":true}""", ("If-Match", "\"7\""));
        using var tried = await program.Json("PATCH", "/api/customers/1/contact-points/1?dry-run=true", """{"preferred":true}""", ("If-Match", "\"1\""));
        Assert.Equal((HttpStatusCode.PreconditionRequired, HttpStatusCode.PreconditionFailed, HttpStatusCode.OK, "+8613900139000"), (blind.StatusCode, stale.StatusCode, tried.StatusCode, (await Own(program)).Phone));
        using var preferred = await program.Json("PATCH", "/api/customers/1/contact-points/1", """{"preferred":true}""", ("If-Match", "\"1\""));
        Assert.Equal(("\"2\"", "+864008208820"), (preferred.Headers.ETag!.Tag, (await Own(program)).Phone));
        using var relabelled = await program.Json("PATCH", "/api/customers/1/contact-points/1", """{"label":null,"use":"work"}""", ("If-Match", "\"2\""));
        Assert.Equal(("work", null, true), JsonNode.Parse(await relabelled.Content.ReadAsStringAsync(Ct)) is var now ? ((string?)now!["use"], (string?)now["label"], (bool)now["preferred"]!) : default);
        using var removed = await program.Json("DELETE", "/api/customers/1/contact-points/1", headers: ("If-Match", "\"3\""));
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound, "+8613900139000"), (removed.StatusCode, (await program.Get("/api/customers/1/contact-points/1")).StatusCode, (await Own(program)).Phone));
        var version = (await program.Get("/api/customers/1")).Headers.ETag!.Tag;
        using var wish = await program.Json("PUT", "/api/customers/1/reach", """{"channel":"we-chat","days":["monday","friday"],"from":"09:00","to":"12:30"}""", ("If-Match", version));
        Assert.Equal("""{"channel":"we-chat","days":["monday","friday"],"from":"09:00","to":"12:30"}""", JsonNode.Parse(await program.Text("/api/customers/1"))!["reach"]!.ToJsonString(ApiAnswer.Json));
        Assert.NotEqual(version, wish.Headers.ETag!.Tag);
        Assert.Contains("Likes to be reached: WeChat · Monday, Friday · 09:00–12:30", (await program.Page("/customers/1")).QuerySelector("#contact-points")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("How to reach", (await program.Page("/customers/1?kind=changes")).QuerySelector(".timeline")!.TextContent, StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task What_is_said_of_the_customers_own_phone_follows_it(DatabaseKind kind)
    {
        await using var app = await WithTwo(kind);
        using var visitor = await app.Administrator();
        // Of the customer's own phone a form says more.
        await Sent(visitor, Points, ("kind", "phone"), ("value", "139 0013 9000"), ("use", "home"), ("label", "evenings"), ("formKey", Key()));
        await Sent(visitor, Points, ("kind", "phone"), ("value", "13700137000"), ("formKey", Key()));
        Assert.Equal(["+8613900139000 evenings 1", "+8613700137000  0"], await Rows(app, "select value, label, case when is_preferred then 1 else 0 end from customers_contact_point order by id"));
        // A load brings another phone, which was a further one before.
        await Given.Customers(app, "number,name,phone\nK1,张三,13700137000\n");
        Assert.Equal(["+8613700137000  1"], await Rows(app, "select value, label, case when is_preferred then 1 else 0 end from customers_contact_point order by id"));
        using var removed = await visitor.Submit("/customers/1", "/customers/1/removal", ("confirm", "true"));
        Assert.Equal((HttpStatusCode.Redirect, 0), (removed.StatusCode, await app.Number("select count(*) from customers_contact_point")));
    }

    [Theory, OnBothDatabases]
    public async Task The_person_gets_a_copy_of_them_and_an_erasure_leaves_none(DatabaseKind kind)
    {
        await using var app = await Persons.Firm(kind);
        using var visitor = await app.Administrator();
        await Sent(visitor, Points, ("kind", "phone"), ("value", "0571-8765 4321"), ("label", "at her sister's"), ("formKey", Key()));
        await Sent(visitor, Points, ("kind", "we-chat"), ("value", "Xiao_Ou1"), ("formKey", Key()));
        await Sent(visitor, "/customers/1/reach", ("channel", "visit"), ("day", "sunday"));
        await Sent(visitor, Points + "/1/removal", ("confirm", "true"));
        await Sent(visitor, Points, ("kind", "phone"), ("value", "0571-8765 4322"), ("label", "at her sister's"), ("formKey", Key()));
        var copy = JsonNode.Parse(await visitor.Text(await Persons.Asks(visitor, "copy") + "/copy"))!;
        Assert.Contains("\"value\":\"+8657187654322\"", copy.ToJsonString(ApiAnswer.Json), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("at her sister", copy.ToJsonString(ApiAnswer.Json), StringComparison.Ordinal);
        await Persons.Erase(visitor);
        Assert.Equal([], await Persons.Sweep(app, [.. Persons.Words, "57187654321", "57187654322", "8765 4322", "xiao_ou1", "her sister's"]));
        Assert.Equal(0, await app.Number("select count(*) from customers_contact_point") + await app.Number("select count(*) from customers_customer where reach_channel is not null or reach_days is not null"));
        foreach (var typed in new[] { "4322", "xiao_ou1" }) { Assert.False(await Finds(visitor, typed)); }
        foreach (var (action, fields) in new (string, (string, string)[])[] { ("contact-points", [("kind", "phone"), ("value", "13600136000")]), ("reach", [("channel", "phone")]) })
        {
            using var refused = await Persons.Form(visitor, "/customers/new", $"/customers/1/{action}", fields);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        }
    }

    private static string Key() => Guid.CreateVersion7().ToString("N");

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

    private static async Task<(string? Phone, string? Email)> Own(Visitor visitor) => JsonNode.Parse(await visitor.Text("/api/customers/1")) is var customer ? ((string?)customer!["phone"], (string?)customer["email"]) : default;

    private static async Task<bool> Finds(Visitor visitor, string typed) => (await visitor.Text($"/api/customers?q={Uri.EscapeDataString(typed).Replace("%26", "&", StringComparison.Ordinal).Replace("%3D", "=", StringComparison.Ordinal)}")).Contains("\"id\":1,", StringComparison.Ordinal);

    private static async Task<List<string>> Rows(HuikeApp app, string sql)
    {
        await using var connection = await app.Database.Open(Ct);
        return await connection.Rows(sql, row => string.Join(' ', Enumerable.Range(0, row.FieldCount).Select(row.GetValue)), Ct);
    }
}
