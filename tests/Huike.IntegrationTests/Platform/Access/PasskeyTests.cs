using System.Net;
using AngleSharp.Dom;
using Huike.IntegrationTests.Platform.Audit;
using Huike.Platform.Access;
using Huike.Platform.Data;
using Microsoft.Extensions.Configuration;

namespace Huike.IntegrationTests.Platform.Access;

/// <summary>Passkeys by what goes over the wire; PasskeysTests of the browser does the same with a browser's own.</summary>
public sealed class PasskeyTests
{
    [Theory, OnBothDatabases]
    public async Task A_passkey_signs_in_without_name_and_second_factor_and_tells_the_audit(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var anna = await app.UserWith();
        await SecondFactorTests.TurnOn(app, anna);
        using var device = Known(app);
        await Add(anna, device);
        Assert.Contains("Anna's phone", (await anna.Page("/account")).Body!.TextContent, StringComparison.Ordinal);
        using var visitor = app.Anonymous();
        using var answer = await SignIn(visitor, device);
        Assert.Equal("/account", answer.Headers.Location?.ToString());
        await visitor.Text("/account");
        Assert.Equal(["""user1 user.passkey-added user 1 [{"field":"passkey","old":null,"new":"Anna's phone"}]"""], await app.Entries("user.passkey-added"));
        Assert.Equal("""user1 sign-in.done  0 [{"field":"passkey","old":null,"new":"Anna's phone"}]""", (await app.Entries("sign-in.done"))[^1]);
        Assert.Equal(1, await app.Number("select count(*) from platform_passkey where used_at is not null and sign_count = 2"));
    }

    [Theory, OnBothDatabases]
    public async Task A_challenge_opens_once_for_its_own_browser_and_for_an_hour(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var anna = await app.UserWith();
        using var device = Known(app);
        await Add(anna, device);
        using var visitor = app.Anonymous();
        var (options, pending) = await Offered(visitor);
        using var thief = app.Anonymous();
        await Refused(thief, pending, device.Get(options));
        await Refused(visitor, "AAAA", device.Get(options));
        var signed = device.Get(options);
        using (var opened = await Send(visitor, pending, signed)) { Assert.Equal(HttpStatusCode.Redirect, opened.StatusCode); }
        await Leave(visitor);
        await Refused(visitor, pending, signed);
        await Refused(visitor, pending, device.Get(options));
        (options, pending) = await Offered(visitor);
        app.Clock.Advance(TimeSpan.FromHours(1.1));
        await Refused(visitor, pending, device.Get(options));
        // Another challenge than the one that was signed.
        var (_, other) = await Offered(visitor);
        await Refused(visitor, other, device.Get(options));
    }

    [Theory, OnBothDatabases]
    public async Task Another_sites_page_an_unknown_key_and_an_unverified_user_open_nothing(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var anna = await app.UserWith();
        using var device = Known(app);
        await Add(anna, device);
        using var visitor = app.Anonymous();
        // A page on another port or below the same name has the same domain, and asks in vain.
        foreach (var elsewhere in (string[])["http://evil.example", $"http://127.0.0.1:{app.Address.Port + 1}", $"https://127.0.0.1:{app.Address.Port}"])
        {
            var (options, pending) = await Offered(visitor);
            await Refused(visitor, pending, device.Get(options, elsewhere));
        }
        using var stranger = new Device(app.Address.GetLeftPart(UriPartial.Authority), "127.0.0.1") { Owner = device.Owner };
        var (asked, kept) = await Offered(visitor);
        await Refused(visitor, kept, stranger.Get(asked));
        using var hasty = new Device(app.Address.GetLeftPart(UriPartial.Authority), "127.0.0.1") { Verifies = false };
        var (_, _, status) = await Made(anna, hasty);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        using var foreign = new Device("http://evil.example", "evil.example");
        (_, _, status) = await Made(anna, foreign);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Equal(1, await app.Number("select count(*) from platform_passkey"));
        Assert.Equal(3, (await app.Entries("sign-in.refused")).Count(entry => entry.StartsWith("user1 ", StringComparison.Ordinal)));
    }

    [Theory, OnBothDatabases]
    public async Task A_removed_passkey_opens_nothing_and_nobody_removes_anothers(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var administrator = await app.Administrator();
        using var anna = await app.UserWith();
        using var bert = await app.UserWith();
        using Device phone = Known(app), key = Known(app);
        await Add(anna, phone);
        await Add(anna, key);
        using var visitor = app.Anonymous();
        using var foreign = await bert.Submit("/account", "/account/passkeys/1/removal");
        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
        using var removed = await anna.Submit("/account", "/account/passkeys/1/removal");
        Assert.Equal(HttpStatusCode.Redirect, removed.StatusCode);
        await RefusedNow(visitor, phone);
        using (var other = await SignIn(visitor, key)) { Assert.Equal(HttpStatusCode.Redirect, other.StatusCode); }
        await Leave(visitor);
        (await administrator.Submit("/admin/users/2", "/admin/users/2/passkeys/removal")).Dispose();
        await RefusedNow(visitor, key);
        Assert.Equal(["""user1 user.passkey-removed user 2 [{"field":"passkey","old":"Anna's phone","new":null}]"""], await app.Entries("user.passkey-removed"));
        Assert.Equal(["admin user.passkeys-removed user 2 []"], await app.Entries("user.passkeys-removed"));
    }

