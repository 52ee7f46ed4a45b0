using System.Net;
using Huike.Platform.Data;

namespace Huike.IntegrationTests.Platform.Access;

public sealed class SignInTests
{
    [Theory, OnBothDatabases]
    public async Task The_right_password_lets_in_and_leads_back_to_the_page_that_was_asked_for(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        await app.AddUser("anna");
        using var visitor = app.Anonymous();
        using var asked = await visitor.Get("/customers?q=x");
        Assert.Equal(new Uri(app.Address, "/sign-in?returnUrl=%2Fcustomers%3Fq%3Dx"), new Uri(app.Address, asked.Headers.Location!));
        using var answer = await visitor.Submit("/sign-in?returnUrl=%2Fcustomers%3Fq%3Dx", "/sign-in", ("name", "ANNA"), ("password", HuikeApp.Password), ("returnUrl", "/customers?q=x"));
        Assert.Equal("/customers?q=x", answer.Headers.Location?.ToString());
        Assert.True(visitor.Cookies.GetCookies(app.Address)["huike"]!.HttpOnly);
    }

    [Theory, OnBothDatabases]
    public async Task A_wrong_password_and_an_unknown_name_get_the_same_answer(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        await app.AddUser("anna");
        using var visitor = app.Anonymous();
        using var wrong = await visitor.Submit("/sign-in", "/sign-in", ("name", "anna"), ("password", "wrong"));
        using var unknown = await visitor.Submit("/sign-in", "/sign-in", ("name", "nobody"), ("password", "wrong"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        Assert.Equal(wrong.StatusCode, unknown.StatusCode);
        Assert.Equal(await Alert(wrong), await Alert(unknown));
        Assert.Equal("/sign-in?returnUrl=%2F", new Uri(app.Address, (await visitor.Get("/")).Headers.Location!).PathAndQuery);
    }

    [Theory, OnBothDatabases]
    public async Task After_eight_wrong_passwords_the_right_one_is_refused_for_a_while(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        await app.AddUser("anna");
        using var visitor = app.Anonymous();
        for (var i = 0; i < 8; i++) { (await visitor.Submit("/sign-in", "/sign-in", ("name", "anna"), ("password", "wrong"))).Dispose(); }
        using var locked = await visitor.Submit("/sign-in", "/sign-in", ("name", "anna"), ("password", HuikeApp.Password));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, locked.StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task Who_signs_out_is_out(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var visitor = await app.UserWith();
        using var page = await visitor.Get("/no-such-page");
        var token = (await Visitor.Parsed(await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))).QuerySelector("meta[name=antiforgery]")!.GetAttribute("content")!;
        using var left = await visitor.Post("/sign-out", ("__RequestVerificationToken", token));
        Assert.Equal("/sign-in", left.Headers.Location?.ToString());
        using var home = await visitor.Get("/");
        Assert.StartsWith("/sign-in", new Uri(app.Address, home.Headers.Location!).AbsolutePath, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("https://evil.example/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("/\t/evil.example")]
    public async Task Nobody_is_led_to_another_site(string returnUrl)
    {
        await using var app = await HuikeApp.Start(DatabaseKind.Sqlite);
        await app.AddUser("anna");
        using var visitor = app.Anonymous();
        using var answer = await visitor.Submit("/sign-in", "/sign-in", ("name", "anna"), ("password", HuikeApp.Password), ("returnUrl", returnUrl));
        Assert.Equal("/", answer.Headers.Location?.ToString());
    }

    [Theory, OnBothDatabases]
    public async Task A_session_outlives_a_restart_of_the_program(DatabaseKind kind)
    {
        await using var database = await TestDatabase.Migrated(kind);
        System.Net.Cookie session;
        await using (var before = await HuikeApp.On(database))
        {
            using var visitor = await before.Administrator();
            session = visitor.Cookies.GetCookies(before.Address)["huike"]!;
        }
        await using var after = await HuikeApp.On(database);
        using var returned = after.Anonymous();
        returned.Cookies.Add(after.Address, new System.Net.Cookie(session.Name, session.Value));
        using var home = await returned.Get("/");
        Assert.Equal("/value", home.Headers.Location?.ToString());
    }

    private static async Task<string> Alert(HttpResponseMessage answer) =>
        (await Visitor.Parsed(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))).QuerySelector(".alert")!.TextContent;
}
