using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Platform.Access;
using Huike.Platform.Access.Records;
using Huike.Platform.Data;
using Huike.Ui;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers.Pools;

/// <summary>Puts together history and figures of a pool. Its members see what they themselves had.</summary>
internal sealed class ShowHands(Database database, HandList hands, PoolParts parts, HandPages pages, Texts texts)
{
    private const int UsualDays = 90;

    public async Task<IResult> History(HttpContext http, long id, CancellationToken ct)
    {
        var (pool, query) = (await Find(http, id, ct), HandQuery.Read(http.Request.Query));
        var rows = await hands.Page(pool, query, (Viewer.InternalOrNobody(http), http.User.Access().UserId), ct);
        pages.Hands.Value = new(pool, query, rows, await People(pool, ct), http.User.Holds(CustomerPermissions.Export), await parts.Words(texts, ct));
        return Pages.Show<HandsPage>(http, texts["pools.history.title"]);
    }

    /// <summary>For who administers the pool.</summary>
    public async Task<IResult> Figures(HttpContext http, long id, CancellationToken ct)
    {
        var (pool, query, today) = (await Find(http, id, ct, PoolRole.Administrator), HandQuery.Read(http.Request.Query), await parts.Days.Today(ct));
        var (from, to) = (query.From ?? today.AddDays(-UsualDays), query.To ?? today);
        pages.Figures.Value = new(pool, await hands.Figures(pool, from, to, ct), from, to);
        return Pages.Show<FiguresPage>(http, texts["pools.figures.title"]);
    }

    public async Task<Pool> Find(HttpContext http, long id, CancellationToken ct, PoolRole least = PoolRole.Member)
    {
        await using var connection = await database.Open(ct);
        return await Pool.Demand(connection, http.User.Access(), id, least, ct);
    }

    private async Task<List<(long, string)>> People(Pool pool, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return await connection.Rows($"""
            select p.id, coalesce(nullif(p.display_name, ''), p.user_name) as name from platform_user p
            where p.id in (select to_id from {Hand.Table} where from_pool = @pool) or p.id in (select from_id from {Hand.Table} where to_pool = @pool) order by name limit 200
            """, row => (row.GetInt64(0), row.GetString(1)), ct, ("pool", pool.Id));
    }
}

/// <summary>What is handed to those pages.</summary>
internal sealed class HandPages(Shown<HandsView> hands, Shown<FiguresView> figures)
{
    public Shown<HandsView> Hands => hands;

    public Shown<FiguresView> Figures => figures;
}

/// <summary>试算: who goes when and why, by the rules in force or by those that are being written.</summary>
internal sealed class PlanPool(Database database, Departures departures, PoolDays days, Shown<GoingView> shown, Texts texts)
{
    private const int UsualSpan = 5;
    private const int MostSpan = 60;

    public async Task<IResult> Show(HttpContext http, long id, IFormCollection? tried, CancellationToken ct)
    {
        shown.Value = await Read(http, id, tried, ct);
        return Pages.Show<GoingPage>(http, texts["pools.going.title"]);
    }

    /// <summary>Of those whom the request's user sees, who administers the pool.</summary>
    public async Task<GoingView> Read(HttpContext http, long id, IFormCollection? tried, CancellationToken ct)
    {
        var today = await days.Today(ct);
        await using var connection = await database.Open(ct);
        var pool = await Pool.Demand(connection, http.User.Access(), id, PoolRole.Administrator, ct);
        if (tried is not null) { pool = pool with { Rules = PoolForm.Read(tried).Rules.Demanded(), RulesOn = today }; }
        var asked = tried is null ? http.Request.Query["days"].ToString() : tried["span"].ToString();
        var span = int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out var typed) && typed is >= 1 and <= MostSpan ? typed : UsualSpan + (tried is null ? 0 : pool.Rules.WarningDays);
        var until = (await days.Ahead(today, span, ct)).AddDays(-14);
        var owner = long.TryParse(http.Request.Query["owner"], NumberStyles.None, CultureInfo.InvariantCulture, out var person) ? person : (long?)null;
        var all = await departures.Of(connection, pool, new(today, until) { Viewer = Viewer.Of(http) }, ct);
        var counts = all.GroupBy(one => one.OwnerId).OrderByDescending(of => of.Count()).ThenBy(of => of.Key).Take(200).ToDictionary(of => of.Key, of => of.Count());
        var names = (await connection.Rows($"select id, coalesce(nullif(display_name, ''), user_name) from platform_user where id in ({string.Join(',', all.Select(one => one.OwnerId).Distinct().DefaultIfEmpty(-1))})", row => (row.GetInt64(0), row.GetString(1)), ct)).ToDictionary();
        var of = owner is null ? all : all.FindAll(one => one.OwnerId == owner);
        var byDay = of.GroupBy(one => one.On).OrderBy(one => one.Key).Select(one => (one.Key, one.Count())).ToList();
        var day = DateOnly.TryParseExact(http.Request.Query["day"], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var chosen) ? chosen : byDay.Count > 0 ? byDay[0].Key : (DateOnly?)null;
        var after = long.TryParse(http.Request.Query["after"], NumberStyles.None, CultureInfo.InvariantCulture, out var behind) ? behind : 0;
        var rows = of.Where(one => (tried is not null || one.On == day) && one.CustomerId > after).OrderBy(one => tried is null ? default : one.On).ThenBy(one => one.CustomerId).Take(GoingView.Most + 1).ToList();
        return new(pool, byDay, [.. counts.Select(one => (one.Key, names.GetValueOrDefault(one.Key) ?? "–", one.Value))], [.. rows.Take(GoingView.Most).Select(one => (one, names.GetValueOrDefault(one.OwnerId) ?? "–"))], day, span)
        {
            Tried = tried,
            Next = tried is null && rows.Count > GoingView.Most ? rows[GoingView.Most - 1].CustomerId : null,
        };
    }
}
