using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Huike.Customers.Pools;
using Huike.Platform.Calendar;
using Huike.Platform.Data;
using Huike.Platform.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Customers;

/// <summary>Who goes back to a pool when: said before, told to owners, and done.</summary>
public sealed class ReturnTests
{
    private const string Rules = """{"returns":[{"lack":"contact","days":3},{"lack":"step","days":6,"tier":"none"},{"lack":"purchase","days":9}],"leastNote":10,"warningDays":2,"protectedDays":1,"staysWithStep":true,"extensionDays":4,"extensions":1}""";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task The_dry_run_of_a_day_is_what_the_job_does_on_it_whatever_the_facts(DatabaseKind kind)
    {
        const int customers = 40, days = 24;
        await using var app = await Owned(kind, customers);
        await Facts(app, customers, seed: 20261123);
        var today = await Today(app);
        var pool = await Of(app);
        var said = (await Plan(app, pool, new(today, today.AddDays(days)))).ToLookup(one => one.On, one => one.CustomerId);
        Assert.True(said.Count >= 4, "the facts are too much alike");
        var done = 0;
        for (var day = today; day < today.AddDays(days); day = day.AddDays(1))
        {
            var before = await Waiting(app);
            await Return(app);
            // Twice a day it does nothing more.
            await Return(app);
            var now = (await Waiting(app)).Except(before).Order().ToList();
            Assert.Equal(said[day].Order(), now);
            if (now.Count > 0) { Assert.True((await app.Services.GetRequiredService<Calendars>().Usual(Ct)).Time.On(day).Count > 0, $"{day} is no working day"); }
            done += now.Count;
            app.Clock.Advance(TimeSpan.FromDays(1));
        }
        Assert.Equal(said.Where(one => one.Key < today.AddDays(days)).Sum(one => one.Count()), done);
        Assert.Equal(done, await app.Number("select count(*) from customers_hand where cause = 2 and lack is not null and since_on is not null"));
        Assert.Equal(done, await app.Number("select count(*) from customers_customer where pool_id = 1 and owner_id is null and unit_id is null"));
        // Of each that goes its owner was told before.
        Assert.Equal(0, await app.Number("select count(*) from customers_hand h where h.cause = 2 and not exists (select 1 from platform_notice n where n.kind = 'customers.pool-warning' and n.record_id = h.customer_id)"));
    }

