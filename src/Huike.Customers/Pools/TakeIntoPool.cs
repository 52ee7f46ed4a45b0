using System.Data.Common;
using Huike.Customers.Contracts;
using Huike.Platform.Access;
using Huike.Platform.Access.HandOvers;
using Huike.Platform.Audit;
using Huike.Platform.Data;

namespace Huike.Customers.Pools;

/// <summary>Where the customers of somebody who leaves go: to a successor, or into a pool.</summary>
internal sealed class TakeIntoPool(ChangeHands hands) : ITakeOver
{
    public string Kind => CustomerPermissions.Records.Name;

    public string Label => "pools.handOver";

    public async Task<IReadOnlyList<(long Id, string Name)>> Places(DbConnection connection, CancellationToken ct) =>
        [.. (await Pool.All(connection, ct)).Where(pool => pool.IsOpen).Select(pool => (pool.Id, pool.Name))];

    public async Task<IReadOnlyList<AuditEntry>> Move(DbConnection connection, IReadOnlyCollection<long> records, Owner? to, long place, CancellationToken ct) =>
        await hands.Run(connection, records, new(HandCause.HandedOver, to, to is null ? await Pool.Find(connection, place, ct) : null), ct);
}
