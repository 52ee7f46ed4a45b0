using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Web;
using Huike.IntegrationTests.Platform.Audit;
using Huike.Platform.Access;
using Huike.Platform.Data;
using Microsoft.Extensions.Configuration;

namespace Huike.IntegrationTests.Platform.Access;

/// <summary>Sign-in with another who knows our users, and each way in which an answer may be false.</summary>
public sealed class ProviderTests
{
    private const string Registered = "/sign-in/with/one/return";

    private static readonly (string Name, Action<JsonObject> Change)[] FalseClaims =
    [
        ("nonce", claims => claims["nonce"] = "another"),
        ("no nonce", claims => claims.Remove("nonce")),
        ("audience", claims => claims["aud"] = "someone else"),
        ("no audience", claims => claims.Remove("aud")),
        ("several audiences without a party", claims => claims["aud"] = new JsonArray(LittleProvider.ClientId, "someone else")),
        ("another party", claims => claims["azp"] = "someone else"),
        ("issuer", claims => claims["iss"] = "https://evil.example"),
        ("over", claims => claims["exp"] = claims["iat"]!.GetValue<long>() - 120),
        ("no end", claims => claims.Remove("exp")),
        ("an end that is no number", claims => claims["exp"] = "never"),
        ("an end beyond time", claims => claims["exp"] = 1e300),
        ("from the future", claims => claims["iat"] = claims["iat"]!.GetValue<long>() + 600),
        ("not yet", claims => claims["nbf"] = claims["iat"]!.GetValue<long>() + 600),
        ("no subject", claims => claims.Remove("sub")),
        ("empty subject", claims => claims["sub"] = ""),
    ];

