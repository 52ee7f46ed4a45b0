using System.Data.Common;
using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Platform.Access;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Events;

namespace Huike.Customers.Pools;

/// <summary>Whose customers become, and why.</summary>
/// <param name="Cause">Why.</param>
/// <param name="To">Who looks after them; null: nobody.</param>
/// <param name="Pool">In which pool they wait; null: in none.</param>
internal sealed record NewHands(HandCause Cause, Owner? To, Pool? Pool)
{
    /// <summary>What somebody wrote; empty: nothing was asked.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Who does it; null: the request's user.</summary>
    public string? By { get; init; }

    /// <summary>The form or wish that it came by; null: none.</summary>
    public string? Key { get; init; }

    /// <summary>By customer, what each went without; none where that was not why.</summary>
    public IReadOnlyDictionary<long, Departure> Because { get; init; } = new Dictionary<long, Departure>();
}

/// <summary>换手: the one piece by which customers change hands, one or ten thousand: owner, unit, pool, history and event of all of them, in a few statements.</summary>
internal sealed class ChangeHands(EventLog events, AuditLog audit, TimeProvider clock)
{
    private const int AtOnce = 500;

    /// <summary>Holds the customers, and changes those whose owner or pool is another one.</summary>
    /// <param name="connection">Holds the caller's transaction and, on SQLite, the turn to write.</param>
    /// <param name="ids">Which customers.</param>
    /// <param name="hands">Whose they become, and why.</param>
    /// <param name="ct">Ends the write.</param>
    /// <returns>One entry for each that changed; the caller writes them last.</returns>
    public async Task<List<AuditEntry>> Run(DbConnection connection, IReadOnlyCollection<long> ids, NewHands hands, CancellationToken ct)
    {
        var entries = new List<AuditEntry>(ids.Count);
        foreach (var some in ids.Order().Chunk(AtOnce)) { await Some(connection, some, hands, entries, ct); }
        return entries;
    }

    /// <summary>What the history keeps of one that was extended: nothing else changes.</summary>
    public Task<int> Extended(DbConnection connection, long customer, long owner, int days, string reason, CancellationToken ct) => connection.Run(
        $"insert into {Hand.Table} (customer_id, at, by, from_id, to_id, cause, days, reason) values (@id, @at, @by, @owner, @owner, @cause, @days, @reason)", ct,
        ("id", customer), ("at", clock.GetUtcNow()), ("by", audit.Who), ("owner", owner), ("cause", HandCause.Extended), ("days", days), ("reason", reason));

    private async Task Some(DbConnection connection, long[] some, NewHands hands, List<AuditEntry> entries, CancellationToken ct)
    {
        var list = string.Join(',', some);
        if (connection.Kind() == DatabaseKind.Postgres) { await connection.Run($"select id from customers_customer where id in ({list}) order by id for no key update", ct); }
        var old = await connection.Rows($"select c.id, c.owner_id, p.user_name, c.pool_id, q.name from customers_customer c left join platform_user p on p.id = c.owner_id left join customers_pool q on q.id = c.pool_id where c.id in ({list}) order by c.id",
            row => (Id: row.GetInt64(0), Owner: row.IsDBNull(1) ? (long?)null : row.GetInt64(1), Name: row.TextOrNull(2), Pool: row.IsDBNull(3) ? (long?)null : row.GetInt64(3), PoolName: row.TextOrNull(4)), ct);
        old.RemoveAll(one => one.Owner == hands.To?.Id && one.Pool == hands.Pool?.Id);
        if (old.Count == 0) { return; }
        var now = clock.GetUtcNow();
        await connection.Run($"update customers_customer set owner_id = @owner, unit_id = @unit, pool_id = @pool, pooled_at = @pooled, version = version + 1 where id in ({string.Join(',', old.Select(one => one.Id))})", ct,
            ("owner", hands.To?.Id), ("unit", hands.To?.UnitId), ("pool", hands.Pool?.Id), ("pooled", hands.Pool is null ? null : now));
        await Keep(connection, [.. old.Select(one => (one.Id, one.Owner, one.Pool))], hands, now, ct);
        await events.RaiseAll(connection, [.. old.Where(one => one.Owner != hands.To?.Id).Select(one => new CustomerAssigned(one.Id, one.Owner, hands.To?.Id) { IsTold = hands.Cause == HandCause.HandedOver })], ct);
        foreach (var one in old)
        {
            List<AuditChange> changes = [];
            if (one.Owner != hands.To?.Id) { changes.Add(new("owner", one.Name, hands.To?.Name)); }
            if (one.Pool != hands.Pool?.Id) { changes.Add(new("pool", one.PoolName, hands.Pool?.Name)); }
            if (hands.Cause != HandCause.Assigned) { changes.Add(AuditChange.Is("cause", CustomerFilter.Kebab(hands.Cause))); }
            if (hands.Because.GetValueOrDefault(one.Id) is { } because)
            {
                changes.AddRange([AuditChange.Is("lack", CustomerFilter.Kebab(because.Lack)), AuditChange.Is("since", Text(because.Since)), AuditChange.Is("workingDays", because.Days)]);
            }
            entries.Add(Audited.Customer("record.assigned", one.Id, changes) with { Reason = hands.Reason });
        }
    }

    private Task<int> Keep(DbConnection connection, IReadOnlyList<(long Id, long? Owner, long? Pool)> old, NewHands hands, DateTimeOffset now, CancellationToken ct)
    {
        // Numbers of ours, and days: nothing foreign gets into the text.
        var rows = old.Select(one =>
        {
            var because = hands.Because.GetValueOrDefault(one.Id);
            var (lack, since, days) = because is null ? ("null", "null", "null") : (Number((int)because.Lack), $"'{Text(because.Since)}'", Number(because.Days));
            return $"({Number(one.Id)}, @at, @by, {Number(one.Owner)}, {Number(hands.To?.Id)}, {Number(one.Pool)}, {Number(hands.Pool?.Id)}, {Number((int)hands.Cause)}, {lack}, {since}, {days}, @reason, @key)";
        });
        return connection.Run($"insert into {Hand.Table} (customer_id, at, by, from_id, to_id, from_pool, to_pool, cause, lack, since_on, days, reason, form_key) values {string.Join(", ", rows)}", ct,
            ("at", now), ("by", hands.By ?? audit.Who), ("reason", hands.Reason), ("key", hands.Key));
    }

    private static string Number(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "null";

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
