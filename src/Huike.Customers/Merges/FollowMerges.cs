using System.Data.Common;
using Huike.Customers.Contracts;
using Huike.Platform.Access.Records;

namespace Huike.Customers.Merges;

/// <summary>Leads from a file that went into another one to that one.</summary>
internal sealed class FollowMerges : IFollowRecords
{
    public string Kind => CustomerPermissions.Records.Name;

    public Task<long?> Successor(DbConnection connection, long id, CancellationToken ct) => CustomerMerge.Holder(connection, id, ct);
}
