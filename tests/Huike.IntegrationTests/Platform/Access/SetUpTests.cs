using System.Net;
using Huike.Platform.Data;

namespace Huike.IntegrationTests.Platform.Access;

public sealed class SetUpTests
{
    [Theory, OnBothDatabases]
    public async Task The_first_visitor_makes_the_administrator_and_is_signed_in(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var visitor = app.Anonymous();
        using var made = await visitor.Submit("/setup", "/setup", ("name", "root"), ("password", HuikeApp.Password));
        Assert.Equal("/", made.Headers.Location?.ToString());
        using var home = await visitor.Get("/");
        Assert.Equal("/value", home.Headers.Location?.ToString());
    }

    [Theory, OnBothDatabases]
    public async Task Of_two_first_visitors_at_once_one_wins(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var one = app.Anonymous();
        using var other = app.Anonymous();
        var (ones, others) = (await one.Token("/setup"), await other.Token("/setup"));
        var answers = await Task.WhenAll(
            one.Post("/setup", ("__RequestVerificationToken", ones), ("name", "one"), ("password", HuikeApp.Password)),
            other.Post("/setup", ("__RequestVerificationToken", others), ("name", "other"), ("password", HuikeApp.Password)));
        Assert.Equal([HttpStatusCode.Redirect, HttpStatusCode.UnprocessableEntity], answers.Select(answer => answer.StatusCode).Order());
        Assert.Equal(1, await app.Number("select count(*) from platform_user"));
    }

    [Theory, OnBothDatabases]
    public async Task Where_there_is_a_user_the_first_run_is_over(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var visitor = app.Anonymous();
        var token = await visitor.Token("/setup");
        using var administrator = await app.Administrator();
        using var page = await visitor.Get("/setup");
        Assert.Equal("/sign-in", page.Headers.Location?.ToString());
        using var late = await visitor.Post("/setup", ("__RequestVerificationToken", token), ("name", "late"), ("password", HuikeApp.Password));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, late.StatusCode);
        Assert.Equal(1, await app.Number("select count(*) from platform_user"));
    }

    [Theory, OnBothDatabases]
    public async Task A_weak_password_is_refused_in_the_visitors_language_and_may_be_mended(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var visitor = app.Anonymous("zh-CN");
        using var refused = await visitor.Submit("/setup", "/setup", ("name", "root"), ("password", "short"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        var page = await Visitor.Parsed(await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Contains(Huike.Ui.TextCatalog.For("zh-CN")["access.password.short"], page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal("root", page.QuerySelector("input[name=name]")!.GetAttribute("value"));
        using var made = await visitor.Submit("/setup", "/setup", ("name", "root"), ("password", HuikeApp.Password));
        Assert.Equal(HttpStatusCode.Redirect, made.StatusCode);
    }
}
