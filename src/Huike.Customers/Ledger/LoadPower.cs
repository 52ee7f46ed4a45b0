using System.Data.Common;
using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Access;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Roles;
using Huike.Platform.Data;
using Huike.Platform.Imports;
using Huike.Platform.Notifications;

namespace Huike.Customers.Ledger;

/// <summary>What whoever loads a list may do to customers who are there already.</summary>
/// <param name="Edits">Whom he may change; null: this machine itself, everybody.</param>
/// <param name="Assigns">Whom he may give to another owner.</param>
/// <param name="Access">What he may do; null: everything.</param>
internal sealed record LoadPower(Viewer? Edits, Viewer? Assigns, UserAccess? Access)
{
    /// <exception cref="RuleException"><c>access.record.refused</c>: nobody has the name any more.</exception>
    public static async Task<LoadPower> Of(DbConnection connection, LoadRequest request, RecordReaders readers, DateTimeOffset now, CancellationToken ct)
    {
        if (request.IsLocal) { return new(null, null, null); }
        var user = await NoticeLog.UserOf(connection, request.By, ct) ?? throw new RuleException("access.record.refused");
        var access = await readers.Access(connection, user, ct);
        return new(Viewer.Of(access, now, RecordAction.Edit), Viewer.Of(access, now, RecordAction.Assign), access);
    }

    /// <summary>Refuses columns that he may not fill.</summary>
    /// <exception cref="ImportException"><c>load.power.owner</c>, <c>load.power.tags</c>.</exception>
    public void Demand(LoadPlan plan)
    {
        if (Access is null) { return; }
        foreach (var file in plan.Files)
        {
            string? Column(string field) => file.Map.Matches.FirstOrDefault(match => match.Field == field) is { } match ? file.Map.Header[match.Column] : null;
            if (Column("owner") is { } owner && Access.Widest(CustomerPermissions.Records.Permission(RecordAction.Assign)) == RecordScope.None) { throw new ImportException("load.power.owner", owner); }
            if (Column("tags") is { } tags && !Edits!.SeesInternal) { throw new ImportException("load.power.tags", tags); }
        }
    }

    /// <summary>Of some customers those that a viewer reaches.</summary>
    public static async Task<HashSet<long>> Within(DbConnection connection, Viewer? viewer, IReadOnlyList<long> ids, CancellationToken ct)
    {
        if (viewer is null || ids.Count == 0) { return [.. ids]; }
        // Who sees what is personal masked would learn by loading what there is.
        if (!viewer.SeesPersonal) { return []; }
        return [.. await connection.Rows($"select c.id from customers_customer c where c.id in ({string.Join(',', ids)}) and {viewer.Sql("c")}", row => row.GetInt64(0), ct, [.. viewer.Parameters])];
    }
}
