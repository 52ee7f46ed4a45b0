using System.Data.Common;
using Huike.Customers.Contracts;
using Huike.Customers.Bin;
using Huike.Platform;
using Huike.Platform.Access.Records;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers.Merges;

/// <summary>Leads from a file that went into another one to that one, and from one that is in the bin to there.</summary>
internal sealed class FollowMerges(TimeProvider clock) : IFollowRecords
{
    public string Kind => CustomerPermissions.Records.Name;

    public async Task<(string Path, RuleException Told)?> Elsewhere(DbConnection connection, UserAccess access, long id, CancellationToken ct) =>
        await BinnedCustomer.Find(connection, Viewer.Of(access, clock.GetUtcNow()), id, ct) is { } binned ? (binned.Href, new RuleException("customers.bin.here", id) { Status = StatusCodes.Status410Gone }) : null;

    public Task<long?> Successor(DbConnection connection, long id, CancellationToken ct) => CustomerMerge.Holder(connection, id, ct);
}
