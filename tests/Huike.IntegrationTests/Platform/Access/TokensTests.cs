using System.Net;
using System.Text.Json.Nodes;
using Huike.IntegrationTests.Platform.Audit;
using Huike.Platform.Access;
using Huike.Platform.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Platform.Access;

/// <summary>What a token may, and for how long; accounts of programs.</summary>
public sealed class TokensTests
{
    private const string Wanda = """{"name":"Wanda","phone":"13800138000"}""";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task A_token_for_reading_is_refused_every_write_with_the_scope_that_it_lacks(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var administrator = await app.Administrator();
        (await administrator.Json("POST", "/api/customers", Wanda)).Dispose();
        // Reading is what a form means that chooses nothing.
        var token = await Made(administrator, "/account/tokens");
        using var program = app.Anonymous();
        using var read = await With(program, token, "GET", "/api/customers/1");
        Assert.Equal("+8613800138000", (string?)(await Body(read))["phone"]);
        foreach (var (method, path, body, scope) in new[]
        {
            ("POST", "/api/customers", Wanda, "customers.create"), ("PATCH", "/api/customers/1", """{"place":"x"}""", "customers.edit"), ("DELETE", "/api/customers/1", null, "customers.delete"),
            ("PUT", "/api/customers/1/owner", """{"owner":"admin"}""", "customers.assign"), ("POST", "/api/customers/1/notes", """{"body":"called"}""", "customers.edit"), ("PATCH", "/api/products/1", "{}", "products.read products.edit"),
        })
        {
            using var refused = await With(program, token, method, path, body);
            var problem = await Body(refused);
            Assert.Equal((HttpStatusCode.Forbidden, "access.token.scope"), (refused.StatusCode, (string?)problem["code"]));
            Assert.Contains(scope.Split(' ')[^1], (string?)problem["detail"], StringComparison.Ordinal);
            Assert.Equal($"Bearer error=\"insufficient_scope\", scope=\"{scope}\"", refused.Headers.WwwAuthenticate.ToString());
        }
        using var all = await With(program, token, "POST", "/api/customers/bulk", """{"atomic":true,"operations":[{"op":"create","customer":{"name":"Wendy"}}]}""");
        Assert.Equal((HttpStatusCode.Forbidden, "access.token.scope"), (all.StatusCode, (string?)(await Body(all))["code"]));
        using var some = await With(program, token, "POST", "/api/customers/bulk", """{"atomic":false,"operations":[{"op":"delete","id":1},{"op":"change","id":1,"customer":{"name":"x"}},{"op":"assign","id":1,"owner":"admin"}]}""");
        Assert.All((await Body(some))["outcomes"]!.AsArray(), outcome => Assert.Equal("access.token.scope", (string?)outcome!["code"]));
        Assert.Equal((1, 0), (await app.Number("select count(*) from customers_customer where name = 'Wanda' and version = 1"), await app.Number("select count(*) from customers_note")));
    }

    [Theory, OnBothDatabases]
    public async Task A_token_may_what_was_chosen_as_long_as_its_user_may(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var administrator = await app.Administrator();
        (await administrator.Json("POST", "/api/customers", Wanda)).Dispose();
        var anna = await app.AddUser("anna", "customers.read", "customers.create", "customers.edit");
        using var visitor = await app.As("anna");
        foreach (var wrong in new (string, string)[][] { [("scope", "chosen")], [("scope", "chosen"), ("permission", "customers.delete")], [("scope", "chosen"), ("permission", "*")], [("scope", "chosen"), ("permission", "nothing")] })
        {
            using var refused = await visitor.Submit("/account/tokens", "/account/tokens", [("name", "till"), ("days", "9"), ("formKey", Guid.CreateVersion7().ToString("N")), .. wrong]);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        }
        Assert.Equal(0, await app.Number("select count(*) from platform_token"));
        var token = await Made(visitor, "/account/tokens", ("scope", "chosen"), ("permission", "customers.create"), ("permission", "customers.read"));
        var whole = await Made(visitor, "/account/tokens", ("scope", "all"));
        using var program = app.Anonymous();
        Assert.Equal((201, 200, 403, 200), (await Status(program, token, "POST", "/api/customers", """{"name":"Wendy"}"""), await Status(program, token, "GET", "/api/customers/2"), await Status(program, token, "PATCH", "/api/customers/2", "{}"), await Status(program, whole, "PATCH", "/api/customers/2", """{"place":"x"}""")));
        Assert.Contains("""anna user.token-made user 2 [{"field":"token","old":null,"new":"till"},{"field":"scope","old":null,"new":"customers.create customers.read"},{"field":"days","old":null,"new":"9"}]""", await app.Entries("user.token-made"));
        // The user lost the right: the token with it, and no other token would help.
        await app.Number($"delete from platform_user_role where user_id = {anna} returning user_id");
        app.Clock.Advance(TimeSpan.FromSeconds(6));
        using var lost = await With(program, token, "POST", "/api/customers", Wanda);
        Assert.Equal((HttpStatusCode.Forbidden, "access.record.refused", false), (lost.StatusCode, (string?)(await Body(lost))["code"], lost.Headers.WwwAuthenticate.Count > 0));
    }

