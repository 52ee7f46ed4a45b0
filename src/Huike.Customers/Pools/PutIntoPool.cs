using System.Data.Common;
using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Access;
using Huike.Platform.Access.Records;
using Huike.Platform.Audit;
using Huike.Platform.Data;

namespace Huike.Customers.Pools;

/// <summary>Puts customers into a pool: an owner gives his back, whoever may assign a customer puts it in; and an administrator assigns from the pool.</summary>
internal sealed class PutIntoPool(RecordPolicy policy, ChangeHands hands, AuditLog audit)
{
    private const int Most = 500;

    /// <summary>1 to 400 characters.</summary>
    /// <exception cref="RuleException"><c>pools.reason</c>.</exception>
    public static string Reason(string? typed) => TypedText.Clean(typed) is { Length: > 0 and <= Extension.LongestReason } reason ? reason : throw new RuleException("pools.reason", Extension.LongestReason);

    /// <summary>Of one's own it is given back; of others' it needs the right to assign each of them. All or none. What waits there already stays.</summary>
    /// <exception cref="RuleException"><c>pools.pool.unknown</c>, <c>pools.reason</c>, <c>pools.many</c>, <c>customers.customer.unknown</c>, <c>access.record.refused</c>.</exception>
    public async Task<int> Run(UserAccess access, long poolId, IReadOnlyCollection<long> ids, string? reason, CancellationToken ct)
    {
        var why = Reason(reason);
        if (ids.Count is 0 or > Most) { throw new RuleException("pools.many", Most); }
        return await audit.ChangeAll(async connection =>
        {
            var pool = await Pool.Demand(connection, access, poolId, PoolRole.Member, ct);
            var owned = await Owned(connection, ids, access.UserId, ct);
            foreach (var id in ids.Except(owned)) { await Demand(connection, access, id, ct); }
            var entries = await hands.Run(connection, owned, new(HandCause.GivenBack, null, pool) { Reason = why }, ct);
            entries.AddRange(await hands.Run(connection, [.. ids.Except(owned)], new(HandCause.PutIn, null, pool) { Reason = why }, ct));
            return entries;
        }, ct);
    }

    /// <summary>An administrator of the pool gives some of those who wait to somebody, whatever quota and cooling-off say.</summary>
    /// <exception cref="RuleException"><c>pools.pool.unknown</c>, <c>access.record.refused</c>, <c>access.user.nameUnknown</c>, <c>pools.gone</c>: one of them doesn't wait there any more; <c>pools.many</c>.</exception>
    public async Task<int> Assign(UserAccess access, long poolId, IReadOnlyCollection<long> ids, string owner, CancellationToken ct)
    {
        if (ids.Count is 0 or > Most) { throw new RuleException("pools.many", Most); }
        return await audit.ChangeAll(async connection =>
        {
            await Pool.Demand(connection, access, poolId, PoolRole.Administrator, ct);
            var to = await Owner.Find(connection, owner, ct);
            var hold = connection.Kind() == DatabaseKind.Postgres ? " for no key update" : "";
            var held = await connection.Rows($"select id from customers_customer where id in ({string.Join(',', ids)}) and pool_id = @pool and owner_id is null order by id{hold}", row => row.GetInt64(0), ct, ("pool", poolId));
            if (held.Count < ids.Distinct().Count()) { throw new RuleException("pools.gone"); }
            return await hands.Run(connection, held, new(HandCause.Assigned, to, null), ct);
        }, ct);
    }

    private async Task Demand(DbConnection connection, UserAccess access, long id, CancellationToken ct)
    {
        if ((await policy.Check(connection, access, CustomerPermissions.Records, RecordAction.Read, id, ct)).By is null) { throw new RuleException(CustomerPermissions.Records.Unknown, id); }
        if ((await policy.Check(connection, access, CustomerPermissions.Records, RecordAction.Assign, id, ct)).By is null) { throw new RuleException("access.record.refused"); }
    }

    private static async Task<HashSet<long>> Owned(DbConnection connection, IReadOnlyCollection<long> ids, long me, CancellationToken ct)
    {
        var hold = connection.Kind() == DatabaseKind.Postgres ? " for no key update" : "";
        return [.. await connection.Rows($"select id from customers_customer where id in ({string.Join(',', ids)}) and owner_id = @me order by id{hold}", row => row.GetInt64(0), ct, ("me", me))];
    }
}
