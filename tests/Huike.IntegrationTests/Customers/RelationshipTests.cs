using System.Net;
using System.Text.Json.Nodes;
using Huike.Customers.Contracts;
using Huike.Customers.Relationships;
using Huike.Customers.Relationships.Plans;
using Huike.IntegrationTests.Platform.Audit;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Roles;
using Huike.Platform.Data;
using Huike.Platform.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Customers;

/// <summary>Types of relationships, and the contact plan that follows from them.</summary>
public sealed class RelationshipTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task A_type_is_suggested_with_its_figures_and_set_by_hand_with_a_reason(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var visitor = await app.Administrator();
        // One of three buyers brings nearly everything: few customers by no measure, but a high margin.
        await Given.Ledger(app, ("K1", "2026-10-05", "A1", 100_000m, "P1"), ("K2", "2026-10-05", "A2", 10m, "P1"), ("K3", "2026-10-06", "A3", 10m, "P1"));
        await Given.Drained(app);
        var page = (await visitor.Page("/customers/1/relationship")).Body!.TextContent;
        Assert.Matches("The tier .+ has \\d customers, 33.3% of all buyers|The tier .+ has \\d customers, 66.7% of all buyers|The tier .+ has 3 customers, 100.0% of all buyers", page);
        Assert.Contains(" Hence ", page, StringComparison.Ordinal);
        Assert.Null(JsonNode.Parse(await visitor.Text("/api/customers/1/relationship"))!["type"]);
        foreach (var (type, reason) in new[] { ("friendly", "x"), ("proactive", ""), ("proactive", new string('x', 401)) })
        {
            using var refused = await visitor.Submit("/customers/1/relationship", "/customers/1/relationship", ("type", type), ("reason", reason));
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        }
        for (var i = 0; i < 2; i++) { await Set(visitor, 1, "partnership", "grows with us"); }
        var read = JsonNode.Parse(await visitor.Text("/api/customers/1/relationship"))!;
        Assert.Equal(("partnership", "grows with us", "partnership"), ((string)read["type"]!, (string)read["reason"]!, (string)read["inForce"]!));
        Assert.Equal((1, 1), (await app.Number("select count(*) from customers_relationship"), await app.Number("select count(*) from customers_change where field = 'relationship'")));
        Assert.Contains("Partnership · grows with us", (await visitor.Page("/customers/1?kind=changes")).QuerySelector(".timeline")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("Partnership", (await visitor.Page("/customers/1")).QuerySelector("#relationship")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(["张三"], (await visitor.Page("/customers?relationship=partnership")).QuerySelectorAll("a.row-link").Select(link => link.TextContent.Trim()));
        Assert.Equal((1, 0), (JsonNode.Parse(await visitor.Text("/api/customers?relationship=partnership"))!["rows"]!.AsArray().Count, JsonNode.Parse(await visitor.Text("/api/customers?relationship=basic"))!["rows"]!.AsArray().Count));
        await Set(visitor, 1, "", "as the figures say");
        Assert.Equal(0, await app.Number("select count(*) from customers_relationship"));
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task A_purchase_brings_the_contacts_of_the_type_once_on_a_working_day_and_the_newest_alone(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var visitor = await app.Administrator();
        await Set(visitor, 1, "accountable", "asks for it");
        var today = Today(app);
        // Of many purchases, old ones too, the newest counts; what is long past brings nothing.
        await Given.Ledger(app, [.. Enumerable.Range(1, 40).Select(i => ("K1", Day(today.AddDays(-i)), $"A{i}", 10m, "P1")), ("K2", Day(today), "B1", 10m, "P1")]);
        await Given.Drained(app);
        Assert.Equal((1, 1), (await app.Number("select count(*) from customers_next_step"), await app.Number("select count(*) from customers_next_step n join customers_touch t on t.id = n.touch_id where n.created_by = '' and n.what = t.chinese and t.type = 3")));
        var due = DateOnly.ParseExact((string)JsonNode.Parse(await visitor.Text("/api/customers/1/next-steps"))!["rows"]![0]!["due"]!, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(due >= today && due.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday), $"{due} after {today}");
        Assert.Contains("the contact plan", (await visitor.Page("/customers/1")).Body!.TextContent, StringComparison.Ordinal);
        // Workers at once, and again: still one.
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Plan(app)));
        Assert.Equal(1, await app.Number("select count(*) from customers_next_step"));
        Assert.Single(await app.Entries("customer.step-planned"));
        // Done counts as done; the next purchase brings the next.
        using var done = await visitor.Submit("/customers/1", "/customers/1/next-steps/1/done", ("confirm", "true"));
        await Plan(app);
        Assert.Equal(1, await app.Number("select count(*) from customers_next_step"));
        await Given.Ledger(app, ("K1", Day(today), "C1", 10m, "P1"));
        await Given.Drained(app);
        Assert.Equal((2, 1), (await app.Number("select count(*) from customers_next_step"), await app.Number("select count(*) from customers_next_step where done_at is null")));
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task A_contact_or_a_task_that_is_done_begins_the_interval_anew_and_what_is_late_stands_in_the_list(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var visitor = await app.Administrator();
        await Set(visitor, 1, "partnership", "key customer");
        await Given.Drained(app);
        // Opened long ago and never contacted: due now, not late from the beginning.
        Assert.Equal(0, await app.Number("select count(*) from customers_next_step"));
        app.Clock.Advance(TimeSpan.FromDays(35));
        using var later = await app.Administrator();
        for (var i = 0; i < 3; i++) { await Plan(app); }
        Assert.Equal(1, await app.Number("select count(*) from customers_next_step"));
        Assert.Empty(await Rows(later, "/contacts-due"));
        Assert.Single(await Rows(later, "/contacts-due?view=week"));
        app.Clock.Advance(TimeSpan.FromDays(10));
        using var late = await app.Administrator();
        for (var i = 0; i < 3; i++) { await Plan(app); }
        var row = Assert.Single(await Rows(late, "/contacts-due"));
        Assert.Contains("张三", row, StringComparison.Ordinal);
        Assert.Equal(("/customers/1", true), ((await late.Page("/contacts-due")).QuerySelector("a.row-link")!.GetAttribute("href"), (int)JsonNode.Parse(await late.Text("/api/contacts-due"))!["rows"]![0]!["daysLate"]! >= 7));
        Assert.Contains("Overdue contacts: 1", (await late.Page("/customers/1")).QuerySelector("#relationship")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("days late", (await late.Page("/customers/1/relationship")).QuerySelector("#touches")!.TextContent, StringComparison.Ordinal);
        using var done = await late.Submit("/customers/1", $"/customers/1/next-steps/{await app.Number("select id from customers_next_step")}/done", ("confirm", "true"));
        await Plan(app);
        Assert.Equal((1, 0), (await app.Number("select count(*) from customers_next_step"), (await Rows(late, "/contacts-due")).Count));
        Assert.Contains("Comes up on", (await late.Page("/customers/1/relationship")).QuerySelector("#touches")!.TextContent, StringComparison.Ordinal);
        app.Clock.Advance(TimeSpan.FromDays(31));
        await Plan(app);
        Assert.Equal(2, await app.Number("select count(*) from customers_next_step"));
        foreach (var wrong in (string[])["view=all", "owner=x", "after=x"])
        {
            using var visitorNow = await app.Administrator();
            using var refused = await visitorNow.Get("/contacts-due?" + wrong);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        }
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task The_list_is_the_readers_own_by_owner_and_each_is_on_one_page(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var visitor = await app.Administrator();
        await app.AddUserWith("owner", 1, new(new Dictionary<string, RecordScope> { [CustomerPermissions.Read] = RecordScope.Own, [CustomerPermissions.Edit] = RecordScope.Own }, new Dictionary<string, FieldAccess> { ["customers"] = FieldAccess.Full }));
        (await visitor.Json("PUT", "/api/customers/2/owner", """{"owner":"owner"}""", ("If-Match", "*"))).Dispose();
        var (at, now) = kind == DatabaseKind.Sqlite ? ("1700000000000", "1700000000000") : ("timestamptz '2023-11-14 22:13:20+00'", "now()");
        await app.Number($"insert into customers_next_step (customer_id, what, due_at, created_at, created_by, form_key, touch_id) select c.id, 'ask ' || i.n, {at}, {now}, '', 'k' || c.id || '-' || i.n, 1 from customers_customer c, (with recursive n(n) as (select 1 union all select n + 1 from n where n < 40) select n from n) i");
        await app.Number($"insert into customers_next_step (customer_id, what, due_at, created_at, created_by, form_key) values (1, 'not of the plan', {at}, {now}, 'x', 'own')");
        var seen = new List<string>();
        for (var path = "/contacts-due"; path is not null;)
        {
            var page = await visitor.Page(path);
            seen.AddRange(page.QuerySelectorAll("tbody tr").Select(row => row.TextContent));
            path = page.QuerySelector("a[href*='after=']")?.GetAttribute("href");
        }
        Assert.Equal((120, 120), (seen.Count, seen.Select(row => string.Join(' ', row.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Take(3))).Distinct().Count()));
        using var owner = await app.As("owner");
        var own = await Rows(owner, "/contacts-due");
        Assert.All(own, row => Assert.Contains("李雷", row, StringComparison.Ordinal));
        Assert.Equal((40, 40), (own.Count, JsonNode.Parse(await visitor.Text($"/api/contacts-due?owner={await app.Number("select id from platform_user where user_name = 'owner'")}"))!["rows"]!.AsArray().Count));
        Assert.Equal(40, JsonNode.Parse(await owner.Text("/api/contacts-due?owner=me"))!["rows"]!.AsArray().Count);
    }

    [Theory, OnBothDatabases]
    public async Task Rules_are_checked_and_hold_for_types_by_hand_and_as_suggested(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var visitor = await app.Administrator();
        const string path = RelationshipRulesEndpoints.Path;
        (string, string)[] rules = [("highMargin", "4"), ("lowMargin", "0.25"), ("manyPercent", "40"), ("fewPercent", "3"), ("daysAhead", "5"), ("daysForgotten", "20"), ("language", "en"), ("least.partnership", "14"), ("appliesSuggestions", "true")];
        foreach (var wrong in new[] { ("highMargin", "0"), ("lowMargin", "9"), ("fewPercent", "50"), ("daysAhead", "1.5"), ("daysForgotten", "-1"), ("language", "fr"), ("least.partnership", "400"), ("manyPercent", "1e2") })
        {
            using var refused = await visitor.Submit(path, path, [.. rules.Where(field => field.Item1 != wrong.Item1), wrong]);
            Assert.True(refused.StatusCode == HttpStatusCode.UnprocessableEntity, $"{wrong} answered {refused.StatusCode}");
        }
        using var saved = await visitor.Submit(path, path, rules);
        Assert.Equal(HttpStatusCode.Redirect, saved.StatusCode);
        await Set(visitor, 1, "partnership", "key");
        Assert.Equal((14, null), (await Least(app, 1), await Least(app, 2)));
        // Who has no type by hand is served by the suggested one now.
        await Given.Ledger(app, ("K2", Day(Today(app)), "B1", 100m, "P1"));
        await Given.Drained(app);
        var inForce = (JsonNode?)null;
        // What a pass over the standings said is remembered for a moment.
        for (var i = 0; i < 100 && inForce is null; i++)
        {
            inForce = JsonNode.Parse(await visitor.Text("/api/customers/2/relationship"))!["inForce"];
            await Task.Delay(100, Ct);
        }
        Assert.NotNull(inForce);
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task The_plan_is_changed_on_its_page_checked_and_told(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        using var visitor = await app.Administrator();
        const string path = RelationshipRulesEndpoints.Path;
        (string, string)[] touch = [("type", "basic"), ("channel", "email"), ("after", "contact"), ("span", "2"), ("unit", "weeks"), ("chinese", "写信问候"), ("english", "Write and say hello")];
        foreach (var wrong in new[] { ("type", "best"), ("channel", "note"), ("span", "0"), ("span", "366"), ("unit", "hours"), ("english", " "), ("chinese", new string('好', 201)) })
        {
            using var refused = await visitor.Submit(path, path + "/touches", [.. touch.Where(field => field.Item1 != wrong.Item1), wrong]);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        }
        var shipped = await app.Number("select count(*) from customers_touch");
        for (var i = 0; i < 2; i++) { (await visitor.Submit(path, path + "/touches", touch)).Dispose(); }
        var id = await app.Number("select max(id) from customers_touch");
        Assert.Equal(shipped + 1, await app.Number("select count(*) from customers_touch"));
        using var changed = await visitor.Submit(path, $"{path}/touches/{id}", [.. touch.Where(field => field.Item1 != "span"), ("span", "3"), ("version", "1")]);
        using var stale = await visitor.Submit(path, $"{path}/touches/{id}", [.. touch, ("version", "1")]);
        using var removed = await visitor.Submit(path, $"{path}/touches/{id}/removal", ("confirm", "true"));
        using var gone = await visitor.Submit(path, $"{path}/touches/{id}/removal", ("confirm", "true"));
        Assert.Equal((HttpStatusCode.Redirect, HttpStatusCode.UnprocessableEntity, HttpStatusCode.Redirect, HttpStatusCode.NotFound), (changed.StatusCode, stale.StatusCode, removed.StatusCode, gone.StatusCode));
        Assert.Equal((1, 1, 1), ((await app.Entries("relationship.touch-added")).Count, (await app.Entries("relationship.touch-changed")).Count, (await app.Entries("relationship.touch-removed")).Count));
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task Whoever_sees_nothing_internal_sees_no_relationship_and_whoever_may_not_change_sets_none(DatabaseKind kind)
    {
        await using var app = await Firm(kind);
        await app.AddUserWith("partner", 1, new(new Dictionary<string, RecordScope> { [CustomerPermissions.Read] = RecordScope.All, [CustomerPermissions.Edit] = RecordScope.All }, new Dictionary<string, FieldAccess> { ["customers"] = new(1, 3) }));
        using var partner = await app.As("partner");
        using var reader = await app.UserWith(CustomerPermissions.Read);
        foreach (var path in (string[])["/customers/1/relationship", "/api/customers/1/relationship", "/api/customers/1/bonds", "/api/customers/1/moments"])
        {
            using var refused = await partner.Get(path);
            Assert.True(refused.StatusCode == HttpStatusCode.Forbidden, $"{path} answered {refused.StatusCode}");
        }
        await app.Number($"insert into customers_next_step (customer_id, what, due_at, created_at, created_by, form_key, touch_id) values (1, 'ask', {(kind == DatabaseKind.Sqlite ? "0, 0" : "'2020-01-01', now()")}, '', 'k', 1)");
        Assert.Equal((0, 1, """{"rows":[],"next":null}"""), ((await Rows(partner, "/contacts-due")).Count, (await Rows(reader, "/contacts-due")).Count, await partner.Text("/api/contacts-due")));
        Assert.Null((await partner.Page("/customers/1")).QuerySelector("#relationship, [name=tone]"));
        Assert.Null((await reader.Page("/customers/1/relationship")).QuerySelector("form[action^='/customers']"));
        foreach (var (action, fields) in new (string, (string, string)[])[]
        {
            ("relationship", [("type", "basic"), ("reason", "x")]), ("bonds", [("kind", "social"), ("what", "x"), ("formKey", Key())]), ("moments", [("kind", "delight"), ("what", "x"), ("formKey", Key())]),
            ("retention-plan", [("goal", "x"), ("next", "social"), ("review", "2030-01-31"), ("formKey", Key())]), ("retention-plan/removal", [("version", "0")]), ("bonds/1/removal", []), ("moments/1/removal", []),
        })
        {
            foreach (var someone in (Visitor[])[partner, reader])
            {
                using var refused = await someone.Submit("/customers/1", "/customers/1/" + action, fields);
                Assert.True(refused.StatusCode == HttpStatusCode.Forbidden, $"{action} answered {refused.StatusCode}");
            }
        }
        using var rules = await reader.Get(RelationshipRulesEndpoints.Path);
        Assert.Equal((HttpStatusCode.Forbidden, 0), (rules.StatusCode, await app.Number("select count(*) from customers_change")));
    }

    private static Task<int?> Least(HuikeApp app, long id) => app.In(async services =>
    {
        await using var connection = await app.Database.Open(Ct);
        return await services.GetRequiredService<RelationshipTypes>().LeastDays(connection, id, Ct);
    });

    private static async Task<List<string>> Rows(Visitor visitor, string path) => [.. (await visitor.Page(path)).QuerySelectorAll("tbody tr").Select(row => row.TextContent)];

    private static async Task<string> Text(HuikeApp app, string sql)
    {
        await using var connection = await app.Database.Open(Ct);
        return await connection.First(sql, row => row.GetString(0), Ct) ?? "";
    }

    private static Task<bool> Plan(HuikeApp app) => app.In(async services =>
    {
        await services.GetServices<IJobWorker>().OfType<PlanTouches>().Single().Run(null!, _ => { }, Ct);
        return true;
    });

    private static async Task Set(Visitor visitor, long id, string type, string reason)
    {
        using var set = await visitor.Submit($"/customers/{id}/relationship", $"/customers/{id}/relationship", ("type", type), ("reason", reason));
        Assert.True(set.StatusCode == HttpStatusCode.Redirect, await set.Content.ReadAsStringAsync(Ct));
    }

    private static DateOnly Today(HuikeApp app) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(app.Clock.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai")).DateTime);

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private static string Key() => Guid.CreateVersion7().ToString("N");

    private static async Task<HuikeApp> Firm(DatabaseKind kind)
    {
        var app = await HuikeApp.Start(kind);
        await Given.Customers(app, "number,name\nK1,张三\nK2,李雷\nK3,王五\n");
        return app;
    }
}
