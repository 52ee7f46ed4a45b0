using System.Net;
using System.Net.Http.Headers;
using Huike.IntegrationTests.Platform.Audit;
using Huike.Platform.Access;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Roles;
using Huike.Platform.Data;
using Huike.Ui;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Platform.Access;

/// <summary>Roles, what they show of fields, shares of single records, tokens.</summary>
public sealed class RolesTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task A_changed_role_holds_at_once_and_only_the_change_is_kept(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var administrator = await app.Administrator();
        await app.AddUserWithRoles("anna", 1, "dispatcher");
        await Given.Customers(app, "number,name\nK1,Wanda\n");
        using var anna = await app.As("anna");
        Assert.Equal(HttpStatusCode.OK, (await anna.Get("/customers/1")).StatusCode);
        using var changed = await Save(administrator, "dispatcher", ("customers.read", "Own"));
        Assert.Equal(HttpStatusCode.Redirect, changed.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await anna.Get("/customers/1")).StatusCode);
        var book = app.Services.GetRequiredService<RoleBook>();
        var overrides = await app.In(async _ => (await (await app.Database.Open(Ct)).Rows("select overrides from platform_role where name = 'dispatcher'", row => RoleDefinition.Read(row.GetString(0)), Ct))[0]);
        Assert.Equal([KeyValuePair.Create("customers.read", RecordScope.Own)], overrides.Scopes);
        Assert.Empty(overrides.Fields);
        // What was left alone stays the shipped definition's.
        Assert.Equal(new FieldAccess(3, 3), (await book.All(Ct))["dispatcher"].Definition.Fields["customers"]);
        using var stale = await administrator.Submit("/admin/roles/dispatcher", "/admin/roles/dispatcher", ("customers.read", "All"), ("version", "0"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, stale.StatusCode);
        Assert.Equal(["""admin role.edited role 0 [{"field":"role","old":null,"new":"dispatcher"},{"field":"customers.read","old":"All","new":"Own"}]"""], await app.Entries("role.edited"));
    }

    [Theory, OnBothDatabases]
    public async Task Nobody_raises_a_role_above_his_own_and_the_administrators_stays_as_it_is(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var administrator = await app.Administrator();
        using var keeper = await app.UserWith(Permissions.Roles, "customers.read");
        using var raised = await Save(keeper, "agent", ("customers.export", "Own"));
        using var system = await Save(keeper, "test-user1", (Permissions.Users, "All"));
        using var everything = await Save(administrator, "administrator", ("customers.read", "Own"));
        using var lowered = await Save(keeper, "agent", ("customers.read", "Own"));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, HttpStatusCode.UnprocessableEntity, HttpStatusCode.UnprocessableEntity, HttpStatusCode.Redirect), (raised.StatusCode, system.StatusCode, everything.StatusCode, lowered.StatusCode));
        using var added = await administrator.Submit("/admin/roles", "/admin/roles", ("title", "Archive"));
        Assert.Equal(HttpStatusCode.OK, (await administrator.Get(added.Headers.Location!.OriginalString)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await administrator.Get("/admin/roles/nothing")).StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task Fields_above_ones_level_are_masked_everywhere_and_shown_for_a_reason_that_stays(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var administrator = await app.Administrator();
        await Given.Customers(app, "number,name,phone,email,address\nK1,Wanda,13800138000,wanda@example.com,浙江省杭州市西湖区文三路1号\n");
        using var edited = await administrator.Submit("/customers/1/edit", "/customers/1/edit", ("name", "Wanda"), ("phone", "13900139000"), ("email", "wanda@example.com"), ("address", "浙江省杭州市西湖区文三路1号"), ("version", "1"));
        await app.AddUserWithRoles("agent", 1, "agent");
        await app.AddUserWithRoles("marketer", 1, "marketer");
        using var agent = await app.As("agent");
        foreach (var path in new[] { "/customers", "/customers/1", "/customers/1?kind=changes", "/customers/1/edit", "/api/customers", "/api/customers/1", "/palette?q=Wanda" })
        {
            var text = await agent.Text(path);
            foreach (var secret in new[] { "13900139000", "139 0013 9000", "138 0013 8000", "13800138000", "wanda@", "文三路" }) { Assert.DoesNotContain(secret, text, StringComparison.Ordinal); }
        }
        Assert.Contains("139****9000", await agent.Text("/customers/1"), StringComparison.Ordinal);
        using var none = await agent.Submit("/customers/1", "/customers/1/reveal", ("field", "phone"), ("reason", ""));
        using var shown = await agent.Submit("/customers/1", "/customers/1/reveal", ("field", "phone"), ("reason", "return call"));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, HttpStatusCode.OK), (none.StatusCode, shown.StatusCode));
        Assert.Contains("139 0013 9000", await shown.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Equal(["""agent record.revealed customer 1 [{"field":"field","old":null,"new":"phone"}] return call"""], await app.Entries("record.revealed"));
        using var marketer = await app.As("marketer");
        Assert.DoesNotContain("139 0013 9000", await marketer.Text("/customers/export?format=csv&purpose=sales&columns=phone"), StringComparison.Ordinal);
        using var refused = await marketer.Submit("/customers", "/customers/1/reveal", ("field", "phone"), ("reason", "curious"));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        // What is masked in a form is not written back.
        using var saved = await agent.Submit("/customers/1/edit", "/customers/1/edit", ("name", "Wanda Li"), ("version", "2"), ("formKey", ""));
        Assert.Equal(HttpStatusCode.Redirect, saved.StatusCode);
        Assert.Equal(1, await app.Number("select count(*) from customers_customer where name = 'Wanda Li' and phone = '+8613900139000' and email = 'wanda@example.com'"));
    }

    [Theory, OnBothDatabases]
    public async Task What_is_hidden_can_be_guessed_neither_by_searching_nor_by_sorting(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var administrator = await app.Administrator();
        await Given.Customers(app, "number,name,phone\nK1,Wanda,13800138000\n");
        await app.AddUserWithRoles("agent", 1, "agent");
        await app.AddUserWithRoles("partner", 1, "partner");
        using var agent = await app.As("agent");
        foreach (var (typed, found) in new[] { ("13800138000", true), ("138 0013 8000", true), ("8000", true), ("1380", false), ("138001", false), ("38000", false), ("138000", false), ("Wanda", true), ("Wanda 13800", false) })
        {
            Assert.True(found == (await agent.Text($"/api/customers?q={Uri.EscapeDataString(typed)}")).Contains("Wanda", StringComparison.Ordinal), $"{typed} should {(found ? "" : "not ")}be found");
        }
        using var partner = await app.As("partner");
        foreach (var (visitor, query) in new[] { (agent, "sort=phone"), (partner, "sort=phone"), (partner, "sort=sales"), (partner, "tier=platinum"), (partner, "top=sales:0.2"), (partner, "stage=loyal-buyer") })
        {
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await visitor.Get("/api/customers?" + query)).StatusCode);
        }
        await app.Number("update customers_customer set unit_id = 1");
        var row = await partner.Text("/api/customers/1");
        Assert.DoesNotContain("\"sales\"", row, StringComparison.Ordinal);
        Assert.DoesNotContain("\"tier\"", row, StringComparison.Ordinal);
        Assert.DoesNotContain("value-", await partner.Text("/customers/1"), StringComparison.Ordinal);
        // Nor what was bought and for how much, nor what the firm pays for it.
        const string bought = "/customers/1/documents?at=0&number=A1";
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), ((await agent.Get(bought)).StatusCode, (await agent.Get("/products")).StatusCode));
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), ((await partner.Get(bought)).StatusCode, (await partner.Get("/products")).StatusCode));
    }

    [Theory, OnBothDatabases]
    public async Task Of_a_customer_who_is_there_already_others_learn_only_whom_to_ask(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var administrator = await app.Administrator();
        await app.AddUserWithRoles("anna", 1, "salesperson");
        await app.AddUserWithRoles("bob", 1, "salesperson");
        await Given.Customers(app, "number,name,phone\nK1,Wanda,13800138000\n");
        await app.Number("update customers_customer set owner_id = (select id from platform_user where user_name = 'anna'), unit_id = 1");
        foreach (var (name, linked) in new[] { ("anna", true), ("bob", false) })
        {
            using var visitor = await app.As(name);
            using var answer = await visitor.Submit("/customers/new", "/customers/new", ("name", "W."), ("phone", "13800138000"), ("formKey", Guid.CreateVersion7().ToString("N")));
            var page = await Visitor.Parsed(await answer.Content.ReadAsStringAsync(Ct));
            var alert = page.QuerySelector(".alert")!;
            Assert.Equal((linked, linked), (alert.TextContent.Contains("Wanda", StringComparison.Ordinal), alert.QuerySelector("a[href='/customers/1']") is not null));
            Assert.Contains("anna", alert.TextContent, StringComparison.Ordinal);
        }
    }

    [Theory, OnBothDatabases]
    public async Task A_shared_customer_is_open_to_the_other_until_it_ends_and_to_change_only_where_said(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var administrator = await app.Administrator();
        var west = await app.AddUnit("West");
        var team = await app.AddUnit("Team", west);
        await app.AddUserWithRoles("anna", 1, "salesperson");
        await app.AddUserWithRoles("bob", team, "salesperson");
        await Given.Customers(app, "number,name\nK1,Wanda\nK2,Wendy\n");
        await app.Number("update customers_customer set owner_id = (select id from platform_user where user_name = 'anna'), unit_id = 1");
        using var anna = await app.As("anna");
        using var bob = await app.As("bob");
        (await anna.Submit("/customers/1", "/customers/1/shares", ("purpose", "service"), ("unit", $"{west}"), ("reason", "fair"), ("until", $"{app.Clock.GetUtcNow().AddDays(3):yyyy-MM-dd}"))).Dispose();
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.NotFound), ((await bob.Get("/customers/1")).StatusCode, (await bob.Get("/customers/1/edit")).StatusCode, (await bob.Get("/customers/2")).StatusCode));
        (await anna.Submit("/customers/1", "/customers/1/shares", ("purpose", "service"), ("person", "bob"), ("reason", "fair"), ("edit", "true"))).Dispose();
        Assert.Equal(HttpStatusCode.OK, (await bob.Get("/customers/1/edit")).StatusCode);
        using var given = await bob.Submit("/customers/1", "/customers/1/owner", ("owner", "bob"));
        using var foreign = await bob.Submit("/customers/1", "/customers/2/shares", ("purpose", "service"), ("person", "bob"), ("reason", "please"));
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.NotFound), (given.StatusCode, foreign.StatusCode));
        (await anna.Submit("/customers/1", "/customers/1/shares/2/end", ("confirm", "true"))).Dispose();
        Assert.Equal(HttpStatusCode.Forbidden, (await bob.Get("/customers/1/edit")).StatusCode);
        app.Clock.Advance(TimeSpan.FromDays(5));
        using var later = await app.As("bob");
        Assert.Equal(HttpStatusCode.NotFound, (await later.Get("/customers/1")).StatusCode);
        using var aimless = await anna.Submit("/sign-in", "/customers/1/shares", ("purpose", "service"), ("person", "bob"), ("unit", "1"), ("reason", "x"));
        Assert.NotEqual(HttpStatusCode.OK, aimless.StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task A_new_customer_is_ones_own_and_a_removed_ones_number_is_never_given_again(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var administrator = await app.Administrator();
        await app.AddUserWithRoles("anna", 1, "salesperson");
        using var anna = await app.As("anna");
        using var added = await anna.Submit("/customers/new", "/customers/new", ("name", "Wanda"), ("formKey", Guid.CreateVersion7().ToString("N")));
        var path = added.Headers.Location!.OriginalString;
        Assert.Equal(HttpStatusCode.OK, (await anna.Get(path)).StatusCode);
        using var refused = await anna.Submit(path, path + "/removal", ("confirm", "true"));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using var removed = await administrator.Submit(path, path + "/removal", ("confirm", "true"));
        // He is in the bin, and his address leads there.
        using var gone = await administrator.Get(path);
        Assert.Equal((HttpStatusCode.Found, path.Replace("/customers/", "/customers/bin/", StringComparison.Ordinal)), (gone.StatusCode, gone.Headers.Location?.OriginalString));
        using var another = await anna.Submit("/customers/new", "/customers/new", ("name", "Wendy"), ("formKey", Guid.CreateVersion7().ToString("N")));
        Assert.NotEqual(path, another.Headers.Location!.OriginalString);
        await Given.Ledger(app, "customer,date,document,amount\nK9,2024-01-05,A1,10.00\n");
        using var bought = await administrator.Submit("/customers/3", "/customers/3/removal", ("confirm", "true"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, bought.StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task A_token_opens_the_interface_as_its_user_until_it_ends_and_no_page(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var administrator = await app.Administrator();
        await app.AddUserWithRoles("anna", 1, "salesperson");
        await app.AddUserWithRoles("eve", 1);
        await Given.Customers(app, "number,name\nK1,Wanda\nK2,Wendy\n");
        await app.Number("update customers_customer set owner_id = (select id from platform_user where user_name = 'anna') where id = 1");
        using var anna = await app.As("anna");
        using var made = await anna.Submit("/account/tokens", "/account/tokens", ("name", "report"), ("days", "10"), ("formKey", Guid.CreateVersion7().ToString("N")));
        var token = (await Visitor.Parsed(await made.Content.ReadAsStringAsync(Ct))).QuerySelector("input[readonly]")!.GetAttribute("value")!;
        Assert.Equal(0, await app.Number($"select count(*) from platform_token where token_hash = '{token}'"));
        using var program = app.Anonymous();
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.Redirect], [await With(program, token, "/api/customers"), await With(program, token, "/api/customers/1"), await With(program, token, "/api/customers/2"), await With(program, token, "/customers")]);
        // However the number is written, it is the same record.
        foreach (var written in (string[])["+2", "%202", "2%20", "002"]) { Assert.Equal(HttpStatusCode.NotFound, await With(program, token, "/api/customers/" + written)); }
        Assert.Equal(HttpStatusCode.Unauthorized, await With(program, token[..^1] + "x", "/api/customers"));
        using var eve = await app.As("eve");
        using var foreign = await eve.Submit("/account/tokens", "/account/tokens/1/end", ("confirm", "true"));
        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
        foreach (var (name, days) in new[] { ("", "5"), ("report", "0"), ("report", "999"), ("report", "x") })
        {
            using var refused = await anna.Submit("/account/tokens", "/account/tokens", ("name", name), ("days", days), ("formKey", Guid.CreateVersion7().ToString("N")));
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        }
        (await administrator.Submit("/admin/users/2", "/admin/users/2/access", ("open", "false"))).Dispose();
        Assert.Equal(HttpStatusCode.Unauthorized, await With(program, token, "/api/customers"));
        (await administrator.Submit("/admin/users/2", "/admin/users/2/access", ("open", "true"))).Dispose();
        app.Clock.Advance(TimeSpan.FromDays(11));
        Assert.Equal(HttpStatusCode.Unauthorized, await With(program, token, "/api/customers"));
    }

    private static async Task<HttpStatusCode> With(Visitor visitor, string token, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
        using var answer = await visitor.Send(request);
        return answer.StatusCode;
    }

    /// <summary>The role's form as it stands, with some of it chosen otherwise.</summary>
    private static async Task<HttpResponseMessage> Save(Visitor visitor, string role, params (string Name, string Value)[] changed)
    {
        var page = await visitor.Page($"/admin/roles/{role}");
        var form = page.QuerySelectorAll("main select").Select(select => (Name: select.GetAttribute("name")!, Value: select.QuerySelector("option[selected]")?.GetAttribute("value") ?? ""))
            .Concat(page.QuerySelectorAll("main input[name=version], main input[name=title], main input[type=checkbox][checked]").Select(input => (Name: input.GetAttribute("name")!, Value: input.GetAttribute("value") ?? "")));
        return await visitor.Submit("/account", $"/admin/roles/{role}", [.. form.Where(field => changed.All(one => one.Name != field.Name)), .. changed]);
    }
}
