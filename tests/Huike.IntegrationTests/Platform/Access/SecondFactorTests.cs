using System.Net;
using AngleSharp.Dom;
using Huike.IntegrationTests.Platform.Audit;
using Huike.Platform.Access;
using Huike.Platform.Access.SecondFactors;
using Huike.Platform.Data;

namespace Huike.IntegrationTests.Platform.Access;

public sealed class SecondFactorTests
{
    [Theory, OnBothDatabases]
    public async Task With_a_second_factor_the_password_alone_opens_nothing_and_each_code_opens_once(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var anna = await app.UserWith();
        var (key, _) = await TurnOn(app, anna);
        using var visitor = app.Anonymous();
        await FirstStep(visitor);
        Assert.Equal(HttpStatusCode.Redirect, (await visitor.Get("/account")).StatusCode);
        app.Clock.Advance(TimeSpan.FromSeconds(60));
        var code = Now(app, key);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await Enter(visitor, code == "000000" ? "000001" : "000000"));
        Assert.Equal(HttpStatusCode.Redirect, await Enter(visitor, code));
        await visitor.Text("/account");
        using var thief = app.Anonymous();
        await FirstStep(thief);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await Enter(thief, code));
    }

    [Theory, OnBothDatabases]
    public async Task A_recovery_code_opens_once_and_is_kept_as_a_hash(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var anna = await app.UserWith();
        var (key, codes) = await TurnOn(app, anna);
        Assert.Equal(10, codes.Distinct().Count());
        Assert.Equal(0, await app.Number($"select count(*) from platform_user_token where value like '%{codes[0]}%' or value like '%{key}%'"));
        using var visitor = app.Anonymous();
        await FirstStep(visitor);
        Assert.Equal(HttpStatusCode.Redirect, await Enter(visitor, $" {codes[3].ToUpperInvariant().Replace('-', ' ')} "));
        using var again = app.Anonymous();
        await FirstStep(again);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await Enter(again, codes[3]));
        Assert.Equal(["user1 sign-in.refused  0 []"], await app.Entries("sign-in.refused"));
        Assert.Equal(HttpStatusCode.Redirect, await Enter(again, codes[4]));
        Assert.Contains("8 recovery codes", (await again.Page("/account")).Body!.TextContent, StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task Codes_can_not_be_guessed_by_starting_again(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var anna = await app.UserWith();
        var (_, codes) = await TurnOn(app, anna);
        using var guesser = app.Anonymous();
        for (var i = 0; i < 4; i++)
        {
            await FirstStep(guesser);
            await Enter(guesser, "zzzz-zzzz-zzzz-zzzz");
        }
        // Eight tries, four of them with the right password: now even the right code is refused, and no first step helps.
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await Enter(guesser, codes[0]));
        app.Clock.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await Enter(guesser, codes[0]));
    }

    [Theory, OnBothDatabases]
    public async Task Turning_on_needs_the_code_and_turning_off_the_password(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var anna = await app.UserWith();
        var page = await anna.Page("/account/second-factor");
        var pending = page.QuerySelector("input[name=pending]")!.GetAttribute("value")!;
        using var wrong = await anna.Submit("/account", "/account/second-factor", ("pending", pending), ("code", "12345"), ("present", HuikeApp.Password));
        using var forged = await anna.Submit("/account", "/account/second-factor", ("pending", "AAAA"), ("code", "123456"), ("present", HuikeApp.Password));
        Assert.All((HttpResponseMessage[])[wrong, forged], answer => Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode));
        await TurnOn(app, anna);
        using var stays = await anna.Submit("/account", "/account/second-factor/off", ("present", "not this one"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, stays.StatusCode);
        using var off = await anna.Submit("/account", "/account/second-factor/off", ("present", HuikeApp.Password));
        Assert.Equal(HttpStatusCode.Redirect, off.StatusCode);
        Assert.Equal(0, await app.Number("select count(*) from platform_user_token"));
        using var visitor = app.Anonymous();
        await visitor.SignIn("user1");
        await visitor.Text("/account");
    }

    [Theory, OnBothDatabases]
    public async Task The_administrator_turns_it_off_for_a_lost_phone_and_a_new_password_does_not(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var administrator = await app.Administrator();
        using var anna = await app.UserWith();
        await TurnOn(app, anna);
        using var linked = await administrator.Submit("/admin/users/2", "/admin/users/2/link");
        var link = await UsersTests.LinkIn(linked);
        using var visitor = app.Anonymous();
        await FirstStep(visitor);
        (await visitor.Submit(link, link, ("password", HuikeApp.Password))).Dispose();
        // The first step was made with the old password.
        Assert.Equal("/sign-in", (await visitor.Get("/sign-in/code")).Headers.Location?.ToString());
        await FirstStep(visitor);
        (await administrator.Submit("/admin/users/2", "/admin/users/2/second-factor/off")).Dispose();
        await visitor.SignIn("user1");
        await visitor.Text("/account");
        Assert.Equal("user1 user.second-factor-on user 2 []", Assert.Single(await app.Entries("user.second-factor-on")));
        Assert.Equal("admin user.second-factor-off user 2 []", Assert.Single(await app.Entries("user.second-factor-off")));
        Assert.Equal("user1 user.password-chosen user 2 []", Assert.Single(await app.Entries("user.password-chosen")));
    }

    internal static async Task<(string Key, List<string> Codes)> TurnOn(HuikeApp app, Visitor visitor)
    {
        var page = await visitor.Page("/account/second-factor");
        Assert.NotNull(page.QuerySelector("svg.qr path"));
        var key = page.QuerySelector("form code")!.TextContent.Replace(" ", "", StringComparison.Ordinal);
        using var on = await visitor.Submit("/account", "/account/second-factor",
            ("pending", page.QuerySelector("input[name=pending]")!.GetAttribute("value")!), ("code", Now(app, key)), ("present", HuikeApp.Password));
        Assert.Equal(HttpStatusCode.OK, on.StatusCode);
        var shown = await Visitor.Parsed(await on.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return (key, [.. shown.QuerySelectorAll("ul.lines code").Select(code => code.TextContent)]);
    }

    /// <summary>What a phone would show, from the key as it is typed into it.</summary>
    private static string Now(HuikeApp app, string base32)
    {
        var bits = string.Concat(base32.Select(c => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(c, StringComparison.Ordinal).ToString("b5", System.Globalization.CultureInfo.InvariantCulture)));
        return SecondFactor.Code([.. bits.Chunk(8).Select(eight => Convert.ToByte(new string(eight), 2))], app.Clock.GetUtcNow().ToUnixTimeSeconds() / 30);
    }

    private static async Task FirstStep(Visitor visitor)
    {
        using var first = await visitor.Submit("/sign-in", "/sign-in", ("name", "user1"), ("password", HuikeApp.Password), ("returnUrl", "/account"));
        Assert.Equal("/sign-in/code?returnUrl=%2Faccount", first.Headers.Location?.ToString());
    }

    private static async Task<HttpStatusCode> Enter(Visitor visitor, string code)
    {
        using var answer = await visitor.Submit("/sign-in/code", "/sign-in/code", ("code", code));
        return answer.StatusCode;
    }
}
