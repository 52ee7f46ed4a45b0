using System.Net;
using System.Text.Json.Nodes;
using Huike.Customers.Contracts;
using Huike.IntegrationTests.Platform.Audit;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Roles;
using Huike.Platform.Data;

namespace Huike.IntegrationTests.Customers;

/// <summary>未知项: what the firm does not know of its good customers, whom to ask, and when.</summary>
public sealed class UnknownTests
{
    private const string Path = "/customers/unknown";
    private const string Rules = "/admin/unknowns";

    [Theory, OnBothDatabases]
    public async Task Each_count_leads_to_as_many_customers_and_the_list_says_whom_to_ask_and_when(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var visitor = await app.Administrator();
        var page = await visitor.Page(Path);
        var rows = page.QuerySelectorAll("tbody tr").ToDictionary(row => row.QuerySelector(".lead")!.TextContent, row => row.QuerySelectorAll("td.num").Select(cell => cell.TextContent.Trim()).ToArray());
        // A and B are platinum and gold; C is lead, and nobody asks after it.
        Assert.Equal(["1", "2", "50%"], rows["Phone"]);
        Assert.Equal(["0", "1", "0%"], rows["Who decides"]);
        Assert.Equal(["1", "1", "100%"], rows["Credit code"]);
        Assert.Equal(["2", "2", "100%"], rows["Machine"]);
        foreach (var link in page.QuerySelectorAll("tbody td a"))
        {
            Assert.Equal(link.TextContent, $"{(long)JsonNode.Parse(await visitor.Text("/api" + link.GetAttribute("href")))!["total"]!}");
        }
        var work = page.QuerySelectorAll(".lines > li").Select(row => row.TextContent).ToList();
        Assert.Equal(2, work.Count);
        Assert.Contains("Ask Wang (contact), admin (spoke with them last), Cay (recommended us). With “visit”, by", work.Single(row => row.Contains("Ann", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("No step is planned yet.", work.Single(row => row.Contains("Ben", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("Cay", (await visitor.Page(Path + "?tier=lead")).QuerySelector(".lines")!.TextContent, StringComparison.Ordinal);
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task One_click_plans_one_question_until_it_was_asked(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var visitor = await app.Administrator();
        Assert.Contains("Ask for: E-mail", (await visitor.Page("/customers/1")).QuerySelector("#unknowns")!.TextContent, StringComparison.Ordinal);
        var token = await visitor.Token("/customers/1");
        var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => visitor.Post("/customers/1/unknown", ("__RequestVerificationToken", token), ("field", "email"))));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode));
        // Together with what is planned anyway.
        Assert.Equal((1, 1), (await app.Number("select count(*) from customers_next_step where what = 'Ask for: E-mail'"), await app.Number("select count(distinct due_at) from customers_next_step where customer_id = 1")));
        Assert.Contains("Planned: E-mail", (await visitor.Page("/customers/1")).QuerySelector("#unknowns")!.TextContent, StringComparison.Ordinal);
        var step = await app.Number("select id from customers_next_step where what = 'Ask for: E-mail'");
        (await visitor.Submit("/customers/1", $"/customers/1/next-steps/{step}/done", ("confirm", "true"))).Dispose();
        using var back = await visitor.Submit("/customers/1", "/customers/1/unknown", ("field", "email"), ("back", Path + "?tier=gold"));
        Assert.Equal(Path + "?tier=gold", back.Headers.Location!.ToString());
        Assert.Equal(2, await app.Number("select count(*) from customers_next_step where what = 'Ask for: E-mail'"));
        using var own = await visitor.Submit("/customers/1", "/customers/1/unknown", ("field", "custom-machine"), ("back", "https://evil.example/"));
        Assert.Equal("/customers/1", own.Headers.Location!.ToString());
        var told = JsonNode.Parse(await visitor.Text("/api/customers/1/unknowns"))!;
        Assert.Contains("""{"name":"email","asked":true}""", told["fields"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(("Wang", "visit"), ((string)told["contact"]!, (string)told["nextStep"]!));
        using var wrong = await visitor.Submit("/customers/1", "/customers/1/unknown", ("field", "shoe size"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        Assert.Equal(3, (await app.Entries("customer.step-planned")).Count - 1);
    }

    [Theory, OnBothDatabases]
    public async Task What_matters_is_a_setting_and_nobody_is_told_beyond_his_scope(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var admin = await app.Administrator();
        foreach (var (field, value) in new[] { ("tiers", "brass"), ("person", "shoe"), ("daysToAsk", "366"), ("daysToAsk", "soon"), ("tiers", "") })
        {
            var fields = new Dictionary<string, string> { ["tiers"] = "gold", ["person"] = "phone", ["daysToAsk"] = "3", [field] = value };
            using var refused = await admin.Submit(Rules, Rules, [.. fields.Select(one => (one.Key, one.Value))]);
            Assert.Equal((field, value, HttpStatusCode.UnprocessableEntity), (field, value, refused.StatusCode));
        }
        using var saved = await admin.Submit(Rules, Rules, ("tiers", "platinum"), ("tiers", "gold"), ("tiers", "lead"), ("organisation", "phone"), ("daysToAsk", "3"));
        Assert.Equal(HttpStatusCode.Redirect, saved.StatusCode);
        Assert.Equal(["Phone"], (await admin.Page(Path)).QuerySelectorAll("tbody .lead").Select(cell => cell.TextContent));
        await app.AddUserWith("eve", 1, new(new Dictionary<string, RecordScope> { [CustomerPermissions.Read] = RecordScope.Own }, new Dictionary<string, FieldAccess> { ["customers"] = FieldAccess.Full }));
        await app.AddUserWith("kim", 1, new(new Dictionary<string, RecordScope> { [CustomerPermissions.Read] = RecordScope.All, [CustomerPermissions.Edit] = RecordScope.Own }, new Dictionary<string, FieldAccess> { ["customers"] = new(1, 1) }));
        using var eve = await app.As("eve");
        Assert.Contains("No customers in these tiers", (await eve.Page(Path)).Body!.TextContent, StringComparison.Ordinal);
        using var kim = await app.As("kim");
        Assert.Contains("No customers in these tiers", (await kim.Page(Path)).Body!.TextContent, StringComparison.Ordinal);
        foreach (var (visitor, path) in new[] { (kim, "/api/customers/1/unknowns"), (eve, "/api/customers/1/unknowns"), (eve, Rules), (admin, Path + "?tier=brass"), (admin, Path + "?after=x"), (admin, "/customers?unknown=phone~brass~person"), (admin, "/customers?unknown=x") })
        {
            using var refused = await visitor.Get(path);
            Assert.True(refused.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.NotFound or HttpStatusCode.UnprocessableEntity, $"{path} answered {(int)refused.StatusCode}");
        }
        using var stranger = await kim.Submit("/account/notifications", "/customers/1/unknown", ("field", "email"));
        Assert.True(stranger.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.NotFound, $"{(int)stranger.StatusCode}");
    }

    /// <summary>Ann, an organisation of platinum, and Ben, of gold; Cay brought Ann and is lead.</summary>
    private static async Task<HuikeApp> Firm(DatabaseKind kind)
    {
        var app = await HuikeApp.Start(kind);
        using var visitor = await app.Administrator();
        await Given.Customers(app, "number,name,phone\nA,Ann,\nB,Ben,13800138000\nC,Cay,\n");
        await app.Number("update customers_customer set kind = 3 where number = 'A'");
        await app.Number("update customers_customer set kind = 1 where number <> 'A'");
        await app.Number("update customers_standing set tier = 1, contribution = 900 where customer_id = 1");
        await app.Number("update customers_standing set tier = 2, contribution = 500 where customer_id = 2");
        await app.Number("update customers_standing set tier = 4 where customer_id = 3");
        await Given.Field(visitor, "customers", "机器", "Machine", "machine", "text");
        foreach (var (path, body) in new[]
        {
            ("people", """{"name":"Wang","role":"decision-maker","influence":"decisive"}"""), ("people", """{"name":"Zhou","influence":"low"}"""), ("notes", """{"body":"hello","kind":"call","side":"us"}"""),
            ("relations", """{"relation":"referrer","other":3}"""), ("next-steps", """{"what":"visit","due":"2030-01-31"}"""),
        })
        {
            using var sent = await visitor.Json("POST", "/api/customers/1/" + path, body);
            Assert.True(sent.StatusCode == HttpStatusCode.Created, await sent.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
        return app;
    }
}
