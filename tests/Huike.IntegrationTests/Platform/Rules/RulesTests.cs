using System.Globalization;
using System.Net;
using Huike.IntegrationTests.Platform.Notifications;
using Huike.Platform.Access.Roles;
using Huike.Platform.Data;
using Huike.Platform.Mail;
using Huike.Platform.Rules;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Platform.Rules;

/// <summary>Rules through their pages: what begins them, what they do, and what holds them.</summary>
public sealed class RulesTests
{
    /// <summary>Seven in the morning in Shanghai, a Friday.</summary>
    private static readonly DateTimeOffset Seven = new(2027, 3, 4, 23, 0, 0, TimeSpan.Zero);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task A_new_file_that_meets_the_conditions_is_given_out_planned_noted_and_told_of_once(DatabaseKind kind)
    {
        await using var app = await WithPeople(kind);
        using var admin = await app.As("admin");
        await Save(admin, "New in the east", "customers.added", If("place", "Is", "东区"), Then("assign", ("who", "ben, carl")), Then("set", ("field", "category"), ("value", "fresh")), Then("set", ("field", "custom.level"), ("value", "vip")),
            Then("step", ("text", "Call {name} of {place}, tier {tier}"), ("days", "2")), Then("note", ("text", "Came from {owner}")), Then("remind", ("who", "@owner, dora"), ("text", "call soon")));
        foreach (var (name, place) in new[] { ("A", "东区"), ("B", "西区"), ("C", "东区"), ("D", "东区") }) { await Customer(admin, name, ("place", place)); }
        await Settled(app);
        // Whoever's turn it is gets the next one.
        Assert.Equal(["A:ben", "C:carl", "D:ben"], await Rows(app, "select c.name || ':' || u.user_name from customers_customer c join platform_user u on u.id = c.owner_id where c.category = 'fresh' and c.custom ->> 'level' = 'vip' order by c.id"));
        Assert.Equal(["Call A of 东区, tier No purchases", "Call C of 东区, tier No purchases", "Call D of 东区, tier No purchases"], await Rows(app, "select what from customers_next_step where created_by = 'New in the east' order by id"));
        Assert.Equal(["Came from ben", "Came from carl", "Came from ben"], await Rows(app, "select body from customers_note order by id"));
        Assert.Equal(["ben 2", "carl 1", "dora 3"], await Rows(app, "select u.user_name || ' ' || count(*) from platform_notice n join platform_user u on u.id = n.user_id where n.kind = 'rules.told' group by u.user_name order by u.user_name"));
        Assert.Equal((3, 0), (await app.Number("select count(*) from platform_rule_run where state = 1"), await app.Number("select count(*) from platform_rule_run where state <> 1")));
        Assert.Equal(3, await app.Number("select count(*) from platform_audit where action = 'record.assigned' and actor = 'rule:1'"));
        var log = await admin.Page("/admin/rules/1/runs");
        Assert.Equal(["D", "C", "A"], log.QuerySelectorAll("tbody .row-link").Select(link => link.TextContent));
        using var dora = await app.As("dora");
        Assert.Contains("A: call soon", (await dora.Page("/notifications")).Body!.TextContent, StringComparison.Ordinal);
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task Rules_that_cause_each_other_are_held_before_they_go_round(DatabaseKind kind)
    {
        await using var app = await WithPeople(kind);
        using var admin = await app.As("admin");
        await Save(admin, "Place follows", "customers.edited", ("changed", "category"), If("category", "Filled", ""), Then("set", ("field", "place"), ("value", "there")));
        await Save(admin, "Category follows", "customers.edited", ("changed", "place"), Then("set", ("field", "category"), ("value", "other")));
        await Customer(admin, "A");
        using var edited = await admin.Json("PATCH", "/api/customers/1", """{"category":"one"}""", ("If-Match", "*"));
        await Settled(app);
        Assert.Equal(["1 1", "2 1", "1 3"], await Rows(app, "select rule_id || ' ' || state from platform_rule_run order by id"));
        Assert.Equal(["other there"], await Rows(app, "select category || ' ' || place from customers_customer"));
        Assert.Contains("loop guard", (await admin.Page("/admin/rules/1/runs")).Body!.TextContent, StringComparison.Ordinal);
        // What none of them asked about begins none.
        using var named = await admin.Json("PATCH", "/api/customers/1", """{"contact":"Wang"}""", ("If-Match", "*"));
        await Settled(app);
        Assert.Equal(3, await app.Number("select count(*) from platform_rule_run"));
    }

    [Theory, OnBothDatabases]
    public async Task A_daily_rule_takes_its_hour_its_most_of_a_day_and_each_record_once(DatabaseKind kind)
    {
        await using var app = await WithPeople(kind);
        app.Clock.Advance(Seven - app.Clock.GetUtcNow());
        using var admin = await app.As("admin");
        foreach (var (name, until) in new[] { ("A", "2027-03-12"), ("B", "2027-03-08"), ("C", "2027-03-05"), ("D", "2027-03-13"), ("E", "2027-03-04"), ("F", "") }) { await Customer(admin, name, ("custom.until", until)); }
        await Save(admin, "Contract ends", "daily", ("hour", "8"), ("most", "2"), ("dailyAgain", "-1"), If("custom.until", "AtLeast", "today"), If("custom.until", "AtMost", "今天+7"), Then("note", ("text", "ends {custom.until}")));
        Assert.False(await Ask(app));
        app.Clock.Advance(TimeSpan.FromHours(2));
        Assert.True(await Ask(app));
        await Settled(app);
        Assert.Equal(["ends 2027-03-12", "ends 2027-03-08"], await Rows(app, "select body from customers_note order by id"));
        Assert.False(await Ask(app));
        app.Clock.Advance(TimeSpan.FromDays(1));
        Assert.True(await Ask(app));
        await Settled(app);
        // C ended yesterday; D comes within the week.
        Assert.Equal(["ends 2027-03-12", "ends 2027-03-08", "ends 2027-03-13"], await Rows(app, "select body from customers_note order by id"));
        app.Clock.Advance(TimeSpan.FromDays(1));
        await Ask(app);
        await Settled(app);
        Assert.Equal(3, await app.Number("select count(*) from customers_note"));
        // Cut off before it was marked, it looks again and adds nothing.
        await app.Number("update platform_rule set scanned_on = '2027-03-01', again = 0");
        await app.Number("update platform_rule_version set definition = replace(definition, '\"Again\":-1', '\"Again\":0')");
        await Ask(app);
        await Settled(app);
        var again = await app.Number("select count(*) from customers_note");
        await app.Number("update platform_rule set scanned_on = '2027-03-01'");
        await Ask(app);
        await Settled(app);
        Assert.Equal((5, 5), (again, await app.Number("select count(*) from customers_note")));
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task What_fails_is_taken_back_whole_told_and_tried_again(DatabaseKind kind)
    {
        await using var app = await WithPeople(kind);
        using var admin = await app.As("admin");
        await Save(admin, "Give", "customers.noted", Then("note", ("text", "before")), Then("remind", ("who", "@owner"), ("text", "look")));
        await Customer(admin, "A");
        await app.Number("update customers_customer set owner_id = null");
        await Note(admin, 1);
        await Settled(app);
        Assert.Equal((1, 1), (await app.Number("select count(*) from customers_note"), await app.Number("select count(*) from platform_rule_run where state = 2")));
        var log = await admin.Page("/admin/rules/1/runs?show=failed");
        Assert.Contains("Nobody is meant", log.QuerySelector("tbody")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("失败 1 次", (await (await app.As("admin", "zh-CN")).Page("/admin/health")).Body!.TextContent, StringComparison.Ordinal);
        await app.Number("update customers_customer set owner_id = (select id from platform_user where user_name = 'ben')");
        using var again = await admin.Submit("/admin/rules/1/runs", "/admin/rules/runs/1/again", ("confirm", "true"));
        await Settled(app);
        // Its own note begins it again: held by the guard.
        Assert.Equal((2, 1, 1), (await app.Number("select count(*) from customers_note"), await app.Number("select count(*) from platform_rule_run where state = 1"), await app.Number("select count(*) from platform_rule_run where state = 3")));
        using var gone = await admin.Submit("/admin/rules/1/runs", "/admin/rules/runs/1/again", ("confirm", "true"));
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        // A field that was retired since.
        await Save(admin, "Level", "customers.noted", If("custom.level", "Is", "vip"), Then("note", ("text", "x")));
        using var retired = await admin.Submit("/admin/fields/1", "/admin/fields/1/state", ("retired", "true"));
        await Note(admin, 1);
        await Settled(app);
        Assert.Contains("There is no field custom.level any more", (await admin.Page("/admin/rules/2/runs")).QuerySelector("tbody")!.TextContent, StringComparison.Ordinal);
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task A_try_does_everything_and_keeps_nothing(DatabaseKind kind)
    {
        await using var app = await WithPeople(kind);
        using var admin = await app.As("admin");
        foreach (var name in (string[])["A", "B", "C"]) { await Customer(admin, name, ("place", name == "C" ? "x" : "y")); }
        await app.Number("update customers_customer set owner_id = (select id from platform_user where user_name = 'ben') where name <> 'B'");
        await Settled(app);
        (string, string)[] rule = [("name", "t"), ("subject", "customers"), ("version", "0"), .. Numbered([If("place", "Is", "y"), Then("set", ("field", "category"), ("value", "tried")), Then("approval", ("flow", "1"), ("who", "@owner"), ("text", "May {name}?"))])];
        var before = await Everything(app);
        foreach (var (when, said) in new[] { ("daily", "It would run on 2 records today"), ("customers.added", "Of the last 3 events of this kind it would have begun 2 times") })
        {
            using var answer = await admin.Submit("/admin/rules/new", "/admin/rules/0/try", [.. rule, ("when", when), ("dailyAgain", "-1")]);
            var page = await Visitor.Parsed(await answer.Content.ReadAsStringAsync(Ct));
            Assert.Contains(said, page.Body!.TextContent, StringComparison.Ordinal);
            Assert.Equal(["A can be done", "B can’t be done"], page.QuerySelectorAll("section li").Select(row => $"{row.QuerySelector("a")!.TextContent} {row.QuerySelector(".pill")!.TextContent.Trim()}").Order());
            // What was filled in stands in the form again.
            Assert.Equal("y", page.QuerySelector("[name=if0-value]")!.GetAttribute("value"));
        }
        Assert.Equal(before, await Everything(app));
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task An_approval_that_a_rule_asks_for_begins_the_next_rule(DatabaseKind kind)
    {
        await using var app = await WithPeople(kind);
        using var admin = await app.As("admin");
        await Save(admin, "Ask", "customers.edited", ("changed", "category"), Then("approval", ("flow", "1"), ("who", "ben"), ("text", "Make {name} a partner\nplease")));
        await Save(admin, "Yes", "approvals.approved", Then("set", ("field", "kind"), ("value", "partner")));
        await Save(admin, "No", "approvals.rejected", Then("note", ("text", "no")));
        await Customer(admin, "A");
        using var edited = await admin.Json("PATCH", "/api/customers/1", """{"category":"one"}""", ("If-Match", "*"));
        await Settled(app);
        using var carl = await app.As("carl");
        Assert.Contains("Make A a partner", (await carl.Page("/approvals/1")).QuerySelector("h1")!.TextContent, StringComparison.Ordinal);
        using var approved = await carl.Submit("/approvals/1", "/approvals/1/act", ("act", "approve"), ("version", "1"));
        await Settled(app);
        Assert.Equal((1, 0), (await app.Number("select count(*) from customers_customer where kind = 5"), await app.Number("select count(*) from customers_note")));
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task Mails_and_webhooks_go_out_with_what_the_record_holds_then(DatabaseKind kind)
    {
        var post = new KeptMail();
        await using var app = await WithPeople(kind, post);
        using var admin = await app.As("admin");
        await app.Number("update platform_user set email = 'ben@example.com' where user_name = 'ben'");
        await app.Number($"insert into platform_webhook (url, description, events, secret, is_on, created_at, created_by, stopped, version) values ('https://example.com/', 'x', ' rules.called ', '', {(kind == DatabaseKind.Postgres ? "true, now()" : "1, 0")}, 'x', '', 1)");
        await Save(admin, "Tell", "customers.assigned", Then("mail", ("who", "@owner, store@example.org"), ("text", "Pack for {name}\nNo. {number}")), Then("webhook"));
        await Customer(admin, "A", ("number", "K7"));
        using var given = await admin.Json("PUT", "/api/customers/1/owner", """{"owner":"ben"}""", ("If-Match", "*"));
        await Settled(app);
        Assert.Equal(["ben@example.com", "store@example.org"], post.Sent.Select(mail => mail.To).Order());
        Assert.All(post.Sent, mail => Assert.Equal(("Pack for A", "Pack for A\nNo. K7\r\n\r\nhttps://crm.example.com/customers/1\r\n"), (mail.Subject, mail.Body)));
        Assert.Equal(1, await app.Number("select count(*) from platform_webhook_delivery where kind = 'rules.called' and body like '%\"recordId\":1%' and body like '%/api/customers/1%'"));
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task Conditions_mean_the_same_for_one_record_as_for_all(DatabaseKind kind)
    {
        await using var app = await WithPeople(kind);
        app.Clock.Advance(Seven - app.Clock.GetUtcNow());
        using var admin = await app.As("admin");
        await Customer(admin, "A", ("place", "50% off_x"), ("custom.level", "vip"), ("custom.seats", "10.5"), ("custom.until", "2020-02-29"));
        await Customer(admin, "B", ("place", "50 off"), ("custom.level", "plain"), ("custom.seats", "-3"), ("custom.until", "2027-03-05"));
        await Customer(admin, "C");
        await Given.Ledger(app, ("K9", "2027-01-02", "d1", 150.25m, "p"));
        await app.Number("update customers_customer set owner_id = (select id from platform_user where user_name = 'ben'), name = 'D' where number = 'K9'");
        foreach (var (field, test, value, found) in new[]
        {
            ("place", "Contains", "% OFF_", "A"), ("place", "Is", "50 off", "B"), ("place", "IsNot", "50 off", "ACD"), ("place", "Empty", "", "CD"), ("place", "Filled", "", "AB"),
            ("custom.level", "Is", "vip, plain", "AB"), ("custom.level", "IsNot", "vip", "BCD"), ("custom.seats", "AtLeast", "-3", "AB"), ("custom.seats", "AtMost", "10.5", "AB"), ("custom.seats", "AtMost", "0", "B"), ("custom.seats", "Is", "10.50", "A"), ("custom.seats", "Empty", "", "CD"),
            ("custom.until", "Is", "today", "B"), ("custom.until", "AtMost", "today-1", "A"), ("custom.until", "AtLeast", "2020-02-29", "AB"), ("custom.until", "EachYear", "2027-02-28", "A"), ("custom.until", "EachYear", "2028-02-28", ""), ("custom.until", "IsNot", "today", "ACD"),
            ("sales", "AtLeast", "150.25", "D"), ("sales", "Is", "0", "ABC"), ("documents", "AtLeast", "1", "D"), ("lastAt", "AtMost", "2027-01-02", "D"), ("lastAt", "Empty", "", "ABC"), ("createdAt", "AtLeast", "today", "ABCD"), ("notedAt", "Filled", "", ""), ("openSteps", "Is", "0", "ABCD"),
            ("owner", "Is", "BEN", "D"), ("owner", "IsNot", "ben", "ABC"), ("kind", "Is", "unknown", "ABCD"), ("tier", "IsNot", "platinum,gold,iron,lead", "ABC"),
        })
        {
            var all = await Tried(admin, "daily", field, test, value);
            Assert.True(found == all, $"{field} {test} {value}: {all}");
        }
        Assert.Equal("AB", await Tried(admin, "customers.added", "place", "Filled", ""));
    }

    [Theory, OnBothDatabases]
    public async Task Wrong_rules_are_refused_with_their_mend_and_the_rest_keeps_versions(DatabaseKind kind)
    {
        await using var app = await WithPeople(kind);
        using var admin = await app.As("admin");
        foreach (var (said, wrong) in new (string, (string, string)[])[]
        {
            ("Choose when", [("when", "never"), .. Then("webhook")]), ("at least one act", [("when", "daily")]), ("can’t be compared so", [("when", "daily"), .. If("tier", "Contains", "x"), .. Then("webhook")]),
            ("tier can’t be “x”", [("when", "daily"), .. If("tier", "Is", "x"), .. Then("webhook")]), ("can’t be “soon”", [("when", "daily"), .. If("lastAt", "AtMost", "soon"), .. Then("webhook")]), ("no field secret", [("when", "daily"), .. If("secret", "Is", "x"), .. Then("webhook")]),
            ("can’t be “many”", [("when", "daily"), .. If("sales", "AtMost", "many"), .. Then("webhook")]), ("1 to 100,000", [("when", "daily"), ("most", "0"), .. Then("webhook")]), ("hour is 0 to 23", [("when", "daily"), ("hour", "24"), .. Then("webhook")]), ("no whole number", [("when", "daily"), ("hour", "x"), .. Then("webhook")]),
            ("phone in braces", [("when", "daily"), .. Then("note", ("text", "{phone}"))]), ("Choose which field", [("when", "daily"), .. Then("set", ("field", "tier"), ("value", "gold"))]), ("kind can’t be “x”", [("when", "daily"), .. Then("set", ("field", "kind"), ("value", "x"))]),
            ("“zoe”", [("when", "daily"), .. Then("assign", ("who", "zoe"))]), ("say whom", [("when", "daily"), .. Then("remind", ("text", "x"))]), ("can’t send mail", [("when", "daily"), .. Then("mail", ("who", "ben"), ("text", "x"))]), ("no act “fly”", [("when", "daily"), .. Then("fly")]),
            ("Choose an approval flow", [("when", "daily"), .. Then("approval", ("who", "ben"), ("text", "x"), ("flow", ""))]), ("Working days: 0 to 365", [("when", "daily"), .. Then("step", ("text", "x"), ("days", "366"))]), ("no field", [("when", "customers.added"), ("changed", "place"), .. Then("webhook")]),
        })
        {
            using var refused = await admin.Submit("/admin/rules/new", "/admin/rules/new", [("name", "w"), ("subject", "customers"), ("version", "0"), ("formKey", Guid.CreateVersion7().ToString("N")), .. Numbered([wrong])]);
            var page = await Visitor.Parsed(await refused.Content.ReadAsStringAsync(Ct));
            Assert.Equal("w", page.QuerySelector("[name=name]")!.GetAttribute("value"));
            Assert.True(refused.StatusCode == HttpStatusCode.UnprocessableEntity && page.QuerySelector(".alert")!.TextContent.Contains(said, StringComparison.Ordinal), $"{said}: {refused.StatusCode} {page.QuerySelector(".alert")?.TextContent}");
        }
        // Without its key a new one could be taken for another that was sent without.
        using var keyless = await admin.Submit("/admin/rules/new", "/admin/rules/new", [("name", "w"), ("subject", "customers"), ("version", "0"), ("when", "daily"), .. Numbered([Then("webhook")])]);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, keyless.StatusCode);
        Assert.Equal(0, await app.Number("select count(*) from platform_rule"));
        await Save(admin, "One", "customers.noted", Then("note", ("text", "first")));
        using var second = await admin.Submit("/admin/rules/1", "/admin/rules/1", [("name", "Two"), ("subject", "customers"), ("version", "1"), ("when", "daily"), .. Numbered([Then("note", ("text", "second"))])]);
        using var late = await admin.Submit("/admin/rules/1", "/admin/rules/1", [("name", "Three"), ("subject", "customers"), ("version", "1"), ("when", "daily"), .. Numbered([Then("note", ("text", "third"))])]);
        Assert.Equal((HttpStatusCode.Redirect, HttpStatusCode.UnprocessableEntity), (second.StatusCode, late.StatusCode));
        var old = await admin.Page("/admin/rules/1?version=1");
        Assert.Equal(("first", "2"), (old.QuerySelector("[name=then0-text]")!.TextContent, old.QuerySelector("input[name=version]")!.GetAttribute("value")));
        Assert.Equal("Each day from 8:00 on", (await admin.Page("/admin/rules")).QuerySelectorAll("tbody td")[1].TextContent);
        using var removed = await admin.Submit("/admin/rules/1", "/admin/rules/1/removal", ("confirm", "true"));
        Assert.Equal((0, 0), (await app.Number("select count(*) from platform_rule"), await app.Number("select count(*) from platform_rule_version")));
        Assert.Equal(HttpStatusCode.NotFound, (await admin.Get("/admin/rules/1")).StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task Who_keeps_rules_sees_no_names_beyond_his_scope_and_others_see_nothing(DatabaseKind kind)
    {
        await using var app = await WithPeople(kind);
        using var admin = await app.As("admin");
        await Save(admin, "One", "customers.noted", Then("note", ("text", "x")));
        await Customer(admin, "Secret");
        await Note(admin, 1);
        await Settled(app);
        using var keeper = await app.UserWith("rules.manage");
        Assert.DoesNotContain("Secret", await keeper.Text("/admin/rules/1/runs"), StringComparison.Ordinal);
        using var tried = await keeper.Submit("/admin/rules/1", "/admin/rules/1/try", [("name", "t"), ("subject", "customers"), ("version", "1"), ("when", "daily"), .. Numbered([Then("note", ("text", "x"))])]);
        var page = await tried.Content.ReadAsStringAsync(Ct);
        Assert.Contains("on 1 record today", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Secret", page, StringComparison.Ordinal);
        using var stranger = await app.UserWith("customers.read");
        foreach (var path in (string[])["/admin/rules", "/admin/rules/1", "/admin/rules/1/runs"]) { Assert.Equal(HttpStatusCode.Forbidden, (await stranger.Get(path)).StatusCode); }
        Assert.Equal(HttpStatusCode.Forbidden, (await stranger.Submit("/customers", "/admin/rules/1/removal", ("confirm", "true"))).StatusCode);
        using var disguised = await admin.Submit("/admin/users/new", "/admin/users/new", ("name", "Rule:1"), ("displayName", "x"), ("role", "agent"), ("unit", "1"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, disguised.StatusCode);
        Assert.Contains("begins with rule:", (await Visitor.Parsed(await disguised.Content.ReadAsStringAsync(Ct))).Body!.TextContent, StringComparison.Ordinal);
    }

    private static (string, string)[] If(string field, string test, string value) => [("if-field", field), ("if-test", test), ("if-value", value)];

    private static (string, string)[] Then(string kind, params (string Name, string Value)[] more) => [("then-kind", kind), .. more.Select(one => ("then-" + one.Name, one.Value))];

    /// <summary>Conditions and acts get the numbers of their rows.</summary>
    private static IEnumerable<(string, string)> Numbered(IEnumerable<(string Name, string Value)[]> rows)
    {
        var (conditions, acts) = (-1, -1);
        foreach (var (name, value) in rows.SelectMany(row => row))
        {
            if (name == "if-field") { conditions++; }
            if (name == "then-kind") { acts++; }
            yield return (name.StartsWith("if-", StringComparison.Ordinal) ? $"if{conditions}-{name[3..]}" : name.StartsWith("then-", StringComparison.Ordinal) ? $"then{acts}-{name[5..]}" : name, value);
        }
    }

    private static Task Save(Visitor admin, string name, string when, params (string, string)[][] rows) => Save(admin, name, [("when", when)], rows);

    private static Task Save(Visitor admin, string name, string when, (string, string) more, params (string, string)[][] rows) => Save(admin, name, [("when", when), more], rows);

    private static Task Save(Visitor admin, string name, string when, (string, string) more, (string, string) second, (string, string) third, params (string, string)[][] rows) => Save(admin, name, [("when", when), more, second, third], rows);

    private static async Task Save(Visitor admin, string name, (string, string)[] head, (string, string)[][] rows)
    {
        using var saved = await admin.Submit("/admin/rules/new", "/admin/rules/new", [("name", name), ("on", "true"), ("subject", "customers"), ("version", "0"), ("formKey", Guid.CreateVersion7().ToString("N")), .. head, .. Numbered(rows)]);
        Assert.True(saved.StatusCode == HttpStatusCode.Redirect, (await Visitor.Parsed(await saved.Content.ReadAsStringAsync(Ct))).QuerySelector(".alert")?.TextContent);
    }

    /// <summary>Names of those on whom a rule with this condition would run.</summary>
    private static async Task<string> Tried(Visitor admin, string when, string field, string test, string value)
    {
        using var answer = await admin.Submit("/admin/rules/new", "/admin/rules/0/try", [("name", "t"), ("subject", "customers"), ("version", "0"), ("when", when), .. Numbered([If(field, test, value), Then("webhook")])]);
        var page = await Visitor.Parsed(await answer.Content.ReadAsStringAsync(Ct));
        return page.QuerySelector(".alert")?.TextContent ?? string.Concat(page.QuerySelectorAll("section li a").Select(link => link.TextContent).Order());
    }

    private static async Task Customer(Visitor visitor, string name, params (string, string)[] more)
    {
        using var added = await visitor.Submit("/customers/new", "/customers/new", [("name", name), ("formKey", Guid.CreateVersion7().ToString("N")), .. more]);
        Assert.Equal(HttpStatusCode.Redirect, added.StatusCode);
    }

    private static async Task Note(Visitor visitor, long id)
    {
        using var noted = await visitor.Json("POST", FormattableString.Invariant($"/api/customers/{id}/notes"), """{"body":"hello"}""");
        Assert.Equal(HttpStatusCode.Created, noted.StatusCode);
    }

    /// <summary>A firm of five, with two fields of its own and a flow by which Carl decides.</summary>
    private static async Task<HuikeApp> WithPeople(DatabaseKind kind, IOutgoingMail? mail = null)
    {
        var app = await HuikeApp.Start(kind, builder => { if (mail is not null) { builder.Services.AddSingleton(mail); } });
        using var admin = await app.Administrator();
        foreach (var name in (string[])["ben", "carl", "dora"]) { await app.AddUserWithRoles(name, 1, RoleBook.Administrator); }
        foreach (var (name, type, more) in new (string, string, (string, string)[])[] { ("level", "Choice", [("choices", "vip = 贵宾 | VIP\nplain = 普通 | Plain")]), ("seats", "Number", []), ("until", "Date", []) })
        {
            using var added = await admin.Submit("/admin/fields/new", "/admin/fields/new", [("kind", "customers"), ("chinese", "字段" + name), ("english", name), ("name", name), ("type", type), .. more]);
            Assert.Equal(HttpStatusCode.Redirect, added.StatusCode);
        }
        using var flow = await admin.Submit("/admin/approvals/new", "/admin/approvals/new", ("version", "0"), ("name", "Carl decides"), ("on", "true"), ("step0-name", "carl"), ("step0-by", "People"), ("step0-who", "carl"), ("step0-mode", "Sequence"), ("step0-asker", "Let"), ("step0-empty", "Refuse"));
        Assert.Equal(HttpStatusCode.Redirect, flow.StatusCode);
        return app;
    }

    private static Task<bool> Ask(HuikeApp app) => app.Services.GetRequiredService<AskForScan>().AskWhenDue(Ct);

    /// <summary>Nothing is left to be told, run or sent.</summary>
    private static async Task Settled(HuikeApp app)
    {
        for (var (i, calm) = (0, 0); i < 600 && calm < 3; i++)
        {
            var open = await app.Number("select (select count(*) from platform_delivery where state = 0) + (select count(*) from platform_job where state < 2) + (select count(*) from platform_rule_run where state = 0)");
            calm = open == 0 ? calm + 1 : 0;
            await Task.Delay(20, Ct);
        }
        Assert.Equal(0, await app.Number("select count(*) from platform_rule_run where state = 0"));
    }

    private static async Task<List<string>> Rows(HuikeApp app, string sql)
    {
        await using var connection = await app.Database.Open(Ct);
        return await connection.Rows(sql, row => row.GetString(0), Ct);
    }

    /// <summary>How many rows each table has that a try could touch.</summary>
    private static async Task<string> Everything(HuikeApp app)
    {
        var counts = new List<string>();
        foreach (var table in (string[])["customers_customer where category is null", "customers_change", "platform_event", "platform_delivery", "platform_job", "platform_notice", "platform_approval", "platform_audit", "platform_rule", "platform_rule_run", "customers_note"])
        {
            counts.Add($"{table} {(await app.Number("select count(*) from " + table)).ToString(CultureInfo.InvariantCulture)}");
        }
        return string.Join('\n', counts);
    }
}
