using System.Net;
using System.Text.Json.Nodes;
using Huike.Customers.Contracts;
using Huike.Customers.Ledger;
using Huike.Customers.Merges;
using Huike.IntegrationTests.Platform.Audit;
using Huike.IntegrationTests.Privacy;
using Huike.Platform.Access;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Roles;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Customers;

/// <summary>Two files of one customer become one, and two again.</summary>
public sealed class MergeTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static readonly string[] Told = ["欧阳晓鸥", "138 1212 1212", "137 0013 7000", "135 0013 5000", "xo_ouyang_88", "likes jasmine tea", "call her in May", "visit in June", "A1", "A3", "Files merged", "K1"];

    [Theory, OnBothDatabases]
    public async Task All_that_is_known_of_one_goes_over_and_comes_back_as_it_was(DatabaseKind kind)
    {
        await using var app = await Persons.Firm(kind);
        using var visitor = await app.Administrator();
        foreach (var (id, value) in new[] { (1, "13500135000"), (2, "13500135000"), (2, "13987654321") })
        {
            using var added = await Persons.Form(visitor, $"/customers/{id}", $"/customers/{id}/contact-points", ("kind", "phone"), ("value", value), ("label", $"of {id}"), ("anyway", "true"));
            Assert.Equal(HttpStatusCode.Redirect, added.StatusCode);
        }
        await Parts(visitor);
        await Settled(app);
        var (before, changes) = (await Rows(app), await app.Number("select count(*) from customers_change where customer_id = 1"));
        Assert.All(app.Services.GetServices<PersonalRecords>().Where(one => one.Merge is not null && one.Rows.StartsWith("customers_", StringComparison.Ordinal) && one.Name is not ("merges" or "changes" or "requests" or "stages")), one => Assert.Contains(before, row => row.StartsWith(one.Rows + ":", StringComparison.Ordinal)));
        using var merged = await Merge(visitor, 2, 1, "phone", "name", "remark");
        Assert.Equal("/customers/2", merged.Headers.Location!.ToString());
        // Nothing is left of the absorbed one but in the merge itself.
        Assert.DoesNotContain(await Rows(app), row => row.Contains(" customer_id=1 ", StringComparison.Ordinal));
        Assert.Equal(0, await app.Number("select count(*) from customers_customer where id = 1"));
        var page = "";
        foreach (var view in new[] { "", "?kind=purchases", "?kind=notes" }) { page += (await visitor.Page("/customers/2" + view)).Body!.TextContent; }
        Assert.All(Told, word => Assert.Contains(word, page, StringComparison.Ordinal));
        Assert.Equal(("欧阳晓鸥", "+8613812121212", 3L), JsonNode.Parse(await visitor.Text("/api/customers/2")) is var file ? ((string)file!["name"]!, (string)file["phone"]!, (long)file["documents"]!) : default);
        foreach (var search in new[] { "欧阳", "1212", "7000", "K2" }) { Assert.Contains("\"id\":2,", await visitor.Text("/api/customers?q=" + Uri.EscapeDataString(search)), StringComparison.Ordinal); }
        await Settled(app);
        using var undone = await visitor.Submit("/customers/2/merges/1", "/customers/2/merges/1/undo");
        Assert.Equal("/customers/1", undone.Headers.Location!.ToString());
        await Settled(app);
        Assert.Equal(before, await Rows(app));
        Assert.Equal(changes, await app.Number("select count(*) from customers_change where customer_id = 1"));
        foreach (var (search, id) in new[] { ("欧阳", 1), ("1212", 1), ("7000", 2), ("李雷", 2) }) { Assert.Equal($"[{id}]", (await Found(visitor, search)).ToJsonString()); }
        Assert.Equal((0, 1), (await app.Number("select count(*) from customers_merge_row"), await app.Number("select count(*) from customers_merge where undone_at is not null")));
        Assert.Equal(("李雷", 1L), JsonNode.Parse(await visitor.Text("/api/customers/2")) is var second ? ((string)second!["name"]!, (long)second["documents"]!) : default);
        Assert.Equal(AuditFault.None, (await app.Verify()).Fault);
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task What_came_after_stays_or_goes_as_somebody_says_and_what_was_changed_again_stays(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var visitor = await app.Administrator();
        await Sold(app, ("K1", "2026-01-05", "A1", 10m, "P1"), ("K2", "2026-01-06", "B1", 20m, "P1"));
        (await Merge(visitor, 1, 2, "name", "email")).Dispose();
        // A load that was under way wrote a line for the one who went meanwhile.
        await app.Number("update customers_transaction set customer_id = 2 where document = 'B1'");
        await app.In(async services =>
        {
            await using var connection = await app.Database.Open(Ct);
            await CustomerMerge.TakeLines(connection, await services.GetRequiredService<HuikeDb>().Set<Load>().FirstAsync(load => load.Kind == LoadKind.Transactions, Ct), Ct);
            return true;
        });
        Assert.Equal(0, await app.Number("select count(*) from customers_transaction where customer_id = 2"));
        foreach (var body in new[] { "of the first", "of the second" }) { (await Persons.Form(visitor, "/customers/1", "/customers/1/notes", ("body", body))).Dispose(); }
        // The number of the one that went still leads here, in loads of both kinds.
        await Sold(app, ("K2", "2026-02-06", "B2", 30m, "P1"), ("K1", "2026-02-06", "A2", 40m, "P1"));
        await Given.Customers(app, "number,name,phone\nK2,李雷雷,13800138000\n");
        Assert.Equal((1, "李雷"), (await app.Number("select count(*) from customers_customer where number in ('K1', 'K2')"), await Text(app, "select name from customers_customer where id = 1")));
        var version = await app.Number("select version from customers_customer where id = 1");
        using var edited = await visitor.Json("PATCH", "/api/customers/1", """{"email":"new@example.cn"}""", ("If-Match", $"\"{version}\""));
        Assert.Equal(HttpStatusCode.OK, edited.StatusCode);
        var page = await visitor.Page("/customers/1/merges/1");
        var later = page.QuerySelectorAll("input[name=give]").ToDictionary(box => box.ParentElement!.TextContent, box => box.GetAttribute("value")!);
        Assert.Equal(4, later.Count);
        string Of(string text) => later.Single(one => one.Key.Contains(text, StringComparison.Ordinal)).Value;
        using var wrong = await visitor.Submit("/customers/1/merges/1", "/customers/1/merges/1/undo", ("give", "notes:999"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        // A recomputation that began before the merge may write of the one who went.
        await Settled(app);
        await app.Number("insert into customers_standing select 2, purchases, documents, returns, sales, returned, margin, cost_to_serve, contribution, first_at, last_at, recency, frequency, monetary, tier, stage, stage_since_at, active, expected, lifetime, at_risk from customers_standing where customer_id = 1 on conflict do nothing");
        using var undone = await visitor.Submit("/customers/1/merges/1", "/customers/1/merges/1/undo", ("give", Of("of the second")), ("give", Of("B2")));
        Assert.Equal("/customers/2", undone.Headers.Location!.ToString());
        Assert.Equal("A1 A2", await Text(app, "select string_agg(document, ' ' order by document) from customers_transaction where customer_id = 1"));
        Assert.Equal("B1 B2", await Text(app, "select string_agg(document, ' ' order by document) from customers_transaction where customer_id = 2"));
        Assert.Equal(("of the first", "of the second"), (await Text(app, "select body from customers_note where customer_id = 1"), await Text(app, "select body from customers_note where customer_id = 2")));
        Assert.Equal(("张三", "new@example.cn"), (await Text(app, "select name from customers_customer where id = 1"), await Text(app, "select email from customers_customer where id = 1")));
        Assert.Equal(("李雷", "li@example.cn"), (await Text(app, "select name from customers_customer where id = 2"), await Text(app, "select email from customers_customer where id = 2")));
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task What_the_one_who_comes_back_has_already_stays_and_who_sees_numbers_masked_does_so_here(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var visitor = await app.Administrator();
        using var own = await Persons.Form(visitor, "/customers/2", "/customers/2/contact-points", ("kind", "we-chat"), ("value", "li_lei_8"));
        (await Merge(visitor, 1, 2)).Dispose();
        // The mail address of the other one was not taken, and is not lost.
        Assert.Equal(1, await app.Number("select count(*) from customers_contact_point where customer_id = 1 and value = 'li@example.cn' and not is_preferred"));
        // Removed and added again it came later; another one is the preferred one now.
        (await visitor.Submit("/customers/1", $"/customers/1/contact-points/{await app.Number("select id from customers_contact_point where value = 'li_lei_8'")}/removal", ("confirm", "true"))).Dispose();
        foreach (var value in new[] { "li_lei_9", "li_lei_8" }) { (await Persons.Form(visitor, "/customers/1", "/customers/1/contact-points", ("kind", "we-chat"), ("value", value))).Dispose(); }
        using var address = await visitor.Json("POST", "/api/customers/1/addresses", """{"text":"深圳市南山区科技园路1号","preferred":true}""");
        Assert.True(address.IsSuccessStatusCode, await address.Content.ReadAsStringAsync(Ct));
        await app.AddUserWith("ben", 1, new(new Dictionary<string, RecordScope> { [CustomerPermissions.Read] = RecordScope.All, [CustomerPermissions.Edit] = RecordScope.All, [CustomerPermissions.Merge] = RecordScope.All }, new Dictionary<string, FieldAccess> { ["customers"] = new(2, 2) }));
        using var ben = await app.As("ben");
        var seen = (await ben.Page("/customers/1/merges/1")).Body!.TextContent;
        Assert.DoesNotContain("li_lei_9", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("科技园路", seen, StringComparison.Ordinal);
        var later = (await visitor.Page("/customers/1/merges/1")).QuerySelectorAll("input[name=give]").Select(box => ("give", box.GetAttribute("value")!)).ToArray();
        Assert.Equal(3, later.Length);
        using var undone = await visitor.Submit("/customers/1/merges/1", "/customers/1/merges/1/undo", later);
        Assert.Equal("/customers/2", undone.Headers.Location!.ToString());
        Assert.Equal((2, 1, 1), (await app.Number("select count(*) from customers_contact_point where customer_id = 2 and value like 'li_lei%'"), await app.Number("select count(*) from customers_address where customer_id = 2"), await app.Number("select count(*) from customers_customer where id = 2 and name = '李雷'")));
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task Of_two_who_merge_the_same_pair_at_once_there_is_one_merge(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var first = await app.Administrator();
        await app.AddUser("second", Permissions.All);
        using var second = await app.As("second");
        for (var round = 0; round < 4; round++)
        {
            // In the second half each keeps the other file.
            var other = round < 2 ? "/customers/1/merge/2" : "/customers/2/merge/1";
            var (one, two) = (await Filled(first, "/customers/1/merge/2"), await Filled(second, other));
            var answers = await Task.WhenAll(first.Post("/customers/1/merge/2", one), second.Post(other, two));
            Assert.Equal(1, await app.Number("select count(*) from customers_merge where undone_at is null"));
            Assert.Equal(1, await app.Number("select count(*) from customers_customer"));
            Assert.All(answers, answer => Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.Redirect, HttpStatusCode.NotFound, HttpStatusCode.RedirectKeepVerb }));
            var survivor = await app.Number("select id from customers_customer");
            var merge = await app.Number("select id from customers_merge where undone_at is null");
            (await first.Submit($"/customers/{survivor}/merges/{merge}", $"/customers/{survivor}/merges/{merge}/undo")).Dispose();
            Assert.Equal(2, await app.Number("select count(*) from customers_customer"));
        }
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task Whoever_was_on_the_way_to_the_other_file_comes_to_the_one_that_stayed(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var visitor = await app.Administrator();
        var token = await visitor.Token("/customers/2");
        (await Merge(visitor, 1, 2)).Dispose();
        using var read = await visitor.Get("/customers/2?kind=notes");
        Assert.Equal((HttpStatusCode.Redirect, "/customers/1?kind=notes"), (read.StatusCode, read.Headers.Location!.ToString()));
        using var odd = await visitor.Get("/customers/2/timeline?before=5&kind=" + Uri.EscapeDataString("备注 \"<"));
        Assert.StartsWith("/customers/1/timeline?before=5&kind=%E5", odd.Headers.Location!.OriginalString, StringComparison.Ordinal);
        // A note that was being written meanwhile is not lost.
        using var noted = await visitor.Post("/customers/2/notes", ("__RequestVerificationToken", token), ("body", "late"), ("formKey", Guid.CreateVersion7().ToString("N")));
        Assert.Equal((HttpStatusCode.RedirectKeepVerb, "/customers/1/notes"), (noted.StatusCode, noted.Headers.Location!.ToString()));
        using var api = await visitor.Get("/api/customers/2");
        Assert.Equal(HttpStatusCode.Gone, api.StatusCode);
        Assert.Contains("went into record 1", await api.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        // Who may not see that one learns nothing.
        await app.AddUserWithRoles("anna", await app.AddUnit("East"), "salesperson");
        using var anna = await app.As("anna");
        foreach (var path in new[] { "/customers/2", "/api/customers/2", "/customers/1/merge", "/customers/1/merge/2" }) { using var hidden = await anna.Get(path); Assert.Contains(hidden.StatusCode, new[] { HttpStatusCode.NotFound, HttpStatusCode.Forbidden }); }
    }

    [Theory, OnBothDatabases]
    public async Task Merges_of_merges_are_undone_one_after_the_other(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var visitor = await app.Administrator();
        await Given.Customers(app, "number,name\nK3,王五\n");
        (await Persons.Form(visitor, "/customers/2", "/customers/2/notes", ("body", "of the second"))).Dispose();
        (await Merge(visitor, 1, 2)).Dispose();
        (await Merge(visitor, 3, 1)).Dispose();
        using var read = await visitor.Get("/customers/2");
        Assert.Equal("/customers/3", read.Headers.Location!.ToString());
        Assert.Contains("of the second", (await visitor.Page("/customers/3")).Body!.TextContent, StringComparison.Ordinal);
        using var early = await visitor.Json("POST", "/api/customers/3/merges/1/undo", "{}");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, early.StatusCode);
        foreach (var (holder, merge) in new[] { (3, 2), (1, 1) })
        {
            using var undone = await visitor.Json("POST", $"/api/customers/{holder}/merges/{merge}/undo", "{}");
            Assert.Equal(HttpStatusCode.OK, undone.StatusCode);
        }
        Assert.Equal(3, await app.Number("select count(*) from customers_customer"));
        Assert.Equal("of the second", await Text(app, "select body from customers_note where customer_id = 2"));
    }

    [Theory, OnBothDatabases]
    public async Task Programs_merge_under_their_own_rights_one_pair_or_many(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var visitor = await app.Administrator();
        await Given.Customers(app, "number,name\nK3,王五\nK4,王五\n");
        using var stale = await visitor.Json("POST", "/api/customers/1/merges", """{"absorbed":2}""", ("If-Match", "\"9\""));
        Assert.Equal(HttpStatusCode.PreconditionFailed, stale.StatusCode);
        foreach (var (body, status) in new[] { ("""{"absorbed":2,"take":["shoe size"]}""", HttpStatusCode.UnprocessableEntity), ("""{"absorbed":1}""", HttpStatusCode.UnprocessableEntity), ("""{"absorbed":99}""", HttpStatusCode.NotFound), ("""{"absorbed":2,"version":7}""", HttpStatusCode.UnprocessableEntity) })
        {
            using var refused = await visitor.Json("POST", "/api/customers/1/merges", body, ("If-Match", "*"));
            Assert.True(refused.StatusCode is var code && (code == status || code == HttpStatusCode.Conflict), $"{body} answered {(int)refused.StatusCode}");
        }
        using var tried = await visitor.Json("POST", "/api/customers/1/merges?dry-run=true", """{"absorbed":2,"take":["email"]}""", ("If-Match", "*"));
        Assert.Equal((HttpStatusCode.Created, 4), (tried.StatusCode, await app.Number("select count(*) from customers_customer")));
        using var many = await visitor.Json("POST", "/api/customers/bulk", """{"atomic":false,"operations":[{"op":"merge","id":1,"merge":{"absorbed":2,"take":["email"]}},{"op":"merge","id":3,"merge":{"absorbed":4}},{"op":"merge","id":3,"merge":{"absorbed":77}}]}""");
        Assert.Equal((2, 1), JsonNode.Parse(await many.Content.ReadAsStringAsync(Ct)) is var outcome ? ((int)outcome!["done"]!, (int)outcome["failed"]!) : default);
        Assert.Equal((2, "li@example.cn"), (await app.Number("select count(*) from customers_customer"), await Text(app, "select email from customers_customer where id = 1")));
        Assert.Single(JsonNode.Parse(await visitor.Text("/api/customers/1/merges"))!["rows"]!.AsArray());
        using var taken = await visitor.Json("POST", "/api/customers", """{"name":"赵六","number":"K2"}""");
        Assert.NotEqual(HttpStatusCode.Created, taken.StatusCode);
        await app.AddUserWith("ben", 1, new(new Dictionary<string, RecordScope> { [CustomerPermissions.Read] = RecordScope.All, [CustomerPermissions.Edit] = RecordScope.All }, new Dictionary<string, FieldAccess> { ["customers"] = new(3, 3) }));
        using var ben = await app.As("ben");
        using var forbidden = await ben.Json("POST", "/api/customers/1/merges", """{"absorbed":3}""", ("If-Match", "*"));
        using var inBulk = await ben.Json("POST", "/api/customers/bulk", """{"atomic":true,"operations":[{"op":"merge","id":1,"merge":{"absorbed":3}}]}""");
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (forbidden.StatusCode, inBulk.StatusCode));
    }

    [Theory, OnBothDatabases]
    public async Task Whom_the_merged_file_is_of_can_be_erased_whole(DatabaseKind kind)
    {
        await using var app = await Persons.Firm(kind);
        using var visitor = await app.Administrator();
        (await Merge(visitor, 2, 1, "email")).Dispose();
        await Persons.Erase(visitor, "K2");
        Assert.Equal([], await Persons.Sweep(app, Persons.Words));
        Assert.Equal([], await Persons.Sweep(app, "李雷"));
        using var undone = await visitor.Json("POST", "/api/customers/2/merges/1/undo", "{}");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, undone.StatusCode);
        // Neither number brings anybody back.
        await Given.Customers(app, "number,name\nK1,欧阳晓鸥\nK2,李雷\n");
        Assert.Equal((1, 0), (await app.Number("select count(*) from customers_customer"), await app.Number("select count(*) from customers_customer where name <> ''")));
        Assert.Equal(AuditFault.None, (await app.Verify()).Fault);
    }

    [Theory, OnBothDatabases]
    public async Task Links_to_the_other_file_follow_it(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var visitor = await app.Administrator();
        await Given.Customers(app, "number,name\nK3,王五\n");
        await Given.Field(visitor, "customers", "介绍人", "Referred by", "referrer", "record", ("target", "customers"));
        using var linked = await visitor.Json("PATCH", "/api/customers/3", """{"custom":{"referrer":"K2"}}""", ("If-Match", "*"));
        Assert.True(linked.StatusCode == HttpStatusCode.OK, await linked.Content.ReadAsStringAsync(Ct));
        (await Merge(visitor, 1, 2)).Dispose();
        Assert.Contains("#1", await Text(app, "select cast(custom as text) from customers_customer where id = 3"), StringComparison.Ordinal);
        (await visitor.Submit("/customers/1/merges/1", "/customers/1/merges/1/undo")).Dispose();
        Assert.Contains("#2", await Text(app, "select cast(custom as text) from customers_customer where id = 3"), StringComparison.Ordinal);
    }

    /// <summary>Tags, addresses, people and relations of both, some of them the same.</summary>
    private static async Task Parts(Visitor visitor)
    {
        (await visitor.Json("POST", "/api/customers", """{"name":"刘备"}""")).Dispose();
        foreach (var (verb, path, body) in new[]
        {
            ("PUT", "1/tags", """{"tags":["VIP","展会"]}"""), ("PUT", "2/tags", """{"tags":["VIP"]}"""), ("POST", "1/former-names", """{"name":"旧名"}"""), ("POST", "2/former-names", """{"name":"旧名"}"""),
            ("POST", "1/addresses", """{"text":"广东省深圳市南山区粤海街道科技园路1号"}"""), ("POST", "2/addresses", """{"text":"北京市海淀区中关村街道1号","preferred":true}"""),
            ("POST", "1/invoice-titles", """{"name":"回客电器","taxNumber":"91440300708461136T"}"""), ("POST", "2/invoice-titles", """{"name":"回客电器","taxNumber":"91440300708461136T","bank":"招商银行"}"""), ("POST", "2/invoice-titles", """{"name":"李雷","kind":"person"}"""),
            ("POST", "1/claims", """{"evidence":"mine"}"""), ("POST", "2/claims", """{"evidence":"mine too"}"""),
            ("POST", "1/people", """{"name":"王芳","phone":"13611112222"}"""), ("POST", "2/people", """{"name":"王芳","phone":"13611112222"}"""), ("POST", "2/people", """{"name":"赵云"}"""),
            ("POST", "1/relations", """{"relation":"referrer","other":2}"""), ("POST", "1/relations", """{"relation":"influencer","other":3}"""), ("POST", "2/relations", """{"relation":"influencer","other":3}"""), ("POST", "3/relations", """{"relation":"referrer","other":1}"""),
            ("PUT", "2/relationship", """{"type":"basic","reason":"rarely"}"""), ("POST", "1/bonds", """{"kind":"social","what":"neighbour"}"""), ("POST", "1/moments", """{"kind":"delight","what":"flowers"}"""),
        })
        {
            using var answer = await visitor.Json(verb, "/api/customers/" + path, body, ("If-Match", "*"));
            Assert.True(answer.IsSuccessStatusCode, $"{path} {body} answered {await answer.Content.ReadAsStringAsync(Ct)}");
        }
    }

    [Theory, OnBothDatabases]
    public async Task A_firm_does_not_become_its_own_parent(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var visitor = await app.Administrator();
        await Given.Customers(app, "number,name\nK3,王五\n");
        foreach (var (path, body) in new[] { ("1", """{"relation":"parent","other":2}"""), ("2", """{"relation":"parent","other":3}""") }) { (await visitor.Json("POST", $"/api/customers/{path}/relations", body)).Dispose(); }
        using var refused = await visitor.Json("POST", "/api/customers/1/merges", """{"absorbed":3}""", ("If-Match", "*"));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, 3), (refused.StatusCode, await app.Number("select count(*) from customers_customer")));
        // Two that are above each other themselves become one.
        using var merged = await visitor.Json("POST", "/api/customers/1/merges", """{"absorbed":2}""", ("If-Match", "*"));
        Assert.Equal((HttpStatusCode.Created, "1 3"), (merged.StatusCode, await Text(app, "select customer_id || ' ' || other_id from customers_relation")));
    }

    private static async Task<HuikeApp> Firm(DatabaseKind kind)
    {
        var app = await HuikeApp.Start(kind);
        await Given.Customers(app, "number,name,phone,email\nK1,张三,13900139000,\nK2,李雷,13800138000,li@example.cn\n");
        return app;
    }

    private static async Task<HttpResponseMessage> Merge(Visitor visitor, long survivor, long absorbed, params string[] take)
    {
        var path = $"/customers/{survivor}/merge/{absorbed}";
        var answer = await visitor.Post(path, await Filled(visitor, path, take));
        Assert.True(answer.StatusCode == HttpStatusCode.Redirect, $"{path} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(Ct)}");
        return answer;
    }

    /// <summary>The form as it is shown, with these fields taken from the other file.</summary>
    private static async Task<(string, string)[]> Filled(Visitor visitor, string path, params string[] take)
    {
        var page = await visitor.Page(path);
        return [("__RequestVerificationToken", page.QuerySelector("form[method=post] input[name=__RequestVerificationToken]")!.GetAttribute("value")!), ("version", page.QuerySelector("input[name=version]")!.GetAttribute("value")!),
            ("otherVersion", page.QuerySelector("input[name=otherVersion]")!.GetAttribute("value")!), .. take.Select(field => ("take-" + field, "goes"))];
    }

    /// <summary>All rows about customers, of all modules, but for versions and what tells of the merge itself.</summary>
    private static async Task<List<string>> Rows(HuikeApp app)
    {
        await using var connection = await app.Database.Open(Ct);
        var rows = new List<string>();
        foreach (var one in app.Services.GetServices<PersonalRecords>().Where(one => one.Merge is not null && one.Name is not ("merges" or "changes")))
        {
            rows.AddRange(await connection.Rows($"select * from {one.Rows}", row => $"{one.Rows}: " + string.Concat(Enumerable.Range(0, row.FieldCount).Where(i => row.GetName(i) is not ("version" or "stage_since_at")).Select(i => $"{row.GetName(i)}={row.GetValue(i)} ")), Ct));
        }
        rows.Sort(StringComparer.Ordinal);
        return rows;
    }

    /// <summary>A ledger, and what follows from it: nothing is under way when a merge begins.</summary>
    private static async Task Sold(HuikeApp app, params (string Customer, string Date, string Document, decimal Amount, string Product)[] rows)
    {
        await Given.Ledger(app, rows);
        await Settled(app);
    }

    /// <summary>Waits for what events bring about, and for the work that follows from it.</summary>
    private static async Task Settled(HuikeApp app)
    {
        while (await app.Number("select (select count(*) from platform_delivery where state = 0) + (select count(*) from platform_job where state < 2)") > 0) { await Task.Delay(20, Ct); }
    }

    private static async Task<JsonArray> Found(Visitor visitor, string search) =>
        [.. JsonNode.Parse(await visitor.Text("/api/customers?q=" + Uri.EscapeDataString(search)))!["rows"]!.AsArray().Select(row => (JsonNode)(long)row!["id"]!)];

    private static async Task<string?> Text(HuikeApp app, string sql)
    {
        await using var connection = await app.Database.Open(Ct);
        return await connection.First(sql, row => row.GetValue(0).ToString(), Ct);
    }
}