    [Theory, OnBothDatabases]
    public async Task A_disabled_user_and_a_locked_account_stay_out_and_the_answer_is_one(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var administrator = await app.Administrator();
        using var anna = await app.UserWith();
        using var device = Known(app);
        await Add(anna, device);
        using var visitor = app.Anonymous();
        for (var i = 0; i < 8; i++) { (await visitor.Submit("/sign-in", "/sign-in", ("name", "user1"), ("password", "wrong wrong"))).Dispose(); }
        var locked = await RefusedNow(visitor, device);
        app.Clock.Advance(TimeSpan.FromMinutes(5.1));
        using (var open = await SignIn(visitor, device)) { Assert.Equal(HttpStatusCode.Redirect, open.StatusCode); }
        await Leave(visitor);
        (await administrator.Submit("/admin/users/2", "/admin/users/2/access", ("open", "false"))).Dispose();
        Assert.Equal(locked, await RefusedNow(visitor, device));
        // Nor does an account that became a program's.
        await app.Number("update platform_user set kind = 3, disabled_at = null where id = 2 returning id");
        Assert.Equal(locked, await RefusedNow(visitor, device));
        using var stranger = Known(app);
        Assert.Equal(locked, await RefusedNow(visitor, stranger));
        foreach (var nonsense in (string[])["", "{}", "[]", "null", "{\"id\":7}", "{\"id\":\"\\u0000\"}", new string('{', 9_000), new string('x', 20_000)])
        {
            var (_, pending) = await Offered(visitor);
            Assert.Equal(locked, await Refused(visitor, pending, nonsense));
        }
    }

    [Theory, OnBothDatabases]
    public async Task To_add_one_takes_the_password_a_name_and_the_browser_that_asked(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var anna = await app.UserWith();
        using var bert = await app.UserWith();
        using var wrong = await anna.Submit("/account", "/account/passkeys/new", ("present", "not this one"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        using var device = Known(app);
        var (options, pending, _) = await Begun(anna);
        var made = device.Create(options);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await bert.Submit("/account", "/account/passkeys", ("name", "x"), ("pending", pending), ("credential", made))).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await anna.Submit("/account", "/account/passkeys", ("name", " "), ("pending", pending), ("credential", made))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await anna.Submit("/account", "/account/passkeys", ("name", "x"), ("pending", pending), ("credential", made))).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await anna.Submit("/account", "/account/passkeys", ("name", "y"), ("pending", pending), ("credential", made))).StatusCode);
        Assert.Equal(1, await app.Number("select count(*) from platform_passkey"));
    }

    [Fact]
    public async Task Behind_a_proxy_the_configured_address_counts()
    {
        await using var app = await HuikeApp.Start(DatabaseKind.Sqlite, builder => builder.Configuration.AddInMemoryCollection([new("PublicAddress", "https://crm.example.com:443/")]));
        using var anna = await app.UserWith();
        using var device = new Device("https://crm.example.com", "crm.example.com");
        await Add(anna, device);
        using var visitor = app.Anonymous();
        using (var opened = await SignIn(visitor, device)) { Assert.Equal(HttpStatusCode.Redirect, opened.StatusCode); }
        await Leave(visitor);
        using var inside = Known(app);
        await RefusedNow(visitor, inside);
    }

    private static Device Known(HuikeApp app) => new(app.Address.GetLeftPart(UriPartial.Authority), app.Address.Host);

    private static async Task Add(Visitor visitor, Device device)
    {
        var (_, html, status) = await Made(visitor, device);
        Assert.True(status == HttpStatusCode.OK, html);
    }

    private static async Task<(string Options, string Html, HttpStatusCode Status)> Made(Visitor visitor, Device device)
    {
        var (options, pending, name) = await Begun(visitor);
        Assert.Equal("", name);
        using var added = await visitor.Submit("/account", "/account/passkeys", ("name", "Anna's phone"), ("pending", pending), ("credential", device.Create(options)));
        return (options, (await Visitor.Parsed(await added.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))).Body!.TextContent, added.StatusCode);
    }

    private static async Task<(string Options, string Pending, string Name)> Begun(Visitor visitor)
    {
        using var begun = await visitor.Submit("/account", "/account/passkeys/new", ("present", HuikeApp.Password));
        var page = await Visitor.Parsed(await begun.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return (page.QuerySelector("form[data-passkey=create]")!.GetAttribute("data-options")!, Value(page, "pending"), Value(page, "name"));
    }

    private static async Task<(string Options, string Pending)> Offered(Visitor visitor)
    {
        var page = await visitor.Page("/sign-in");
        return (page.QuerySelector("form[data-passkey=get]")!.GetAttribute("data-options")!, Value(page, "pending"));
    }

    private static async Task<HttpResponseMessage> SignIn(Visitor visitor, Device device)
    {
        var (options, pending) = await Offered(visitor);
        return await Send(visitor, pending, device.Get(options));
    }

    private static Task<HttpResponseMessage> Send(Visitor visitor, string pending, string credential) =>
        visitor.Submit("/sign-in", "/sign-in/passkey", ("pending", pending), ("credential", credential), ("returnUrl", "/account"));

    private static async Task<string> RefusedNow(Visitor visitor, Device device)
    {
        var (options, pending) = await Offered(visitor);
        return await Refused(visitor, pending, device.Get(options));
    }

    /// <returns>What the visitor reads.</returns>
    private static async Task<string> Refused(Visitor visitor, string pending, string credential)
    {
        using var answer = await Send(visitor, pending, credential);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        return (await Visitor.Parsed(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))).QuerySelector("main")!.TextContent;
    }

    private static async Task Leave(Visitor visitor) => (await visitor.Submit("/account", "/sign-out", ("confirm", "true"))).Dispose();

    private static string Value(IDocument page, string name) => page.QuerySelector($"form[data-passkey] input[name={name}]")!.GetAttribute("value") ?? "";
}
