using System.Net;
using System.Text.RegularExpressions;
using Huike.Platform.Access;
using Huike.Platform.Data;
using Huike.Ui;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Platform.Access;

public sealed partial class UsersTests
{
    [Theory, OnBothDatabases]
    public async Task A_new_user_chooses_the_password_by_a_link_and_may_do_what_was_ticked(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var administrator = await app.Administrator();
        using var added = await administrator.Submit("/admin/users/new", "/admin/users/new", ("name", "anna"), ("displayName", "Anna Li"), ("role", "executive"));
        var link = await LinkIn(added);
        using var anna = app.Anonymous();
        Assert.Equal("anna", (await anna.Page(link)).QuerySelector("input[name=username]")!.GetAttribute("value"));
        using var weak = await anna.Submit(link, link, ("password", "anna-anna-2026"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, weak.StatusCode);
        using var chosen = await anna.Submit(link, link, ("password", HuikeApp.Password));
        Assert.Equal(HttpStatusCode.OK, chosen.StatusCode);
        await anna.SignIn("anna");
        Assert.Contains("Anna Li", await anna.Text("/customers"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await anna.Get("/imports")).StatusCode);
        // Used up.
        Assert.Equal(HttpStatusCode.NotFound, (await anna.Get(link)).StatusCode);
        using var again = await anna.Submit("/account", link, ("password", "another horse battery"));
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task A_link_ends_with_a_newer_one_and_with_time(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var administrator = await app.Administrator();
        using var added = await administrator.Submit("/admin/users/new", "/admin/users/new", ("name", "anna"));
        var first = await LinkIn(added);
        using var asked = await administrator.Submit("/admin/users/2", "/admin/users/2/link");
        var second = await LinkIn(asked);
        using var anna = app.Anonymous();
        Assert.Equal(HttpStatusCode.NotFound, (await anna.Get(first)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await anna.Get(second)).StatusCode);
        Assert.Equal(0, await app.Number($"select count(*) from platform_user_link where token_hash = '{second.Split('/')[^1]}'"));
        app.Clock.Advance(TimeSpan.FromDays(7.1));
        Assert.Equal(HttpStatusCode.NotFound, (await anna.Get(second)).StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task A_disabled_user_is_out_at_once_and_stays_out_until_let_in_again(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var administrator = await app.Administrator();
        using var anna = await app.UserWith("customers.read");
        await anna.Text("/customers");
        (await administrator.Submit("/admin/users/2", "/admin/users/2/access", ("open", "false"))).Dispose();
        Assert.Equal(HttpStatusCode.Redirect, (await anna.Get("/customers")).StatusCode);
        using var refused = await anna.Submit("/sign-in", "/sign-in", ("name", "user1"), ("password", HuikeApp.Password));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        (await administrator.Submit("/admin/users/2", "/admin/users/2/access", ("open", "true"))).Dispose();
        await anna.SignIn("user1");
        await anna.Text("/customers");
    }

    [Theory, OnBothDatabases]
    public async Task A_permission_is_given_and_taken_without_a_new_sign_in(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var administrator = await app.Administrator();
        using var anna = await app.UserWith("customers.read");
        await anna.Text("/customers");
        await app.AddUser("other", "products.read");
        using var kept = await administrator.Submit("/admin/users/2", "/admin/users/2", ("displayName", "Anna"), ("email", "anna@example.com"), ("role", "test-other"), ("role", "customer"));
        Assert.Equal(HttpStatusCode.Redirect, kept.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await anna.Get("/customers")).StatusCode);
        await anna.Text("/products");
        Assert.Equal(2, await app.Number("select count(*) from platform_user_role where user_id = 2"));
    }

    [Theory, OnBothDatabases]
    public async Task The_last_administrator_can_neither_be_shut_out_nor_lose_the_right(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var administrator = await app.Administrator();
        // One who was invited but never came can't help.
        (await administrator.Submit("/admin/users/new", "/admin/users/new", ("name", "late"), ("role", "administrator"))).Dispose();
        await app.AddUser("second", Permissions.All);
        using var second = app.Anonymous();
        await second.SignIn("second");
        (await second.Submit("/admin/users/1", "/admin/users/1/access", ("open", "false"))).Dispose();
        using var lost = await second.Submit("/admin/users/3", "/admin/users/3", ("role", "executive"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, lost.StatusCode);
        Assert.Contains(TextCatalog.For("en")["access.user.last"], await lost.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        using var self = await second.Submit("/admin/users/3", "/admin/users/3/access", ("open", "false"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, self.StatusCode);
        await second.Text("/admin/users");
    }

    [Theory, OnBothDatabases]
    public async Task Of_two_administrators_who_shut_out_each_other_at_once_one_stays(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var one = await app.Administrator();
        await app.AddUser("other", Permissions.All);
        using var other = app.Anonymous();
        await other.SignIn("other");
        await Task.WhenAll(one.Submit("/admin/users/2", "/admin/users/2/access", ("open", "false")), other.Submit("/admin/users/1", "/admin/users/1/access", ("open", "false")));
        Assert.Equal(1, await app.Number("select count(*) from platform_user where disabled_at is null"));
    }

    [Theory, OnBothDatabases]
    public async Task Who_keeps_the_accounts_gives_no_more_than_he_has_and_touches_nobody_who_has_more(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var administrator = await app.Administrator();
        using var keeper = await app.UserWith(Permissions.Users, "customers.read", "products.read", "approvals.ask");
        using var made = await keeper.Submit("/admin/users/new", "/admin/users/new", ("name", "mine"), ("role", "administrator"));
        using var raised = await keeper.Submit("/admin/users/2", "/admin/users/2", ("role", "test-user1"), ("role", "executive"));
        using var shut = await keeper.Submit("/admin/users/2", "/admin/users/1/access", ("open", "false"));
        using var linked = await keeper.Submit("/admin/users/2", "/admin/users/1/link");
        using var ended = await keeper.Submit("/admin/users/2", "/admin/users/1/sessions/end");
        Assert.All((HttpResponseMessage[])[made, raised, shut, linked, ended], answer => Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode));
        Assert.Equal(2, await app.Number("select count(*) from platform_user_role"));
        Assert.Equal(0, await app.Number("select count(*) from platform_user_link"));
        using var fair = await keeper.Submit("/admin/users/new", "/admin/users/new", ("name", "mine"), ("role", "dispatcher"));
        Assert.Equal(HttpStatusCode.OK, fair.StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task What_is_wrong_with_a_new_user_is_said_and_nothing_is_stored(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var administrator = await app.Administrator();
        (string Key, (string, string)[] Fields)[] faults =
        [
            ("access.name.taken", [("name", "ADMIN")]), ("access.name.missing", [("name", " ")]), ("access.name.long", [("name", new('x', 101))]),
            ("access.user.emailWrong", [("name", "anna"), ("email", "anna")]), ("access.user.emailWrong", [("name", "anna"), ("email", "Anna <a@example.com>")]),
            ("access.user.emailWrong", [("name", "anna"), ("email", "a@example.com\r\nBcc: all@example.com")]), ("access.user.roleUnknown", [("name", "anna"), ("role", "no.such")]), ("access.user.customerMissing", [("name", "anna"), ("kind", "Customer")]),
        ];
        foreach (var (key, fields) in faults)
        {
            using var refused = await administrator.Submit("/admin/users/new", "/admin/users/new", fields);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
            var page = await Visitor.Parsed(await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            Assert.Contains(TextCatalog.For("en")[key, 100], page.Body!.TextContent, StringComparison.Ordinal);
        }
        Assert.Equal(1, await app.Number("select count(*) from platform_user"));
        Assert.Equal(HttpStatusCode.NotFound, (await administrator.Get("/admin/users/99")).StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task Users_are_found_by_a_part_of_the_name_and_paged(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var administrator = await app.Administrator();
        await using (var connection = await app.Database.Open(TestContext.Current.CancellationToken))
        {
            for (var i = 0; i < 60; i++)
            {
                await connection.Run("insert into platform_user (user_name, normalized_user_name, email_confirmed, phone_number_confirmed, two_factor_enabled, lockout_enabled, access_failed_count, display_name) values (@name, @upper, @no, @no, @no, @no, 0, '')",
                    TestContext.Current.CancellationToken, ("name", $"clerk{i:D2}"), ("upper", $"CLERK{i:D2}"), ("no", false));
            }
        }
        var first = await administrator.Page("/admin/users?q=clerk");
        Assert.Equal(50, first.QuerySelectorAll("tbody tr").Length);
        var second = await administrator.Page(first.QuerySelector("a[rel=next]")!.GetAttribute("href")!);
        Assert.Equal(10, second.QuerySelectorAll("tbody tr").Length);
        Assert.Empty((await administrator.Page("/admin/users?q=%25")).QuerySelectorAll("tbody tr"));
        await administrator.Text("/admin/users?q=%00&after=%00");
    }

    [Fact]
    public async Task Each_permission_has_words_in_both_languages()
    {
        await using var app = await HuikeApp.Start(DatabaseKind.Sqlite);
        var names = app.Services.GetServices<Permission>().Select(permission => permission.Name).ToList();
        Assert.Contains("customers.read", names);
        Assert.All(TextCatalog.Languages, language => Assert.All(names, name => Assert.True(TextCatalog.For(language).Has($"access.permission.{name}"), $"{language}: {name}")));
    }

    internal static async Task<string> LinkIn(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return Link().Match(text) is { Success: true } found ? found.Value : throw new InvalidOperationException($"{(int)answer.StatusCode}: no link in {text}");
    }

    [GeneratedRegex("/password/[0-9a-f]{64}", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Link();
}
