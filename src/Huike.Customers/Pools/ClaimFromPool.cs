using System.Data.Common;
using System.Globalization;
using Huike.Platform;
using Huike.Platform.Access;
using Huike.Platform.Access.Records;
using Huike.Platform.Audit;
using Huike.Platform.Calendar;
using Huike.Platform.Data;
using Huike.Platform.Settings;

namespace Huike.Customers.Pools;

/// <summary>What somebody wants of a pool.</summary>
/// <param name="PoolId">Which pool.</param>
/// <param name="Customers">Whom; none: the next best ones.</param>
/// <param name="Count">How many of the next best.</param>
/// <param name="ByValue">The next best are the most valuable; otherwise those who wait longest. True only for one to whom the pool shows values.</param>
/// <param name="Key">Sent twice under one, it is done once.</param>
internal sealed record PoolWish(long PoolId, IReadOnlyList<long> Customers, int Count, bool ByValue, FormKey Key);

/// <summary>What came of it.</summary>
/// <param name="Claimed">Whose they are now.</param>
/// <param name="Gone">Those that somebody else had by then.</param>
internal sealed record PoolCatch(IReadOnlyList<long> Claimed, IReadOnlyList<long> Gone);

/// <summary>领取: takes customers out of a pool, each to exactly one. Quota, capacity and cooling-off are looked at in the same transaction under a lock on the claimer, so that a refused claim has used nothing.</summary>
internal sealed class ClaimFromPool(Database database, ChangeHands hands, Calendars calendars, AuditLog audit, TimeProvider clock)
{
    /// <summary>Claimed at once.</summary>
    public const int Most = 100;

