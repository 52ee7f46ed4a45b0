using System.Net;
using Huike.Platform;
using Huike.Platform.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Huike.IntegrationTests.Web;

public sealed class SafetyTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static readonly string[] Expected =
        ["Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Permissions-Policy", "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy"];

    [Fact]
    public async Task Every_kind_of_answer_carries_the_security_headers_and_no_server_name()
    {
        await using var app = await HuikeApp.Start(DatabaseKind.Sqlite, map: Broken);
        using var visitor = await app.Administrator();
        using var anonymous = app.Anonymous();
        var style = (await anonymous.Page("/sign-in")).QuerySelector("link[rel=stylesheet]")!.GetAttribute("href")!;
        foreach (var path in (string[])["/", "/no-such-page", "/api/no-such", "/health/live", "/broken", "/rule", style])
        {
            using var answer = await visitor.Raw(new(HttpMethod.Get, path));
            Assert.All(Expected, name => Assert.True(answer.Headers.Contains(name), $"{path} answered {(int)answer.StatusCode} without {name}"));
            Assert.False(answer.Headers.Contains("Server"));
            Assert.DoesNotContain("unsafe", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("https", "crm.example.com", true)]
    [InlineData("https", "localhost", false)]
    [InlineData("http", "crm.example.com", false)]
    public async Task By_encrypted_ways_browsers_are_told_to_stay_on_them_and_every_cookie_too(string scheme, string host, bool told)
    {
        await using var app = await HuikeApp.Start(DatabaseKind.Sqlite);
        await app.AddUser("anna");
        using var visitor = app.Anonymous();
        using var answer = await visitor.Send(new(HttpMethod.Get, "/sign-in") { Headers = { { "X-Forwarded-Proto", scheme }, { "Host", host } } });
        Assert.Equal(told, answer.Headers.Contains("Strict-Transport-Security"));
        Assert.All(answer.Headers.GetValues("Set-Cookie"), cookie => Assert.Equal(scheme == "https", cookie.Contains("; secure", StringComparison.OrdinalIgnoreCase)));
        Assert.Equal("DENY", answer.Headers.GetValues("X-Frame-Options").Single());
    }

    [Fact]
    public async Task A_fault_is_told_without_its_insides()
    {
        await using var app = await HuikeApp.Start(DatabaseKind.Sqlite, map: Broken);
        using var visitor = await app.Administrator();
        using var page = await visitor.Raw(new(HttpMethod.Get, "/broken"));
        Assert.Equal(HttpStatusCode.InternalServerError, page.StatusCode);
        Assert.DoesNotContain("a secret", await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        using var problem = await visitor.Raw(new(HttpMethod.Get, "/api/broken"));
        Assert.Equal("application/problem+json", problem.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotContain("a secret", await problem.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains(app.Errors, error => error.Contains("a secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_two_writes_that_wait_for_each_other_one_is_told_to_send_again()
    {
        Assert.SkipWhen(TestDatabase.Server is null, "no PostgreSQL: HUIKE_TEST_POSTGRES is not set (./test sets it)");
        await using var app = await HuikeApp.Start(DatabaseKind.Postgres);
        using var visitor = await app.Administrator();
        (await visitor.Submit("/customers/new", "/customers/new", ("name", "Ann"), ("formKey", Guid.CreateVersion7().ToString("N")))).Dispose();
        await using var other = await app.Database.Open(Ct);
        await other.Run($"alter database \"{other.Database}\" set deadlock_timeout = '5s'", Ct);
        NpgsqlConnection.ClearPool((NpgsqlConnection)other);
        await using (var transaction = await other.BeginTransactionAsync(Ct))
        {
            await other.Run("set local deadlock_timeout = '10min'; select customer_id from customers_search for update", Ct);
            var waiting = visitor.Submit("/customers/1", "/customers/1/removal", ("confirm", "true"));
            var us = ((NpgsqlConnection)other).ProcessID;
            while (await app.Number($"select count(*) from pg_stat_activity where {us} = any(pg_blocking_pids(pid))") == 0) { await Task.Delay(10, Ct); }
            await other.Run("select id from customers_customer for update", Ct);
            using var answer = await waiting;
            Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
            Assert.Contains("send it again", await answer.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        }
        using var again = await visitor.Submit("/customers/1", "/customers/1/removal", ("confirm", "true"));
        Assert.Equal(HttpStatusCode.Redirect, again.StatusCode);
    }

    [Fact]
    public async Task Who_finds_every_connection_in_use_is_told_to_send_again_in_a_while()
    {
        Assert.SkipWhen(TestDatabase.Server is null, "no PostgreSQL: HUIKE_TEST_POSTGRES is not set (./test sets it)");
        await using var database = await TestDatabase.Migrated(DatabaseKind.Postgres);
        var few = new NpgsqlConnectionStringBuilder(database.Arguments.Connection!) { MaxPoolSize = 3, Timeout = 1 }.ToString();
        await using var app = await HuikeApp.On(database, builder => builder.Services.AddSingleton(new Database(new() { Provider = "postgres", ConnectionString = few, DataFolder = database.Folder })));
        using var visitor = await app.Administrator();
        var held = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => app.Database.Open(Ct)));
        using (var answer = await visitor.Json("POST", "/api/customers", """{"name":"Ann"}"""))
        {
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "5"), (answer.StatusCode, answer.Headers.RetryAfter?.ToString()));
            Assert.Contains("web.full", await answer.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        }
        using (var page = await visitor.Raw(new(HttpMethod.Get, "/customers")))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, page.StatusCode);
            Assert.Contains("try again in a few seconds", await page.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        }
        foreach (var one in held) { await one.DisposeAsync(); }
        using var again = await visitor.Json("POST", "/api/customers", """{"name":"Ann"}""");
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
    }

    [Theory]
    [InlineData("cross-site")]
    [InlineData("same-site")]
    public async Task A_write_that_another_site_sends_is_refused(string site)
    {
        await using var app = await HuikeApp.Start(DatabaseKind.Sqlite);
        await app.AddUser("anna");
        using var visitor = app.Anonymous();
        var token = await visitor.Token("/sign-in");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/sign-in")
        {
            Content = new FormUrlEncodedContent([new("__RequestVerificationToken", token), new("name", "anna"), new("password", HuikeApp.Password)]),
            Headers = { { "Sec-Fetch-Site", site } },
        };
        using var answer = await visitor.Send(request);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Null(visitor.Cookies.GetCookies(app.Address)["huike"]);
    }

    [Fact]
    public async Task A_form_without_its_token_is_refused()
    {
        await using var app = await HuikeApp.Start(DatabaseKind.Sqlite);
        await app.AddUser("anna");
        using var visitor = app.Anonymous();
        await visitor.Token("/sign-in");
        foreach (var path in (string[])["/sign-in", "/setup", "/preferences"])
        {
            using var answer = await visitor.Post(path, ("name", "anna"), ("password", HuikeApp.Password), ("lang", "en"));
            Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, $"{path} answered {(int)answer.StatusCode}");
        }
        Assert.Null(visitor.Cookies.GetCookies(app.Address)["huike"]);
    }

    [Theory]
    [InlineData("en", "zh-CN")]
    [InlineData("zh-CN", "en")]
    public async Task A_chosen_language_is_kept_against_what_the_browser_asks_for(string asked, string chosen)
    {
        await using var app = await HuikeApp.Start(DatabaseKind.Sqlite);
        await app.AddUser("anna");
        using var visitor = app.Anonymous(asked);
        Assert.Equal(asked, (await visitor.Page("/sign-in")).DocumentElement.GetAttribute("lang"));
        using var answer = await visitor.Submit("/sign-in", "/preferences", ("lang", chosen), ("back", "/sign-in"));
        Assert.Equal("/sign-in", answer.Headers.Location?.ToString());
        Assert.Equal(chosen, (await visitor.Page("/sign-in")).DocumentElement.GetAttribute("lang"));
    }

    private static void Broken(WebApplication app)
    {
        app.MapGet("/broken", void () => throw new InvalidOperationException("a secret"));
        app.MapGet("/api/broken", void () => throw new InvalidOperationException("a secret"));
        app.MapGet("/rule", void () => throw new RuleException("load.unknown", 7));
    }
}
