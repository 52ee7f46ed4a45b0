using System.Net;
using Huike.IntegrationTests.Platform.Audit;
using Huike.Platform.Access;
using Huike.Platform.Data;

namespace Huike.IntegrationTests.Platform.Access;

public sealed class LimitsTests
{
    [Theory, OnBothDatabases]
    public async Task What_an_administrator_sets_holds_at_once_and_is_told_to_the_audit(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var administrator = await app.Administrator();
        await app.AddUser("anna");
        using var saved = await Save(administrator, ("accountTries", "3"), ("accountMinutes", "20"), ("resetHours", "1"), ("idleHours", "2"));
        Assert.Equal(HttpStatusCode.OK, saved.StatusCode);
        Assert.Equal("""
            admin settings.saved SignInSettings 0 [{"field":"accountTries","old":"8","new":"3"},{"field":"accountMinutes","old":"5","new":"20"},{"field":"resetHours","old":"2","new":"1"},{"field":"idleHours","old":"12","new":"2"}]
            """, Assert.Single(await app.Entries("settings.saved")));
        using var anna = app.Anonymous();
        for (var i = 0; i < 3; i++) { Assert.Equal(HttpStatusCode.UnprocessableEntity, await Try(anna, "wrong wrong")); }
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await Try(anna, HuikeApp.Password));
        app.Clock.Advance(TimeSpan.FromMinutes(20.1));
        Assert.Equal(HttpStatusCode.Redirect, await Try(anna, HuikeApp.Password));
        using var linked = await administrator.Submit("/admin/users/2", "/admin/users/2/link");
        var link = await UsersTests.LinkIn(linked);
        app.Clock.Advance(TimeSpan.FromHours(1.1));
        Assert.Equal(HttpStatusCode.NotFound, (await anna.Get(link)).StatusCode);
        await anna.Text("/account");
        app.Clock.Advance(TimeSpan.FromHours(2.1));
        Assert.Equal(HttpStatusCode.Redirect, (await anna.Get("/account")).StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task A_session_longer_than_half_a_day_holds_as_long_as_was_set(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var administrator = await app.Administrator();
        (await Save(administrator, ("idleHours", "72"))).Dispose();
        using var anna = await app.UserWith();
        app.Clock.Advance(TimeSpan.FromHours(70));
        await anna.Text("/account");
        app.Clock.Advance(TimeSpan.FromHours(73));
        Assert.Equal(HttpStatusCode.Redirect, (await anna.Get("/account")).StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task What_is_out_of_range_saves_nothing_and_others_may_not(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var administrator = await app.Administrator();
        foreach (var wrong in (string[])["2", "51", "", "x", "1e1", "-8", "99999999999"])
        {
            using var refused = await Save(administrator, ("accountTries", wrong), ("idleHours", "24"));
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
            var page = await Visitor.Parsed(await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            Assert.Equal(["accountTries"], page.QuerySelectorAll("[aria-invalid]").Select(field => field.GetAttribute("name")));
        }
        Assert.Equal(0, await app.Number("select count(*) from platform_setting where name = 'SignInSettings'"));
        using var auditor = await app.UserWith(Permissions.Audit);
        Assert.Equal(HttpStatusCode.Forbidden, (await auditor.Get("/admin/sign-in")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await auditor.Submit("/account", "/admin/sign-in", ("accountTries", "50"))).StatusCode);
    }

    private static async Task<HttpResponseMessage> Save(Visitor visitor, params (string Name, string Value)[] changed)
    {
        var fields = (await visitor.Page("/admin/sign-in")).QuerySelectorAll("form[action='/admin/sign-in'] input[type=number]").Select(input => (Name: input.GetAttribute("name")!, Value: input.GetAttribute("value")!));
        return await visitor.Submit("/admin/sign-in", "/admin/sign-in", [.. fields.Select(field => changed.FirstOrDefault(one => one.Name == field.Name) is { Name: not null } one ? one : field)]);
    }

    private static async Task<HttpStatusCode> Try(Visitor visitor, string password)
    {
        using var answer = await visitor.Submit("/sign-in", "/sign-in", ("name", "anna"), ("password", password));
        return answer.StatusCode;
    }
}
