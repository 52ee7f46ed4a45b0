using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using Huike.Customers.Contracts;
using Huike.Customers.PermissionStages;
using Huike.Customers.Tags;
using Huike.Platform;
using Huike.Platform.Conditions;
using Huike.Platform.Data;
using Huike.Platform.Fields;
using Huike.Platform.Settings;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers;

/// <summary>A row of the list.</summary>
internal sealed record ListedCustomer(
    long Id, string Number, string Name, CustomerKind Kind, string? Phone, string? Category, string? Place, DateTimeOffset CreatedAt, Tier Tier, BuyingStage Stage,
    decimal Sales, decimal Contribution, int Documents, DateTimeOffset FirstAt, DateTimeOffset LastAt, double Active, decimal Lifetime, decimal AtRisk, string? Custom, PermissionStage Permission)
{
    private CustomValues? own;

    /// <summary>Values of the firm's own fields.</summary>
    public CustomValues Own => own ??= CustomValues.Parse(Custom);
}

/// <summary>What is asked of the list: which customers, in which order, from where, by whom.</summary>
internal sealed record CustomerQuery(CustomerFilter Filter, CustomerSort Sort, bool Descending, Viewer Viewer)
{
    public const int UsualLimit = 50;
    private const int MostRows = 200;

    /// <summary>Rows of a page, 1–200.</summary>
    public int Limit { get; init; } = UsualLimit;

    /// <summary>The page begins after this row, or ends before it where <see cref="Backwards"/>; null for the first page.</summary>
    public ListCursor? From { get; init; }

    public bool Backwards { get; init; }

    /// <summary>All customers that there are.</summary>
    public bool IsWhole => Filter.IsEmpty && Viewer.SeesAll;

    /// <summary>Name and direction: what a cursor is a place in.</summary>
    public string Order => OrderOf(Sort, Descending);

    /// <exception cref="RuleException"><c>customers.filter.wrong</c>, <c>customers.cursor.wrong</c>; <c>customers.filter.hidden</c>: by something that the viewer doesn't see.</exception>
    public static CustomerQuery Read(IQueryCollection query, Viewer viewer)
    {
        var filter = CustomerFilter.Read(query, viewer.Own);
        var (sort, descending) = filter.UsualOrder;
        if (query["sort"].ToString() is { Length: > 0 } name)
        {
            sort = CustomerSort.All.Concat(CustomerSort.Of(viewer.Own)).FirstOrDefault(known => known.Name == name && (known != CustomerSort.Relevance || filter.Q.Length > 0)) ?? throw new RuleException("customers.filter.wrong", "sort", name);
            descending = sort.DescendsFirst;
        }
        descending = query["dir"].ToString() switch { "" => descending, "asc" => false, "desc" => true, var other => throw new RuleException("customers.filter.wrong", "dir", other) };
        var limit = query["limit"].ToString() switch
        {
            "" => UsualLimit,
            var text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= MostRows ? count : throw new RuleException("customers.filter.wrong", "limit", text),
        };
        var (after, before) = (query["after"].ToString(), query["before"].ToString());
        var cursor = before.Length > 0 ? before : after;
        // What orders or sifts a list tells of itself what it hides.
        if ((!viewer.SeesInternal && (sort.IsInternal || filter.IsInternal)) || (!viewer.SeesPersonal && sort.Name == "phone")) { throw new RuleException("customers.filter.hidden"); }
        return new(filter, sort, descending, viewer)
        {
            Limit = limit,
            Backwards = before.Length > 0,
            From = cursor.Length == 0 ? null : ListCursor.Parse(cursor, OrderOf(sort, descending)) ?? throw new RuleException("customers.cursor.wrong"),
        };
    }

    private static string OrderOf(CustomerSort sort, bool descending) => sort.Name + (descending ? "-" : "+");
}

/// <summary>A page of the list.</summary>
/// <param name="Rows">In order.</param>
/// <param name="Position">How many stand before the first row, counted while walking; not exact where rows came or went meanwhile.</param>
/// <param name="Count">How many there are in all.</param>
/// <param name="IsMore">True where there are more than <paramref name="Count"/>.</param>
/// <param name="Previous">Cursor for the page before this one; null on the first.</param>
/// <param name="Next">Cursor for the page after this one; null on the last.</param>
internal sealed record CustomerPage(IReadOnlyList<ListedCustomer> Rows, long Position, long Count, bool IsMore, ListCursor? Previous, ListCursor? Next);

/// <summary>Reads the list of customers page by page, or whole for an export; the same query behind page, file and interface.</summary>
internal sealed class CustomerList(Database database, SettingsStore settings, Remembered remembered, TimeProvider clock)
{
    /// <summary>What takes longer to find is remembered.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromMilliseconds(30);

    /// <summary>Hits that are ranked for a few places.</summary>
    private const int MostRanked = 60;

