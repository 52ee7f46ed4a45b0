using System.Data.Common;
using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Customers.Pools;
using Huike.Platform.Access.Records;
using Huike.Platform.Data;

namespace Huike.Customers.Merges;

/// <summary>Leads from a file that went into another one to that one.</summary>
internal sealed class FollowMerges : IFollowRecords
{
    public string Kind => CustomerPermissions.Records.Name;

    public Task<long?> Successor(DbConnection connection, long id, CancellationToken ct) => CustomerMerge.Holder(connection, id, ct);

    /// <summary>Who waits in a pool is seen there by its members, as far as the pool shows.</summary>
    public async Task<string?> Elsewhere(DbConnection connection, UserAccess access, long id, CancellationToken ct)
    {
        var pool = await connection.Number("select coalesce(pool_id, 0) from customers_customer where id = @id", ct, ("id", id));
        return pool > 0 && (await Pool.Of(connection, access, ct)).Find(one => one.Id == pool) is { } seen ? string.Create(CultureInfo.InvariantCulture, $"{seen.Href}/customers/{id}") : null;
    }
}
