using System.Net;
using System.Text.Json.Nodes;
using Huike.Customers.Contracts;
using Huike.IntegrationTests.Platform.Audit;
using Huike.IntegrationTests.Privacy;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Roles;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Customers;

/// <summary>The bin: who was removed is there, and comes back with all that was his.</summary>
public sealed class BinTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task Whoever_is_removed_is_nowhere_else_and_comes_back_as_he_was(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var visitor = await app.Administrator();
        await Parts(visitor, 1);
        await Parts(visitor, 2);
        using (var file = await visitor.Upload("/customers/1", "/customers/1/files", "files", [Given.Written("a,b\n")], ("formKey", Guid.CreateVersion7().ToString("N")))) { Assert.Equal(HttpStatusCode.Redirect, file.StatusCode); }
        await Settled(app);
        var before = await Rows(app);
        Assert.All(Kinds(app), one => Assert.Contains(before, row => row.StartsWith(one.Rows + ":", StringComparison.Ordinal)));
        await Removed(visitor, 1);
        await Settled(app);
        Assert.Equal(0, await app.Number("select count(*) from customers_customer where id = 1"));
        Assert.DoesNotContain(await Rows(app), row => row.Contains(" customer_id=1 ", StringComparison.Ordinal) || row.Contains(" other_id=1 ", StringComparison.Ordinal));
        Assert.DoesNotContain(await Found(visitor, "张三"), id => id == 1);
        // Nobody gets the number, and whoever has the old address hears where the customer is.
        using (var taken = await visitor.Json("POST", "/api/customers", """{"name":"x","number":"K1"}""")) { Assert.Equal(HttpStatusCode.UnprocessableEntity, taken.StatusCode); }
        using (var gone = await visitor.Get("/customers/1")) { Assert.Equal("/customers/bin/1", gone.Headers.Location!.ToString()); }
        using (var gone = await visitor.Get("/api/customers/1")) { Assert.Equal(HttpStatusCode.Gone, gone.StatusCode); }
        Assert.Contains("张三", (await visitor.Page("/customers/bin?q=K1")).QuerySelector("#list tbody")!.TextContent, StringComparison.Ordinal);
        Assert.Null((await visitor.Page("/customers/bin?q=nobody")).QuerySelector("#list tbody"));
        // SQLite gives ids of rows that went to new ones.
        (await Persons.Form(visitor, "/customers/2", "/customers/2/notes", ("body", "later"))).Dispose();
        // The other one goes too: what ties the two together comes back with the second.
        await Removed(visitor, 2);
        await Restored(visitor, 1);
        Assert.Equal(0, await app.Number("select count(*) from customers_relation"));
        await Restored(visitor, 2);
        await Settled(app);
        await app.Number("delete from customers_note where body = 'later'");
        Assert.Equal(before.Select(Plain).Order(StringComparer.Ordinal), (await Rows(app)).Select(Plain).Order(StringComparer.Ordinal));
        foreach (var (search, id) in new[] { ("张三", 1L), ("K1", 1L), ("13611112221", 1L) }) { Assert.Contains(id, await Found(visitor, search)); }
        Assert.Equal(1, await app.Number("select count(*) from platform_file where record_id = 1"));
        Assert.Equal((0, 0), (await app.Number("select count(*) from customers_binned"), await app.Number("select count(*) from customers_binned_row")));
        Assert.Equal(AuditFault.None, (await app.Verify()).Fault);
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task What_is_in_the_bin_long_goes_for_good_and_who_buys_comes_back(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var visitor = await app.Administrator();
        await Parts(visitor, 1);
        await Removed(visitor, 1);
        await Removed(visitor, 3);
        await Given.Ledger(app, ("K3", "2026-01-05", "A1", 10m, "P1"));
        await Given.Drained(app);
        await Settled(app);
        Assert.Equal((1, 1, 0), (await app.Number("select count(*) from customers_customer where id = 3 and number = 'K3'"), await app.Number("select count(*) from customers_transaction where customer_id = 3"), await app.Number("select count(*) from customers_binned where id = 3")));
        using (var bought = await visitor.Json("DELETE", "/api/customers/3", null, ("If-Match", "*"))) { Assert.Equal(HttpStatusCode.UnprocessableEntity, bought.StatusCode); }
        app.Clock.Advance(TimeSpan.FromDays(29));
        await Persons.Retain(app);
        Assert.Equal(1, await app.Number("select count(*) from customers_binned"));
        app.Clock.Advance(TimeSpan.FromDays(2));
        await Persons.Retain(app);
        Assert.Equal((0, 0, 0), (await app.Number("select count(*) from customers_binned"), await app.Number("select count(*) from customers_binned_row"), await app.Number("select count(*) from customers_person")));
        Assert.Single(await app.Entries("customer.purged"));
        Assert.Equal(2, await app.Number("select count(*) from customers_customer"));
    }

    [Theory, OnBothDatabases]
    public async Task The_bin_shows_each_his_own_and_only_some_may_empty_it(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var visitor = await app.Administrator();
        var own = new RoleDefinition(new Dictionary<string, RecordScope> { [CustomerPermissions.Read] = RecordScope.All, [CustomerPermissions.Delete] = RecordScope.Own }, new Dictionary<string, FieldAccess> { [CustomerPermissions.Records.Name] = new(3, 3) });
        var anna = await app.AddUserWith("anna", 1, own);
        await app.Number($"update customers_customer set owner_id = {anna}, unit_id = 1 where id = 1");
        using var user = await app.As("anna");
        await Removed(user, 1);
        await Removed(visitor, 2);
        Assert.Equal(["张三"], (await user.Page("/customers/bin")).QuerySelectorAll("#list tbody .row-link").Select(one => one.TextContent));
        Assert.Equal(2, (await visitor.Page("/customers/bin")).QuerySelectorAll("#list tbody tr").Length);
        // Who saw the customer is told where he is, but not how to bring him back.
        var told = await user.Page("/customers/bin/2");
        Assert.Null(told.QuerySelector("form[action$='/restore']"));
        foreach (var (path, status) in new[] { ("/customers/bin/2/restore", HttpStatusCode.NotFound), ("/customers/bin/purge", HttpStatusCode.Forbidden) })
        {
            using var refused = await user.Submit("/customers/bin", path, ("id", "2"), ("confirm", "true"));
            Assert.Equal(status, refused.StatusCode);
        }
        using (var stranger = await app.UserWith())
        {
            foreach (var path in new[] { "/customers/bin", "/customers/bin/1" }) { Assert.Equal(HttpStatusCode.Forbidden, (await stranger.Get(path)).StatusCode); }
        }
        // Many come back at once, those within the asker's scope.
        using var many = await Persons.Form(user, "/customers/bin", "/customers/bin/restore", ("id", "1"), ("id", "2"));
        await BulkTests.Ended(app, many.Headers.Location!.ToString());
        Assert.Equal((1, 1), (await app.Number("select count(*) from customers_customer where id = 1"), await app.Number("select count(*) from customers_binned")));
        using var purged = await visitor.Submit("/customers/bin", "/customers/bin/purge", ("id", "2"));
        Assert.Equal((HttpStatusCode.Redirect, 0), (purged.StatusCode, await app.Number("select count(*) from customers_binned")));
        using var again = await visitor.Json("POST", "/api/customers/bin/2/restore", "{}");
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
    }

    private static async Task Removed(Visitor visitor, long id)
    {
        using var removed = await visitor.Submit($"/customers/{id}", $"/customers/{id}/removal", ("confirm", "true"));
        Assert.True(removed.StatusCode == HttpStatusCode.Redirect, await removed.Content.ReadAsStringAsync(Ct));
    }

    private static async Task Restored(Visitor visitor, long id)
    {
        using var restored = await visitor.Submit($"/customers/bin/{id}", $"/customers/bin/{id}/restore", ("confirm", "true"));
        Assert.True(restored.Headers.Location?.ToString() == $"/customers/{id}", await restored.Content.ReadAsStringAsync(Ct));
    }

    /// <summary>Something of each kind that a file can hold.</summary>
    private static async Task Parts(Visitor visitor, int id)
    {
        foreach (var (verb, path, body) in new[]
        {
            ("PUT", "tags", """{"tags":["VIP"]}"""), ("POST", "former-names", """{"name":"旧名"}"""), ("POST", "contact-points", $$"""{"kind":"phone","value":"1398765432{{id}}"}"""), ("POST", "addresses", """{"text":"广东省深圳市南山区粤海街道科技园路1号"}"""),
            ("POST", "invoice-titles", """{"name":"回客电器","taxNumber":"91440300708461136T"}"""), ("POST", "claims", """{"evidence":"mine"}"""), ("POST", "people", $$"""{"name":"王芳","phone":"1361111222{{id}}"}"""),
            ("POST", "relations", $$"""{"relation":"referrer","other":{{3 - id}}}"""), ("PUT", "relationship", """{"type":"basic","reason":"rarely"}"""), ("POST", "bonds", """{"kind":"social","what":"neighbour"}"""),
            ("POST", "moments", """{"kind":"delight","what":"flowers"}"""), ("POST", "notes", """{"body":"called"}"""), ("POST", "next-steps", """{"what":"visit","due":"2030-01-31"}"""), ("PUT", "stage-pin", """{"stage":"advocate","reason":"sends friends","until":"2030-12-31"}"""),
            ("PUT", "permission-pin", """{"stage":"loyalty","reason":"brings cake","until":"2030-12-31"}"""),
        })
        {
            using var answer = await visitor.Json(verb, $"/api/customers/{id}/{path}", body, ("If-Match", "*"));
            Assert.True(answer.IsSuccessStatusCode, $"{path} {body} answered {await answer.Content.ReadAsStringAsync(Ct)}");
        }
        await Hands(visitor, id);
    }

    /// <summary>Through a pool to somebody who wants to keep him.</summary>
    private static async Task Hands(Visitor visitor, int id)
    {
        const string pool = """{"name":"East","administrators":["admin"],"rules":{"staysWithStep":false,"returns":[{"lack":"contact","days":1}]}}""";
        foreach (var (path, body) in new[] { ("/api/pools", pool), ("/api/pools/1/customers", $$"""{"customers":[{{id}}],"reason":"call her in May"}"""), ("/api/pools/1/claims", $$"""{"customers":[{{id}}]}"""), ($"/api/customers/{id}/extension", """{"reason":"visit in June"}""") }.Skip(id == 1 ? 0 : 1))
        {
            using var answer = await visitor.Json("POST", path, body);
            Assert.True(answer.IsSuccessStatusCode, $"{path} {body} answered {await answer.Content.ReadAsStringAsync(Ct)}");
        }
    }

    /// <summary>Kinds of rows that the bin takes, but for those that only buying or time brings about.</summary>
    private static IEnumerable<PersonalRecords> Kinds(HuikeApp app) =>
        app.Services.GetServices<PersonalRecords>().Where(one => one.Binned.Count > 0 && one.Name is not ("stages" or "duplicates" or "contactClaim" or "retentionPlan" or "permissionStages" or "phoneCards"));

    private static async Task<List<string>> Rows(HuikeApp app)
    {
        await using var connection = await app.Database.Open(Ct);
        var rows = new List<string>();
        foreach (var one in app.Services.GetServices<PersonalRecords>().Where(one => one.Binned.Count > 0))
        {
            rows.AddRange(await connection.Rows($"select * from {one.Rows}", row => $"{one.Rows}: " + string.Concat(Enumerable.Range(0, row.FieldCount).Where(i => row.GetName(i) is not "version").Select(i => $"{row.GetName(i)}={row.GetValue(i)} ")), Ct));
        }
        return rows;
    }

    /// <summary>Without the row's own number, which another row may have got meanwhile.</summary>
    private static string Plain(string row) => row.StartsWith("customers_customer:", StringComparison.Ordinal) ? row : row.IndexOf(": id=", StringComparison.Ordinal) is >= 0 and var at ? row[..at] + row[row.IndexOf(' ', at + 2)..] : row;

    private static async Task Settled(HuikeApp app)
    {
        while (await app.Number("select (select count(*) from platform_delivery where state = 0) + (select count(*) from platform_job where state < 2)") > 0) { await Task.Delay(20, Ct); }
    }

    private static async Task<List<long>> Found(Visitor visitor, string search) =>
        [.. JsonNode.Parse(await visitor.Text("/api/customers?q=" + Uri.EscapeDataString(search)))!["rows"]!.AsArray().Select(row => (long)row!["id"]!)];

    private static async Task<HuikeApp> Firm(DatabaseKind kind)
    {
        var app = await HuikeApp.Start(kind);
        await Given.Customers(app, "number,name,phone\nK1,张三,13800138000\nK2,李雷,13700137000\nK3,王五,13600136000\n");
        return app;
    }
}