    /// <summary>Place of the keys behind a customer's columns.</summary>
    private const int FirstKey = 20;

    /// <summary>One page. Costs its rows, whatever its place in the list.</summary>
    public async Task<CustomerPage> Page(CustomerQuery query, CancellationToken ct)
    {
        // Without conditions a page is a walk over so many rows of an index.
        await using var connection = query.IsWhole ? await database.OpenForShort(ct) : await database.Open(ct);
        var sql = await Sql(connection, query, ct);
        var isSearch = query.Filter.Q.Length > 0;
        long count = 0;
        if (!isSearch && query.Filter.Where is not null)
        {
            var (ids, took) = await Found(sql, query, ct);
            count = ids.Count;
            if (count == 0 && took > Long) { return new([], 0, 0, false, null, null); }
            if (count > 0 && (took > Long || await First(connection, sql, query, count, ct) > Long) && await Slice(connection, query, ids, ct) is { } slice) { return slice; }
        }
        else if (!isSearch) { count = await Count(connection, sql, query, ct); }
        var rows = await Rows(connection, sql, query, count, ct);
        if (isSearch && rows.Count == 0 && CustomerListSql.MayBearErrors(query.Filter.Q))
        {
            rows = await Rows(connection, await Sql(connection, query, ct, withErrors: true), query, count, ct);
        }
        if (isSearch && rows.Count > 0) { count = rows[0].Found; }
        var more = rows.Count > query.Limit;
        if (more) { rows.RemoveAt(rows.Count - 1); }
        if (query.Backwards) { rows.Reverse(); }
        var position = query.From is not { } from ? 0 : query.Backwards ? Math.Max(0, from.Position - rows.Count) : from.Position + 1;
        var (hasPrevious, hasNext) = query.Backwards ? (more, true) : (query.From is not null, more);
        return new([.. rows.Select(row => query.Viewer.Veil(row.Customer))], position, Math.Min(count, Most(query)), count > Most(query),
            hasPrevious && rows.Count > 0 ? new(query.Order, position, rows[0].Keys) : null,
            hasNext && rows.Count > 0 ? new(query.Order, position + rows.Count - 1, rows[^1].Keys) : null);
    }

    /// <summary>The first rows alone, where their number is known: nothing is counted.</summary>
    public async Task<CustomerPage> Some(CustomerQuery query, long count, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var rows = await Rows(connection, await Sql(connection, query, ct), query, count, ct);
        var more = rows.Count > query.Limit;
        if (more) { rows.RemoveAt(rows.Count - 1); }
        return new([.. rows.Select(row => query.Viewer.Veil(row.Customer))], 0, count, false, null, more ? new(query.Order, 0, rows[^1].Keys) : null);
    }

    /// <summary>The best hits of a search, each with the way in which it is meant; notes apart.</summary>
    /// <param name="q">What was typed.</param>
    /// <param name="viewer">Who asks.</param>
    /// <param name="most">So many at most.</param>
    /// <param name="ct">Ends the read.</param>
    public async Task<List<(ListedCustomer Customer, HitBy Why)>> Best(string q, Viewer viewer, int most, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var query = new CustomerQuery(new CustomerFilter { Q = q }, CustomerSort.Relevance, false, viewer);
        var isFew = await IsFew(connection, query, ct);
        var found = await Hits(withErrors: false);
        return found.Count > 0 || !CustomerListSql.MayBearErrors(q) ? found : await Hits(withErrors: true);

        Task<List<(ListedCustomer, HitBy)>> Hits(bool withErrors)
        {
            var sql = new CustomerListSql(database.Kind, query, TimeZoneInfo.Utc, null) { WithErrors = withErrors, Most = MostRanked, WithoutNotes = true, IsFew = isFew };
            return connection.Rows(sql.Rows(query.Sort, false, true, null, most), row => (viewer.Veil(Map(row)), (HitBy)(row.GetString(FirstKey)[0] - '0')), ct, [.. sql.Parameters]);
        }
    }

    /// <summary>Numbers of all of them.</summary>
    public async Task<IReadOnlyCollection<long>> Ids(CustomerQuery query, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var ids = await Of(await Sql(connection, query, ct));
        return ids.Count == 0 && query.Filter.Q.Length > 0 ? await Of(await Sql(connection, query, ct, withErrors: true)) : ids;

        async Task<HashSet<long>> Of(CustomerListSql sql) => [.. await connection.Rows(sql.Segment(), row => row.GetInt64(0), ct, [.. sql.Parameters])];
    }

