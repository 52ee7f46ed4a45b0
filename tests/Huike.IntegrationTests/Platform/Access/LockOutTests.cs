using System.Net;
using Huike.Platform.Data;

namespace Huike.IntegrationTests.Platform.Access;

public sealed class LockOutTests
{
    [Theory, OnBothDatabases]
    public async Task An_address_has_sixty_tries_whatever_the_names_and_others_may_still_come(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        await app.AddUser("anna");
        using var guesser = app.Anonymous();
        var token = await guesser.Token("/sign-in");
        for (var i = 0; i < 60; i++) { Assert.Equal(HttpStatusCode.UnprocessableEntity, await Try(guesser, token, $"name{i}", "wrong wrong", "203.0.113.7")); }
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await Try(guesser, token, "anna", HuikeApp.Password, "203.0.113.7"));
        Assert.Equal(120, await app.Number("select count(*) from platform_sign_in_try"));
        Assert.Equal(HttpStatusCode.Redirect, await Try(guesser, token, "anna", HuikeApp.Password, "203.0.113.8"));
        app.Clock.Advance(TimeSpan.FromMinutes(15.1));
        Assert.Equal(HttpStatusCode.Redirect, await Try(guesser, token, "anna", HuikeApp.Password, "203.0.113.7"));
    }

    [Theory, OnBothDatabases]
    public async Task An_account_has_eight_tries_also_when_they_come_at_once_from_everywhere_and_opens_again_by_itself(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        await app.AddUser("anna");
        using var guesser = app.Anonymous();
        var token = await guesser.Token("/sign-in");
        await Task.WhenAll(Enumerable.Range(1, 20).Select(i => Try(guesser, token, "anna", "wrong wrong", $"198.51.100.{i}")));
        Assert.Equal(8, await app.Number("select count(*) from platform_sign_in_try where subject like 'account %'"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await Try(guesser, token, "ANNA", HuikeApp.Password, "203.0.113.8"));
        app.Clock.Advance(TimeSpan.FromMinutes(5.1));
        Assert.Equal(HttpStatusCode.Redirect, await Try(guesser, token, "anna", HuikeApp.Password, "203.0.113.8"));
    }

    [Theory, OnBothDatabases]
    public async Task Who_came_in_may_mistype_again_and_old_tries_are_forgotten(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        await app.AddUser("anna");
        using var anna = app.Anonymous();
        var token = await anna.Token("/sign-in");
        for (var i = 0; i < 7; i++) { await Try(anna, token, "anna", "wrong wrong", "203.0.113.7"); }
        await Try(anna, token, "anna", HuikeApp.Password, "203.0.113.7");
        Assert.Equal(0, await app.Number("select count(*) from platform_sign_in_try where subject like 'account %'"));
        app.Clock.Advance(TimeSpan.FromHours(1.1));
        await Try(anna, token, "nobody", "wrong wrong", "203.0.113.7");
        Assert.Equal(2, await app.Number("select count(*) from platform_sign_in_try"));
    }

    private static async Task<HttpStatusCode> Try(Visitor visitor, string token, string name, string password, string address)
    {
        using var form = new FormUrlEncodedContent([new("__RequestVerificationToken", token), new("name", name), new("password", password)]);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/sign-in") { Content = form, Headers = { { "X-Forwarded-For", address } } };
        using var answer = await visitor.Send(request);
        // Whoever came in is out again: the token belongs to nobody.
        visitor.Cookies.GetAllCookies().Where(cookie => cookie.Name == "huike").ToList().ForEach(cookie => cookie.Expired = true);
        return answer.StatusCode;
    }
}