    [Theory, OnBothDatabases]
    public async Task Who_is_called_stays_and_who_is_not_goes_after_a_warning_with_the_reason_on_the_timeline(DatabaseKind kind)
    {
        await using var app = await Owned(kind, 3);
        using var bert = await app.As("bert");
        var goes = JsonNode.Parse(await bert.Text("/api/pools/leaving"))!["rows"]!.AsArray();
        Assert.Equal(3, goes.Count);
        Assert.All(goes, row => Assert.Equal("contact", (string?)row!["lack"]));
        foreach (var path in new[] { "/pools/leaving", "/customers/1" }) { Assert.Contains("no valid contact since", await bert.Text(path), StringComparison.Ordinal); }
        await Until(app, DateOnly.ParseExact((string)goes[0]!["on"]!, "yyyy-MM-dd", CultureInfo.InvariantCulture));
        using var now = await app.As("bert");
        // A short note is none; a call is one.
        using var note = await now.Json("POST", "/api/customers/1/notes", """{"body":"hm"}""");
        using var call = await now.Json("POST", "/api/customers/2/notes", """{"body":"ok","kind":"call"}""");
        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (note.StatusCode, call.StatusCode));
        Assert.True(await app.Number("select count(*) from platform_notice where kind = 'customers.pool-warning'") >= 3);
        await Return(app);
        Assert.Equal([1, 3], await Waiting(app));
        Assert.Equal(1, await app.Number("select count(*) from platform_notice where kind = 'customers.pool-returned'"));
        using var boss = await app.As("boss");
        var timeline = await boss.Text("/customers/1");
        Assert.Contains("Returned to pool East: no valid contact since", timeline, StringComparison.Ordinal);
        Assert.Contains("3 working days", timeline, StringComparison.Ordinal);
        Assert.Contains("returned", await boss.Text("/api/pools/1/history?cause=returned"), StringComparison.Ordinal);
        var figures = await boss.Page("/pools/1/figures");
        Assert.Equal("bert", figures.QuerySelector("tbody th")!.TextContent.Trim());
        foreach (var cell in figures.QuerySelectorAll("tbody a")) { Assert.Contains("history", (await boss.Page(cell.GetAttribute("href")!)).QuerySelector("main")!.TextContent, StringComparison.OrdinalIgnoreCase); }
    }

    [Theory, OnBothDatabases]
    public async Task An_extension_is_asked_for_with_a_reason_decided_by_the_leader_and_granted_once(DatabaseKind kind)
    {
        await using var app = await Owned(kind, 2);
        using var bert = await app.As("bert");
        using var carla = await app.As("carla");
        using var chief = await app.As("chief");
        var day = DateOnly.ParseExact((string)JsonNode.Parse(await bert.Text("/api/pools/leaving"))!["rows"]![0]!["on"]!, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        using var empty = await bert.Submit("/customers/1", "/customers/1/extension", ("reason", ""), ("formKey", PoolTests.Key()));
        var key = PoolTests.Key();
        foreach (var _ in new[] { 1, 2 })
        {
            using var asked = await bert.Submit("/customers/1", "/customers/1/extension", ("reason", "decides after the fair"), ("formKey", key));
            Assert.Equal(HttpStatusCode.Redirect, asked.StatusCode);
        }
        using var twice = await bert.Json("POST", "/api/customers/1/extension", """{"reason":"again"}""");
        using var strange = await carla.Json("POST", "/api/customers/1/extension", """{"reason":"mine"}""");
        Assert.Equal((HttpStatusCode.UnprocessableEntity, HttpStatusCode.UnprocessableEntity, HttpStatusCode.NotFound), (empty.StatusCode, twice.StatusCode, strange.StatusCode));
        using var self = await bert.Submit("/account", "/pools/extensions/1", ("grants", "true"));
        Assert.Equal(HttpStatusCode.NotFound, self.StatusCode);
        Assert.Contains("decides after the fair", await chief.Text("/pools/extensions"), StringComparison.Ordinal);
        using var granted = await chief.Submit("/pools/extensions", "/pools/extensions/1", ("grants", "true"), ("answer", "good luck"));
        Assert.Equal(HttpStatusCode.Redirect, granted.StatusCode);
        var later = JsonNode.Parse(await bert.Text("/api/pools/leaving"))!["rows"]!.AsArray().ToDictionary(row => (long)row!["customerId"]!, row => DateOnly.ParseExact((string)row!["on"]!, "yyyy-MM-dd", CultureInfo.InvariantCulture));
        var time = (await app.Services.GetRequiredService<Calendars>().Usual(Ct)).Time;
        Assert.Equal((day, time.AddDays(day, 4)), (later[2], later[1]));
        using var most = await bert.Json("POST", "/api/customers/1/extension", """{"reason":"once more"}""");
        Assert.Equal("pools.extension.most", (string?)JsonNode.Parse(await most.Content.ReadAsStringAsync(Ct))!["code"]);
        Assert.Equal((1, 1), (await app.Number("select count(*) from platform_notice where kind = 'customers.extension-decided'"), await app.Number("select count(*) from customers_hand where cause = 6")));
    }

    [Theory, OnBothDatabases]
    public async Task Rules_that_are_being_written_are_tried_before_they_are_saved_and_administrators_alone_see_who_goes(DatabaseKind kind)
    {
        await using var app = await Owned(kind, 2);
        using var boss = await app.As("boss");
        using var bert = await app.As("bert");
        (string, string)[] form = [("name", "East"), ("isOpen", "true"), ("formKey", PoolTests.Key()), ("version", "1"), ("administrators", "chief"), ("unit", (await app.Number("select max(id) from platform_unit")).ToString(CultureInfo.InvariantCulture)), ("lack0", "purchase"), ("days0", "1"), ("span", "30")];
        using var tried = await boss.Submit("/pools/1/settings", "/pools/1/going", form);
        var page = await tried.Content.ReadAsStringAsync(Ct);
        Assert.Contains("no purchase since", page, StringComparison.Ordinal);
        Assert.Contains("Waiting 2", page, StringComparison.Ordinal);
        Assert.Contains("no valid contact", await boss.Text("/pools/1/going?days=20"), StringComparison.Ordinal);
        using var refused = await bert.Submit("/account", "/pools/1/going", form);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using var wrong = await boss.Submit("/pools/1/settings", "/pools/1/settings", [.. form.Where(one => one.Item1 != "days0"), ("days0", "9999")]);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        using var saved = await boss.Submit("/pools/1/settings", "/pools/1/settings", form);
        using var stale = await boss.Submit("/pools/1/settings", "/pools/1/settings", form);
        Assert.Equal((HttpStatusCode.Redirect, HttpStatusCode.UnprocessableEntity), (saved.StatusCode, stale.StatusCode));
        Assert.Contains("no purchase since", await boss.Text("/pools/1/going?days=20"), StringComparison.Ordinal);
    }

    /// <summary>Bert owns so many.</summary>
    private static async Task<HuikeApp> Owned(DatabaseKind kind, int customers)
    {
        var app = await PoolTests.Firm(kind, customers, Rules);
        using var chief = await app.As("chief");
        using var given = await chief.Json("POST", "/api/pools/1/assignments", $$"""{"customers":[{{string.Join(',', Enumerable.Range(1, customers))}}],"owner":"bert"}""");
        Assert.Equal(HttpStatusCode.OK, given.StatusCode);
        return app;
    }

    /// <summary>Contacts, steps and purchases of the last and the next days, as a seed says.</summary>
    private static async Task Facts(HuikeApp app, int customers, int seed)
    {
        var chance = new Random(seed);
        var now = app.Clock.GetUtcNow();
        await using var connection = await app.Database.Open(Ct);
        for (var id = 1; id <= customers; id++)
        {
            await connection.Run("update customers_hand set at = @at where customer_id = @id and to_id is not null", Ct, ("id", id), ("at", now.AddHours(-chance.Next(24 * 25))));
            if (chance.Next(3) > 0) { await connection.Run("insert into customers_note (customer_id, body, created_at, created_by, form_key, kind, direction, at) values (@id, @body, @at, 'bert', @key, @kind, 0, @at)", Ct, ("id", id), ("body", chance.Next(2) == 0 ? "short" : "long enough to count"), ("at", now.AddHours(-chance.Next(24 * 12))), ("key", PoolTests.Key()), ("kind", chance.Next(6))); }
            if (chance.Next(3) == 0) { await connection.Run("insert into customers_next_step (customer_id, what, due_at, done_at, created_at, created_by, form_key) values (@id, 'visit', @due, @done, @due, 'bert', @key)", Ct, ("id", id), ("due", now.AddHours(chance.Next(-100, 24 * 12))), ("done", chance.Next(2) == 0 ? null : now.AddHours(-chance.Next(200))), ("key", PoolTests.Key())); }
            if (chance.Next(4) == 0) { await connection.Run("update customers_standing set purchases = 1, last_at = @at where customer_id = @id", Ct, ("id", id), ("at", now.AddHours(-chance.Next(24 * 20)))); }
        }
    }

    private static async Task Until(HuikeApp app, DateOnly day)
    {
        while (await Today(app) < day)
        {
            await Return(app);
            app.Clock.Advance(TimeSpan.FromDays(1));
        }
    }

    private static Task<List<Departure>> Plan(HuikeApp app, Pool pool, DepartureAsk ask) => app.In(services => services.GetRequiredService<Departures>().Of(pool, ask, Ct));

    private static Task<DateOnly> Today(HuikeApp app) => app.In(services => services.GetRequiredService<PoolDays>().Today(Ct));

    private static async Task<Pool> Of(HuikeApp app)
    {
        await using var connection = await app.Database.Open(Ct);
        return await Pool.Find(connection, 1, Ct);
    }

    private static Task<bool> Return(HuikeApp app) => app.In(async services =>
    {
        await services.GetRequiredService<ReturnToPools>().Run(new Job(0, ReturnToPools.KindName, "{}", JobState.Running, 0, "", 1, "", default, null), _ => { }, Ct);
        return true;
    });

    private static async Task<List<long>> Waiting(HuikeApp app)
    {
        await using var connection = await app.Database.Open(Ct);
        return await connection.Rows("select id from customers_customer where pool_id = 1 order by id", row => row.GetInt64(0), Ct);
    }
}
