using System.Net;
using Huike.Platform.Api;
using Huike.Platform.Data;
using Huike.Ui;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Web;

/// <summary>What holds for every route there is, those of later modules too.</summary>
public sealed class RoutesTests
{
    /// <summary>Open to everyone, by decision.</summary>
    private static readonly string[] Open = ["GET /health/live", "GET /health/ready", "GET /assets/{version}/{name}", "POST /preferences", "GET /sign-in", "POST /sign-in", "GET /setup", "POST /setup",
        "GET /forgot", "POST /forgot", "GET /password/{token}", "POST /password/{token}", "GET /sign-in/code", "POST /sign-in/code", "POST /sign-in/passkey",
        "GET /sign-in/with/{provider}", "GET /sign-in/with/{provider}/return", "GET /.well-known/carddav", "PROPFIND /.well-known/carddav"];

    /// <summary>Open to everyone who is signed in, by decision.</summary>
    private static readonly string[] SignedIn = ["GET /", "GET /live", "POST /sign-out", "GET /account", "POST /account/password", "POST /account/sessions/{session:long}/end", "POST /account/sessions/end",
        "GET /account/second-factor", "POST /account/second-factor", "POST /account/second-factor/off", "POST /account/second-factor/codes",
        "POST /account/passkeys/new", "POST /account/passkeys", "POST /account/passkeys/{passkey:long}/removal",
        "POST /account/providers/{provider}", "POST /account/providers/{provider}/removal",
        "GET /account/deputies", "POST /account/deputies", "POST /account/deputies/{id:long}/end", "GET /notifications", "GET /notifications/bell", "POST /notifications/{id:long}/open", "POST /notifications/read", "GET /account/notifications", "POST /account/notifications",
        "GET /api/approvals", "GET /api/approvals/{id:long}", "PUT /api/approvals/{id:long}", "POST /api/approvals/{id:long}/decisions", "GET /approvals", "GET /approvals/{id:long}", "POST /approvals/{id:long}/act", "POST /approvals/{id:long}/again",
        "GET /account/tokens", "POST /account/tokens", "POST /account/tokens/{id:long}/end", "GET /api/openapi/{documentName}.json", "POST /api/mcp"];

    [Fact]
    public async Task Every_route_has_a_policy_of_its_own_or_is_open_by_decision()
    {
        await using var app = await HuikeApp.Start(DatabaseKind.Sqlite);
        var routes = AppRoute.Of(app);
        Assert.Equal(Open.Order(), routes.Where(route => route.IsOpen).Select(route => route.Name).Order());
        var bare = routes.Where(route => !route.IsOpen && !route.Endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Any(rule => rule.Policy is not null)).Select(route => route.Name).Order();
        Assert.Equal(SignedIn.Intersect(routes.Select(route => route.Name)).Order(), bare);
    }

    [Fact]
    public async Task Each_place_has_a_name_an_address_and_a_key_of_its_own()
    {
        await using var app = await HuikeApp.Start(DatabaseKind.Sqlite);
        var places = app.Services.GetServices<Place>().ToList();
        Assert.Equal(places.Count, places.Select(place => place.Key).Distinct().Count());
        Assert.Equal(places.Count, places.Select(place => place.Href).Distinct().Count());
        Assert.Equal(places.Where(place => place.Shortcut is not null).Select(place => place.Shortcut).Order(), places.Select(place => place.Shortcut).OfType<char>().Distinct().Order().Select(letter => (char?)letter));
    }

