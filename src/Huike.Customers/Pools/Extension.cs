using System.Data.Common;
using System.Globalization;
using Huike.Platform.Data;

namespace Huike.Customers.Pools;

/// <summary>How a request to keep a customer for longer stands.</summary>
internal enum ExtensionState
{
    /// <summary>Nobody has decided.</summary>
    Open = 0,

    /// <summary>The customer stays for so long.</summary>
    Granted = 1,

    /// <summary>The customer goes when it would.</summary>
    Refused = 2,
}

/// <summary>延期申请: an owner asks to keep a customer who would go back to a pool.</summary>
internal sealed record Extension(long Id, long CustomerId, string Customer, long PoolId, string Pool, (long Id, string Name) Owner, int Days, string Reason, ExtensionState State, DateTimeOffset AskedAt, DateOnly? Until, string? DecidedBy, string Answer)
{
    public const string Table = "customers_pool_extension";

    public const int LongestReason = 400;

    private const string Query = $"""
        select e.id, e.customer_id, case when c.name <> '' then c.name else c.number end, e.pool_id, p.name, e.owner_id, coalesce(nullif(u.display_name, ''), u.user_name, ''), e.days, e.reason, e.state, e.asked_at, e.until_on, e.decided_by, e.answer
        from {Table} e join customers_customer c on c.id = e.customer_id join customers_pool p on p.id = e.pool_id left join platform_user u on u.id = e.owner_id
        """;

    /// <summary>Those that wait, of whom the reader decides.</summary>
    public static async Task<List<Extension>> Waiting(DbConnection connection, long reader, IReadOnlyList<Pool> administers, CancellationToken ct) => await connection.Rows($"""
        {Query} where e.state = 0 and e.owner_id <> @reader and (e.pool_id in ({string.Join(',', administers.Select(pool => pool.Id.ToString(CultureInfo.InvariantCulture)).DefaultIfEmpty("-1"))})
            or exists (select 1 from platform_unit led where led.id = u.unit_id and led.leader_id = @reader)) order by e.id limit 100
        """, Map, ct, ("reader", reader));

    public static Task<Extension?> Find(DbConnection connection, long id, CancellationToken ct) => connection.First($"{Query} where e.id = @id", Map, ct, ("id", id));

    /// <summary>Those of one customer, the newest first.</summary>
    public static Task<List<Extension>> Of(DbConnection connection, long customer, CancellationToken ct) => connection.Rows($"{Query} where e.customer_id = @id order by e.id desc limit 20", Map, ct, ("id", customer));

    private static Extension Map(DbDataReader row) => new(row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetInt64(3), row.GetString(4), (row.GetInt64(5), row.GetString(6)), row.GetInt32(7), row.GetString(8), (ExtensionState)row.GetInt16(9), row.At(10),
        row.TextOrNull(11) is { } day ? DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture) : null, row.TextOrNull(12), row.GetString(13));
}
