using System.Net;
using Huike.Customers.Contracts;
using Huike.IntegrationTests.Platform.Audit;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Roles;
using Huike.Platform.Data;
using Microsoft.Extensions.Logging;

namespace Huike.IntegrationTests.Platform.Access;

public sealed class SessionsTests
{
    [Theory, OnBothDatabases]
    public async Task Each_sign_in_is_listed_and_can_be_ended_from_another(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var desk = await app.UserWith();
        using var phone = app.Anonymous();
        await phone.SignIn("user1");
        var page = await desk.Page("/account");
        Assert.Equal(2, page.QuerySelectorAll("tbody tr").Length);
        Assert.Contains("127.0.0.1", page.Body!.TextContent, StringComparison.Ordinal);
        var end = page.QuerySelector("tbody form")!.GetAttribute("action")!;
        (await desk.Submit("/account", end)).Dispose();
        Assert.Equal(HttpStatusCode.Redirect, (await phone.Get("/account")).StatusCode);
        Assert.Single((await desk.Page("/account")).QuerySelectorAll("tbody tr"));
    }

    [Theory, OnBothDatabases]
    public async Task Who_signs_in_anew_leaves_no_session_behind(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var anna = await app.UserWith();
        var token = await anna.Token("/account");
        (await anna.Post("/sign-in", ("__RequestVerificationToken", token), ("name", "user1"), ("password", HuikeApp.Password))).Dispose();
        Assert.Single((await anna.Page("/account")).QuerySelectorAll("tbody tr"));
    }

    [Fact]
    public async Task Who_is_refused_stands_in_the_log()
    {
        using var log = new KeptLog(LogLevel.Warning);
        await using var app = await HuikeApp.Start(DatabaseKind.Sqlite, builder => builder.Logging.AddProvider(log));
        using var anna = await app.UserWith();
        Assert.Equal(HttpStatusCode.Forbidden, (await anna.Get("/admin/users")).StatusCode);
        using var program = app.Anonymous();
        (await program.Send(new(HttpMethod.Get, "/api/customers") { Headers = { { "Authorization", "Bearer hk_none" } } })).Dispose();
        for (var i = 0; i < 9; i++) { (await program.Submit("/sign-in", "/sign-in", ("name", "user1"), ("password", "open sesame"))).Dispose(); }
        await Given.Customers(app, "number,name\nK1,Wanda\n");
        await app.AddUserWith("reader", 1, new(new Dictionary<string, RecordScope> { [CustomerPermissions.Read] = RecordScope.All, [CustomerPermissions.Edit] = RecordScope.Own }, new Dictionary<string, FieldAccess>()));
        using var reader = await app.As("reader");
        Assert.Equal(HttpStatusCode.Forbidden, (await reader.Get("/customers/1/edit")).StatusCode);
        foreach (var line in (string[])["Refused with 403: GET /admin/users, user1 from ", "Refused with 401: GET /api/customers, ", "Refused with 403: GET /customers/1/edit, reader from ", "Tries used up: account "])
        {
            Assert.Contains(log.Errors, kept => kept.Contains(line, StringComparison.Ordinal));
        }
        Assert.DoesNotContain(log.Errors, kept => kept.Contains("sesame", StringComparison.Ordinal) || kept.Contains("hk_none", StringComparison.Ordinal));
    }

    [Theory, OnBothDatabases]
    public async Task Nobody_ends_a_strangers_session(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var anna = await app.UserWith();
        using var bert = await app.UserWith();
        (await bert.Submit("/account", "/account/sessions/1/end")).Dispose();
        await anna.Text("/account");
    }

    [Theory, OnBothDatabases]
    public async Task Sign_out_everywhere_ends_every_session_and_a_kept_cookie_opens_nothing(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var desk = await app.UserWith();
        using var phone = app.Anonymous();
        await phone.SignIn("user1");
        var kept = desk.Cookies.GetCookies(app.Address)["huike"]!;
        using var out_ = await desk.Submit("/account", "/account/sessions/end");
        Assert.Equal("/sign-in", out_.Headers.Location?.ToString());
        Assert.Equal(HttpStatusCode.Redirect, (await phone.Get("/account")).StatusCode);
        using var thief = app.Anonymous();
        thief.Cookies.Add(app.Address, new Cookie(kept.Name, kept.Value));
        Assert.Equal(HttpStatusCode.Redirect, (await thief.Get("/account")).StatusCode);
        Assert.Equal(0, await app.Number("select count(*) from platform_session"));
        Assert.Single(await app.Entries("user.sessions-ended"));
    }

    [Theory, OnBothDatabases]
    public async Task A_new_password_asks_for_the_present_one_and_ends_the_other_sessions(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var desk = await app.UserWith();
        using var phone = app.Anonymous();
        await phone.SignIn("user1");
        using var wrong = await desk.Submit("/account", "/account/password", ("present", "not this one"), ("chosen", "a wholly new sentence"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        using var weak = await desk.Submit("/account", "/account/password", ("present", HuikeApp.Password), ("chosen", "user1-user1"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, weak.StatusCode);
        await phone.Text("/account");
        using var changed = await desk.Submit("/account", "/account/password", ("present", HuikeApp.Password), ("chosen", "a wholly new sentence"));
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        await desk.Text("/account");
        Assert.Equal(HttpStatusCode.Redirect, (await phone.Get("/account")).StatusCode);
        using var old = await phone.Submit("/sign-in", "/sign-in", ("name", "user1"), ("password", HuikeApp.Password));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, old.StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task A_session_ends_twelve_hours_after_the_last_request_and_after_thirty_days_at_the_latest(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var anna = await app.UserWith();
        for (var i = 0; i < 65; i++)
        {
            app.Clock.Advance(TimeSpan.FromHours(11));
            await anna.Text("/account");
        }
        app.Clock.Advance(TimeSpan.FromHours(8));
        Assert.Equal(HttpStatusCode.Redirect, (await anna.Get("/account")).StatusCode);
        await anna.SignIn("user1");
        app.Clock.Advance(TimeSpan.FromHours(12.1));
        Assert.Equal(HttpStatusCode.Redirect, (await anna.Get("/account")).StatusCode);
        Assert.Equal(1, await app.Number("select count(*) from platform_session"));
    }
}
