using System.Net;
using System.Text.Json.Nodes;
using Huike.Platform.Data;

namespace Huike.IntegrationTests.Customers;

/// <summary>Health of a relationship, bonds, moments and the retention plan.</summary>
public sealed class RelationshipHealthTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task What_is_known_makes_the_indicators_and_one_click_shows_it(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var visitor = await app.Administrator();
        Assert.Equal("""{"trust":null,"responsibility":null,"dependence":null,"reciprocity":null,"emotion":null,"interaction":null}""", await Health(visitor));
        Assert.Equal(6, (await visitor.Page("/customers/1")).QuerySelectorAll("#relationship dd").Count(row => row.TextContent.Contains("unknown", StringComparison.Ordinal)));
        await Given.Ledger(app, "customer,date,document,amount,product,category\n" + $"K1,{Day(app, -10)},A1,10,P1,stoves\nK1,{Day(app, -50)},A2,10,P1,stoves\nK1,{Day(app, -700)},A0,10,P3,hoods\nK2,{Day(app, -10)},B1,10,P2,fridges\n");
        foreach (var (path, body) in new[]
        {
            ("notes", """{"body":"asked for help","kind":"call","side":"customer","tone":1}"""), ("notes", """{"body":"called back","kind":"call","side":"us","tone":2}"""), ("moments", """{"kind":"favour-from-us","what":"lent a stove"}"""),
            ("relations", """{"relation":"referred","other":2}"""), ("next-steps", """{"what":"send the parts","due":"2030-01-31"}"""),
        })
        {
            using var added = await visitor.Json("POST", "/api/customers/1/" + path, body);
            Assert.True(added.IsSuccessStatusCode, await added.Content.ReadAsStringAsync(Ct));
        }
        using var done = await visitor.Submit("/customers/1", "/customers/1/next-steps/1/done", ("confirm", "true"));
        // Two months of twelve and one of three categories; of two contacts one from the customer, today.
        Assert.Equal("""{"trust":100,"responsibility":100,"dependence":25,"reciprocity":50,"emotion":88,"interaction":73}""", await Health(visitor));
        await app.Number($"insert into customers_next_step (customer_id, what, due_at, created_at, created_by, form_key) select 1, 'forgotten', {(kind == DatabaseKind.Sqlite ? $"{app.Clock.GetUtcNow().AddDays(-30).ToUnixTimeMilliseconds()}, 0" : $"timestamptz '{app.Clock.GetUtcNow().AddDays(-30):yyyy-MM-dd HH:mm:ss}+00', now()")}, '', 'late'");
        Assert.StartsWith("""{"trust":50,"responsibility":33,""", await Health(visitor), StringComparison.Ordinal);
        foreach (var (indicator, facts) in new[]
        {
            ("trust", new[] { "send the parts", "forgotten", "Overdue" }), ("responsibility", ["forgotten", "30 days"]), ("dependence", ["stoves", "Months with a purchase 2 of 12"]), ("reciprocity", ["lent a stove", "李雷", "Came by referral"]),
            ("emotion", ["asked for help", "friendly", "delighted"]), ("interaction", ["called back", "From the customer"]),
        })
        {
            var page = (await visitor.Page("/customers/1/relationship?show=" + indicator)).QuerySelector("#health")!.TextContent;
            Assert.All(facts, fact => Assert.Contains(fact, page, StringComparison.Ordinal));
        }
        Assert.DoesNotContain("hoods", (await visitor.Page("/customers/1/relationship?show=dependence")).QuerySelector("#health")!.TextContent, StringComparison.Ordinal);
        using var wrong = await visitor.Get("/customers/1/relationship?show=love");
        using var tone = await visitor.Json("POST", "/api/customers/1/notes", """{"body":"x","kind":"call","tone":3}""");
        Assert.Equal((HttpStatusCode.UnprocessableEntity, HttpStatusCode.UnprocessableEntity), (wrong.StatusCode, tone.StatusCode));
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task Bonds_and_moments_are_written_once_told_and_taken_away(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var visitor = await app.Administrator();
        const string page = "/customers/1/relationship";
        foreach (var (part, fields) in new (string, (string, string)[])[]
        {
            ("bonds", [("kind", "social"), ("what", "plays chess with our founder"), ("since", "2020-01-31")]), ("moments", [("kind", "delight"), ("on", Day(app, -3)), ("what", "came on New Year's Eve"), ("reaction", "wrote to the paper"), ("tone", "2"), ("who", "engineer Wang")]),
        })
        {
            var key = ("formKey", Guid.CreateVersion7().ToString("N"));
            foreach (var answer in await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => visitor.Submit(page, "/customers/1/" + part, [.. fields, key])))) { Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode); }
            Assert.Single(JsonNode.Parse(await visitor.Text("/api/customers/1/" + part))!["rows"]!.AsArray());
        }
        foreach (var (part, fields) in new (string, (string, string)[])[]
        {
            ("bonds", [("kind", "magic"), ("what", "x")]), ("bonds", [("kind", "social"), ("what", " ")]), ("bonds", [("kind", "social"), ("what", "x"), ("since", "soon")]), ("bonds", [("kind", "social"), ("what", new string('x', 401))]),
            ("moments", [("kind", "delight"), ("what", "")]), ("moments", [("kind", "delight"), ("what", "x"), ("on", "2999-01-01")]), ("moments", [("kind", "delight"), ("what", "x"), ("tone", "3")]), ("moments", [("kind", "delight"), ("what", "x"), ("tone", "good")]),
        })
        {
            using var refused = await visitor.Submit(page, "/customers/1/" + part, [.. fields, ("formKey", Guid.CreateVersion7().ToString("N"))]);
            Assert.True(refused.StatusCode == HttpStatusCode.UnprocessableEntity, $"{part} {fields[1]} answered {refused.StatusCode}");
        }
        Assert.Equal("social plays chess with our founder 2020-01-31", JsonNode.Parse(await visitor.Text("/api/customers/1/bonds"))!["rows"]![0] is var bond ? $"{bond!["kind"]} {bond["what"]} {bond["since"]}" : "");
        var timeline = (await visitor.Page("/customers/1")).QuerySelector(".timeline")!.TextContent;
        Assert.Contains("came on New Year's Eve → wrote to the paper", timeline, StringComparison.Ordinal);
        Assert.Contains("Social · plays chess with our founder", timeline, StringComparison.Ordinal);
        Assert.Contains("engineer Wang", (await visitor.Page(page)).QuerySelector("#moments")!.TextContent, StringComparison.Ordinal);
        foreach (var part in (string[])["bonds", "moments"])
        {
            using var removed = await visitor.Submit(page, $"/customers/1/{part}/1/removal", ("confirm", "true"));
            using var other = await visitor.Submit(page, $"/customers/2/{part}/1/removal", ("confirm", "true"));
            Assert.Equal((HttpStatusCode.Redirect, HttpStatusCode.NotFound), (removed.StatusCode, other.StatusCode));
        }
        Assert.Equal(0, await app.Number("select (select count(*) from customers_bond) + (select count(*) from customers_moment)"));
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task A_retention_plan_has_its_steps_and_nobody_writes_over_a_colleagues(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var visitor = await app.Administrator();
        const string page = "/customers/1/relationship";
        Task<HttpResponseMessage> Save(string version, string goal, string step = "", string due = "2030-02-01", string review = "2030-03-01") => visitor.Submit(page, "/customers/1/retention-plan",
            ("version", version), ("goal", goal), ("next", "structural"), ("review", review), ("step", step), ("due", due), ("formKey", Guid.CreateVersion7().ToString("N")));
        using var made = await Save("0", "stays for the second line", "show the stock report");
        using var stale = await Save("0", "something else");
        using var changed = await Save("1", "stays for both lines", "invite to the fair");
        // Plan and step come both or neither.
        using var badStep = await Save("2", "a third goal", "x", "soon");
        using var badDay = await Save("2", "a third goal", review: "soon");
        using var badGoal = await Save("2", " ");
        Assert.Equal([HttpStatusCode.Redirect, HttpStatusCode.UnprocessableEntity, HttpStatusCode.Redirect, HttpStatusCode.UnprocessableEntity, HttpStatusCode.UnprocessableEntity, HttpStatusCode.UnprocessableEntity], new[] { made, stale, changed, badStep, badDay, badGoal }.Select(answer => answer.StatusCode));
        var shown = (await visitor.Page(page)).QuerySelector("#plan")!.TextContent;
        foreach (var word in (string[])["stays for both lines", "Next bond: Structural", "show the stock report", "invite to the fair"]) { Assert.Contains(word, shown, StringComparison.Ordinal); }
        Assert.Equal((1, 2), (await app.Number("select count(*) from customers_retention_plan"), await app.Number("select count(*) from customers_next_step where plan_id = 1")));
        Assert.Contains("Structural · ", (await visitor.Page("/customers/1?kind=changes")).QuerySelector(".timeline")!.TextContent, StringComparison.Ordinal);
        using var removed = await visitor.Submit(page, "/customers/1/retention-plan/removal", ("version", "2"));
        Assert.Equal((HttpStatusCode.Redirect, 0, 2), (removed.StatusCode, await app.Number("select count(*) from customers_retention_plan"), await app.Number("select count(*) from customers_next_step")));
        Assert.Empty(app.Errors);
    }

    private static async Task<string> Health(Visitor visitor) => JsonNode.Parse(await visitor.Text("/api/customers/1/relationship"))!["health"]!.ToJsonString();

    private static string Day(HuikeApp app, int days) => app.Clock.GetUtcNow().AddDays(days).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<HuikeApp> Firm(DatabaseKind kind)
    {
        var app = await HuikeApp.Start(kind);
        await Given.Customers(app, "number,name\nK1,张三\nK2,李雷\n");
        return app;
    }
}