    private static readonly (string Name, Func<LittleProvider, JsonObject, string> Forge)[] FalseSignatures =
    [
        ("none", (_, claims) => LittleProvider.Compact(new() { ["alg"] = "none" }, claims, _ => [])),
        ("none with a name", (provider, claims) => LittleProvider.Compact(new() { ["alg"] = "none", ["kid"] = provider.Kid }, claims, _ => [])),
        ("the public key as a secret", (provider, claims) => LittleProvider.Compact(new() { ["alg"] = "HS256", ["kid"] = provider.Kid }, claims, data => HMACSHA256.HashData(System.Text.Encoding.ASCII.GetBytes(provider.Key.ExportRSAPublicKeyPem()), data))),
        ("another key", (provider, claims) => WithAnother(claims, provider.Kid)),
        ("another key without a name", (_, claims) => WithAnother(claims, null)),
        ("a key of its own", (_, claims) => WithAnother(claims, "theirs")),
        ("another algorithm than said", (provider, claims) => LittleProvider.Compact(new() { ["alg"] = "ES256", ["kid"] = provider.Kid }, claims, data => provider.Key.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))),
        ("headers to be understood", (provider, claims) => LittleProvider.Compact(new() { ["alg"] = "RS256", ["kid"] = provider.Kid, ["crit"] = new JsonArray("b64") }, claims, data => provider.Key.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))),
        ("changed after", (provider, claims) => Changed(provider.Signed(claims))),
        ("no token", (_, _) => ""),
        ("two parts", (_, _) => "e30.e30"),
        ("no base64", (_, _) => "!.!.!"),
        ("no JSON", (_, _) => "AAAA.AAAA.AAAA"),
        ("no object", (_, _) => "W10.W10."),
    ];

    [Theory, OnBothDatabases]
    public async Task An_account_is_linked_by_its_user_opens_by_the_provider_and_is_parted_again(DatabaseKind kind)
    {
        await using var provider = await LittleProvider.Start(Registered);
        await using var app = await Start(kind, provider);
        using var anna = await app.UserWith();
        using var visitor = app.Anonymous();
        await Refused(app, await Through(app, visitor, provider), "sign-in");
        await Link(app, anna, provider);
        Assert.Contains("Corp one", (await anna.Page("/account")).Body!.TextContent, StringComparison.Ordinal);
        using (var back = await Through(app, visitor, provider)) { Assert.Equal("/account", back.Headers.Location?.ToString()); }
        await visitor.Text("/account");
        using var bert = await app.UserWith();
        await Refused(app, await LinkAnswer(app, bert, provider), "account");
        using var parted = await anna.Submit("/account", "/account/providers/one/removal");
        Assert.Equal(HttpStatusCode.Redirect, parted.StatusCode);
        using var again = app.Anonymous();
        await Refused(app, await Through(app, again, provider), "sign-in");
        Assert.Equal("""user1 user.provider-linked user 1 [{"field":"provider","old":null,"new":"Corp one"}]""", Assert.Single(await app.Entries("user.provider-linked")));
        Assert.Equal("""user1 user.provider-unlinked user 1 [{"field":"provider","old":"Corp one","new":null}]""", Assert.Single(await app.Entries("user.provider-unlinked")));
        Assert.Contains("""user1 sign-in.done  0 [{"field":"provider","old":null,"new":"Corp one"}]""", await app.Entries("sign-in.done"));
    }

    [Theory, OnBothDatabases]
    public async Task The_second_factor_is_still_asked_unless_the_provider_is_trusted_for_it(DatabaseKind kind)
    {
        await using var provider = await LittleProvider.Start(Registered);
        await using var trusted = await LittleProvider.Start("/sign-in/with/two/return");
        await using var app = await Start(kind, provider, [.. trusted.Settings("two", ("TrustSecondFactor", "true"))]);
        trusted.Now = app.Clock.GetUtcNow;
        using var anna = await app.UserWith();
        await SecondFactorTests.TurnOn(app, anna);
        await Link(app, anna, provider);
        await Link(app, anna, trusted, "two");
        using var visitor = app.Anonymous();
        using (var asked = await Through(app, visitor, provider)) { Assert.Equal("/sign-in/code?returnUrl=%2Faccount", asked.Headers.Location?.ToString()); }
        Assert.Equal(HttpStatusCode.Redirect, (await visitor.Get("/account")).StatusCode);
        using (var opened = await Through(app, visitor, trusted, "two")) { Assert.Equal("/account", opened.Headers.Location?.ToString()); }
        await visitor.Text("/account");
    }

    [Theory, OnBothDatabases]
    public async Task A_mail_address_leads_to_its_account_only_where_that_is_allowed_and_it_is_verified(DatabaseKind kind)
    {
        await using var provider = await LittleProvider.Start(Registered);
        await using var free = await LittleProvider.Start("/sign-in/with/two/return");
        await using var app = await Start(kind, provider, [.. free.Settings("two", ("MatchEmail", "true"))]);
        free.Now = app.Clock.GetUtcNow;
        using var administrator = await app.Administrator();
        foreach (var name in (string[])["anna", "bert"]) { (await administrator.Submit("/admin/users/new", "/admin/users/new", ("name", name), ("email", $"{name}@example.com"))).Dispose(); }
        provider.Claims = claims => (claims["email"], claims["email_verified"]) = ("anna@example.com", true);
        using var visitor = app.Anonymous();
        await Refused(app, await Through(app, visitor, provider), "sign-in");
        free.Claims = claims => (claims["email"], claims["email_verified"]) = ("anna@example.com", false);
        await Refused(app, await Through(app, visitor, free, "two"), "sign-in");
        free.Claims = claims => (claims["email"], claims["email_verified"]) = ("ANNA@example.com", true);
        using (var opened = await Through(app, visitor, free, "two")) { Assert.Equal("/account", opened.Headers.Location?.ToString()); }
        Assert.Contains("anna", (await visitor.Page("/account")).QuerySelector("main")!.TextContent, StringComparison.Ordinal);
        // Who has changed the address since is still anna there.
        free.Claims = claims => (claims["email"], claims["email_verified"]) = ("bert@example.com", true);
        using var again = app.Anonymous();
        (await Through(app, again, free, "two")).Dispose();
        Assert.Contains("anna", (await again.Page("/account")).QuerySelector("main")!.TextContent, StringComparison.Ordinal);
        // Nobody becomes a user, and an address of two accounts means neither.
        (await administrator.Submit("/admin/users/new", "/admin/users/new", ("name", "carla"), ("email", "bert@example.com"))).Dispose();
        free.Subject = "s-2";
        using var third = app.Anonymous();
        await Refused(app, await Through(app, third, free, "two"), "sign-in");
        Assert.Equal(1, await app.Number("select count(*) from platform_user_login"));
    }

    [Theory, OnBothDatabases]
    public async Task A_disabled_and_a_locked_account_stay_out_with_the_same_words(DatabaseKind kind)
    {
        await using var provider = await LittleProvider.Start(Registered);
        await using var app = await Start(kind, provider);
        using var administrator = await app.Administrator();
        using var anna = await app.UserWith();
        await Link(app, anna, provider);
        using var visitor = app.Anonymous();
        for (var i = 0; i < 8; i++) { (await visitor.Submit("/sign-in", "/sign-in", ("name", "user1"), ("password", "wrong wrong"))).Dispose(); }
        var locked = await Refused(app, await Through(app, visitor, provider), "sign-in");
        app.Clock.Advance(TimeSpan.FromMinutes(5.1));
        (await administrator.Submit("/admin/users/2", "/admin/users/2/access", ("open", "false"))).Dispose();
        Assert.Equal(locked, await Refused(app, await Through(app, visitor, provider), "sign-in"));
        provider.Subject = "nobody";
        Assert.Equal(locked, await Refused(app, await Through(app, visitor, provider), "sign-in"));
        provider.Subject = "s-1";
        (await administrator.Submit("/admin/users/2", "/admin/users/2/access", ("open", "true"))).Dispose();
        using var opened = await Through(app, visitor, provider);
        Assert.Equal("/account", opened.Headers.Location?.ToString());
        // An account that became a program's.
        await app.Number("update platform_user set kind = 3 where id = 2 returning id");
        using var service = app.Anonymous();
        Assert.Equal(locked, await Refused(app, await Through(app, service, provider), "sign-in"));
    }

    [Fact]
    public async Task A_token_that_does_not_fit_in_one_thing_opens_nothing()
    {
        await using var provider = await LittleProvider.Start(Registered);
        await using var app = await Start(DatabaseKind.Sqlite, provider);
        using var anna = await app.UserWith();
        await Link(app, anna, provider);
        using var visitor = app.Anonymous();
        foreach (var (name, change) in FalseClaims)
        {
            provider.Claims = change;
            await RefusedFor(app, visitor, provider, name);
        }
        provider.Claims = _ => { };
        foreach (var (name, forge) in FalseSignatures)
        {
            provider.Forge = claims => forge(provider, claims);
            await RefusedFor(app, visitor, provider, name);
        }
        provider.Forge = null;
        provider.Claims = claims => (claims["aud"], claims["azp"]) = (new JsonArray("someone else", LittleProvider.ClientId), LittleProvider.ClientId);
        app.Clock.Advance(TimeSpan.FromMinutes(20));
        using var opened = await Through(app, visitor, provider);
        Assert.Equal("/account", opened.Headers.Location?.ToString());
    }

    [Fact]
    public async Task A_new_key_of_the_provider_is_found_and_the_old_one_forgotten()
    {
        await using var provider = await LittleProvider.Start(Registered);
        await using var app = await Start(DatabaseKind.Sqlite, provider);
        using var anna = await app.UserWith();
        await Link(app, anna, provider);
        using var old = RSA.Create(provider.Key.ExportParameters(includePrivateParameters: true));
        provider.Rotate();
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        using var visitor = app.Anonymous();
        using (var opened = await Through(app, visitor, provider)) { Assert.Equal("/account", opened.Headers.Location?.ToString()); }
        provider.Forge = claims => LittleProvider.Compact(new() { ["alg"] = "RS256", ["kid"] = "key0" }, claims, data => old.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        using var thief = app.Anonymous();
        await Refused(app, await Through(app, thief, provider), "sign-in");
    }

    [Fact]
    public async Task An_answer_opens_once_in_the_browser_that_asked_and_in_time()
    {
        await using var provider = await LittleProvider.Start(Registered);
        await using var app = await Start(DatabaseKind.Sqlite, provider);
        using var anna = await app.UserWith();
        await Link(app, anna, provider);
        using var visitor = app.Anonymous();
        var answer = await Led(app, visitor, provider);
        using var thief = app.Anonymous();
        await Refused(app, await thief.Get(answer), "sign-in");
        var kept = visitor.Cookies.GetAllCookies().Single(cookie => cookie.Name.StartsWith("huike.with.", StringComparison.Ordinal));
        Assert.True(kept.HttpOnly);
        using (var opened = await visitor.Get(answer)) { Assert.Equal("/account", opened.Headers.Location?.ToString()); }
        // Whoever kept the cookie and the address comes in no second time; neither does a code of another attempt.
        var granted = provider.Granted;
        visitor.Cookies.Add(new Cookie(kept.Name, kept.Value, kept.Path, kept.Domain));
        await Refused(app, await visitor.Get(answer), "account");
        Assert.Equal(granted, provider.Granted);
        var late = await Led(app, thief, provider);
        app.Clock.Advance(TimeSpan.FromMinutes(10.1));
        await Refused(app, await thief.Get(late), "sign-in");
        // A code that another browser was given, with one's own state: the provider refuses the verifier.
        using var victim = app.Anonymous();
        var (own, injected) = (HttpUtility.ParseQueryString(new Uri(app.Address, await Led(app, victim, provider)).Query), HttpUtility.ParseQueryString(new Uri(app.Address, await Led(app, thief, provider)).Query));
        await Refused(app, await victim.Get($"{Registered}?code={injected["code"]}&state={own["state"]}"), "sign-in");
        Assert.Equal(granted, provider.Granted);
    }

    [Fact]
    public async Task The_answer_of_one_provider_is_not_taken_for_anothers()
    {
        await using var provider = await LittleProvider.Start(Registered);
        await using var other = await LittleProvider.Start("/sign-in/with/two/return");
        await using var app = await Start(DatabaseKind.Sqlite, provider, [.. other.Settings("two")]);
        other.Now = app.Clock.GetUtcNow;
        using var anna = await app.UserWith();
        await Link(app, anna, provider);
        using var visitor = app.Anonymous();
        var answer = await Led(app, visitor, provider);
        await Refused(app, await visitor.Get(answer.Replace("/one/", "/two/", StringComparison.Ordinal)), "sign-in");
        answer = await Led(app, visitor, provider);
        await Refused(app, await visitor.Get($"{answer}&iss={Uri.EscapeDataString(other.Issuer)}"), "sign-in");
        // The same subject at another provider is somebody else.
        await Refused(app, await Through(app, visitor, other, "two"), "sign-in");
        answer = await Led(app, visitor, provider);
        using var right = await visitor.Get($"{answer}&iss={Uri.EscapeDataString(provider.Issuer)}");
        Assert.Equal("/account", right.Headers.Location?.ToString());
    }

    [Fact]
    public async Task Errors_of_the_provider_become_a_page_in_the_visitors_language()
    {
        await using var provider = await LittleProvider.Start(Registered);
        await using var app = await Start(DatabaseKind.Sqlite, provider);
        await app.AddUser("anna");
        using var visitor = app.Anonymous("zh-CN");
        Assert.Contains("使用 Corp one 登录", (await visitor.Page("/sign-in")).Body!.TextContent, StringComparison.Ordinal);
        var state = HttpUtility.ParseQueryString(new Uri(app.Address, await Led(app, visitor, provider)).Query)["state"];
        Assert.Contains("Corp one 未让您登录", await Refused(app, await visitor.Get($"{Registered}?error=access_denied%00&state={state}"), "sign-in"), StringComparison.Ordinal);
        foreach (var nonsense in (string[])["", "?state=", "?state=%00&code=1", "?code=1&code=2&state=a&state=b"]) { await Refused(app, await visitor.Get(Registered + nonsense), "sign-in"); }
        using var unknown = await visitor.Get("/sign-in/with/nobody");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        await provider.DisposeAsync();
        app.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Contains("无法连接 Corp one", await Refused(app, await visitor.Get("/sign-in/with/one"), "sign-in"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_document_that_leads_elsewhere_without_encryption_or_under_another_name_is_not_believed()
    {
        foreach (var (name, value) in ((string, string)[])[("token_endpoint", "http://203.0.113.7/token"), ("issuer", "https://evil.example"), ("jwks_uri", "file:///etc/passwd"), ("authorization_endpoint", "javascript:alert(1)")])
        {
            await using var provider = await LittleProvider.Start(Registered);
            provider.Further[name] = value;
            await using var app = await Start(DatabaseKind.Sqlite, provider);
            using var visitor = app.Anonymous();
            await Refused(app, await visitor.Get("/sign-in/with/one"), "sign-in");
        }
    }

    [Theory]
    [InlineData("Authority", "http://login.example.com")]
    [InlineData("Authority", "")]
    [InlineData("ClientId", "")]
    [InlineData("Name", "")]
    public async Task A_provider_that_is_not_described_whole_stops_the_start(string name, string value)
    {
        await using var provider = await LittleProvider.Start(Registered);
        var refused = await Assert.ThrowsAsync<Huike.Platform.RuleException>(() => HuikeApp.Start(DatabaseKind.Sqlite, builder => builder.Configuration.AddInMemoryCollection(provider.Settings("one", (name, value)).DistinctBy(one => one.Key).Select(one => one.Key.EndsWith(name, StringComparison.Ordinal) ? KeyValuePair.Create(one.Key, (string?)value) : one))));
        Assert.Equal("access.with.configuration", refused.Code);
    }

    [Fact]
    public async Task To_link_takes_the_password_and_the_same_user_at_the_end()
    {
        await using var provider = await LittleProvider.Start(Registered);
        await using var app = await Start(DatabaseKind.Sqlite, provider);
        using var anna = await app.UserWith();
        using var wrong = await anna.Submit("/account", "/account/providers/one", ("present", "not this one"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        var answer = await Led(app, await LinkAddress(anna));
        (await anna.Submit("/account", "/sign-out", ("confirm", "true"))).Dispose();
        await app.AddUser("bert");
        await anna.SignIn("bert");
        await Refused(app, await anna.Get(answer), "account");
        Assert.Equal(0, await app.Number("select count(*) from platform_user_login"));
    }

    private static async Task<HuikeApp> Start(DatabaseKind kind, LittleProvider provider, params KeyValuePair<string, string?>[] more)
    {
        var app = await HuikeApp.Start(kind, builder => builder.Configuration.AddInMemoryCollection([.. provider.Settings("one"), .. more]));
        provider.Now = app.Clock.GetUtcNow;
        return app;
    }

    /// <summary>The whole way: our page, the provider's, and back.</summary>
    private static async Task<HttpResponseMessage> Through(HuikeApp app, Visitor visitor, LittleProvider provider, string key = "one") => await visitor.Get(await Led(app, visitor, provider, key));

    /// <returns>Address to which the provider leads back, of this site.</returns>
    private static async Task<string> Led(HuikeApp app, Visitor visitor, LittleProvider provider, string key = "one")
    {
        using var begun = await visitor.Get($"/sign-in/with/{key}?returnUrl=/account");
        Assert.Equal(HttpStatusCode.Redirect, begun.StatusCode);
        Assert.StartsWith(provider.Issuer, begun.Headers.Location!.ToString(), StringComparison.Ordinal);
        return await Led(app, begun.Headers.Location);
    }

    private static async Task<string> Led(HuikeApp app, Uri address)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var answer = await http.GetAsync(address, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal(app.Address.Authority, answer.Headers.Location!.Authority);
        return answer.Headers.Location.PathAndQuery;
    }

    private static async Task<Uri> LinkAddress(Visitor visitor, string key = "one")
    {
        using var begun = await visitor.Submit("/account", $"/account/providers/{key}", ("present", HuikeApp.Password));
        return new((await Visitor.Parsed(await begun.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))).QuerySelector("main a.primary")!.GetAttribute("href")!);
    }

    private static async Task<HttpResponseMessage> LinkAnswer(HuikeApp app, Visitor visitor, LittleProvider provider)
    {
        var address = await LinkAddress(visitor);
        Assert.StartsWith(provider.Issuer, address.ToString(), StringComparison.Ordinal);
        return await visitor.Get(await Led(app, address));
    }

    private static async Task Link(HuikeApp app, Visitor visitor, LittleProvider provider, string key = "one")
    {
        Assert.StartsWith(provider.Issuer, (await LinkAddress(visitor, key)).ToString(), StringComparison.Ordinal);
        using var linked = await visitor.Get(await Led(app, await LinkAddress(visitor, key)));
        Assert.Equal("/account", linked.Headers.Location?.ToString());
    }

    private static async Task RefusedFor(HuikeApp app, Visitor visitor, LittleProvider provider, string why)
    {
        using var answer = await Through(app, visitor, provider);
        Assert.True(answer.StatusCode == HttpStatusCode.UnprocessableEntity, $"{why} opened");
        using var still = await visitor.Get("/account");
        Assert.Equal(HttpStatusCode.Redirect, still.StatusCode);
    }

    /// <returns>What the visitor reads.</returns>
    private static async Task<string> Refused(HuikeApp app, HttpResponseMessage answer, string back)
    {
        using var refused = answer;
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        var page = await Visitor.Parsed(await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("/" + back, page.QuerySelector("main a.primary")!.GetAttribute("href"));
        Assert.Empty(app.Errors);
        return page.QuerySelector("main")!.TextContent;
    }

    private static string WithAnother(JsonObject claims, string? kid)
    {
        using var another = RSA.Create(2048);
        var header = new JsonObject { ["alg"] = "RS256" };
        if (kid is not null) { header["kid"] = kid; }
        return LittleProvider.Compact(header, claims, data => another.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    private static string Changed(string token)
    {
        var parts = token.Split('.');
        var claims = System.Text.Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(parts[1])).Replace("s-1", "s-2", StringComparison.Ordinal);
        return $"{parts[0]}.{System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(claims))}.{parts[2]}";
    }
}
