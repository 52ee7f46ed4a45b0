using System.Net;
using System.Text.Json.Nodes;
using Huike.Customers.Contracts;
using Huike.IntegrationTests.Platform.Audit;
using Huike.Platform.Access;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Roles;
using Huike.Platform.Data;

namespace Huike.IntegrationTests.Customers;

/// <summary>Pools: who sees what waits, and who gets it.</summary>
public sealed class PoolTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task Of_many_who_claim_at_once_each_customer_goes_to_exactly_one_and_nobody_gets_beyond_the_quota(DatabaseKind kind)
    {
        // More people than the program has connections: nobody who holds one may wait for a second.
        const int customers = 54, people = 24, quota = 2;
        await using var app = await Firm(kind, customers, $$"""{"quota":{{quota}}}""");
        var visitors = new List<Visitor>();
        var unit = await app.Number("select max(id) from platform_unit");
        for (var i = 0; i < people; i++)
        {
            await app.AddUserWith($"p{i}", unit, Own);
            visitors.Add(await app.As($"p{i}"));
        }
        // What was remembered of calendars and settings is read again in the midst of it.
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        // Everybody wants the same three, then the next best, again and again.
        var answers = await Task.WhenAll(visitors.SelectMany((visitor, i) => Enumerable.Range(0, 4).Select(async round =>
        {
            using var answer = await visitor.Json("POST", "/api/pools/1/claims", round < 1 ? $$"""{"customers":[{{1 + (i % 3)}}]}""" : "{}");
            return (Person: i, answer.StatusCode, Text: await answer.Content.ReadAsStringAsync(Ct));
        })));
        Assert.All(answers, answer => Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.UnprocessableEntity, $"{answer.StatusCode}: {answer.Text}"));
        var claimed = answers.Where(answer => answer.StatusCode == HttpStatusCode.OK).SelectMany(answer => JsonNode.Parse(answer.Text)!["claimed"]!.AsArray().Select(id => (answer.Person, Id: (long)id!))).ToList();
        Assert.Equal(claimed.Count, claimed.Select(one => one.Id).Distinct().Count());
        Assert.All(claimed.GroupBy(one => one.Person), of => Assert.Equal(quota, of.Count()));
        Assert.Equal(people * quota, claimed.Count);
        Assert.Equal((people * quota, people * quota, 0), (await app.Number("select count(*) from customers_customer where owner_id is not null and pool_id is null"), await app.Number("select count(*) from customers_hand where cause = 1"), await app.Number("select count(*) from customers_customer where owner_id is not null and pool_id is not null")));
        Assert.Equal(people * quota, (await app.Entries("record.assigned")).Count(entry => entry.Contains("claimed", StringComparison.Ordinal)));
        foreach (var visitor in visitors) { visitor.Dispose(); }
    }

    [Theory, OnBothDatabases]
    public async Task A_member_sees_of_who_waits_what_the_pool_shows_and_finds_nobody_by_what_it_masks(DatabaseKind kind)
    {
        await using var app = await Firm(kind, 1);
        using var bert = await app.As("bert");
        using var stranger = await app.As("stranger");
        using var kept = await bert.Get("/customers/1");
        Assert.Equal((HttpStatusCode.Redirect, "/pools/1/customers/1"), (kept.StatusCode, kept.Headers.Location!.ToString()));
        foreach (var path in new[] { "/pools/1", "/pools/1/customers/1", "/api/pools/1/customers" })
        {
            var text = await bert.Text(path);
            Assert.Contains("Waiting 1", text, StringComparison.Ordinal);
            Assert.DoesNotContain("13900130001", text.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        }
        // Neither the whole of a phone but its parts, nor its order, nor internal facts tell of it.
        Assert.DoesNotContain("Waiting 1", await bert.Text("/pools/1?q=1390013"), StringComparison.Ordinal);
        Assert.DoesNotContain("Waiting 1", await bert.Text("/palette?q=1390013"), StringComparison.Ordinal);
        Assert.Contains("/pools/1/customers/1", await bert.Text("/palette?q=Waiting"), StringComparison.Ordinal);
        foreach (var path in new[] { "/pools/1?sort=phone", "/pools/1?tier=gold", "/api/pools/1/customers?sort=sales" }) { Assert.Equal(HttpStatusCode.UnprocessableEntity, (await bert.Get(path)).StatusCode); }
        // No other route of the file opens, and his own list doesn't hold it.
        foreach (var path in new[] { "/api/customers/1", "/api/customers/1/notes", "/api/customers/1/hands" }) { Assert.Equal(HttpStatusCode.NotFound, (await bert.Get(path)).StatusCode); }
        foreach (var path in new[] { "/customers/1/timeline", "/customers/1/files" }) { Assert.Equal(HttpStatusCode.Redirect, (await bert.Get(path)).StatusCode); }
        using var noted = await bert.Submit("/account", "/customers/1/notes", ("body", "mine"), ("formKey", Key()));
        Assert.Equal(HttpStatusCode.NotFound, noted.StatusCode);
        Assert.DoesNotContain("Waiting 1", await bert.Text("/customers"), StringComparison.Ordinal);
        // A stranger to the pool learns nothing of it.
        foreach (var path in new[] { "/pools/1", "/pools/1/customers/1", "/pools/1/history", "/api/pools/1", "/customers/1" }) { Assert.Equal(HttpStatusCode.NotFound, (await stranger.Get(path)).StatusCode); }
        Assert.DoesNotContain("East", await stranger.Text("/pools"), StringComparison.Ordinal);
        Assert.DoesNotContain("Waiting 1", await stranger.Text("/palette?q=Waiting"), StringComparison.Ordinal);
        using var refused = await stranger.Json("POST", "/api/pools/1/claims", """{"customers":[1]}""");
        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        foreach (var path in new[] { "/pools/1/going", "/pools/1/figures", "/api/pools/1/going" }) { Assert.Equal(HttpStatusCode.Forbidden, (await bert.Get(path)).StatusCode); }
        foreach (var path in new[] { "/pools/new", "/pools/1/settings" }) { Assert.Equal(HttpStatusCode.Forbidden, (await bert.Get(path)).StatusCode); }
        // Claimed, it is his, whole.
        using var claimed = await bert.Submit("/pools/1", "/pools/1/claims", ("customer", "1"), ("formKey", Key()));
        Assert.Equal("/customers/1", claimed.Headers.Location!.ToString());
        Assert.Contains("13900130001", (await bert.Text("/api/customers/1")).Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task Sent_twice_a_claim_is_one_and_a_refused_one_has_used_nothing(DatabaseKind kind)
    {
        await using var app = await Firm(kind, 4, """{"quota":2,"coolingDays":3}""");
        using var bert = await app.As("bert");
        using var carla = await app.As("carla");
        var key = Key();
        foreach (var _ in new[] { 1, 2 })
        {
            using var claimed = await bert.Submit("/pools/1", "/pools/1/claims", ("customer", "1"), ("formKey", key));
            Assert.Equal("/customers/1", claimed.Headers.Location!.ToString());
        }
        foreach (var _ in new[] { 1, 2 })
        {
            using var claimed = await carla.Json("POST", "/api/pools/1/claims", """{"customers":[2]}""", ("Idempotency-Key", "wish-1"));
            Assert.Equal("[2]", JsonNode.Parse(await claimed.Content.ReadAsStringAsync(Ct))!["claimed"]!.ToJsonString());
        }
        // Taken by another, too many at once, given back lately: none of it counts.
        foreach (var (body, code) in new[] { ("""{"customers":[2]}""", "pools.gone"), ("""{"customers":[3,4]}""", "pools.quota"), ("""{"customers":[999]}""", "pools.gone"), ("""{"count":0}""", "pools.many") })
        {
            using var refused = await bert.Json("POST", "/api/pools/1/claims", body);
            Assert.Equal((HttpStatusCode.UnprocessableEntity, code), (refused.StatusCode, (string?)JsonNode.Parse(await refused.Content.ReadAsStringAsync(Ct))!["code"]));
        }
        using var reasonless = await bert.Submit("/customers/1", "/customers/1/pool", ("pool", "1"), ("reason", " "));
        using var back = await bert.Submit("/customers/1", "/customers/1/pool", ("pool", "1"), ("reason", "speaks no German"));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, HttpStatusCode.Redirect), (reasonless.StatusCode, back.StatusCode));
        using var cooling = await bert.Json("POST", "/api/pools/1/claims", """{"customers":[1]}""");
        Assert.Equal("pools.cooling", (string?)JsonNode.Parse(await cooling.Content.ReadAsStringAsync(Ct))!["code"]);
        using var last = await bert.Json("POST", "/api/pools/1/claims", """{"customers":[3]}""");
        Assert.Equal(HttpStatusCode.OK, last.StatusCode);
        using var more = await bert.Submit("/pools/1", "/pools/1/claims", ("customer", "4"), ("formKey", Key()));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, more.StatusCode);
        Assert.Contains("2 a day", await more.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        // The next day it begins anew, and after three working days he may have the first one again.
        app.Clock.Advance(TimeSpan.FromDays(8));
        using var again = await app.As("bert");
        using var once = await again.Json("POST", "/api/pools/1/claims", """{"customers":[1,2]}""");
        Assert.Equal("""{"claimed":[1],"gone":[2]}""", await once.Content.ReadAsStringAsync(Ct));
    }

    [Theory, OnBothDatabases]
    public async Task Administrators_assign_and_put_in_others_may_not_and_whoever_leaves_hands_over_into_a_pool(DatabaseKind kind)
    {
        await using var app = await Firm(kind, 3);
        using var bert = await app.As("bert");
        using var chief = await app.As("chief");
        using var refused = await bert.Json("POST", "/api/pools/1/assignments", """{"customers":[1],"owner":"carla"}""");
        using var given = await chief.Json("POST", "/api/pools/1/assignments", """{"customers":[1,2],"owner":"carla"}""");
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.OK), (refused.StatusCode, given.StatusCode));
        using var gone = await chief.Json("POST", "/api/pools/1/assignments", """{"customers":[1,3],"owner":"carla"}""");
        Assert.Equal((HttpStatusCode.UnprocessableEntity, 1), (gone.StatusCode, await app.Number("select count(*) from customers_customer where pool_id = 1")));
        using var others = await bert.Json("POST", "/api/pools/1/customers", """{"customers":[1],"reason":"mine"}""");
        using var put = await chief.Json("POST", "/api/pools/1/customers", """{"customers":[1],"reason":"too many"}""");
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.OK), (others.StatusCode, put.StatusCode));
        using var admin = await app.As("boss");
        var carla = await app.Number("select id from platform_user where user_name = 'carla'");
        using var over = await admin.Submit($"/admin/users/{carla}/hand-over", $"/admin/users/{carla}/hand-over", ("to", "bert"), ("place.customers", "1"));
        Assert.Equal(HttpStatusCode.Redirect, over.StatusCode);
        Assert.Equal((3, 0), (await app.Number("select count(*) from customers_customer where pool_id = 1 and unit_id is null"), await app.Number("select count(*) from customers_customer where owner_id is not null")));
        var causes = JsonNode.Parse(await chief.Text("/api/pools/1/history"))!["rows"]!.AsArray().Select(row => $"{row!["customer"]} {row["cause"]}").ToList();
        Assert.Equal(["2 handed-over", "1 put-in", "2 assigned", "1 assigned"], causes.Where(cause => !cause.EndsWith("gathered", StringComparison.Ordinal)).Take(4));
    }

    [Theory, OnBothDatabases]
    public async Task Who_belongs_to_a_pool_by_place_is_gathered_and_whoever_gets_an_owner_by_another_way_waits_no_more(DatabaseKind kind)
    {
        await using var app = await Firm(kind, 3, """{"places":["Hangzhou"]}""");
        using var boss = await app.As("boss");
        await app.Number("update customers_customer set pool_id = null, pooled_at = null");
        await app.Number("update customers_customer set owner_id = (select id from platform_user where user_name = 'carla') where id = 3");
        using var refused = await (await app.As("bert")).Submit("/account", "/pools/1/gathering", ("confirm", "true"));
        using var gathered = await boss.Submit("/pools/1/settings", "/pools/1/gathering", ("confirm", "true"));
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Redirect, 2, 2), (refused.StatusCode, gathered.StatusCode, await app.Number("select count(*) from customers_customer where pool_id = 1"), await app.Number("select count(*) from customers_hand where cause = 5")));
        // By hand over all modules, a merge, or a statement of anybody's.
        await app.Number("update customers_customer set owner_id = (select id from platform_user where user_name = 'bert') where id = 1");
        Assert.Equal(1, await app.Number("select count(*) from customers_customer where pool_id = 1"));
        using var assigned = await boss.Json("PUT", "/api/customers/2/owner", """{"owner":"bert"}""", ("If-Match", "*"));
        Assert.Equal((HttpStatusCode.OK, 0), (assigned.StatusCode, await app.Number("select count(*) from customers_customer where pool_id is not null")));
    }

    internal static readonly RoleDefinition Own = new(new Dictionary<string, RecordScope> { [CustomerPermissions.Read] = RecordScope.Own, [CustomerPermissions.Edit] = RecordScope.Own, [CustomerPermissions.Create] = RecordScope.All, [PoolPermissions.Use] = RecordScope.All }, new Dictionary<string, FieldAccess> { ["customers"] = FieldAccess.Full });

    /// <summary>A pool of all who are in unit 1, and so many who wait in it; a stranger stands beside.</summary>
    internal static async Task<HuikeApp> Firm(DatabaseKind kind, int customers, string rules = "{}")
    {
        var app = await HuikeApp.Start(kind);
        await app.AddUserWith("bert", 1, Own);
        await app.AddUserWith("carla", 1, Own);
        await app.AddUserWith("chief", 1, new(new Dictionary<string, RecordScope> { [CustomerPermissions.Read] = RecordScope.All, [CustomerPermissions.Assign] = RecordScope.All, [PoolPermissions.Use] = RecordScope.All }, new Dictionary<string, FieldAccess> { ["customers"] = FieldAccess.Full }));
        var unit = await app.AddUnit("members");
        await app.Number($"update platform_user set unit_id = {unit}");
        await app.AddUserWith("stranger", 1, Own);
        await app.AddUser("boss", Permissions.All);
        using var admin = await app.As("boss");
        using var made = await admin.Json("POST", "/api/pools", $$"""{"name":"East","administrators":["chief"],"units":[{{unit}}],"rules":{{rules}}}""");
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        for (var i = 1; i <= customers; i++)
        {
            using var added = await admin.Json("POST", "/api/customers", $$"""{"name":"Waiting {{i}}","phone":"139001300{{i:00}}","place":"Hangzhou"}""");
            Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        }
        await app.Number("update customers_customer set owner_id = null, unit_id = null");
        using var put = await admin.Json("POST", "/api/pools/1/customers", $$"""{"customers":[{{string.Join(',', Enumerable.Range(1, customers))}}],"reason":"nobody looks after them"}""");
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        return app;
    }

    internal static string Key() => Guid.CreateVersion7().ToString("N");
}
