using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Huike.Platform;
using Huike.Platform.Access;
using Huike.Platform.Audit;
using Huike.Platform.Data;

namespace Huike.Customers.Pools;

/// <summary>A pool as somebody wants it.</summary>
/// <param name="Name">1 to 100 characters.</param>
/// <param name="Position">Its place among pools.</param>
/// <param name="IsOpen">Whether one claims from it and returns into it.</param>
/// <param name="Rules">What holds in it.</param>
/// <param name="People">Sign-in names of members.</param>
/// <param name="Administrators">Sign-in names of administrators.</param>
/// <param name="Units">Numbers of units whose people are members.</param>
internal sealed record PoolDraft(string Name, int Position, bool IsOpen, PoolRules Rules, IReadOnlyList<string> People, IReadOnlyList<string> Administrators, IReadOnlyList<long> Units);

/// <summary>Makes a pool, or changes it.</summary>
internal sealed class SavePool(AuditLog audit, PoolDays days, TimeProvider clock)
{
    /// <summary>How pools stand in the audit.</summary>
    public static readonly AuditedKind Kind = new("pool", "pools.audit.pool", PoolEndpoints.Path + "/{0}", "pools.field.");

    /// <param name="id">Which; 0: a new one.</param>
    /// <param name="version">That was read; null: any.</param>
    /// <param name="wanted">What it becomes.</param>
    /// <param name="key">Sent twice under one, it makes one.</param>
    /// <param name="ct">Ends the write.</param>
    /// <exception cref="RuleException"><c>pools.name</c>, <c>pools.most</c>, <c>pools.members</c>, <c>pools.pool.unknown</c>, <c>customers.edit.stale</c>, <c>access.user.nameUnknown</c>, <c>access.unit.unknown</c>; those of <see cref="PoolRules.Demanded"/>.</exception>
    public async Task<long> Run(long id, int? version, PoolDraft wanted, FormKey key, CancellationToken ct)
    {
        var name = TypedText.Clean(wanted.Name);
        if (name.Length is 0 or > Pool.LongestName) { throw new RuleException("pools.name", Pool.LongestName); }
        var rules = wanted.Rules.Demanded();
        var today = (await days.Today(ct)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        await audit.Change(async connection =>
        {
            if (connection.Kind() == DatabaseKind.Postgres) { await connection.Run("lock table customers_pool in share row exclusive mode", ct); }
            if (id == 0 && await connection.Number("select id from customers_pool where form_key = @key", ct, ("key", key.Value)) is > 0 and var made)
            {
                id = made;
                return null;
            }
            var old = id == 0 ? null : await Pool.Find(connection, id, ct);
            if (old is not null && version is { } read && read != old.Version) { throw new RuleException("customers.edit.stale"); }
            if (old is null && await connection.Number("select count(*) from customers_pool", ct) >= Pool.Most) { throw new RuleException("pools.most", Pool.Most); }
            (string, object?)[] values = [("name", name), ("position", wanted.Position), ("open", wanted.IsOpen), ("rules", rules.Write()), ("today", today)];
            if (old is null)
            {
                id = await connection.Number("insert into customers_pool (name, position, is_open, rules, rules_on, version, created_at, created_by, form_key) values (@name, @position, @open, @rules, @today, 1, @at, @by, @key) returning id", ct, [.. values, ("at", clock.GetUtcNow()), ("by", audit.Who), ("key", key.Value)]);
            }
            else
            {
                // Whoever would go by the new rules is warned first.
                var isSame = IsSame(old.Rules, rules) && old.IsOpen == wanted.IsOpen;
                await connection.Run($"update customers_pool set name = @name, position = @position, is_open = @open, rules = @rules, version = version + 1{(isSame ? "" : ", rules_on = @today")} where id = @id", ct, [.. isSame ? values[..^1] : values, ("id", id)]);
            }
            var (before, now) = await Members(connection, id, wanted, ct);
            return new AuditEntry(old is null ? "pool.added" : "pool.changed")
            {
                Kind = Kind.Name,
                Record = id,
                Changes = [.. AuditChange.Between(old is null ? "{}" : Written(old.Name, old.Position, old.IsOpen, before, old.Rules), Written(name, wanted.Position, wanted.IsOpen, now, rules))],
            };
        }, ct);
        return id;
    }

    private static bool IsSame(PoolRules old, PoolRules now) =>
        (old with { Places = [], Categories = [], Quota = null, Capacity = null, CapacityOfAll = null, Shown = 1 }).Write() == (now with { Places = [], Categories = [], Quota = null, Capacity = null, CapacityOfAll = null, Shown = 1 }).Write();

    private static string Written(string name, int position, bool isOpen, string members, PoolRules rules)
    {
        var fields = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(rules.Write())!;
        fields["name"] = JsonSerializer.SerializeToElement(name);
        fields["position"] = JsonSerializer.SerializeToElement(position);
        fields["isOpen"] = JsonSerializer.SerializeToElement(isOpen);
        fields["members"] = JsonSerializer.SerializeToElement(members);
        return JsonSerializer.Serialize(fields);
    }

    /// <returns>Members before and now, as the audit names them.</returns>
    private static async Task<(string Before, string Now)> Members(DbConnection connection, long pool, PoolDraft wanted, CancellationToken ct)
    {
        if (wanted.People.Count + wanted.Administrators.Count + wanted.Units.Count > PoolMember.Most) { throw new RuleException("pools.members", PoolMember.Most); }
        var before = Names(await PoolMember.Of(connection, pool, ct));
        await connection.Run("delete from customers_pool_member where pool_id = @pool", ct, ("pool", pool));
        foreach (var (name, isAdministrator) in wanted.Administrators.Select(name => (name, true)).Concat(wanted.People.Except(wanted.Administrators).Select(name => (name, false))).DistinctBy(one => one.name))
        {
            await connection.Run("insert into customers_pool_member (pool_id, user_id, is_admin) values (@pool, @user, @admin)", ct, ("pool", pool), ("user", (await Owner.Find(connection, name, ct)).Id), ("admin", isAdministrator));
        }
        foreach (var unit in wanted.Units.Distinct())
        {
            if (await connection.Run("insert into customers_pool_member (pool_id, unit_id, is_admin) select @pool, id, @admin from platform_unit where id = @unit", ct, ("pool", pool), ("unit", unit), ("admin", false)) == 0) { throw new RuleException("access.unit.unknown", unit); }
        }
        return (before, Names(await PoolMember.Of(connection, pool, ct)));

        static string Names(IEnumerable<PoolMember> members) => string.Join(", ", members.Select(member => member.Name + (member.IsAdministrator ? " *" : "")));
    }
}
