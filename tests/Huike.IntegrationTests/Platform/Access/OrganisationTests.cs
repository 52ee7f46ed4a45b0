using System.Net;
using Huike.IntegrationTests.Platform.Audit;
using Huike.Platform.Access;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Roles;
using Huike.Platform.Data;
using Huike.Ui;

namespace Huike.IntegrationTests.Platform.Access;

/// <summary>The tree, people in it, deputies, handing over.</summary>
public sealed class OrganisationTests
{
    private static readonly Texts Texts = TextCatalog.For("en");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task A_unit_is_added_moved_with_all_below_it_and_closed_and_its_history_says_so(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var visitor = await app.Administrator();
        foreach (var (parent, name) in new[] { (1, "East"), (1, "West"), (2, "Shanghai") })
        {
            using var added = await visitor.Submit($"/admin/organisation/{parent}", $"/admin/organisation/{parent}/units", ("name", name), ("kind", "Branch"), ("leader", "admin"));
            Assert.Equal(HttpStatusCode.Redirect, added.StatusCode);
        }
        using var ring = await Edit(visitor, 2, "East", parent: 4, version: 1);
        using var moved = await Edit(visitor, 4, "Shanghai", parent: 3, version: 1);
        using var stale = await Edit(visitor, 4, "Shanghai 2", parent: 3, version: 1);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, HttpStatusCode.Redirect, HttpStatusCode.UnprocessableEntity), (ring.StatusCode, moved.StatusCode, stale.StatusCode));
        Assert.Contains(Texts["access.unit.ring"], await ring.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        using var full = await visitor.Submit("/admin/organisation/3", "/admin/organisation/3/closing", ("open", "false"));
        using var firm = await visitor.Submit("/admin/organisation/1", "/admin/organisation/1/closing", ("open", "false"));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, HttpStatusCode.UnprocessableEntity), (full.StatusCode, firm.StatusCode));
        using var closed = await visitor.Submit("/admin/organisation/4", "/admin/organisation/4/closing", ("open", "false"));
        Assert.Equal(HttpStatusCode.Redirect, closed.StatusCode);
        Assert.DoesNotContain("Shanghai", await visitor.Text("/admin/organisation"), StringComparison.Ordinal);
        Assert.Contains("Shanghai", await visitor.Text("/admin/organisation?closed=true"), StringComparison.Ordinal);
        Assert.Equal(["""admin unit.moved unit 4 [{"field":"parent","old":"East","new":"West"},{"field":"leader","old":"admin","new":null}]"""], await app.Entries("unit.moved"));
        Assert.Equal(["admin unit.closed unit 4 []"], await app.Entries("unit.closed"));
        using var below = await visitor.Submit("/admin/organisation/3", "/admin/organisation/4/units", ("name", "Pudong"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, below.StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task Who_moves_to_another_unit_takes_the_records_along(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var visitor = await app.Administrator();
        var (east, west) = (await app.AddUnit("East"), await app.AddUnit("West"));
        var anna = await app.AddUserWithRoles("anna", east, "salesperson");
        await app.AddUserWithRoles("boss", west, "sales-manager");
        await Given.Customers(app, "number,name\nK1,Wanda\n");
        using var assigned = await visitor.Submit("/customers/1", "/customers/1/owner", ("owner", "anna"));
        using var boss = await app.As("boss");
        Assert.Equal(HttpStatusCode.NotFound, (await boss.Get("/customers/1")).StatusCode);
        (string, string)[] place = [("unit", $"{west}"), ("further", $"{east}"), ("leader", "boss"), ("skills", "selling，French"), ("calendar", "0")];
        using var placed = await visitor.Submit($"/admin/users/{anna}", $"/admin/users/{anna}/place", place);
        Assert.Equal(HttpStatusCode.Redirect, placed.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await boss.Get("/customers/1")).StatusCode);
        Assert.Equal([$$"""admin user.placed user {{anna}} [{"field":"unit","old":"East","new":"West"},{"field":"furtherUnits","old":"","new":"East"},{"field":"leader","old":"","new":"boss"},{"field":"skills","old":"","new":"selling, French"}]"""], await app.Entries("user.placed"));
        foreach (var (field, value) in new[] { ("unit", "99"), ("leader", "anna"), ("leader", "nobody"), ("calendar", "7") })
        {
            using var refused = await visitor.Submit($"/admin/users/{anna}", $"/admin/users/{anna}/place", [.. place.Where(one => one.Item1 != field), (field, value)]);
            Assert.True(refused.StatusCode is HttpStatusCode.UnprocessableEntity or HttpStatusCode.NotFound, $"{field}={value} answered {refused.StatusCode}");
        }
        Assert.Single(await app.Entries("user.placed"));
    }

    [Theory, OnBothDatabases]
    public async Task A_deputy_may_do_what_the_other_may_for_so_long_and_the_audit_says_for_whom(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var visitor = await app.Administrator();
        await app.AddUserWithRoles("anna", 1, "salesperson");
        await app.AddUserWithRoles("bob", 1, "salesperson");
        await Given.Customers(app, "number,name\nK1,Wanda\nK2,Wendy\n");
        (await visitor.Submit("/customers/1", "/customers/1/owner", ("owner", "anna"))).Dispose();
        (await visitor.Submit("/customers/2", "/customers/2/owner", ("owner", "bob"))).Dispose();
        using var anna = await app.As("anna");
        using var bob = await app.As("bob");
        Assert.Equal(HttpStatusCode.NotFound, (await bob.Get("/customers/1")).StatusCode);
        var day = app.Clock.GetUtcNow();
        using var appointed = await anna.Submit("/account/deputies", "/account/deputies", ("deputy", "bob"), ("from", $"{day.AddDays(-1):yyyy-MM-dd}"), ("until", $"{day.AddDays(1):yyyy-MM-dd}"), ("reason", "holiday"));
        Assert.Equal(HttpStatusCode.Redirect, appointed.StatusCode);
        foreach (var customer in new[] { 1, 2 })
        {
            using var noted = await bob.Submit($"/customers/{customer}", $"/customers/{customer}/notes", ("body", "called"), ("formKey", Guid.CreateVersion7().ToString("N")));
            Assert.Equal(HttpStatusCode.Redirect, noted.StatusCode);
        }
        Assert.Equal(["""bob customer.noted customer 1 [{"field":"note","old":null,"new":"called"},{"field":"deputyFor","old":null,"new":"anna"}]""", """bob customer.noted customer 2 [{"field":"note","old":null,"new":"called"}]"""], await app.Entries("customer.noted"));
        Assert.Contains("as deputy for anna", await visitor.Text("/admin/why?kind=customers&record=1&user=bob"), StringComparison.Ordinal);
        app.Clock.Advance(TimeSpan.FromDays(2.5));
        using var later = await app.As("bob");
        Assert.Equal(HttpStatusCode.NotFound, (await later.Get("/customers/1")).StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task A_deputy_gets_no_power_over_the_system_and_can_be_ended_by_those_concerned_alone(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var visitor = await app.Administrator();
        await app.AddUserWithRoles("bob", 1);
        await app.AddUserWithRoles("eve", 1);
        await Given.Customers(app, "number,name\nK1,Wanda\n");
        var (from, until) = ($"{app.Clock.GetUtcNow().AddDays(-1):yyyy-MM-dd}", $"{app.Clock.GetUtcNow().AddDays(1):yyyy-MM-dd}");
        await app.AddUserWith("chief", 1, new(new Dictionary<string, RecordScope> { ["customers.read"] = RecordScope.All, [Permissions.Users] = RecordScope.All }, new Dictionary<string, FieldAccess>()));
        using var appointed = await visitor.Submit("/admin/deputies", "/admin/deputies", ("for", "chief"), ("deputy", "bob"), ("from", from), ("until", until));
        Assert.Equal(HttpStatusCode.Redirect, appointed.StatusCode);
        using var bob = await app.As("bob");
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Forbidden), ((await bob.Get("/customers/1")).StatusCode, (await bob.Get("/admin/users")).StatusCode));
        foreach (var (field, value) in new[] { ("deputy", "chief"), ("deputy", "nobody"), ("until", "2020-01-01"), ("from", "x"), ("deputy", "bob") })
        {
            (string, string)[] fields = [("for", "chief"), ("deputy", "eve"), ("from", from), ("until", until)];
            using var refused = await visitor.Submit("/admin/deputies", "/admin/deputies", [.. fields.Where(one => one.Item1 != field), (field, value)]);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        }
        using var eve = await app.As("eve");
        using var foreign = await eve.Submit("/account/deputies", "/account/deputies/1/end", ("confirm", "true"));
        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
        using var ended = await bob.Submit("/account/deputies", "/account/deputies/1/end", ("confirm", "true"));
        Assert.Equal(HttpStatusCode.Forbidden, (await bob.Get("/customers/1")).StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task Handing_over_moves_what_its_dry_run_said_in_one_step_with_an_entry_for_each_record(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var visitor = await app.Administrator();
        var west = await app.AddUnit("West");
        var anna = await app.AddUserWithRoles("anna", 1, "salesperson");
        var bob = await app.AddUserWithRoles("bob", west, "salesperson");
        await Given.Customers(app, "number,name\n" + string.Concat(Enumerable.Range(1, 1_203).Select(i => $"K{i},N{i}\n")));
        await app.Number($"update customers_customer set owner_id = {anna}, unit_id = 1 where id <= 1201");
        await app.Number($"update platform_unit set leader_id = {anna} where id = {west}");
        await app.Number($"update platform_user set leader_id = {anna} where id = {bob}");
        using var leaver = await app.As("anna");
        (await leaver.Submit("/account/tokens", "/account/tokens", ("name", "report"), ("days", "9"), ("formKey", Guid.CreateVersion7().ToString("N")))).Dispose();
        (await visitor.Submit("/customers/1203", "/customers/1203/shares", ("purpose", "service"), ("person", "anna"), ("reason", "project"))).Dispose();
        var page = await visitor.Page($"/admin/users/{anna}/hand-over");
        Assert.Equal(["1,201, go to the successor", "1, go to the successor", "1, go to the successor", "1, go to the successor", "0, end", "1, end"], page.QuerySelectorAll("dl.facts dd").Select(part => part.TextContent));
        foreach (var to in new[] { "anna", "nobody", "" })
        {
            using var refused = await visitor.Submit($"/admin/users/{anna}/hand-over", $"/admin/users/{anna}/hand-over", ("to", to));
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        }
        for (var again = 0; again < 2; again++) { (await visitor.Submit($"/admin/users/{anna}/hand-over", $"/admin/users/{anna}/hand-over", ("to", "bob"))).Dispose(); }
        Assert.Equal((1_201, 0), (await app.Number($"select count(*) from customers_customer where owner_id = {bob} and unit_id = {west}"), await app.Number($"select count(*) from customers_customer where owner_id = {anna}")));
        Assert.Equal((bob, 0, bob, 0), (await app.Number($"select leader_id from platform_unit where id = {west}"), await app.Number($"select coalesce(leader_id, 0) from platform_user where id = {bob}"), await app.Number("select user_id from platform_share"), await app.Number("select count(*) from platform_token")));
        Assert.Equal(1_201, await app.Number("select count(*) from platform_audit where action = 'record.assigned'"));
        Assert.Equal(Huike.Platform.Audit.AuditFault.None, (await app.Verify()).Fault);
        using var gone = await app.As("anna");
        Assert.Equal(HttpStatusCode.NotFound, (await gone.Get("/customers/7")).StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task A_calendar_is_understood_or_refused(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var visitor = await app.Administrator();
        foreach (var (hours, status) in new[] { ("1-5 08:00-12:00 13:00-17:00; 6 09:00-12:00", HttpStatusCode.Redirect), ("1-5 9-17", HttpStatusCode.UnprocessableEntity), ("5-1 09:00-17:00", HttpStatusCode.UnprocessableEntity), ("1 09:00-12:00 11:00-13:00", HttpStatusCode.UnprocessableEntity), ("8 09:00-10:00", HttpStatusCode.UnprocessableEntity), ("1 23:00-25:00", HttpStatusCode.UnprocessableEntity) })
        {
            using var saved = await visitor.Submit("/admin/calendars", "/admin/calendars", ("name", hours), ("hours", hours));
            Assert.True(status == saved.StatusCode, $"{hours} answered {saved.StatusCode}");
        }
        Assert.Contains("43 h<", await visitor.Text("/admin/calendars"), StringComparison.Ordinal);
        Assert.Equal(2, await app.Number("select count(*) from platform_calendar"));
    }

    private static Task<HttpResponseMessage> Edit(Visitor visitor, long id, string name, long parent, int version) =>
        visitor.Submit($"/admin/organisation/{id}", $"/admin/organisation/{id}", ("name", name), ("kind", "Branch"), ("parent", $"{parent}"), ("version", $"{version}"));
}