    [Theory, OnBothDatabases]
    public async Task What_has_ended_is_refused_in_one_way_and_told_of_before(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var administrator = await app.Administrator();
        await app.AddUser("anna", "customers.read");
        using var visitor = await app.As("anna");
        var (brief, ended) = (await Made(visitor, "/account/tokens"), await Made(visitor, "/account/tokens"));
        (await visitor.Submit("/account/tokens", "/account/tokens", ("name", "long"), ("days", "90"), ("formKey", Guid.CreateVersion7().ToString("N")))).Dispose();
        Assert.Equal(2, (await visitor.Page("/account/tokens")).QuerySelectorAll("tbody .tone-warn").Length);
        Assert.Contains("2 tokens", (await visitor.Page("/account")).QuerySelector(".alert")!.TextContent, StringComparison.Ordinal);
        using var program = app.Anonymous();
        Assert.Equal(200, await Status(program, brief, "GET", "/api/customers"));
        (await visitor.Submit("/account/tokens", "/account/tokens/2/end")).Dispose();
        await Over(program, ended);
        await Over(program, "hk_" + new string('0', 64));
        await Over(program, "nonsense");
        (await administrator.Submit("/admin/users/2", "/admin/users/2/access", ("open", "false"))).Dispose();
        await Over(program, brief);
        (await administrator.Submit("/admin/users/2", "/admin/users/2/access", ("open", "true"))).Dispose();
        Assert.Equal(200, await Status(program, brief, "GET", "/api/customers"));
        app.Clock.Advance(TimeSpan.FromDays(10));
        await Over(program, brief);
        using var stranger = await program.Get("/api/customers");
        Assert.Equal((HttpStatusCode.Unauthorized, "Bearer"), (stranger.StatusCode, stranger.Headers.WwwAuthenticate.ToString()));
    }

