using System.Globalization;
using System.Runtime.CompilerServices;
using Huike.Platform;
using Huike.Platform.Data;
using Huike.Platform.Settings;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers.Pools;

/// <summary>What is asked of a pool's history.</summary>
/// <param name="Cause">Changes of this cause alone; null: all.</param>
/// <param name="Person">From or to this one alone; null: anybody.</param>
/// <param name="Bought">Of those who were claimed, whoever bought after it.</param>
/// <param name="From">The first day; null: from the beginning.</param>
/// <param name="To">The last day; null: until now.</param>
/// <param name="Before">Older than this one; null: from the newest.</param>
internal sealed record HandQuery(HandCause? Cause, long? Person, bool Bought, DateOnly? From, DateOnly? To, long? Before)
{
    /// <exception cref="RuleException"><c>customers.filter.wrong</c>.</exception>
    public static HandQuery Read(IQueryCollection query)
    {
        return new(Text("cause") is { } cause ? TypedText.Chosen<HandCause>(cause, "pools.filter.wrong") : null, Number("person"), Text("bought") == "true", Day("since"), Day("until"), Number("before"));

        string? Text(string name) => query[name].ToString() is { Length: > 0 } text ? text : null;

        long? Number(string name) => Text(name) is not { } text ? null : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new RuleException("pools.filter.wrong");

        DateOnly? Day(string name) => Text(name) is not { } text ? null : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : throw new RuleException("pools.filter.wrong");
    }

    public IEnumerable<(string Name, string Value)> Pairs()
    {
        if (Cause is { } cause) { yield return ("cause", CustomerFilter.Kebab(cause)); }
        if (Person is { } person) { yield return ("person", person.ToString(CultureInfo.InvariantCulture)); }
        if (Bought) { yield return ("bought", "true"); }
        if (From is { } from) { yield return ("since", from.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)); }
        if (To is { } to) { yield return ("until", to.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)); }
    }
}

/// <summary>What a pool came to with one person.</summary>
/// <param name="Id">Who; 0: nobody.</param>
/// <param name="Name">Shown name.</param>
/// <param name="Claimed">How many were claimed or assigned from it.</param>
/// <param name="Bought">How many of those bought afterwards, while they were this one's.</param>
/// <param name="Returned">How many went back by the rules.</param>
/// <param name="GivenBack">How many this one gave back.</param>
internal sealed record PoolFigures(long Id, string Name, long Claimed, long Bought, long Returned, long GivenBack);

/// <summary>Reads the history of pools, and figures of it.</summary>
internal sealed class HandList(Database database, SettingsStore settings)
{
    public const int Most = 50;

    /// <summary>Bought after it was claimed, before it changed hands again.</summary>
    private const string BoughtAfter = $"""
        exists (select 1 from customers_transaction t where t.customer_id = h.customer_id and t.at > h.at and not t.is_return
            and t.at < coalesce((select min(n.at) from {Hand.Table} n where n.customer_id = h.customer_id and n.at > h.at and n.from_id = h.to_id and (n.to_id is null or n.to_id <> h.to_id)), @end))
        """;

    /// <summary>Later than any purchase.</summary>
    private static readonly DateTimeOffset End = new(2200, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The newest first; one more than <see cref="Most"/> where there are more.</summary>
    public async Task<List<Hand>> Page(Pool pool, HandQuery query, (Viewer Viewer, long User) reader, CancellationToken ct)
    {
        var rows = new List<Hand>();
        await foreach (var row in Read(pool, query, reader, Most + 1, ct)) { rows.Add(row); }
        return rows;
    }

    /// <summary>All of them that the reader sees, streamed: of customers in his scope, of those that wait in the pool, and of what he himself had.</summary>
    public async IAsyncEnumerable<Hand> Read(Pool pool, HandQuery query, (Viewer Viewer, long User) reader, int? limit, [EnumeratorCancellation] CancellationToken ct)
    {
        var zone = (await settings.Get<FirmSettings>(ct)).Zone;
        var (tests, parameters) = Tests(pool, query, zone);
        if (!reader.Viewer.SeesAll)
        {
            tests.Add($"(({reader.Viewer.Sql("c")}){(pool.Role == PoolRole.Administrator ? " or c.pool_id = @pool" : "")} or h.from_id = @reader or h.to_id = @reader)");
            parameters.AddRange([("reader", reader.User), .. reader.Viewer.Parameters]);
        }
        await using var connection = await database.Open(ct);
        await using var command = connection.Command($"select {Hand.Columns} from {Hand.Table} h {Hand.Joins} where {string.Join(" and ", tests)} order by h.id desc{(limit is null ? "" : $" limit {limit}")}", [.. parameters]);
        await using var reading = await command.ExecuteReaderAsync(ct);
        while (await reading.ReadAsync(ct)) { yield return Hand.Map(reading); }
    }

    /// <summary>By person, of a span of days; most claims first.</summary>
    public async Task<List<PoolFigures>> Figures(Pool pool, DateOnly from, DateOnly to, CancellationToken ct)
    {
        var zone = (await settings.Get<FirmSettings>(ct)).Zone;
        await using var connection = await database.Open(ct);
        return await connection.Rows($"""
            select f.person, coalesce(nullif(p.display_name, ''), p.user_name, ''), cast(sum(f.claimed) as bigint), cast(sum(f.bought) as bigint), cast(sum(f.returned) as bigint), cast(sum(f.back) as bigint) from (
                select h.to_id as person, 1 as claimed, case when {BoughtAfter} then 1 else 0 end as bought, 0 as returned, 0 as back from {Hand.Table} h where h.from_pool = @pool and h.to_id is not null and h.at >= @from and h.at < @to
                union all
                select h.from_id, 0, 0, case when h.cause = {(int)HandCause.Returned} then 1 else 0 end, case when h.cause = {(int)HandCause.GivenBack} then 1 else 0 end from {Hand.Table} h where h.to_pool = @pool and h.from_id is not null and h.at >= @from and h.at < @to) f
            left join platform_user p on p.id = f.person group by f.person, p.display_name, p.user_name order by 3 desc, 5 desc, 1 limit 500
            """, row => new PoolFigures(row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5)), ct,
            ("pool", pool.Id), ("from", LocalDay.Begin(from, zone)), ("to", LocalDay.After(to, zone)), ("end", End));
    }

    private static (List<string> Tests, List<(string, object?)> Parameters) Tests(Pool pool, HandQuery query, TimeZoneInfo zone)
    {
        List<string> tests = ["(h.from_pool = @pool or h.to_pool = @pool)"];
        List<(string, object?)> parameters = [("pool", pool.Id)];
        On(query.Cause, "h.cause = @cause", "cause");
        On(query.Person, "(h.from_id = @person or h.to_id = @person)", "person");
        On(query.From is { } from ? LocalDay.Begin(from, zone) : null, "h.at >= @from", "from");
        On(query.To is { } to ? LocalDay.After(to, zone) : null, "h.at < @to", "to");
        On(query.Before, "h.id < @before", "before");
        if (query.Bought)
        {
            tests.Add($"h.from_pool = @pool and h.to_id is not null and {BoughtAfter}");
            parameters.Add(("end", End));
        }
        return (tests, parameters);

        void On(object? value, string test, string name)
        {
            if (value is null) { return; }
            tests.Add(test);
            parameters.Add((name, value));
        }
    }
}
