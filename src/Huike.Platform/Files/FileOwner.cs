using System.Data.Common;
using System.Security.Claims;
using Huike.Platform.Access.Records;
using Huike.Platform.Events;

namespace Huike.Platform.Files;

/// <summary>A kind of record that files can hang on, offered by its module as a singleton.</summary>
/// <param name="Kind">Who may see the record sees its files, who may change it adds and removes them.</param>
/// <param name="Path">Address of one such record, <c>{0}</c> for its number: <c>/customers/{0}</c>.</param>
/// <param name="Level">Field level that its files are of: who sees fields up to it sees them.</param>
public sealed record FileOwner(RecordKind Kind, string Path, int Level)
{
    /// <summary>Refuses files of a record that takes none any more.</summary>
    public required Func<DbConnection, long, CancellationToken, Task> Demand { get; init; }

    /// <summary>Tells of files that were added or removed, in the same transaction.</summary>
    public required Func<EventLog, DbConnection, long, CancellationToken, Task> Tell { get; init; }

    /// <summary>Whether the user sees files of records that the user may see.</summary>
    public bool IsSeenBy(ClaimsPrincipal user) => user.Access().FieldsOf(Kind).Clear >= Level;

    /// <summary>What a record is called.</summary>
    public required Func<DbConnection, long, CancellationToken, Task<string>> NameOf { get; init; }

    /// <summary>Address of a record.</summary>
    public string AddressOf(long id) => string.Format(System.Globalization.CultureInfo.InvariantCulture, Path, id);

    /// <summary>Address of a record's files.</summary>
    public string FilesOf(long id) => AddressOf(id) + "/files";

    /// <summary>SQL that takes the files of records that go, before they do.</summary>
    /// <param name="kind">The kind's name.</param>
    /// <param name="records">Condition on <c>record_id</c>.</param>
    public static string Removal(string kind, string records) => $"delete from platform_file where record_kind = '{kind}' and record_id {records}";
}
