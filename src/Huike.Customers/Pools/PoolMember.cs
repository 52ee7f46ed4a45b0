using System.Data.Common;
using Huike.Platform.Data;

namespace Huike.Customers.Pools;

/// <summary>Somebody, or everybody of a unit and those below it, who belongs to a pool.</summary>
/// <param name="Id">Number of the entry; 0 while it is new.</param>
/// <param name="UserId">Who; null: a unit.</param>
/// <param name="UnitId">Which unit; null: one person.</param>
/// <param name="Name">What it is called; the sign-in name of a person.</param>
/// <param name="IsAdministrator">Assigns and puts in as well.</param>
internal sealed record PoolMember(long Id, long? UserId, long? UnitId, string Name, bool IsAdministrator)
{
    public const int Most = 500;
    public static Task<List<PoolMember>> Of(DbConnection connection, long pool, CancellationToken ct) => connection.Rows($"""
        select m.id, m.user_id, m.unit_id, coalesce(p.user_name, u.name, ''), m.is_admin from customers_pool_member m left join platform_user p on p.id = m.user_id left join platform_unit u on u.id = m.unit_id
        where m.pool_id = @pool order by m.id limit {Most}
        """, row => new PoolMember(row.GetInt64(0), row.IsDBNull(1) ? null : row.GetInt64(1), row.IsDBNull(2) ? null : row.GetInt64(2), row.GetString(3), row.GetBoolean(4)), ct, ("pool", pool));

    /// <summary>The first open pool that somebody belongs to: there his customers return; null: he belongs to none.</summary>
    public static async Task<long?> Home(DbConnection connection, long user, CancellationToken ct) => await connection.Number("""
        with recursive above (unit_id, depth) as (
            select own.unit_id, 0 from (select unit_id from platform_user where id = @user union all select unit_id from platform_user_unit where user_id = @user) own
            union all select u.parent_id, a.depth + 1 from platform_unit u join above a on a.unit_id = u.id where u.parent_id is not null and a.depth < 1000)
        select m.pool_id from customers_pool_member m join customers_pool p on p.id = m.pool_id where p.is_open and (m.user_id = @user or m.unit_id in (select unit_id from above)) order by p.position, p.id limit 1
        """, ct, ("user", user)) is > 0 and var home ? home : null;

    /// <summary>The same of each person who belongs to one.</summary>
    public static async Task<Dictionary<long, long>> Homes(DbConnection connection, CancellationToken ct)
    {
        var rows = await connection.Rows($"""
            with recursive below (pool_id, position, unit_id, depth) as (
                select m.pool_id, p.position, m.unit_id, 0 from customers_pool_member m join customers_pool p on p.id = m.pool_id where m.unit_id is not null and p.is_open
                union all select b.pool_id, b.position, u.id, b.depth + 1 from platform_unit u join below b on u.parent_id = b.unit_id where b.depth < 1000)
            select belonging.user_id, belonging.pool_id from (
                select m.user_id, m.pool_id, p.position from customers_pool_member m join customers_pool p on p.id = m.pool_id where m.user_id is not null and p.is_open
                union select u.id, b.pool_id, b.position from platform_user u join below b on b.unit_id = u.unit_id
                union select u.user_id, b.pool_id, b.position from platform_user_unit u join below b on b.unit_id = u.unit_id) belonging
            order by belonging.position desc, belonging.pool_id desc
            """, row => (User: row.GetInt64(0), Pool: row.GetInt64(1)), ct);
        var homes = new Dictionary<long, long>();
        // The first pool is written last.
        foreach (var (user, pool) in rows) { homes[user] = pool; }
        return homes;
    }
}