    [Theory, OnBothDatabases]
    public async Task A_service_account_works_by_tokens_in_its_unit_and_never_signs_in(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        var west = await app.AddUnit("west");
        using var administrator = await app.Administrator();
        (await administrator.Json("POST", "/api/customers", Wanda)).Dispose();
        var token = await Made(administrator, "/admin/tokens/new", "/admin/tokens/new", ("account", "till-sync"), ("role", "sales-manager"), ("unit", $"{west}"), ("scope", "all"));
        using var program = app.Anonymous();
        // Of a role's reach below its unit, west holds nothing yet.
        Assert.Equal(404, await Status(program, token, "PATCH", "/api/customers/1", """{"place":"x"}"""));
        await app.Number($"update customers_customer set unit_id = {west} where id = 1 returning id");
        Assert.Equal(200, await Status(program, token, "PATCH", "/api/customers/1", """{"place":"x"}"""));
        var entry = Assert.Single(await app.Entries("customer.edited"));
        Assert.StartsWith("till-sync customer.edited customer 1", entry, StringComparison.Ordinal);
        Assert.Contains("""{"field":"byToken","old":null,"new":"till"}""", entry, StringComparison.Ordinal);
        foreach (var page in (string[])["/admin/users", "/admin/users/2", "/admin/tokens"]) { Assert.Contains("Service account", (await administrator.Page(page)).QuerySelector("main")!.TextContent, StringComparison.Ordinal); }
        using var edited = await administrator.Submit("/admin/users/2", "/admin/users/2", ("displayName", "Till"), ("email", "till@example.com"), ("role", "sales-manager"), ("kind", "Staff"));
        using var link = await administrator.Submit("/admin/users/2", "/admin/users/2/link");
        Assert.Equal((HttpStatusCode.Redirect, HttpStatusCode.UnprocessableEntity), (edited.StatusCode, link.StatusCode));
        Assert.Equal(1, await app.Number("select count(*) from platform_user where id = 2 and kind = 3 and email is null"));
        // Even a password, however it came there, opens nothing.
        await app.In(async services =>
        {
            var users = services.GetRequiredService<UserManager<User>>();
            return await users.AddPasswordAsync((await users.FindByNameAsync("till-sync"))!, HuikeApp.Password);
        });
        using var signIn = await program.Submit("/sign-in", "/sign-in", ("name", "till-sync"), ("password", HuikeApp.Password));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, signIn.StatusCode);
        var second = await Made(administrator, "/admin/tokens/new?account=2", "/admin/tokens/new", ("id", "2"));
        Assert.Equal((200, 403), (await Status(program, second, "GET", "/api/customers/1"), await Status(program, second, "PATCH", "/api/customers/1", "{}")));
    }

    [Theory, OnBothDatabases]
    public async Task Nobody_makes_a_service_token_that_may_more_than_he_and_no_session_outlives_the_turn_into_one(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var administrator = await app.Administrator();
        await Made(administrator, "/admin/tokens/new", "/admin/tokens/new", ("account", "till-sync"), ("role", "administrator"));
        using var keeper = await app.UserWith(Permissions.Users, "customers.read");
        foreach (var fields in new (string, string)[][] { [("id", "2")], [("account", "mine"), ("role", "administrator")], [("account", ""), ("role", "")], [("account", "till-sync")], [("account", "mine"), ("scope", "chosen"), ("permission", "customers.edit")] })
        {
            using var refused = await keeper.Submit("/admin/tokens/new", "/admin/tokens/new", [("name", "till"), ("days", "9"), ("formKey", Guid.CreateVersion7().ToString("N")), .. fields]);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        }
        foreach (var who in (string[])["1", "99"])
        {
            using var unknown = await administrator.Submit("/admin/tokens/new", "/admin/tokens/new", ("name", "till"), ("days", "9"), ("formKey", Guid.CreateVersion7().ToString("N")), ("id", who));
            Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        }
        Assert.Equal((1, 3), (await app.Number("select count(*) from platform_token"), await app.Number("select count(*) from platform_user")));
        using var crafted = await administrator.Submit("/admin/users/new", "/admin/users/new", ("name", "mole"), ("kind", "Service"));
        Assert.Equal(1, await app.Number("select count(*) from platform_user where kind = 3"));
        await app.Number("update platform_user set kind = 3 where user_name = 'user1' returning id");
        app.Clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(HttpStatusCode.Redirect, (await keeper.Get("/account")).StatusCode);
    }

    /// <summary>A token of ten days, as its page shows it once.</summary>
    [Theory, OnBothDatabases]
    public async Task A_form_sent_twice_makes_one_token_and_says_that_it_did(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var administrator = await app.Administrator();
        foreach (var (page, account) in new[] { ("/account/tokens", Array.Empty<(string, string)>()), ("/admin/tokens/new", [("account", "till-sync")]) })
        {
            var (token, key) = (await administrator.Token(page), Guid.CreateVersion7().ToString("N"));
            Task<HttpResponseMessage> Sent(string key) => administrator.Post(page, [("__RequestVerificationToken", token), ("name", "till"), ("days", "9"), ("formKey", key), .. account]);
            var before = await app.Number("select count(*) from platform_token");
            var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Sent(key)));
            Assert.Equal([HttpStatusCode.OK, HttpStatusCode.UnprocessableEntity, HttpStatusCode.UnprocessableEntity], answers.Select(answer => answer.StatusCode).Order());
            using var again = await Sent(key);
            Assert.Contains("made a token already", await again.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
            using var keyless = await Sent("");
            Assert.Equal((HttpStatusCode.UnprocessableEntity, before + 1), (keyless.StatusCode, await app.Number("select count(*) from platform_token")));
            foreach (var answer in answers) { answer.Dispose(); }
        }
        Assert.Empty(app.Errors);
    }

    internal static Task<string> Made(Visitor visitor, string page, params (string Name, string Value)[] fields) => Made(visitor, page, page, fields);

    internal static async Task<HttpResponseMessage> With(Visitor program, string token, string method, string path, string? body = null) =>
        await program.Json(method, path, body, ("Authorization", "Bearer " + token), ("If-Match", "*"));

    internal static async Task<JsonNode> Body(HttpResponseMessage answer) => JsonNode.Parse(await answer.Content.ReadAsStringAsync(Ct))!;

    internal static async Task<string> Made(Visitor visitor, string page, string action, params (string Name, string Value)[] fields)
    {
        using var made = await visitor.Submit(page, action, [("name", "till"), ("days", "9"), ("formKey", Guid.CreateVersion7().ToString("N")), .. fields]);
        return (await Visitor.Parsed(await made.Content.ReadAsStringAsync(Ct))).QuerySelector("input[readonly]")?.GetAttribute("value") ?? throw new InvalidOperationException($"{action} answered {(int)made.StatusCode}");
    }

    private static async Task<int> Status(Visitor program, string token, string method, string path, string? body = null)
    {
        using var answer = await With(program, token, method, path, body);
        return (int)answer.StatusCode;
    }

    private static async Task Over(Visitor program, string token)
    {
        using var refused = await With(program, token, "GET", "/api/customers");
        Assert.Equal((HttpStatusCode.Unauthorized, "Bearer error=\"invalid_token\"", "access.token.over"), (refused.StatusCode, refused.Headers.WwwAuthenticate.ToString(), (string?)(await Body(refused))["code"]));
    }
}
