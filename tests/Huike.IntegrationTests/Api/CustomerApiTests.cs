using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Huike.Platform.Access.Limits;
using Huike.Platform.Api;
using Huike.Platform.Data;
using Huike.Platform.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Api;

/// <summary>What programs do with customers.</summary>
public sealed class CustomerApiTests
{
    private const string Wanda = """{"name":"Wanda","kind":"person","phone":"13800138000","place":"杭州"}""";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task A_customer_is_added_read_changed_assigned_and_removed(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var program = await app.Administrator();
        using var added = await program.Json("POST", "/api/customers", Wanda);
        Assert.Equal((HttpStatusCode.Created, "\"1\""), (added.StatusCode, added.Headers.ETag!.Tag));
        var address = added.Headers.Location!.OriginalString;
        var wanda = await Body(added);
        Assert.Equal(("Wanda", "person", "+8613800138000", "杭州", "non-customer"), (Text(wanda, "name"), Text(wanda, "kind"), Text(wanda, "phone"), Text(wanda, "place"), Text(wanda, "stage")));
        Assert.Equal(wanda.ToJsonString(), JsonNode.Parse(await program.Text(address))!.ToJsonString());
        Assert.Equal("""{"name":"Wanda","phone":"+8613800138000"}""", await program.Text(address + "?fields=name,phone"));
        Assert.Equal("""[{"id":1}]""", JsonNode.Parse(await program.Text("/api/customers?q=Wanda&fields=id"))!["rows"]!.ToJsonString());
        using var changed = await program.Json("PATCH", address, """{"place":null,"remark":"calls back"}""", ("If-Match", "\"1\""));
        Assert.Equal((HttpStatusCode.OK, "\"2\""), (changed.StatusCode, changed.Headers.ETag!.Tag));
        var now = await Body(changed);
        Assert.Equal(("Wanda", null, "calls back", "+8613800138000"), (Text(now, "name"), Text(now, "place"), Text(now, "remark"), Text(now, "phone")));
        using var given = await program.Json("PUT", address + "/owner", """{"owner":"admin"}""", ("If-Match", "\"2\""));
        Assert.Equal(1, await app.Number("select count(*) from customers_customer where owner_id = 1"));
        using var pinned = await program.Json("PUT", address + "/stage-pin", """{"stage":"advocate","reason":"sends friends","until":"2030-12-31"}""", ("If-Match", given.Headers.ETag!.Tag));
        Assert.Equal("advocate", Text(await Body(pinned), "stage"));
        using var removed = await program.Json("DELETE", address, headers: ("If-Match", "*"));
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.Gone), (removed.StatusCode, (await program.Get(address)).StatusCode));
        Assert.Equal(["customer.added", "customer.edited", "record.assigned", "customer.stage-pinned", "customer.removed"], await Actions(app));
    }

    [Theory, OnBothDatabases]
    public async Task What_is_wrong_is_named_by_place_and_nothing_is_stored(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var program = await app.Administrator();
        (await program.Json("POST", "/api/customers", Wanda)).Dispose();
        (string Method, string Path, string? Body, string? Match, int Status, string Code, string Named)[] faults =
        [
            ("POST", "/api/customers", """{"name":"","phone":"none","email":"x"}""", null, 422, "api.fields.wrong", "phone"),
            ("POST", "/api/customers", """{"name":"W","phon":"1"}""", null, 400, "api.body.wrong", "$.phon"),
            ("POST", "/api/customers", """{"name":"W","kind":"cat"}""", null, 400, "api.body.wrong", "$.kind"),
            ("POST", "/api/customers", """{"\ud800":1}""", null, 400, "api.body.wrong", "$"),
            ("POST", "/api/customers", """{"name":""", null, 400, "api.body.wrong", "$"),
            ("POST", "/api/customers", "[]", null, 400, "api.body.object", "object"),
            ("POST", "/api/customers", """{"name":"Another","phone":"138 0013 8000"}""", null, 409, "customers.form.twinApi", "Wanda"),
            ("POST", "/api/customers?dry-run=perhaps", Wanda, null, 422, "api.dryRun.wrong", "perhaps"),
            ("PATCH", "/api/customers/1", """{"name":"W"}""", null, 428, "api.match.missing", "If-Match"),
            ("PATCH", "/api/customers/1", """{"name":"W"}""", "\"7\"", 412, "api.match.stale", "\"1\""),
            ("PATCH", "/api/customers/1", """{"name":" "}""", "\"1\"", 422, "api.fields.wrong", "name"),
            ("PATCH", "/api/customers/1", """{"number":"X"}""", "\"1\"", 400, "api.body.wrong", "$.number"),
            ("PATCH", "/api/customers/9", """{"name":"W"}""", "\"1\"", 404, "customers.customer.unknown", "9"),
            ("PUT", "/api/customers/1/owner", """{"owner":"nobody"}""", "\"1\"", 422, "access.user.nameUnknown", "nobody"),
            // What is left out is not taken for nothing.
            ("PUT", "/api/customers/1/owner", "{}", "\"1\"", 400, "api.body.wrong", "$"),
            ("PUT", "/api/customers/1/stage-pin", """{"reason":"sends friends","until":"2030-12-31"}""", "\"1\"", 400, "api.body.wrong", "$"),
            ("POST", "/api/customers/bulk", """{"atomic":true,"operations":[null]}""", null, 422, "api.bulk.op", "op"),
            ("GET", "/api/customers?fields=id,secret", null, null, 422, "api.fields.unknown", "secret"),
        ];
        foreach (var fault in faults)
        {
            using var answer = await program.Json(fault.Method, fault.Path, fault.Body, fault.Match is { } match ? [("If-Match", match)] : []);
            var problem = await Body(answer);
            Assert.Equal((fault.Status, fault.Code, "application/problem+json"), ((int)answer.StatusCode, Text(problem, "code"), answer.Content.Headers.ContentType!.MediaType));
            Assert.Contains(fault.Named, problem.ToJsonString(ApiAnswer.Json).Replace("\\\"", "\"", StringComparison.Ordinal), StringComparison.Ordinal);
        }
        using var form = await program.Post("/api/customers", ("name", "W"));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, form.StatusCode);
        using var large = await program.Json("POST", "/api/customers", $$"""{"name":"{{new string('x', ApiInput.LargestBytes)}}"}""");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        Assert.Equal((1, 1), (await app.Number("select count(*) from customers_customer"), (await Actions(app)).Count));
    }

    [Theory, OnBothDatabases]
    public async Task Under_one_key_a_wish_is_done_once_and_answered_the_same(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var program = await app.Administrator();
        using var other = await app.UserWith("customers.read", "customers.create");
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => program.Json("POST", "/api/customers", Wanda, ("Idempotency-Key", "\"order-7\""))));
        Assert.All(answers, answer => Assert.Equal((HttpStatusCode.Created, "/api/customers/1", "\"1\""), (answer.StatusCode, answer.Headers.Location!.OriginalString, answer.Headers.ETag!.Tag)));
        Assert.Equal(7, answers.Count(answer => answer.Headers.Contains("Idempotent-Replay")));
        Assert.Single((await Task.WhenAll(answers.Select(answer => answer.Content.ReadAsStringAsync(Ct)))).Distinct());
        using var different = await program.Json("POST", "/api/customers", """{"name":"Wendy"}""", ("Idempotency-Key", "order-7"));
        Assert.Equal("api.key.other", Text(await Body(different), "code"));
        using var strange = await program.Json("POST", "/api/customers", Wanda, ("Idempotency-Key", "a b"));
        Assert.Equal("api.key.wrong", Text(await Body(strange), "code"));
        // The key is its sender's own; and a wish that was refused may be sent again under it.
        using var anothers = await other.Json("POST", "/api/customers", """{"name":"Wendy"}""", ("Idempotency-Key", "order-7"));
        using var refused = await program.Json("POST", "/api/customers", """{"name":""}""", ("Idempotency-Key", "order-8"));
        using var mended = await program.Json("POST", "/api/customers", """{"name":"Willy"}""", ("Idempotency-Key", "order-8"));
        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.UnprocessableEntity, HttpStatusCode.Created), (anothers.StatusCode, refused.StatusCode, mended.StatusCode));
        Assert.Equal(3, await app.Number("select count(*) from customers_customer"));
        foreach (var answer in answers) { answer.Dispose(); }
    }

    [Theory, OnBothDatabases]
    public async Task Answers_that_are_kept_for_a_while_go_with_the_person(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var program = await app.Administrator();
        (await program.Json("POST", "/api/customers", Wanda, ("Idempotency-Key", "a"))).Dispose();
        (await program.Json("POST", "/api/customers/1/notes", """{"body":"Wanda called"}""", ("Idempotency-Key", "b"))).Dispose();
        (await program.Json("POST", "/api/customers", """{"name":"Wendy"}""", ("Idempotency-Key", "c"))).Dispose();
        Assert.Equal(2, await app.Number("select count(*) from platform_api_key where body like '%Wanda%'"));
        using var asked = await program.Submit("/admin/privacy/requests/new", "/admin/privacy/requests/new", ("customer", "C0000001"), ("kind", "deletion"), ("channel", "phone"), ("identity", "document"), ("formKey", Guid.CreateVersion7().ToString("N")));
        using var erased = await program.Submit(asked.Headers.Location!.ToString(), asked.Headers.Location + "/erasure", ("confirm", "true"));
        Assert.Equal((0, 1), (await app.Number("select count(*) from platform_api_key where body like '%Wanda%'"), await app.Number("select count(*) from platform_api_key")));
    }

    [Theory, OnBothDatabases]
    public async Task A_dry_run_answers_as_the_deed_would_and_leaves_nothing(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var program = await app.Administrator();
        (await program.Json("POST", "/api/customers", Wanda)).Dispose();
        (string Method, string Path, string? Body)[] wishes =
        [
            ("POST", "/api/customers", """{"name":"Wendy"}"""), ("PATCH", "/api/customers/1", """{"name":"Wilma"}"""), ("PUT", "/api/customers/1/owner", """{"owner":"admin"}"""),
            ("PUT", "/api/customers/1/stage-pin", """{"stage":"advocate","reason":"sends friends","until":"2030-12-31"}"""), ("POST", "/api/customers/1/notes", """{"body":"called"}"""),
            ("POST", "/api/customers/1/next-steps", """{"what":"visit","due":"2030-01-31"}"""), ("DELETE", "/api/customers/1", null),
        ];
        var before = await Everything(app);
        foreach (var (method, path, body) in wishes)
        {
            using var tried = await program.Json(method, path + "?dry-run=true", body, ("If-Match", "*"), ("Idempotency-Key", "once"));
            Assert.True(tried.IsSuccessStatusCode && tried.Headers.Contains("Dry-Run"), $"{method} {path} answered {(int)tried.StatusCode}");
            Assert.Equal(before, await Everything(app));
        }
        using var refused = await program.Json("PATCH", "/api/customers/1?dry-run=true", """{"email":"x"}""", ("If-Match", "*"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        foreach (var (method, path, body) in wishes)
        {
            using var done = await program.Json(method, path, body, ("If-Match", "*"));
            Assert.True(done.IsSuccessStatusCode, $"{method} {path} answered {(int)done.StatusCode} {await done.Content.ReadAsStringAsync(Ct)}");
            var after = await Everything(app);
            Assert.NotEqual(before, after);
            before = after;
        }
    }

    [Theory, OnBothDatabases]
    public async Task Notes_and_steps_are_written_read_page_by_page_and_done(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var program = await app.Administrator();
        (await program.Json("POST", "/api/customers", Wanda)).Dispose();
        for (var i = 1; i <= 51; i++) { (await program.Json("POST", "/api/customers/1/notes", $$"""{"body":"call {{i}}"}""")).Dispose(); }
        var page = JsonNode.Parse(await program.Text("/api/customers/1/notes"))!;
        Assert.Equal((50, "call 51", "admin"), (page["rows"]!.AsArray().Count, Text(page["rows"]![0]!, "body"), Text(page["rows"]![0]!, "createdBy")));
        var last = JsonNode.Parse(await program.Text($"/api/customers/1/notes?before={page["next"]}"))!;
        Assert.Equal((1, null), (last["rows"]!.AsArray().Count, last["next"]));
        using var planned = await program.Json("POST", "/api/customers/1/next-steps", """{"what":"visit","due":"2030-01-31"}""");
        Assert.Equal(("visit", "2030-01-31"), (Text(await Body(planned), "what"), Text(JsonNode.Parse(await program.Text("/api/customers/1/next-steps"))!["rows"]![0]!, "due")));
        var (step, entries) = (planned.Headers.Location!.OriginalString, (await Actions(app)).Count);
        Assert.Equal(("/api/customers/1/next-steps/1", "\"1\"", "\"1\""), (step, planned.Headers.ETag!.Tag, (await program.Get(step)).Headers.ETag!.Tag));
        (string? Match, string Path, HttpStatusCode Status)[] tries =
        [
            (null, step, HttpStatusCode.PreconditionRequired), ("\"2\"", step, HttpStatusCode.PreconditionFailed), ("\"1\"", step + "9", HttpStatusCode.NotFound), ("\"1\"", step, HttpStatusCode.NoContent),
            ("\"1\"", step, HttpStatusCode.PreconditionFailed), ("\"2\"", step, HttpStatusCode.NoContent), ("*", step, HttpStatusCode.NoContent),
        ];
        foreach (var (match, path, status) in tries)
        {
            using var done = await program.Json("PUT", path + "/done", headers: match is null ? [] : [("If-Match", match)]);
            Assert.Equal((match, status), (match, done.StatusCode));
        }
        // Done is done: once is written down.
        Assert.Equal((entries + 1, "\"2\"", HttpStatusCode.NotFound), ((await Actions(app)).Count, (await program.Get(step)).Headers.ETag!.Tag, (await program.Get(step + "9")).StatusCode));
        Assert.NotNull(JsonNode.Parse(await program.Text("/api/customers/1/next-steps"))!["rows"]![0]!["doneAt"]);
        using var empty = await program.Json("POST", "/api/customers/1/notes", """{"body":" "}""");
        Assert.Equal("customers.note.length", Text(await Body(empty), "code"));
    }

    [Theory, OnBothDatabases]
    public async Task Many_are_changed_at_once_each_under_the_callers_own_rights(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var administrator = await app.Administrator();
        await app.AddUserWithRoles("anna", 1, "salesperson");
        using var anna = await app.As("anna");
        await Given.Customers(app, "number,name\nK1,Own\nK2,Foreign\n");
        await app.Number("update customers_customer set owner_id = (select id from platform_user where user_name = case number when 'K1' then 'anna' else 'admin' end), unit_id = 1");
        const string operations = """[{"op":"create","customer":{"name":"New"}},{"op":"change","id":1,"version":1,"customer":{"place":"杭州"}},{"op":"change","id":2,"customer":{"place":"杭州"}},{"op":"change","id":1,"version":1,"customer":{"place":"x"}},{"op":"fly"},{"op":"change","id":1,"customer":{"email":"x"}}]""";
        using var all = await anna.Json("POST", "/api/customers/bulk", $$"""{"atomic":true,"operations":{{operations}}}""");
        Assert.Equal((HttpStatusCode.NotFound, 2), (all.StatusCode, await app.Number("select count(*) from customers_customer")));
        using var some = await anna.Json("POST", "/api/customers/bulk", $$"""{"atomic":false,"operations":{{operations}}}""", ("Idempotency-Key", "many"));
        var answer = await Body(some);
        Assert.Equal((2, 4), ((int)answer["done"]!, (int)answer["failed"]!));
        Assert.Equal([null, null, "customers.customer.unknown", "api.match.stale", "api.bulk.op", "api.fields.wrong"], answer["outcomes"]!.AsArray().Select(outcome => Text(outcome!, "code")));
        Assert.Equal(2, (int)answer["outcomes"]![1]!["version"]!);
        using var again = await anna.Json("POST", "/api/customers/bulk", $$"""{"atomic":false,"operations":{{operations}}}""", ("Idempotency-Key", "many"));
        Assert.Equal(answer.ToJsonString(), (await Body(again)).ToJsonString());
        Assert.Equal(1, await app.Number("select count(*) from customers_customer where name = 'New' and owner_id = (select id from platform_user where user_name = 'anna')"));
        Assert.Equal(1, await app.Number("select count(*) from customers_customer where place = '杭州'"));
        using var reader = await app.UserWith("customers.read");
        using var refused = await reader.Json("POST", "/api/customers/bulk", """{"atomic":true,"operations":[{"op":"create","customer":{"name":"New"}}]}""");
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using var none = await anna.Json("POST", "/api/customers/bulk", """{"atomic":true,"operations":[]}""");
        Assert.Equal("api.bulk.many", Text(await Body(none), "code"));
    }

    [Theory, OnBothDatabases]
    public async Task What_is_masked_is_neither_read_nor_changed(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var administrator = await app.Administrator();
        await app.AddUserWithRoles("agent", 1, "agent");
        await Given.Customers(app, "number,name,phone\nK1,Wanda,13800138000\n");
        using var agent = await app.As("agent");
        using var refused = await agent.Json("PATCH", "/api/customers/1", """{"phone":"13900139000","place":"杭州"}""", ("If-Match", "*"));
        Assert.Equal(("api.fields.wrong", "api.field.hidden"), (Text(await Body(refused), "code"), Text((await Body(refused))["errors"]!["phone"]!, "code")));
        using var changed = await agent.Json("PATCH", "/api/customers/1", """{"place":"杭州"}""", ("If-Match", "*"));
        Assert.DoesNotContain("13800138000", await changed.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Equal(1, await app.Number("select count(*) from customers_customer where place = '杭州' and phone = '+8613800138000'"));
    }

    [Theory, OnBothDatabases]
    public async Task A_token_has_its_share_of_requests_and_people_have_no_limit(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var administrator = await app.Administrator();
        await app.In(async services => { await services.GetRequiredService<SettingsStore>().Save(new SignInSettings { TokenRequests = 5 }, "admin", Ct); return 0; });
        using var page = await administrator.Submit("/account/tokens", "/account/tokens", ("name", "report"), ("days", "7"), ("formKey", Guid.CreateVersion7().ToString("N")));
        var token = (await Visitor.Parsed(await page.Content.ReadAsStringAsync(Ct))).QuerySelector("input[readonly]")!.GetAttribute("value")!;
        using var program = app.Anonymous();
        var answers = new List<HttpResponseMessage>();
        for (var i = 0; i < 6; i++) { answers.Add(await program.Json("GET", "/api/customers", headers: ("Authorization", $"Bearer {token}"))); }
        Assert.All(answers[..5], answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal((HttpStatusCode.TooManyRequests, "api.limit"), (answers[5].StatusCode, Text(await Body(answers[5]), "code")));
        Assert.InRange(answers[5].Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        for (var i = 0; i < 20; i++) { Assert.Equal(HttpStatusCode.OK, (await administrator.Get("/api/customers")).StatusCode); }
    }

    [Fact]
    public async Task The_record_that_is_described_is_the_one_that_is_written()
    {
        await using var app = await HuikeApp.Start(DatabaseKind.Sqlite);
        using var program = await app.Administrator();
        await Given.Ledger(app, ("C1", "2026-01-05", "D1", 120m, "P1"));
        await app.In(async services => { await services.GetRequiredService<Huike.Analytics.Recomputation.RecomputeAll>().Run(_ => { }, Ct); return 0; });
        var described = ApiAnswer.Json.GetTypeInfo(typeof(Huike.Customers.CustomerRecord)).Properties.Select(property => property.Name).Order(StringComparer.Ordinal);
        Assert.Equal(described, JsonNode.Parse(await program.Text("/api/customers/1"))!.AsObject().Select(member => member.Key).Order(StringComparer.Ordinal));
        Assert.NotNull(JsonSerializer.Deserialize<Huike.Customers.CustomerRecord>(await program.Text("/api/customers/1"), ApiAnswer.Json));
        Assert.Single(JsonSerializer.Deserialize<Huike.Customers.CustomerRecords>(await program.Text("/api/customers"), ApiAnswer.Json)!.Rows);
    }

    private static async Task<JsonNode> Body(HttpResponseMessage answer) => JsonNode.Parse(await answer.Content.ReadAsStringAsync(Ct))!;

    private static string? Text(JsonNode node, string name) => node[name]?.ToString();

    private static async Task<List<string>> Actions(HuikeApp app)
    {
        await using var connection = await app.Database.Open(Ct);
        return await connection.Rows("select action from platform_audit where record_kind = 'customer' order by id", row => row.GetString(0), Ct);
    }

    /// <summary>Of every table how many rows, and what changes in place.</summary>
    private static async Task<string> Everything(HuikeApp app)
    {
        await using var connection = await app.Database.Open(Ct);
        var tables = await connection.Rows(app.Database.Kind == DatabaseKind.Postgres
            ? "select table_name from information_schema.tables where table_schema = 'public' order by 1"
            : "select name from sqlite_master where type = 'table' and name not like 'sqlite%' and sql not like '%virtual%' order by 1", row => row.GetString(0), Ct);
        var counts = new List<string>();
        foreach (var table in tables.Where(table => !table.StartsWith("platform_session", StringComparison.Ordinal))) { counts.Add($"{table} {await connection.Number($"select count(*) from {table}", Ct)}"); }
        counts.AddRange(await connection.Rows("select id, name, version, coalesce(owner_id, 0) from customers_customer order by id", row => $"{row.GetInt64(0)} {row.GetString(1)} {row.GetInt32(2)} {row.GetInt64(3)}", Ct));
        return string.Join('\n', counts);
    }
}
