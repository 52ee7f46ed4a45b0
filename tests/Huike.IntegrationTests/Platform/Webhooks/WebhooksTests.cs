using System.Globalization;
using System.Net;
using System.Text.Json;
using Huike.IntegrationTests.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Platform.Webhooks;

public sealed class WebhooksTests
{
    private const string Path = "/admin/webhooks";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task What_happens_is_told_once_signed_and_without_a_word_about_the_person(DatabaseKind kind)
    {
        await using var receiver = await Receiver.Start();
        await using var app = await Started(kind);
        using var visitor = await app.Administrator();
        var secret = await Add(visitor, receiver.Url, "customers.added", "customers.noted");
        using var added = await visitor.Submit("/customers/new", "/customers/new", ("name", "张三"), ("phone", "13900139000"), ("formKey", Guid.CreateVersion7().ToString("N")));
        var customer = added.Headers.Location!.OriginalString;
        using var noted = await visitor.Submit(customer, customer + "/notes", ("body", "likes tea"), ("formKey", Guid.CreateVersion7().ToString("N")));
        // Nobody asked for this one.
        using var edited = await visitor.Submit(customer + "/edit", customer + "/edit", ("name", "张三丰"), ("version", "1"), ("formKey", Guid.CreateVersion7().ToString("N")));
        var all = await receiver.Until(2);
        await Until(app, "select count(*) from platform_webhook_delivery where state = 1 and status = 204 and took is not null and ended_at is not null", 2);
        Assert.All(all, one => Assert.True(one.IsSignedBy(secret)));
        Assert.Equal(2, all.Select(one => one.Id).Distinct().Count());
        var body = JsonElement.Parse(all.Single(one => one.Body.Contains("customers.added", StringComparison.Ordinal)).Body);
        var id = long.Parse(customer.Split('/')[^1], CultureInfo.InvariantCulture);
        Assert.Equal(["type", "timestamp", "data"], body.EnumerateObject().Select(one => one.Name));
        Assert.Equal($$"""{"customerId":{{id}},"api":"/api/customers/{{id}}"}""", body.GetProperty("data").GetRawText());
        Assert.InRange(body.GetProperty("timestamp").GetDateTimeOffset(), app.Clock.GetUtcNow().AddMinutes(-5), app.Clock.GetUtcNow());
        Assert.DoesNotContain(all, one => one.Body.Contains("tea", StringComparison.Ordinal) || one.Body.Contains("139", StringComparison.Ordinal) || one.Body.Contains('张'));
        Assert.Contains("delivered (204)", await visitor.Text(Path + "/1"), StringComparison.Ordinal);
        // The secret is shown once, and lies neither in the clear nor in the audit; nor does the path, which may hold a key.
        Assert.DoesNotContain(secret, await visitor.Text(Path + "/1"), StringComparison.Ordinal);
        Assert.Equal(0, await app.Number("select count(*) from platform_webhook where secret like '%whsec%'"));
        Assert.Equal(0, await app.Number("select count(*) from platform_audit where changes like '%whsec%' or changes like '%key=k1%'"));
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task A_failing_message_waits_longer_each_time_is_put_aside_and_can_be_sent_again_under_its_number(DatabaseKind kind)
    {
        await using var receiver = await Receiver.Start();
        receiver.Answer = Status(500);
        await using var app = await Started(kind);
        using var visitor = await app.Administrator();
        await Add(visitor, receiver.Url, "customers.added");
        using var tried = await visitor.Submit(Path + "/1", Path + "/1/test", ("confirm", "true"));
        for (var attempts = 1; attempts < WebhookDeliveries.MostAttempts; attempts++)
        {
            await Until(app, $"select count(*) from platform_webhook_delivery where state = 0 and attempts = {attempts} and status = 500 and error = 'status'", 1);
            var until = await At(app, "select wait_until from platform_webhook_delivery");
            var pause = WebhookDeliveries.PauseAfter(attempts, 1, null)!.Value;
            Assert.InRange(until - app.Clock.GetUtcNow(), pause - TimeSpan.FromSeconds(4), pause);
            app.Clock.Advance(pause);
        }
        await Until(app, "select count(*) from platform_webhook_delivery where state = 2 and attempts = 10 and wait_until is null and ended_at is not null", 1);
        Assert.Single((await receiver.Until(10)).Select(one => one.Id).Distinct());
        Assert.Equal(10, receiver.All.Select(one => one.At).Distinct().Count());
        // Days later the session is over.
        using var later = await app.As("admin");
        var dead = await later.Page(Path + "/1?show=dead");
        var tries = dead.QuerySelectorAll("td details ol li").Select(one => one.TextContent).ToList();
        Assert.Equal((10, 10), (tries.Count, dead.QuerySelectorAll("td details ol time").Select(one => one.GetAttribute("datetime")).Distinct().Count()));
        Assert.All(tries, one => Assert.Matches("^[^·]+ · refused with 500 · [0-9,]+ ms$", one));
        receiver.Answer = Status(200);
        using (var none = await later.Submit(Path + "/1", Path + "/1/again", ("since", "2999-01-01T00:00"))) { Assert.Equal(HttpStatusCode.UnprocessableEntity, none.StatusCode); }
        using (var again = await later.Submit(Path + "/1", Path + "/1/again", ("since", "2026-01-01T00:00"))) { Assert.Equal(HttpStatusCode.Redirect, again.StatusCode); }
        await Until(app, "select count(*) from platform_webhook_delivery where state = 1 and attempts = 1", 1);
        Assert.Equal(0, await app.Number("select count(*) from platform_webhook where failing_since is not null"));
        using (var once = await later.Submit(Path + "/1", Path + "/1/deliveries/1/again", ("confirm", "true"))) { Assert.Equal(HttpStatusCode.Redirect, once.StatusCode); }
        Assert.Single((await receiver.Until(12)).Select(one => one.Id).Distinct());
        // What was sent again by hand has the tries of before too.
        await Until(app, "select count(*) from platform_webhook_try where took is not null", 12);
        tries = [.. (await later.Page(Path + "/1")).QuerySelectorAll("td details ol li").Select(one => one.TextContent)];
        Assert.Equal((10, 2), (tries.Count(one => one.Contains("refused with 500", StringComparison.Ordinal)), tries.Count(one => one.Contains("delivered (200)", StringComparison.Ordinal))));
        Assert.Equal(10, tries.FindIndex(one => one.Contains("delivered (200)", StringComparison.Ordinal)));
    }

    [Theory, OnBothDatabases]
    public async Task The_newest_tries_are_kept_and_go_with_their_message(DatabaseKind kind)
    {
        await using var receiver = await Receiver.Start();
        await using var app = await Started(kind);
        using var visitor = await app.Administrator();
        await Add(visitor, receiver.Url, "customers.added");
        using var tried = await visitor.Submit(Path + "/1", Path + "/1/test", ("confirm", "true"));
        await Until(app, "select count(*) from platform_webhook_delivery where state = 1", 1);
        var before = kind == DatabaseKind.Sqlite ? "0" : "timestamptz '1970-01-01'";
        for (var i = 0; i < WebhookDeliveries.MostKept + 5; i++) { await app.Number($"insert into platform_webhook_try (delivery_id, at, error) values (1, {before}, '')"); }
        using var again = await visitor.Submit(Path + "/1", Path + "/1/deliveries/1/again", ("confirm", "true"));
        await Until(app, "select count(*) from platform_webhook_delivery where state = 1 and attempts = 1", 1);
        Assert.Equal(WebhookDeliveries.MostKept, await app.Number("select count(*) from platform_webhook_try where id > 1"));
        Assert.Equal(WebhookDeliveries.MostKept, await app.Number("select count(*) from platform_webhook_try"));
        var shown = (await visitor.Page(Path + "/1")).QuerySelectorAll("td details ol li").Select(one => one.TextContent).ToList();
        Assert.Contains("cut off", shown[0], StringComparison.Ordinal);
        Assert.Contains("delivered", shown[^1], StringComparison.Ordinal);
        await app.Number("delete from platform_webhook_delivery where id = 1 returning id");
        Assert.Equal(0, await app.Number("select count(*) from platform_webhook_try"));
    }

    [Theory, OnBothDatabases]
    public async Task What_the_other_side_asks_for_is_kept_to(DatabaseKind kind)
    {
        await using var receiver = await Receiver.Start();
        receiver.Answer = http =>
        {
            http.Response.StatusCode = 503;
            http.Response.Headers.RetryAfter = "3600";
            return Task.CompletedTask;
        };
        await using var app = await Started(kind);
        using var visitor = await app.Administrator();
        await Add(visitor, receiver.Url, "customers.added");
        using var tried = await visitor.Submit(Path + "/1", Path + "/1/test", ("confirm", "true"));
        await Until(app, "select count(*) from platform_webhook_delivery where status = 503", 1);
        Assert.InRange(await At(app, "select wait_until from platform_webhook_delivery") - app.Clock.GetUtcNow(), TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(60));
    }

    [Theory, OnBothDatabases]
    public async Task An_endpoint_that_is_gone_or_fails_for_five_days_is_switched_off_and_its_page_says_so(DatabaseKind kind)
    {
        await using var receiver = await Receiver.Start();
        receiver.Answer = Status(410);
        await using var app = await Started(kind);
        using var visitor = await app.Administrator();
        await Add(visitor, receiver.Url, "customers.added");
        using var tried = await visitor.Submit(Path + "/1", Path + "/1/test", ("confirm", "true"));
        await Until(app, "select count(*) from platform_webhook w join platform_webhook_delivery d on d.webhook_id = w.id where not w.is_on and stopped = 'gone' and d.state = 2", 1);
        Assert.Contains("(410)", await visitor.Text(Path + "/1"), StringComparison.Ordinal);
        using (var off = await visitor.Submit(Path + "/1", Path + "/1/test", ("confirm", "true"))) { Assert.Equal(HttpStatusCode.UnprocessableEntity, off.StatusCode); }
        receiver.Answer = Status(500);
        using var on = await visitor.Submit(Path + "/1", Path + "/1/switch", ("on", "true"));
        using var first = await visitor.Submit(Path + "/1", Path + "/1/test", ("confirm", "true"));
        await Until(app, "select count(*) from platform_webhook where is_on and failing_since is not null", 1);
        app.Clock.Advance(TimeSpan.FromDays(5));
        await Until(app, "select count(*) from platform_webhook where not is_on and stopped = 'failing'", 1);
        Assert.Equal([""" webhook.stopped webhook 1 [{"field":"stopped","old":null,"new":"gone"}]""", """ webhook.stopped webhook 1 [{"field":"stopped","old":null,"new":"failing"}]"""], await app.Entries("webhook.stopped"));
        // Off: nothing is written down for it.
        using var later = await app.As("admin");
        using var added = await later.Submit("/customers/new", "/customers/new", ("name", "张三"), ("formKey", Guid.CreateVersion7().ToString("N")));
        await Until(app, "select count(*) from platform_delivery where handler = 'webhooks' and state = 1", 1);
        Assert.Equal(0, await app.Number("select count(*) from platform_webhook_delivery where kind = 'customers.added'"));
    }

    [Theory, OnBothDatabases]
    public async Task A_redirect_is_a_failure_and_an_endless_answer_ends_the_try(DatabaseKind kind)
    {
        await using var receiver = await Receiver.Start();
        receiver.Answer = http =>
        {
            http.Response.Redirect("/elsewhere");
            return Task.CompletedTask;
        };
        await using var app = await Started(kind);
        using var visitor = await app.Administrator();
        await Add(visitor, receiver.Url, "customers.added");
        using var tried = await visitor.Submit(Path + "/1", Path + "/1/test", ("confirm", "true"));
        await Until(app, "select count(*) from platform_webhook_delivery where state = 0 and status = 302 and error = 'redirect'", 1);
        Assert.All(receiver.All, one => Assert.Equal("/hook", one.Path));
        receiver.Answer = async http =>
        {
            var some = new byte[65_536];
            while (!http.RequestAborted.IsCancellationRequested) { await http.Response.Body.WriteAsync(some); }
        };
        using var again = await visitor.Submit(Path + "/1", Path + "/1/test", ("confirm", "true"));
        await Until(app, "select count(*) from platform_webhook_delivery where state = 1 and status = 200", 1);
    }

    [Theory]
    [InlineData("https://127.1/")]
    [InlineData("https://127.0.0.1:8443/x")]
    [InlineData("https://[::1]/")]
    [InlineData("https://0x7f000001/")]
    [InlineData("https://2130706433/")]
    [InlineData("https://017700000001/")]
    [InlineData("https://[::ffff:10.0.0.1]/")]
    [InlineData("https://192.168.1.1/")]
    [InlineData("http://example.com/")]
    [InlineData("https://admin:secret@example.com/")]
    [InlineData("ftp://example.com/")]
    [InlineData("https:///")]
    [InlineData("/hook")]
    public async Task An_address_that_is_not_for_the_public_is_refused(string url)
    {
        await using var app = await HuikeApp.Start(DatabaseKind.Sqlite);
        using var visitor = await app.Administrator();
        using var refused = await Send(visitor, Path + "/new", url, "customers.added");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Equal(0, await app.Number("select count(*) from platform_webhook"));
    }

    /// <summary>Past the form, as if the name led elsewhere later: the connection itself is refused.</summary>
    [Theory]
    [InlineData("https://localhost:9/")]
    [InlineData("https://127.1:9/")]
    [InlineData("https://[::1]:9/")]
    [InlineData("https://0x7f000001:9/")]
    [InlineData("https://[::ffff:10.0.0.1]:9/")]
    [InlineData("http://localhost:9/")]
    public async Task A_name_that_leads_to_this_machine_is_refused_when_the_connection_is_made(string url)
    {
        using var outside = new PostOutside(new Reachable("10.9.0.0/16"), TimeProvider.System);
        var outcome = await outside.Run(new(url), "{}", [], Ct);
        Assert.Equal((null, "address"), (outcome.Status, outcome.Error));
    }

    [Fact]
    public async Task What_is_not_there_is_told_in_words_of_its_own()
    {
        using var outside = new PostOutside(new Reachable("127.0.0.1"), TimeProvider.System);
        Assert.Equal("name", (await outside.Run(new("https://nowhere.invalid/"), "{}", [], Ct)).Error);
        Assert.Equal("unreachable", (await outside.Run(new("http://127.0.0.1:9/"), "{}", [], Ct)).Error);
        await using var receiver = await Receiver.Start();
        Assert.Equal("tls", (await outside.Run(new(receiver.Url.Replace("http://", "https://", StringComparison.Ordinal)), "{}", [], Ct)).Error);
    }

    [Theory, OnBothDatabases]
    public async Task Of_many_who_send_at_once_each_message_has_one(DatabaseKind kind)
    {
        await using var receiver = await Receiver.Start();
        await using var app = await Started(kind);
        using var visitor = await app.Administrator();
        await Add(visitor, receiver.Url, "customers.added");
        var at = kind == DatabaseKind.Sqlite ? "0" : "now()";
        await app.Number("insert into platform_webhook_delivery (webhook_id, message, kind, body, state, attempts, error, created_at, wait_until) values "
            + string.Join(',', Enumerable.Range(1, 120).Select(i => $"(1, 'm{i}', 'customers.added', '{{}}', 0, 0, '', {at}, {at})")));
        var deliveries = app.Services.GetRequiredService<WebhookDeliveries>();
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Task.Run(async () =>
        {
            while (await deliveries.DoSome(1, Ct) > 0)
            {
                // Each round sends some.
            }
        }, Ct)));
        await Until(app, "select count(*) from platform_webhook_delivery where state = 1", 120);
        Assert.Equal(120, (await receiver.Until(120)).Select(one => one.Id).Distinct().Count());
    }

    [Theory, OnBothDatabases]
    public async Task What_waits_and_what_a_dead_program_had_taken_is_sent_after_a_restart(DatabaseKind kind)
    {
        await using var database = await TestDatabase.Migrated(kind);
        string url, secret;
        await using (var gone = await Receiver.Start()) { url = gone.Url; }
        await using (var app = await HuikeApp.On(database, Allowed))
        {
            using var visitor = await app.Administrator();
            secret = await Add(visitor, url, "customers.added");
            using var tried = await visitor.Submit(Path + "/1", Path + "/1/test", ("confirm", "true"));
            await Until(app, "select count(*) from platform_webhook_delivery where state = 0 and error = 'unreachable'", 1);
            // As a program leaves it that was killed while it sent.
            var later = kind == DatabaseKind.Sqlite ? $"{app.Clock.GetUtcNow().AddMinutes(1).ToUnixTimeMilliseconds()}" : "now() + interval '1 minute'";
            await app.Number($"insert into platform_webhook_delivery (webhook_id, message, kind, body, state, attempts, error, created_at, wait_until) values (1, 'taken', 'customers.added', '{{}}', 0, 1, '', {later}, {later})");
        }
        await using var receiver = await Receiver.Start(new Uri(url).Port);
        await using var next = await HuikeApp.On(database, Allowed);
        next.Clock.Advance(TimeSpan.FromMinutes(10));
        await Until(next, "select count(*) from platform_webhook_delivery where state = 1 and attempts = 2", 2);
        Assert.All(await receiver.Until(2), one => Assert.True(one.IsSignedBy(secret)));
    }

    [Theory, OnBothDatabases]
    public async Task A_form_sent_twice_makes_one_webhook_and_shows_its_secret_again_until_there_is_another(DatabaseKind kind)
    {
        await using var app = await Started(kind);
        using var visitor = await app.Administrator();
        var (token, key) = (await visitor.Token(Path + "/new"), Guid.CreateVersion7().ToString("N"));
        Task<HttpResponseMessage> Sent(string key) => visitor.Post(Path + "/new", ("__RequestVerificationToken", token), ("url", "https://hooks.invalid/in"), ("description", "hook"), ("event", "customers.added"), ("formKey", key));
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Sent(key)));
        Assert.Single((await Task.WhenAll(answers.Select(Secret))).Distinct());
        Assert.Equal((1, 1), (await app.Number("select count(*) from platform_webhook"), await app.Number("select count(*) from platform_audit where action = 'webhook.added'")));
        using var other = await visitor.Submit(Path + "/1", Path + "/1/secret", ("formKey", Guid.CreateVersion7().ToString("N")));
        using var late = await Sent(key);
        Assert.DoesNotContain("whsec_", await late.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        using var keyless = await Sent("x");
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.UnprocessableEntity, 1), (late.StatusCode, keyless.StatusCode, await app.Number("select count(*) from platform_webhook")));
        foreach (var answer in answers) { answer.Dispose(); }
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task A_new_secret_signs_beside_the_former_one_for_a_day(DatabaseKind kind)
    {
        await using var receiver = await Receiver.Start();
        await using var app = await Started(kind);
        using var visitor = await app.Administrator();
        var former = await Add(visitor, receiver.Url, "customers.added");
        var key = Guid.CreateVersion7().ToString("N");
        using var made = await visitor.Submit(Path + "/1", Path + "/1/secret", ("formKey", key));
        // Pressed twice, it makes one: the former would sign no more.
        using var twice = await visitor.Submit(Path + "/1", Path + "/1/secret", ("formKey", key));
        Assert.Equal(await Secret(made), await Secret(twice));
        using var keyless = await visitor.Submit(Path + "/1", Path + "/1/secret", ("confirm", "true"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, keyless.StatusCode);
        var secret = await Secret(made);
        Assert.NotEqual(former, secret);
        using var first = await visitor.Submit(Path + "/1", Path + "/1/test", ("confirm", "true"));
        var both = Assert.Single(await receiver.Until(1));
        Assert.True(both.IsSignedBy(former) && both.IsSignedBy(secret));
        app.Clock.Advance(TimeSpan.FromHours(25));
        // A day later the session is over too.
        using var later = await app.As("admin");
        using var second = await later.Submit(Path + "/1", Path + "/1/test", ("confirm", "true"));
        var one = (await receiver.Until(2))[^1];
        Assert.True(one.IsSignedBy(secret) && !one.IsSignedBy(former) && !one.Signatures.Contains(' ', StringComparison.Ordinal));
    }

    [Theory, OnBothDatabases]
    public async Task An_endpoint_is_edited_as_it_was_shown_and_removed_with_its_log(DatabaseKind kind)
    {
        await using var receiver = await Receiver.Start();
        await using var app = await Started(kind);
        using var visitor = await app.Administrator();
        await Add(visitor, receiver.Url, "customers.added");
        using var edited = await visitor.Submit(Path + "/1/edit", Path + "/1/edit", ("url", receiver.Url + "2"), ("description", "stock"), ("event", "products.changed"), ("version", "1"));
        using var late = await visitor.Submit(Path + "/1/edit", Path + "/1/edit", ("url", receiver.Url), ("description", "late"), ("event", "products.changed"), ("version", "1"));
        Assert.Equal((HttpStatusCode.Redirect, HttpStatusCode.UnprocessableEntity), (edited.StatusCode, late.StatusCode));
        var host = new Uri(receiver.Url).GetLeftPart(UriPartial.Authority);
        Assert.Equal([$$"""admin webhook.edited webhook 1 [{"field":"description","old":"hook","new":"stock"},{"field":"url","old":"{{host}}","new":"{{host}}"},{"field":"events","old":"customers.added","new":"products.changed"}]"""], await app.Entries("webhook.edited"));
        using var tried = await visitor.Submit(Path + "/1", Path + "/1/test", ("confirm", "true"));
        await receiver.Until(1);
        using var removed = await visitor.Submit(Path + "/1", Path + "/1/removal", ("confirm", "true"));
        Assert.Equal(0, await app.Number("select (select count(*) from platform_webhook) + (select count(*) from platform_webhook_delivery)"));
        using var gone = await visitor.Get(Path + "/1");
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.Empty(app.Errors);
    }

    [Fact]
    public async Task Without_the_permission_nobody_sees_or_adds_one()
    {
        await using var app = await Started(DatabaseKind.Sqlite);
        using var stranger = await app.UserWith("platform.users", "platform.operate");
        using var manager = await app.UserWith(WebhooksModule.Manage);
        using var refused = await stranger.Get(Path);
        using var post = await Send(stranger, "/account", "https://example.com/", "customers.added");
        using var shown = await manager.Get(Path);
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden, HttpStatusCode.OK), (refused.StatusCode, post.StatusCode, shown.StatusCode));
    }

    private static Task<HuikeApp> Started(DatabaseKind kind) => HuikeApp.Start(kind, Allowed);

    private static void Allowed(WebApplicationBuilder builder) => builder.Configuration.AddInMemoryCollection([new("Webhooks:Allowed", "127.0.0.1")]);

    private static Func<HttpContext, Task> Status(int status) => http =>
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    /// <returns>The secret.</returns>
    private static async Task<string> Add(Visitor visitor, string url, params string[] events)
    {
        using var added = await Send(visitor, Path + "/new", url, events);
        Assert.Equal(HttpStatusCode.OK, added.StatusCode);
        return await Secret(added);
    }

    private static Task<HttpResponseMessage> Send(Visitor visitor, string page, string url, params string[] events) =>
        visitor.Submit(page, Path + "/new", [("url", url), ("description", "hook"), ("formKey", Guid.CreateVersion7().ToString("N")), .. events.Select(one => ("event", one))]);

    private static async Task<string> Secret(HttpResponseMessage answer) =>
        (await Visitor.Parsed(await answer.Content.ReadAsStringAsync(Ct))).QuerySelector("input[readonly]")!.GetAttribute("value")!;

    private static async Task<DateTimeOffset> At(HuikeApp app, string sql)
    {
        await using var connection = await app.Database.Open(Ct);
        return await connection.First(sql, row => row.At(0), Ct);
    }

    private static async Task Until(HuikeApp app, string sql, long count)
    {
        for (var i = 0; i < 400 && await app.Number(sql) != count; i++) { await Task.Delay(50, Ct); }
        Assert.Equal(count, await app.Number(sql));
    }
}
