using System.Net;
using System.Text.Json.Nodes;
using Huike.IntegrationTests.Platform.Access;
using Huike.IntegrationTests.Platform.Audit;
using Huike.Platform.Access.Limits;
using Huike.Platform.Data;
using Huike.Platform.Settings;
using Huike.Ui;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Api;

/// <summary>The interface as agents use it; tests/clients tries the same with the public SDK.</summary>
public sealed class AgentsTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task An_agent_reads_tries_and_writes_as_its_user_and_the_audit_names_the_token(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var administrator = await app.Administrator();
        var token = await TokensTests.Made(administrator, "/account/tokens", ("scope", "all"));
        using var agent = app.Anonymous();
        var added = await Call(agent, token, "addCustomer", """{"body":{"name":"Wanda","phone":"13800138000"},"idempotencyKey":"one"}""");
        var again = await Call(agent, token, "addCustomer", """{"body":{"name":"Wanda","phone":"13800138000"},"idempotencyKey":"one"}""");
        Assert.Equal((1, 1, false), ((int)added["structuredContent"]!["id"]!, (int)again["structuredContent"]!["id"]!, (bool)added["isError"]!));
        var read = await Call(agent, token, "readCustomer", """{"id":1,"fields":"id,name,phone"}""");
        Assert.Equal(await administrator.Text("/api/customers/1?fields=id,name,phone"), (string?)read["content"]![0]!["text"]);
        var found = await Call(agent, token, "listCustomers", """{"q":"Wanda","fields":"name","limit":1,"tier":null}""");
        Assert.Equal("""[{"name":"Wanda"}]""", found["structuredContent"]!["rows"]!.ToJsonString());
        var tried = await Call(agent, token, "changeCustomer", """{"id":1,"ifMatch":1,"dryRun":true,"body":{"place":"杭州"}}""");
        Assert.Equal(("杭州", 2), ((string?)tried["structuredContent"]!["place"], tried["content"]!.AsArray().Count));
        Assert.Equal(1, await app.Number("select version from customers_customer where id = 1"));
        var changed = await Call(agent, token, "changeCustomer", """{"id":1,"ifMatch":"1","body":{"place":"杭州"}}""");
        Assert.Equal((false, 2), ((bool)changed["isError"]!, (int)changed["structuredContent"]!["version"]!));
        Assert.Contains("""{"field":"byToken","old":null,"new":"till"}""", Assert.Single(await app.Entries("customer.edited")), StringComparison.Ordinal);
        var removed = await Call(agent, token, "removeCustomer", """{"id":1,"ifMatch":"*"}""");
        Assert.Equal((false, false), ((bool)removed["isError"]!, removed.ContainsKey("structuredContent")));
        Assert.Equal(0, await app.Number("select count(*) from customers_customer"));
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task What_is_refused_is_told_to_the_agent_as_to_a_program(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var administrator = await app.Administrator();
        await Given.Customers(app, "number,name\nK1,Wanda\nK2,Wendy\n");
        await app.AddUserWithRoles("anna", 1, "salesperson");
        await app.Number("update customers_customer set owner_id = (select id from platform_user where user_name = 'anna') where id = 1 returning id");
        using var anna = await app.As("anna");
        var (whole, reading) = (await TokensTests.Made(anna, "/account/tokens", ("scope", "all")), await TokensTests.Made(anna, "/account/tokens"));
        using var agent = app.Anonymous();
        (string Token, string Tool, string Arguments, string Code)[] wishes =
        [
            (reading, "changeCustomer", """{"id":1,"ifMatch":"*","body":{"place":"x"}}""", "access.token.scope"), (reading, "addCustomer", """{"body":{"name":"x"}}""", "access.token.scope"),
            (whole, "changeProduct", """{"id":1,"ifMatch":"*","body":{"cost":1}}""", "access.record.refused"), (whole, "readCustomer", """{"id":2}""", "customers.customer.unknown"),
            (whole, "changeCustomer", """{"id":2,"ifMatch":"*","body":{"place":"x"}}""", "customers.customer.unknown"), (whole, "changeCustomer", """{"id":1,"body":{"place":"x"}}""", "api.match.missing"),
            (whole, "changeCustomer", """{"id":1,"ifMatch":"7","body":{"place":"x"}}""", "api.match.stale"), (whole, "changeCustomer", """{"id":1,"ifMatch":"*","body":{"email":"x"}}""", "api.fields.wrong"),
            (whole, "changeCustomer", """{"id":1,"ifMatch":"*"}""", "api.mcp.missing"), (whole, "changeCustomer", """{"id":1,"ifMatch":"*","body":[]}""", "api.body.object"), (whole, "changeCustomer", """{"id":1,"ifMatch":"*","dryRun":"yes","body":{}}""", "api.dryRun.wrong"),
            (whole, "readCustomer", """{}""", "api.mcp.missing"), (whole, "readCustomer", """{"id":"+2"}""", "api.mcp.argument"), (whole, "readCustomer", """{"id":1.5}""", "api.mcp.argument"), (whole, "readCustomer", """{"id":1,"x":1}""", "api.mcp.argument"), (whole, "readCustomer", """{"id":{}}""", "api.mcp.argument"),
        ];
        foreach (var (token, tool, arguments, code) in wishes)
        {
            var refused = await Call(agent, token, tool, arguments);
            Assert.Equal((tool + arguments, true, code), (tool + arguments, (bool)refused["isError"]!, (string?)refused["structuredContent"]!["code"]));
        }
        Assert.Equal("customers.form.email", (string?)(await Call(agent, whole, "changeCustomer", """{"id":1,"ifMatch":"*","body":{"email":"x"}}"""))["structuredContent"]!["errors"]!["email"]!["code"]);
        Assert.Equal(0, await app.Number("select count(*) from customers_customer where version > 1 or place = 'x'"));
        Assert.Empty(app.Errors);
    }

    [Theory]
    [InlineData("en")]
    [InlineData("zh-CN")]
    public async Task The_tools_are_the_operations_that_the_caller_may_use_in_the_callers_language(string language)
    {
        await using var app = await HuikeApp.Start(DatabaseKind.Sqlite);
        using var administrator = await app.Administrator(language);
        var reading = await TokensTests.Made(administrator, "/account/tokens");
        using var agent = app.Anonymous(language);
        var all = (await Ask(administrator, null, """{"jsonrpc":"2.0","id":1,"method":"tools/list"}"""))["result"]!["tools"]!.AsArray();
        var operations = JsonNode.Parse(await administrator.Text($"/api/openapi/{language}.json"))!["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()).ToDictionary(operation => (string)operation.Value!["operationId"]!, operation => operation.Value!);
        // Bytes of files are nothing that a message holds.
        Assert.Equal(operations.Keys.Except(["addCustomerFile", "downloadCustomerFile"]).Order(StringComparer.Ordinal), all.Select(tool => (string)tool!["name"]!).Order(StringComparer.Ordinal));
        Assert.All(all, tool => Assert.Equal(TextCatalog.For(language)["api.op." + tool!["name"]], (string?)tool["description"]));
        Assert.DoesNotContain("$ref", all.ToJsonString(), StringComparison.Ordinal);
        var change = all.Single(tool => (string?)tool!["name"] == "changeCustomer")!;
        Assert.Equal(("id dryRun idempotencyKey ifMatch body", """["id","ifMatch","body"]"""), (string.Join(' ', change["inputSchema"]!["properties"]!.AsObject().Select(property => property.Key)), change["inputSchema"]!["required"]!.ToJsonString()));
        Assert.Equal((false, true, true), Hints(change));
        Assert.Equal((false, false, false), Hints(all.Single(tool => (string?)tool!["name"] == "addCustomer")!));
        Assert.Equal((false, true, false), Hints(all.Single(tool => (string?)tool!["name"] == "changeCustomers")!));
        var few = (await Ask(agent, reading, """{"jsonrpc":"2.0","id":1,"method":"tools/list"}"""))["result"]!["tools"]!.AsArray();
        Assert.Equal([
            "beginBulkChange", "changeCustomers", "listAddresses", "listBonds", "listClaims", "listConsents", "listContactPoints", "listContactsDue", "listCustomerFiles", "listCustomers", "listDivisions", "listFormerNames", "listHands", "listInvoiceTitles", "listLeftOut", "listMerges", "listMoments", "listNextSteps", "listNotes", "listPeople", "listProducts", "listRelations", "listTags", "listUnknowns", "listViews",
            "readAddress", "readBulkChange", "readConsent", "readContactClaim", "readContactPoint", "readCustomer", "readCustomerFile", "readCustomerValue", "readInvoiceTitle", "readNextStep", "readPerson", "readProduct", "readRelation", "readRelationship", "readView", "undoBulkChange"], few.Select(tool => (string)tool!["name"]!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_tools_name_the_open_fields_of_the_firm_as_they_are_now()
    {
        await using var app = await HuikeApp.Start(DatabaseKind.Sqlite);
        using var administrator = await app.Administrator();
        async Task<JsonNode> Tool(string name) => (await Ask(administrator, null, """{"jsonrpc":"2.0","id":1,"method":"tools/list"}"""))["result"]!["tools"]!.AsArray().Single(known => (string?)known!["name"] == name)!["inputSchema"]!;
        async Task<JsonNode?> Custom(string name) => (await Tool(name))["properties"]!["body"]!["properties"]!["custom"]!["properties"];
        Assert.Null(await Custom("changeCustomer"));
        foreach (var kind in (string[])["customers", "products"])
        {
            await Given.Field(administrator, kind, "区域", "Region", "region", "Choice", ("choices", "east = 华东 | East\nwest = 华西 | West"));
            await Given.Field(administrator, kind, "密级", "Secret", "secret", "Number", ("level", "2"));
        }
        foreach (var tool in (string[])["addCustomer", "changeCustomer", "changeProduct"])
        {
            var custom = (await Custom(tool))!.AsObject();
            Assert.Equal(["region"], custom.Select(field => field.Key));
            Assert.Equal(("Region", """["east","west"]"""), ((string?)custom["region"]!["description"], custom["region"]!["enum"]!.ToJsonString()));
        }
        // What a list may be sifted and ordered by is an argument of its own.
        await Given.Field(administrator, "products", "重量", "Weight", "weight", "Number", ("indexed", "true"));
        await Given.Ledger(app, ("K1", "2024-01-05", "A1", 10m, "P1"), ("K1", "2024-01-05", "A2", 10m, "P2"));
        (await administrator.Json("PATCH", "/api/products/2", """{"custom":{"weight":3.5}}""", ("If-Match", "*"))).Dispose();
        var list = (await Tool("listProducts"))["properties"]!;
        Assert.Equal(("Weight From", """["code","custom-weight"]""", null), ((string?)list["custom.weight.from"]!["description"], list["sort"]!["enum"]!.ToJsonString(), list["custom.region"]));
        var token = await TokensTests.Made(administrator, "/account/tokens");
        using var agent = app.Anonymous();
        var found = await Call(agent, token, "listProducts", """{"custom.weight.from":3,"sort":"custom-weight","fields":"code"}""");
        Assert.Equal("""[{"code":"P2"}]""", found["structuredContent"]!["rows"]!.ToJsonString());
        using var retired = await administrator.Submit("/admin/fields/1", "/admin/fields/1/state", ("retired", "true"));
        Assert.Null((await Custom("changeCustomer"))?["region"]);
        Assert.NotNull((await Custom("changeProduct"))!["region"]);
    }

    [Fact]
    public async Task What_is_no_message_of_the_protocol_is_answered_by_its_rules()
    {
        await using var app = await HuikeApp.Start(DatabaseKind.Sqlite);
        using var administrator = await app.Administrator();
        var token = await TokensTests.Made(administrator, "/account/tokens");
        using var agent = app.Anonymous();
        (string Sent, int Status, int Code)[] messages =
        [
            ("", 400, -32700), ("{", 400, -32700), ("""{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}""", 400, -32700), ("""{"jsonrpc":"2.0","id":1,"method":"\ud800"}""", 400, -32700), ("""{"\ud800":1}""", 400, -32700), (new string('[', 100), 400, -32700),
            ("[]", 400, -32600), ("""[{"jsonrpc":"2.0","id":1,"method":"ping"}]""", 400, -32600), ("1", 400, -32600), ("null", 400, -32600), ("""{"id":1,"method":"ping"}""", 400, -32600), ("""{"jsonrpc":"2.0","id":null,"method":"ping"}""", 400, -32600), ("""{"jsonrpc":"2.0","id":{},"method":"ping"}""", 400, -32600), ("""{"jsonrpc":"2.0","id":1}""", 400, -32600),
            ("""{"jsonrpc":"2.0","id":1,"method":"resources/list"}""", 200, -32601), ("""{"jsonrpc":"2.0","id":1,"method":"tools/call"}""", 200, -32602), ("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"nothing"}}""", 200, -32602),
            ("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"listCustomers","arguments":[]}}""", 200, -32602), ("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":[]}""", 200, -32602),
        ];
        foreach (var (sent, status, code) in messages)
        {
            using var answer = await Post(agent, token, sent);
            Assert.Equal((sent, status, code), (sent, (int)answer.StatusCode, (int)(await TokensTests.Body(answer))["error"]!["code"]!));
        }
        foreach (var (wanted, spoken) in new[] { ("2025-06-18", "2025-06-18"), ("1999-01-01", "2025-11-25") })
        {
            var begun = (await Ask(agent, token, $$$"""{"jsonrpc":"2.0","id":"a","method":"initialize","params":{"protocolVersion":"{{{wanted}}}","capabilities":{},"clientInfo":{"name":"x","version":"1"} } }"""))["result"]!;
            Assert.Equal((spoken, "huike"), ((string?)begun["protocolVersion"], (string?)begun["serverInfo"]!["name"]));
        }
        Assert.Equal("{}", (await Ask(agent, token, """{"jsonrpc":"2.0","id":1,"method":"ping"}"""))["result"]!.ToJsonString());
        foreach (var told in (string[])["""{"jsonrpc":"2.0","method":"notifications/initialized"}""", """{"jsonrpc":"2.0","id":1,"result":{}}"""])
        {
            using var heard = await Post(agent, token, told);
            Assert.Equal((HttpStatusCode.Accepted, ""), (heard.StatusCode, await heard.Content.ReadAsStringAsync(Ct)));
        }
        const string ping = """{"jsonrpc":"2.0","id":1,"method":"ping"}""";
        Assert.Equal((200, 403, 400, 401, 413), (await Status(agent, token, ping, ("Origin", app.Address.GetLeftPart(UriPartial.Authority))), await Status(agent, token, ping, ("Origin", "http://evil.example")), await Status(agent, token, ping, ("MCP-Protocol-Version", "1")), await Status(agent, "hk_x", ping), await Status(agent, token, new string(' ', (4 << 20) + 1))));
        using var stream = await TokensTests.With(agent, token, "GET", "/api/mcp");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, stream.StatusCode);
        Assert.Empty(app.Errors);
    }

    [Fact]
    public async Task A_call_counts_once_against_the_limit_of_its_token()
    {
        await using var app = await HuikeApp.Start(DatabaseKind.Sqlite);
        using var administrator = await app.Administrator();
        var token = await TokensTests.Made(administrator, "/account/tokens");
        await app.In(async services => { await services.GetRequiredService<SettingsStore>().Save(new SignInSettings { TokenRequests = 3 }, "admin", Ct); return 0; });
        using var agent = app.Anonymous();
        for (var i = 0; i < 3; i++) { Assert.False((bool)(await Call(agent, token, "listCustomers", "{}"))["isError"]!); }
        using var late = await Post(agent, token, """{"jsonrpc":"2.0","id":1,"method":"ping"}""");
        Assert.Equal((HttpStatusCode.TooManyRequests, true), (late.StatusCode, late.Headers.RetryAfter is not null));
    }

    private static (bool Reads, bool Destroys, bool Repeats) Hints(JsonNode tool) => ((bool)tool["annotations"]!["readOnlyHint"]!, (bool)tool["annotations"]!["destructiveHint"]!, (bool)tool["annotations"]!["idempotentHint"]!);

    private static async Task<JsonObject> Call(Visitor agent, string token, string tool, string arguments) =>
        (await Ask(agent, token, $$"""{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"arguments":{{arguments}},"name":"{{tool}}"} }"""))["result"]!.AsObject();

    private static async Task<JsonNode> Ask(Visitor agent, string? token, string message)
    {
        using var answer = await Post(agent, token, message);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await TokensTests.Body(answer);
    }

    private static async Task<int> Status(Visitor agent, string token, string message, params (string, string)[] headers)
    {
        using var answer = await Post(agent, token, message, headers);
        return (int)answer.StatusCode;
    }

    private static Task<HttpResponseMessage> Post(Visitor agent, string? token, string message, params (string, string)[] headers) =>
        agent.Json("POST", "/api/mcp", message, token is null ? headers : [("Authorization", "Bearer " + token), .. headers]);
}