    /// <exception cref="RuleException"><c>pools.pool.unknown</c>, <c>pools.closed</c>, <c>pools.many</c>, <c>pools.gone</c>: somebody was faster, <c>pools.none</c>: nobody waits, <c>pools.quota</c>, <c>pools.capacity</c>, <c>pools.cooling</c>.</exception>
    public async Task<PoolCatch> Run(UserAccess access, PoolWish wish, CancellationToken ct)
    {
        var wanted = wish.Customers.Count > 0 ? wish.Customers.Distinct().ToList() : [];
        if (wanted.Count > Most || (wanted.Count == 0 && wish.Count is < 1 or > Most)) { throw new RuleException("pools.many", Most); }
        // Before the transaction: of many who wait for a customer each holds one connection, and none may need a second.
        var time = (await calendars.OfPerson(access.UserId, ct)).Time;
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var pool = await Pool.Demand(connection, access, wish.PoolId, PoolRole.Member, ct);
        if (!pool.IsOpen) { throw new RuleException("pools.closed"); }
        await Hold(connection, access.UserId, ct);
        var me = await Owner.Find(connection, access.UserId, ct) ?? throw new RuleException("access.record.refused");
        if (await Before(connection, me.Id, wish.Key, ct) is { Count: > 0 } before) { return new(before, []); }
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(clock.GetUtcNow(), time.Zone).DateTime);
        var cooling = pool.Rules.CoolingDays == 0 ? (DateTimeOffset?)null : LocalDay.Begin(FirstOf(time, today, pool.Rules.CoolingDays), time.Zone);
        await Demand(connection, pool, me.Id, LocalDay.Begin(today, time.Zone), wanted.Count > 0 ? wanted.Count : wish.Count, ct);
        var held = await Held(connection, pool, me.Id, wanted, wish, cooling, ct);
        if (held.Count == 0) { throw new RuleException(wanted.Count == 0 ? "pools.none" : wanted.Count == 1 && await Cools(connection, me.Id, wanted[0], cooling, ct) ? "pools.cooling" : "pools.gone"); }
        var entries = await hands.Run(connection, held, new(HandCause.Claimed, me, null) { Key = wish.Key.Value }, ct);
        await audit.WriteAll(connection, entries, ct);
        await transaction.CommitAsync(ct);
        return new(held, [.. wanted.Except(held)]);
    }

    /// <summary>The first day such that so many working days have not passed since.</summary>
    public static DateOnly FirstOf(WorkingTime time, DateOnly today, int days)
    {
        var first = today;
        while (first.Year > WorkingTime.FirstYear && time.AddDays(first.AddDays(-1), days) >= today) { first = first.AddDays(-1); }
        return first;
    }

    /// <summary>One claim of a person at a time. SQLite has one writer anyway.</summary>
    private static Task<int> Hold(DbConnection connection, long user, CancellationToken ct) =>
        connection.Kind() == DatabaseKind.Postgres ? connection.Run("select id from platform_user where id = @user for no key update", ct, ("user", user)) : Task.FromResult(0);

    private static Task<List<long>> Before(DbConnection connection, long me, FormKey key, CancellationToken ct) =>
        connection.Rows($"select customer_id from {Hand.Table} where form_key = @key and to_id = @me order by customer_id", row => row.GetInt64(0), ct, ("key", key.Value), ("me", me));

    /// <summary>Who takes several gets all that are free, or hears how many he may take.</summary>
    private static async Task Demand(DbConnection connection, Pool pool, long me, DateTimeOffset begin, int count, CancellationToken ct)
    {
        if (pool.Rules.Quota is { } quota)
        {
            var used = await connection.Number($"select count(*) from {Hand.Table} where to_id = @me and from_pool = @pool and at >= @begin and cause = {(int)HandCause.Claimed}", ct, ("me", me), ("pool", pool.Id), ("begin", begin));
            if (used + count > quota) { throw new RuleException("pools.quota", quota, Math.Max(0, quota - used)); }
        }
        if (pool.Rules.CapacityOfAll is { } all && await connection.Number("select count(*) from customers_customer where owner_id = @me", ct, ("me", me)) is var owned && owned + count > all) { throw new RuleException("pools.capacity", all, Math.Max(0, all - owned)); }
        if (pool.Rules.Capacity is not { } most) { return; }
        var of = await connection.Number($"select count(distinct c.id) from {Hand.Table} h join customers_customer c on c.id = h.customer_id where h.to_id = @me and h.from_pool = @pool and c.owner_id = @me", ct, ("me", me), ("pool", pool.Id));
        if (of + count > most) { throw new RuleException("pools.capacity", most, Math.Max(0, most - of)); }
    }

    /// <summary>Holds those that are free, whoever else is about to take them: of two at once PostgreSQL looks again after it waited, or passes over what another holds.</summary>
    private static Task<List<long>> Held(DbConnection connection, Pool pool, long me, List<long> wanted, PoolWish wish, DateTimeOffset? cooling, CancellationToken ct)
    {
        var cool = cooling is null ? "" : $" and not exists (select 1 from {Hand.Table} h where h.customer_id = c.id and h.from_id = @me and h.to_pool is not null and h.at >= @cooling)";
        var byValue = wanted.Count == 0 && wish.ByValue;
        var some = wanted.Count > 0 ? $" and c.id in ({string.Join(',', wanted.Select(id => id.ToString(CultureInfo.InvariantCulture)))})" : "";
        var order = wanted.Count > 0 ? "c.id" : byValue ? "s.lifetime desc, c.id" : "c.pooled_at, c.id";
        var hold = connection.Kind() == DatabaseKind.Sqlite ? "" : wanted.Count > 0 ? " for no key update of c" : " for no key update of c skip locked";
        return connection.Rows($"select c.id from customers_customer c{(byValue ? " join customers_standing s on s.customer_id = c.id" : "")} where c.pool_id = @pool and c.owner_id is null{some}{cool} order by {order} limit {(wanted.Count > 0 ? wanted.Count : wish.Count)}{hold}",
            row => row.GetInt64(0), ct, cooling is null ? [("pool", pool.Id)] : [("pool", pool.Id), ("me", me), ("cooling", cooling)]);
    }

    private static async Task<bool> Cools(DbConnection connection, long me, long customer, DateTimeOffset? cooling, CancellationToken ct) =>
        cooling is not null && await connection.Number($"select count(*) from {Hand.Table} where customer_id = @customer and from_id = @me and to_pool is not null and at >= @cooling", ct, ("customer", customer), ("me", me), ("cooling", cooling)) > 0;
}
