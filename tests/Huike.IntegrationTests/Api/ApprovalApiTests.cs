using System.Net;
using System.Text.Json.Nodes;
using Huike.IntegrationTests.Platform.Access;
using Huike.IntegrationTests.Platform.Approvals;
using Huike.Platform.Data;

namespace Huike.IntegrationTests.Api;

/// <summary>Approvals as programs ask for and decide them.</summary>
public sealed class ApprovalApiTests
{
    private const string Ladder = """{"flow":1,"title":"a ladder","reason":"high shelf","amount":2500.5}""";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task An_approval_is_asked_for_sent_back_asked_again_and_decided(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var administrator = await ApprovalTests.People(app);
        await ApprovalTests.Flow(administrator, ("copy", "dora"), ApprovalTests.Step(0, "leader", "ben"), ApprovalTests.Step(1, "finance", "carl, eva", ("mode", "All")));
        using var anna = await app.As("anna");
        using var ben = await app.As("ben");
        using var carl = await app.As("carl");
        Assert.Equal("""{"rows":[{"id":1,"name":"purchase"}],"next":null}""", await anna.Text("/api/approval-flows"));
        var asked = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => anna.Json("POST", "/api/approvals", Ladder, ("Idempotency-Key", "ladder-1"))));
        Assert.All(asked, answer => Assert.Equal((HttpStatusCode.Created, "/api/approvals/1", "\"1\""), (answer.StatusCode, answer.Headers.Location?.OriginalString, answer.Headers.ETag?.Tag)));
        Assert.Equal(1, await app.Number("select count(*) from platform_approval"));
        Assert.Equal(("[1]", "[1]", "[]"), (await Ids(anna, "asked"), await Ids(ben, ""), await Ids(carl, "decide")));
        using var dora = await app.As("dora");
        Assert.Equal("[1]", await Ids(dora, "copied"));
        var read = JsonNode.Parse(await ben.Text("/api/approvals/1"))!;
        Assert.Equal(("open", "anna", 2500.5m, true, "leader", "due", "all", "asked"), ((string?)read["state"], (string?)read["asker"], (decimal)read["amount"]!, (bool)read["mayDecide"]!,
            (string?)read["stations"]![0]!["name"], (string?)read["stations"]![0]!["seats"]![0]!["state"], (string?)read["stations"]![1]!["mode"], (string?)read["acts"]![0]!["act"]));

        await Decided(ben, "1", """{"decision":"send-back","comment":"which one?"}""", "sent-back");
        using var tried = await anna.Json("PUT", "/api/approvals/1?dry-run=true", """{"title":"a long ladder","reason":"high shelf"}""", ("If-Match", "\"2\""));
        using var mended = await anna.Json("PUT", "/api/approvals/1", """{"title":"a long ladder","reason":"high shelf"}""", ("If-Match", "\"2\""));
        Assert.Equal(("\"3\"", "\"3\"", "open"), (tried.Headers.ETag!.Tag, mended.Headers.ETag!.Tag, (string?)(await TokensTests.Body(mended))["state"]));
        await Decided(ben, "3", """{"decision":"approve"}""", "open");
        await Decided(carl, "4", """{"decision":"hand-on","to":"dora"}""", "open");
        await Decided(dora, "5", """{"decision":"approve","comment":"fine"}""", "open");
        using var eva = await app.As("eva");
        var ended = await Decided(eva, "6", """{"decision":"approve"}""", "approved");
        Assert.Equal(["approve", "approve", "hand-on", "approve", "asked-again", "send-back", "asked"], ended["acts"]!.AsArray().Select(act => (string?)act!["act"]));
        Assert.Equal((1, 7), (await app.Number("select count(*) from platform_event where kind = 'platform.approval-decided'"), await app.Number("select count(*) from platform_audit where action like 'approval.%'")));
        foreach (var answer in asked) { answer.Dispose(); }
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task Who_may_not_who_is_late_and_what_is_wrong_is_refused(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var administrator = await ApprovalTests.People(app);
        await ApprovalTests.Flow(administrator, null, ApprovalTests.Step(0, "leader", "ben"));
        using var anna = await app.As("anna");
        using var ben = await app.As("ben");
        using var eva = await app.As("eva");
        using var bare = await app.UserWith();
        (await anna.Json("POST", "/api/approvals", Ladder)).Dispose();
        (Visitor Who, string Method, string Path, string? Body, string? Match, int Status, string? Code)[] wishes =
        [
            (bare, "POST", "/api/approvals", Ladder, null, 403, null), (bare, "GET", "/api/approval-flows", null, null, 403, null),
            (anna, "POST", "/api/approvals", """{"flow":9,"title":"t","reason":"r"}""", null, 404, "approvals.flow.unknown"), (anna, "POST", "/api/approvals", """{"flow":1,"title":"","reason":"r"}""", null, 422, "approvals.title"),
            (anna, "POST", "/api/approvals", """{"flow":1,"title":"t","reason":"r","amount":-1}""", null, 422, "approvals.amount"), (anna, "POST", "/api/approvals", """{"title":"t","reason":"r"}""", null, 400, "api.body.wrong"),
            (anna, "GET", "/api/approvals?of=mine", null, null, 422, "api.param.wrong"),
            // Whoever has nothing to do with it isn't told that it is there, nor its version.
            (eva, "GET", "/api/approvals/1", null, null, 404, "approvals.unknown"), (eva, "POST", "/api/approvals/1/decisions", """{"decision":"approve"}""", "\"7\"", 404, "approvals.unknown"), (ben, "GET", "/api/approvals/2", null, null, 404, "approvals.unknown"),
            (ben, "POST", "/api/approvals/1/decisions", """{"decision":"approve"}""", null, 428, "api.match.missing"), (ben, "POST", "/api/approvals/1/decisions", """{"decision":"approve"}""", "\"7\"", 412, "api.match.stale"),
            (ben, "POST", "/api/approvals/1/decisions", """{"decision":"reject"}""", "\"1\"", 422, "approvals.comment"), (ben, "POST", "/api/approvals/1/decisions", """{"decision":"fly"}""", "\"1\"", 400, "api.body.wrong"),
            (anna, "POST", "/api/approvals/1/decisions", """{"decision":"approve"}""", "\"1\"", 422, "approvals.turn"), (ben, "POST", "/api/approvals/1/decisions", """{"decision":"hand-on","to":"nobody"}""", "\"1\"", 422, "access.user.nameUnknown"),
            (ben, "PUT", "/api/approvals/1", """{"title":"t","reason":"r"}""", "\"1\"", 404, "approvals.unknown"), (anna, "PUT", "/api/approvals/1", """{"title":"t","reason":"r"}""", "\"1\"", 422, "approvals.notBack"),
        ];
        foreach (var (who, method, path, body, match, status, code) in wishes)
        {
            using var refused = await who.Json(method, path, body, match is null ? [] : [("If-Match", match)]);
            Assert.Equal((path + body, status), (path + body, (int)refused.StatusCode));
            if (code is not null) { Assert.Equal(code, (string?)(await TokensTests.Body(refused))["code"]); }
        }
        Assert.Equal((1, 1), (await app.Number("select count(*) from platform_approval where version = 1 and state = 0"), await app.Number("select count(*) from platform_approval_act")));
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task A_token_decides_only_where_it_was_given_the_right_to_ask_or_may_everything(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var administrator = await ApprovalTests.People(app);
        // May do nothing but what is his turn, as on the page.
        await app.AddUser("boss");
        await ApprovalTests.Flow(administrator, null, ApprovalTests.Step(0, "leader", "boss"));
        using var boss = await app.As("boss");
        using var ben = await app.As("ben");
        using var anna = await app.As("anna");
        (await anna.Json("POST", "/api/approvals", Ladder)).Dispose();
        using var program = app.Anonymous();
        var (reading, asking) = (await TokensTests.Made(boss, "/account/tokens"), await TokensTests.Made(ben, "/account/tokens", ("scope", "chosen"), ("permission", "approvals.ask")));
        foreach (var (method, path, body) in new[] { ("GET", "/api/approvals", null), ("GET", "/api/approvals/1", null), ("POST", "/api/approvals/1/decisions", """{"decision":"approve"}""") })
        {
            using var refused = await TokensTests.With(program, reading, method, path, body);
            Assert.Equal((HttpStatusCode.Forbidden, "access.token.scope", """Bearer error="insufficient_scope", scope="approvals.ask" """.Trim()), (refused.StatusCode, (string?)(await TokensTests.Body(refused))["code"], refused.Headers.WwwAuthenticate.ToString()));
        }
        using var tools = await program.Json("POST", "/api/mcp", """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""", ("Authorization", "Bearer " + reading));
        Assert.DoesNotContain("decideApproval", await tools.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        using var called = await program.Json("POST", "/api/mcp", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"decideApproval","arguments":{"id":1,"ifMatch":"*","body":{"decision":"approve"}}}}""", ("Authorization", "Bearer " + reading));
        Assert.Equal("access.token.scope", (string?)(await TokensTests.Body(called))["result"]!["structuredContent"]!["code"]);
        using var lists = await TokensTests.With(program, asking, "GET", "/api/approvals?of=asked");
        Assert.Equal(HttpStatusCode.OK, lists.StatusCode);
        var whole = await TokensTests.Made(boss, "/account/tokens", ("scope", "all"));
        using var done = await program.Json("POST", "/api/mcp", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"decideApproval","arguments":{"id":1,"ifMatch":"1","body":{"decision":"approve"}}}}""", ("Authorization", "Bearer " + whole));
        Assert.Equal("approved", (string?)(await TokensTests.Body(done))["result"]!["structuredContent"]!["state"]);
        Assert.Empty(app.Errors);
    }

    private static async Task<string> Ids(Visitor visitor, string of) => JsonNode.Parse(await visitor.Text("/api/approvals" + (of.Length > 0 ? "?of=" + of : "")))!["rows"]!.AsArray().Select(row => (long)row!["id"]!).ToList() is { } ids ? $"[{string.Join(',', ids)}]" : "";

    private static async Task<JsonNode> Decided(Visitor visitor, string version, string body, string state)
    {
        using var answer = await visitor.Json("POST", "/api/approvals/1/decisions", body, ("If-Match", $"\"{version}\""));
        var approval = await TokensTests.Body(answer);
        Assert.Equal((body, HttpStatusCode.OK, state), (body, answer.StatusCode, (string?)approval["state"]));
        return approval;
    }
}
