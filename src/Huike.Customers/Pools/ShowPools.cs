using Huike.Customers.Contracts;
using Huike.Customers.Views;
using Huike.Platform;
using Huike.Platform.Access;
using Huike.Platform.Access.Organisation;
using Huike.Platform.Access.Records;
using Huike.Platform.Data;
using Huike.Platform.Settings;
using Huike.Ui;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers.Pools;

/// <summary>What a page of pools needs besides the database.</summary>
internal sealed class PoolParts(CustomerList list, OrganisationChoices organisation, SettingsStore settings, Departures departures, PoolDays days)
{
    public CustomerList List => list;

    public OrganisationChoices Organisation => organisation;

    public Departures Departures => departures;

    public PoolDays Days => days;

    public async Task<ListWording> Words(Texts texts, CancellationToken ct) => await settings.Get<FirmSettings>(ct) is var firm ? new(texts, firm.Currency, firm.Zone) : null!;
}

/// <summary>Puts together the pages of pools and of what waits in them.</summary>
internal sealed class ShowPools(Database database, PoolParts parts, PoolPages pages, Texts texts)
{
    /// <summary>Working days ahead of one's own customers that go.</summary>
    private const int DaysAhead = 20;

    public async Task<IResult> List(HttpContext http, CancellationToken ct)
    {
        var (access, today) = (http.User.Access(), await parts.Days.Today(ct));
        await using var connection = await database.Open(ct);
        var pools = await Pool.Of(connection, access, ct);
        var rows = new List<(Pool, long, long)>();
        foreach (var pool in pools)
        {
            rows.Add((pool, await connection.Number("select count(*) from (select 1 from customers_customer where pool_id = @pool limit 10001) waiting", ct, ("pool", pool.Id)),
                await connection.Number($"select count(*) from {Hand.Table} where to_id = @me and from_pool = @pool and at >= @begin and cause = {(int)HandCause.Claimed}", ct, ("me", access.UserId), ("pool", pool.Id), ("begin", LocalDay.Begin(today, (await parts.Words(texts, ct)).Zone)))));
        }
        var waiting = await Extension.Waiting(connection, access.UserId, pools.FindAll(pool => pool.Role == PoolRole.Administrator), ct);
        pages.Pools.Value = new(rows, (await Going(http, ct)).Count, waiting.Count, http.User.Holds(PoolPermissions.Manage));
        return Pages.Show<PoolListPage>(http, texts["pools.list.title"]);
    }

    public async Task<IResult> One(HttpContext http, long id, string? error, CancellationToken ct)
    {
        var pool = await Find(http, id, ct);
        var viewer = pool.Viewer(http);
        // What a refused claim sent is no filter.
        var query = CustomerQuery.Read(error is null ? http.Request.Query : new QueryCollection(), viewer);
        var page = await parts.List.Page(query, ct);
        var columns = CustomerListColumns.For(viewer).Where(column => column.Key is "number" or "phone" or "place" or "category" or "tier" or "stage" or "lifetime" or "last").ToList();
        pages.Pool.Value = new(pool, new(query, page, columns, await parts.Words(texts, ct), await parts.List.Choices("place", ct), await parts.List.Choices("category", ct), false, false) { Asked = new(new QueryCollection(), null), Shape = new(ListKind.Table, null) }, pool.Role == PoolRole.Administrator ? await parts.Organisation.People(ct) : [], error)
        {
            Done = int.TryParse(http.Request.Query["done"], out var done) ? done : null,
            Gone = int.TryParse(http.Request.Query["gone"], out var gone) ? gone : 0,
        };
        return Pages.Show<PoolPage>(http, pool.Name, status: error is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }

    public async Task<IResult> Pooled(HttpContext http, long id, long customer, CancellationToken ct)
    {
        var pool = await Find(http, id, ct);
        var viewer = pool.Viewer(http);
        await using var connection = await database.Open(ct);
        var since = await connection.First("select pooled_at from customers_customer where id = @id and pool_id = @pool", row => row.AtOrNull(0), ct, ("id", customer), ("pool", id)) ?? throw new RuleException("customers.customer.unknown", customer);
        var facts = await CustomerFacts.Find(connection, customer, ct) ?? throw new RuleException("customers.customer.unknown", customer);
        pages.Pooled.Value = new(pool, viewer.Veil(facts), viewer, await Hand.Of(connection, customer, 50, ct), since, await parts.Words(texts, ct));
        return Pages.Show<PooledPage>(http, texts["pools.pooled.title"]);
    }

    public async Task<IResult> Leaving(HttpContext http, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var rows = new List<(Departure, Pool, Extension?)>();
        foreach (var (departure, pool) in (await Going(http, ct)).OrderBy(one => one.Departure.On).Take(200)) { rows.Add((departure, pool, (await Extension.Of(connection, departure.CustomerId, ct)).Find(one => one.Owner.Id == departure.OwnerId))); }
        pages.Leaving.Value = new(rows);
        return Pages.Show<LeavingPage>(http, texts["pools.leaving.title"]);
    }

    public async Task<IResult> Extensions(HttpContext http, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var pools = (await Pool.All(connection, ct)).ToDictionary(pool => pool.Id);
        var waiting = await Extension.Waiting(connection, http.User.Access().UserId, await PoolEndpoints.Administered(http, database, ct), ct);
        pages.Extensions.Value = new([.. waiting.Select(one => (one, pools[one.PoolId].Rules.Flow is not null))], await parts.Words(texts, ct));
        return Pages.Show<ExtensionsPage>(http, texts["pools.extension.title"]);
    }

    /// <summary>Whether the pool shows the request's user what a customer is worth.</summary>
    public async Task<bool> SeesValue(HttpContext http, long id, CancellationToken ct) => (await Find(http, id, ct)).Viewer(http).SeesInternal;

    /// <summary>Of the request's user's own customers those who go in the next days.</summary>
    public async Task<List<(Departure Departure, Pool Pool)>> Going(HttpContext http, CancellationToken ct)
    {
        var (me, today) = (http.User.Access().UserId, await parts.Days.Today(ct));
        await using var connection = await database.Open(ct);
        if (await PoolMember.Home(connection, me, ct) is not { } home) { return []; }
        var pool = await Pool.Find(connection, home, ct);
        return [.. (await parts.Departures.Of(connection, pool, new(today, await parts.Days.AheadOf(me, today, DaysAhead, ct), me), ct)).Select(one => (one, pool))];
    }

    private async Task<Pool> Find(HttpContext http, long id, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return await Pool.Demand(connection, http.User.Access(), id, PoolRole.Member, ct);
    }
}

/// <summary>What is handed to the pages of pools.</summary>
internal sealed class PoolPages(Shown<PoolListView> pools, Shown<PoolView> pool, Shown<PooledView> pooled, Shown<LeavingView> leaving, Shown<ExtensionsView> extensions)
{
    public Shown<PoolListView> Pools => pools;

    public Shown<PoolView> Pool => pool;

    public Shown<PooledView> Pooled => pooled;

    public Shown<LeavingView> Leaving => leaving;

    public Shown<ExtensionsView> Extensions => extensions;
}