    [Fact]
    public async Task Every_write_asks_for_the_forms_token()
    {
        await using var app = await HuikeApp.Start(DatabaseKind.Sqlite);
        // The preferences look at the token themselves, to answer with a page; so do uploads, before they take in the first byte (ImportPagesTests, FilesTests).
        // Programs send JSON, which another site's page can't without being asked for leave.
        using var visitor = await app.Administrator();
        foreach (var route in AppRoute.Of(app).Where(route => route.Method is "POST" or "PUT" or "PATCH" && IsApi(route)))
        {
            using var form = await visitor.Send(new(new(route.Method), route.Path) { Content = new FormUrlEncodedContent([]), Headers = { { "If-Match", "*" } } });
            Assert.True(form.StatusCode is HttpStatusCode.UnsupportedMediaType || route.Pattern.EndsWith("/done", StringComparison.Ordinal), $"{route} answered {(int)form.StatusCode} to a form");
        }
        var free = AppRoute.Of(app).Where(route => route.Method != "GET" && !IsApi(route) && !route.IsDoor && !route.Pattern.StartsWith("/.well-known", StringComparison.Ordinal) && route.Endpoint.Metadata.GetMetadata<IAntiforgeryMetadata>()?.RequiresValidation != true).Select(route => route.Name);
        Assert.Equal(["POST /customers/{id:long}/files", "POST /imports/new", "POST /preferences"], free.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_change_of_a_record_by_a_program_asks_for_its_version()
    {
        await using var app = await HuikeApp.Start(DatabaseKind.Sqlite);
        var blind = AppRoute.Of(app).Where(route => route.Method is "PUT" or "PATCH" or "DELETE" && IsApi(route) && route.Endpoint.Metadata.GetMetadata<ApiWriteRoute>()?.Matched != true);
        // Whoever gives up a claim takes back his own word, and nobody else's: there is no version that he could have missed.
        Assert.Equal(["DELETE /api/customers/{id:long}/contact-claim"], blind.Select(route => route.Name));
    }

    private static bool IsApi(AppRoute route) => route.Pattern.StartsWith("/api/", StringComparison.Ordinal);

    [Fact]
    public async Task Who_is_not_signed_in_is_led_to_the_sign_in_from_every_other_route()
    {
        await using var app = await HuikeApp.Start(DatabaseKind.Sqlite);
        await app.AddUser("anna");
        using var visitor = app.Anonymous();
        foreach (var route in AppRoute.Of(app).Where(route => !route.IsOpen))
        {
            using var answer = await visitor.Send(new(new HttpMethod(route.Method), route.Path));
            var refused = answer.StatusCode == HttpStatusCode.Unauthorized
                || (answer.StatusCode == HttpStatusCode.Redirect && new Uri(app.Address, answer.Headers.Location!).AbsolutePath == "/sign-in");
            Assert.True(refused, $"{route} answered {(int)answer.StatusCode} to someone unknown");
        }
    }

    [Fact]
    public async Task Who_has_no_permission_is_refused_by_every_route_that_asks_for_one()
    {
        await using var app = await HuikeApp.Start(DatabaseKind.Sqlite);
        using var visitor = await app.UserWith();
        foreach (var route in AppRoute.Of(app).Where(route => !route.IsOpen && !route.IsDoor && !SignedIn.Contains(route.Name)))
        {
            using var answer = await visitor.Send(new(new HttpMethod(route.Method), route.Path));
            Assert.True(answer.StatusCode == HttpStatusCode.Forbidden, $"{route} answered {(int)answer.StatusCode} to a user without permissions");
        }
    }

    [Theory]
    [InlineData("en")]
    [InlineData("zh-CN")]
    public async Task Every_page_and_read_answers_the_administrator_with_every_text_there(string language)
    {
        await using var app = await HuikeApp.Start(DatabaseKind.Sqlite);
        using var visitor = await app.Administrator(language);
        await Given.Ledger(app, ("C1", "2026-01-05", "D1", 120m, "P1"), ("C1", "2026-03-05", "D2", 80m, "P2"), ("C2", "2026-02-01", "D3", 300m, "P1"));
        var known = TextCatalog.For(language).Missing.Count;
        foreach (var route in AppRoute.Of(app).Where(route => route.Method == "GET" && !route.IsOpen && !route.IsDoor))
        {
            // A part of one record's page may ask for more than its number, such as where to go on.
            // Results of no search are nothing: the palette is asked for somebody; an export is for something.
            using var answer = await visitor.Send(new(HttpMethod.Get, route.Pattern switch { "/palette" => "/palette?q=C1", "/customers/export" => "/customers/export?purpose=sales", "/customers/consents/export" => "/customers/consents/export?for=sales", "/customers/{id:long}/vcard" => "/customers/1/vcard?purpose=sales", "/customers/{id:long}/merge/{other:long}" => "/customers/1/merge/2", "/customers/{id:long}/cells/{key}" => "/customers/1/cells/category", _ => route.Path }));
            var found = answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.NoContent or HttpStatusCode.Redirect || ((answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.BadRequest) && route.Path != route.Pattern);
            Assert.True(found, $"{route} answered {(int)answer.StatusCode}");
            Assert.True(answer.Headers.CacheControl?.NoStore, $"{route} may be kept by a browser");
            if (answer.Content.Headers.ContentType?.MediaType != "text/html") { continue; }
            var page = await Visitor.Parsed(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            Assert.True(page.Body!.TextContent.Trim().Length > 0 || answer.StatusCode != HttpStatusCode.OK, $"{route} is empty");
        }
        Assert.Equal([], TextCatalog.For(language).Missing.Keys.Skip(known));
    }
}