    /// <summary>All rows in order, streamed.</summary>
    public async IAsyncEnumerable<ListedCustomer> All(CustomerQuery query, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var sql = await Sql(connection, query, ct);
        var count = await Count(connection, sql, query, ct);
        if (count == 0 && query.Filter.Q.Length > 0) { sql = await Sql(connection, query, ct, withErrors: true); }
        var hits = IsHits(query, sql, count);
        await using var command = connection.Command(sql.Rows(query.Sort, query.Descending, hits, null, null), [.. sql.Parameters]);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) { yield return query.Viewer.Veil(Map(reader)); }
    }

    /// <summary>Values of <c>place</c> or <c>category</c> that customers have, in order; the first two hundred.</summary>
    public Task<List<string>> Choices(string column, CancellationToken ct) => remembered.Get($"choices {column}", async () =>
    {
        await using var connection = await database.Open(ct);
        // From one value to the next over the index, not over the customers.
        return await connection.Rows($"""
            with recursive choice (value) as (
                select (select coalesce({column}, '') from customers_customer where coalesce({column}, '') > '' order by coalesce({column}, '') limit 1)
                union all
                select (select coalesce({column}, '') from customers_customer where coalesce({column}, '') > choice.value order by coalesce({column}, '') limit 1) from choice where choice.value is not null)
            select value from choice where value is not null limit 200
            """, row => row.GetString(0), ct);
    });

    /// <summary>Tags that customers carry.</summary>
    public Task<List<string>> Tags(CancellationToken ct) => remembered.Get("tags", async () =>
    {
        await using var connection = await database.Open(ct);
        return await Tag.Offered(connection, ct);
    });

    private static bool IsHits(CustomerQuery query, CustomerListSql sql, long count) =>
        query.Filter.Q.Length > 0 || (!query.IsWhole && count <= CustomerListSql.MostHits && !sql.IsServed(query.Sort));

    /// <summary>Counts beyond this are told as "more than".</summary>
    private static long Most(CustomerQuery query) => query.IsWhole ? long.MaxValue : query.Filter.Q.Length > 0 ? CustomerListSql.MostFound - 1 : CustomerListSql.MostHits;

    private static Task<List<(ListedCustomer Customer, List<string> Keys, long Found)>> Rows(DbConnection connection, CustomerListSql sql, CustomerQuery query, long count, CancellationToken ct)
    {
        // Backwards a page is read in the opposite order and turned.
        var text = sql.Rows(query.Sort, query.Descending != query.Backwards, IsHits(query, sql, count), query.From, query.Limit + 1);
        var parameters = sql.Parameters.Concat(query.From is null ? [] : query.From.Parameters(query.Sort.Keys));
        return connection.Rows(text, row => (Map(row), Keys(row, query.Sort), query.Filter.Q.Length > 0 ? row.GetInt64(FirstKey + query.Sort.Keys.Count) : 0), ct, [.. parameters]);
    }

    /// <summary>The statements behind what is asked.</summary>
    public async Task<CustomerListSql> Sql(DbConnection connection, CustomerQuery query, CancellationToken ct, bool withErrors = false)
    {
        var filter = query.Filter;
        var cut = filter.Top is { } top ? await Cut(connection, top.By, top.Share, ct) : null;
        var zone = filter.Cohort is null && filter.Step is null && filter.Where is null ? TimeZoneInfo.Utc : (await settings.Get<FirmSettings>(ct)).Zone;
        var where = filter.Where is { } asked ? ConditionSql.Of(asked, query.Viewer.Facts, query.Viewer.Looks(Today(zone), zone)) : null;
        return new(database.Kind, query, zone, cut, where) { WithErrors = withErrors, IsFew = filter.Q.Length > 0 && await IsFew(connection, query, ct) };
    }

    /// <summary>Whether a search begins with the customers whom the visitor sees.</summary>
    public async Task<bool> IsFew(DbConnection connection, CustomerQuery query, CancellationToken ct)
    {
        if (query.Viewer.SeesAll) { return false; }
        var sql = new CustomerListSql(database.Kind, query, TimeZoneInfo.Utc, null);
        var seen = await remembered.Get($"seen {query.Viewer.Key}", () => connection.Number(sql.CountSeen, ct, [.. query.Viewer.Parameters]));
        return seen <= CustomerListSql.MostFew;
    }

    /// <summary>
    /// Who meets conditions on facts, as far as they are told, and how long it took to find them. No index may serve them: so they are remembered.
    /// </summary>
    private Task<(List<long> Ids, TimeSpan Took)> Found(CustomerListSql sql, CustomerQuery query, CancellationToken ct) => remembered.Get($"found {Key(query)}", async () =>
    {
        await using var connection = await database.Open(ct);
        var from = clock.GetTimestamp();
        var found = await connection.Rows($"{sql.Segment()} limit {CustomerListSql.MostHits + 1}", row => row.GetInt64(0), ct, [.. sql.Parameters]);
        return (found, clock.GetElapsedTime(from));
    });

    /// <summary>A page where finding or ordering takes long: the first ones in order are remembered, and each of the page's is asked anew whether it still is one of them, and the reader's to see.</summary>
    /// <returns>Null where what is remembered can't say it.</returns>
    private async Task<CustomerPage?> Slice(DbConnection connection, CustomerQuery query, List<long> ids, CancellationToken ct)
    {
        var isWhole = ids.Count <= CustomerListSql.MostHits;
        var ordered = await remembered.Get($"ordered {query.Order} {Key(query)}", async () =>
        {
            var sql = await Sql(connection, query, ct);
            if (isWhole) { sql.Among(ids); }
            return await connection.Rows(sql.Rows(query.Sort, query.Descending, isWhole, null, CustomerListSql.MostHits), row => row.GetInt64(0), ct, [.. sql.Parameters]);
        });
        var at = query.From is { } from ? long.TryParse(from.Values[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? ordered.IndexOf(id) : -1 : -1;
        if ((query.From is not null && at < 0) || at + 1 >= ordered.Count && !query.Backwards) { return null; }
        var begin = query.Backwards ? Math.Max(0, at - query.Limit) : at + 1;
        var end = query.Backwards ? at : Math.Min(ordered.Count, begin + query.Limit);
        var some = await Sql(connection, query, ct);
        some.Among(ordered[begin..end]);
        var rows = await Rows(connection, some, query with { From = null, Backwards = false }, ordered.Count, ct);
        return rows.Count == 0 ? null : new([.. rows.Select(row => query.Viewer.Veil(row.Customer))], begin, Math.Min(ids.Count, Most(query)), !isWhole,
            begin > 0 ? new(query.Order, begin, rows[0].Keys) : null, end < ordered.Count || !isWhole ? new(query.Order, end - 1, rows[^1].Keys) : null);
    }

    /// <summary>How long the first page takes: a walk along an order may meet nobody for long.</summary>
    private async Task<TimeSpan> First(DbConnection connection, CustomerListSql sql, CustomerQuery query, long count, CancellationToken ct) => await remembered.Get($"first {query.Order} {Key(query)}", async () =>
    {
        var from = clock.GetTimestamp();
        await Rows(connection, sql, query with { From = null, Backwards = false }, count, ct);
        return clock.GetElapsedTime(from);
    });

    /// <summary>Same for the same customers, seen by the same.</summary>
    public string Key(CustomerQuery query) => string.Create(CultureInfo.InvariantCulture, $"{query.Filter.Key} {query.Viewer.SeesPersonal} {query.Viewer.Key}{(query.Filter.Where is null ? "" : $" {query.Viewer.UserId} {query.Viewer.Fields.Clear} {Today(TimeZoneInfo.Utc)}")}");

    private DateOnly Today(TimeZoneInfo zone) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(clock.GetUtcNow(), zone).DateTime);

    private Task<long> Count(DbConnection connection, CustomerListSql sql, CustomerQuery query, CancellationToken ct)
    {
        if (query.IsWhole) { return remembered.Get("count", Everyone); }
        var text = sql.Count();
        return remembered.Get($"count {Key(query)}", () => connection.Number(text, ct, [.. sql.Parameters]));

        async Task<long> Everyone()
        {
            // It walks over all of them, too long for a connection that others share.
            await using var own = await database.Open(ct);
            return await own.Number("select count(*) from customers_customer", ct);
        }
    }

    private async Task<(long Value, long Id)?> Cut(DbConnection connection, CustomerSort by, decimal share, CancellationToken ct)
    {
        var buyers = await remembered.Get("buyers", () => connection.Number(CustomerListSql.CountOfBuyers, ct));
        var count = (long)decimal.Floor(buyers * share);
        if (count == 0) { return null; }
        var found = await remembered.Get($"cut {by.Name} {count}", async () =>
            await connection.Rows(CustomerListSql.Cut(by, count), row => (row.GetInt64(0), row.GetInt64(1)), ct));
        return found.Count > 0 ? found[0] : null;
    }

    internal static ListedCustomer Map(DbDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetString(2), (CustomerKind)row.GetInt16(3), row.TextOrNull(4), row.TextOrNull(5), row.TextOrNull(6), row.At(7),
        (Tier)row.GetInt16(8), (BuyingStage)row.GetInt16(9), row.Amount(10), row.Amount(11), row.GetInt32(12), row.At(13), row.At(14), row.GetDouble(15), row.Amount(16), row.Amount(17), row.TextOrNull(18), (PermissionStage)row.GetInt32(19));

    private static List<string> Keys(DbDataReader row, CustomerSort sort)
    {
        var keys = new List<string>(sort.Keys.Count + 1);
        for (var i = 0; i < sort.Keys.Count; i++) { keys.Add(sort.Keys[i].Read(row, FirstKey + i)); }
        keys.Add(row.GetInt64(0).ToString(CultureInfo.InvariantCulture));
        return keys;
    }
}
