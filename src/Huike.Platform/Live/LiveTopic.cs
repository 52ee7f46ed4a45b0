using System.Globalization;
using Huike.Platform.Access;
using Huike.Platform.Access.Records;

namespace Huike.Platform.Live;

/// <summary>What a page watches: a record (<c>customers/12</c>), a job (<c>job/7</c>), all background work (<c>jobs</c>), or the notices of whoever looks (<c>notices</c>).</summary>
/// <param name="Name">As the page wrote it.</param>
/// <param name="Kind">Kind of the record; null where it is none.</param>
/// <param name="Permission">What the user must hold; empty: nothing.</param>
internal sealed record LiveTopic(string Name, RecordKind? Kind, string Permission)
{
    public const string Work = "jobs";
    public const string OwnNotices = "notices";
    public const string JobPrefix = "job/";

    private const int Longest = 60;

    /// <summary>Whether the user may watch it at all; of a record each event is asked by itself.</summary>
    public bool IsOpenTo(UserAccess access) => Permission.Length == 0 || access.Widest(Permission) > RecordScope.None;

    /// <summary>Null for what can't be watched.</summary>
    /// <param name="text">From the address.</param>
    /// <param name="kinds">Kinds of record by name.</param>
    /// <param name="permissionOfJob">What a job's looker-on must hold; null where there is no such job.</param>
    public static async Task<LiveTopic?> Read(string text, IReadOnlyDictionary<string, RecordKind> kinds, Func<long, Task<string?>> permissionOfJob)
    {
        if (text == Work) { return new(Work, null, Permissions.Operate); }
        if (text == OwnNotices) { return new(OwnNotices, null, ""); }
        if (text.Length > Longest || text.Split('/') is not [var kind, var number] || !long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var id)) { return null; }
        if (kind + "/" == JobPrefix) { return await permissionOfJob(id) is { } permission ? new(Of(kind, id), null, permission) : null; }
        return kinds.TryGetValue(kind, out var known) ? new(Of(kind, id), known, known.Permission(RecordAction.Read)) : null;
    }

    public static string Of(string kind, long id) => string.Create(CultureInfo.InvariantCulture, $"{kind}/{id}");
}
