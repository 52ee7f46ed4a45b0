using System.Data.Common;
using System.Globalization;
using Huike.Platform.Data;

namespace Huike.Platform.Audit;

/// <summary>
/// Takes the values of one record, and words that name its person, out of the audit: that something was done, by whom and when stays, and so does the chain (ADR 0013).
/// The erasure is an entry itself, which names each entry that it erased by number and by a hash of what is left.
/// </summary>
public sealed class EraseEntries(AuditLog audit)
{
    internal const string Action = "audit.erased";

    /// <summary>How many entries an erasure would empty.</summary>
    /// <inheritdoc cref="Run"/>
    public static async Task<long> Count(DbConnection connection, string kind, long record, IReadOnlyCollection<string> words, CancellationToken ct) =>
        await connection.Number($"select count(*) from platform_audit where {Where(words)}", ct, Parameters(kind, record, words));

    /// <summary>Empties the entries, in the caller's transaction, as its last write but one: like any entry of the audit. Walks over all entries that are of no other record of the kind.</summary>
    /// <param name="connection">Holds the caller's transaction and, on SQLite, the turn to write.</param>
    /// <param name="kind">Name of the record's kind.</param>
    /// <param name="record">Its id.</param>
    /// <param name="words">Entries that hold one of these go too, unless they are of another record of the kind; two characters or more each.</param>
    /// <param name="ct">Ends the write.</param>
    /// <returns>How many were emptied; where it is 0 there is no new entry.</returns>
    public async Task<int> Run(DbConnection connection, string kind, long record, IReadOnlyCollection<string> words, CancellationToken ct)
    {
        var rows = await connection.Rows($"select {AuditRow.Columns} from platform_audit where {Where(words)} order by id", AuditRow.Map, ct, Parameters(kind, record, words));
        if (rows.Count == 0) { return 0; }
        var entry = await audit.Write(connection, new AuditEntry(Action)
        {
            Kind = kind,
            Record = record,
            Changes = [.. rows.Select(one => AuditChange.Is(one.Row.Id.ToString(CultureInfo.InvariantCulture), one.Row.Left(one.Hash)))],
        }, ct);
        foreach (var (row, _) in rows)
        {
            await connection.Run("update platform_audit set changes = '[]', reason = '', salt = '', erased_by = @entry where id = @id", ct, ("entry", entry), ("id", row.Id));
        }
        return rows.Count;
    }

    private static string Where(IReadOnlyCollection<string> words) => $"""
        erased_by is null and action <> '{Action}' and (changes <> '[]' or reason <> '') and ((record_kind = @kind and record_id = @record)
            {string.Concat(words.Select((_, i) => $" or ((record_kind <> @kind or record_id = 0) and (changes like @w{i} escape '!' or reason like @w{i} escape '!'))"))})
        """;

    private static (string, object?)[] Parameters(string kind, long record, IReadOnlyCollection<string> words) =>
        [("kind", kind), ("record", record), .. words.Select((word, i) => ($"w{i}", (object?)$"%{Escaped(word)}%"))];

    private static string Escaped(string word) => word.Replace("!", "!!", StringComparison.Ordinal).Replace("%", "!%", StringComparison.Ordinal).Replace("_", "!_", StringComparison.Ordinal);
}
