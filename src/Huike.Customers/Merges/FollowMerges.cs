using System.Data.Common;
using System.Globalization;
using Huike.Customers.Bin;
using Huike.Customers.Contracts;
using Huike.Customers.Pools;
using Huike.Platform;
using Huike.Platform.Access.Records;
using Huike.Platform.Data;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers.Merges;

/// <summary>Leads from a file that went into another one to that one, from one that is in the bin to there, and from one that waits in a pool to what its members see.</summary>
internal sealed class FollowMerges(TimeProvider clock) : IFollowRecords
{
    public string Kind => CustomerPermissions.Records.Name;

    public Task<long?> Successor(DbConnection connection, long id, CancellationToken ct) => CustomerMerge.Holder(connection, id, ct);

    /// <summary>Who is in the bin is told of there; who waits in a pool is seen there by its members, as far as the pool shows.</summary>
    public async Task<(string Path, RuleException? Told)?> Elsewhere(DbConnection connection, UserAccess access, long id, CancellationToken ct)
    {
        if (await BinnedCustomer.Find(connection, Viewer.Of(access, clock.GetUtcNow()), id, ct) is { } binned) { return (binned.Href, new RuleException("customers.bin.here", id) { Status = StatusCodes.Status410Gone }); }
        var pool = await connection.Number("select coalesce(pool_id, 0) from customers_customer where id = @id", ct, ("id", id));
        return pool > 0 && (await Pool.Of(connection, access, ct)).Find(one => one.Id == pool) is { } seen ? (string.Create(CultureInfo.InvariantCulture, $"{seen.Href}/customers/{id}"), null) : null;
    }
}
