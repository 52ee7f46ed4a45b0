using Huike.Platform.Data;

namespace Huike.Customers.Find;

/// <summary>A note that speaks of what was searched.</summary>
/// <param name="CustomerId">Whose.</param>
/// <param name="Customer">Name or number.</param>
/// <param name="Piece">Of the note, around the word.</param>
internal sealed record FoundNote(long CustomerId, string Customer, string Piece);

/// <summary>Looks through what was written about customers.</summary>
internal sealed class FoundNotes(Database database, CustomerList customers)
{
    private const int Before = 12;
    private const int Long = 60;

    /// <summary>The newest among those that are found, of customers that the viewer sees; he sees notes.</summary>
    public async Task<List<FoundNote>> Newest(string q, Viewer viewer, int most, CancellationToken ct)
    {
        var query = new CustomerQuery(new CustomerFilter { Q = q }, CustomerSort.Relevance, false, viewer);
        await using var connection = await database.Open(ct);
        var sql = new CustomerListSql(database.Kind, query, TimeZoneInfo.Utc, null) { IsFew = await customers.IsFew(connection, query, ct) };
        if (sql.Notes(most) is not { } text) { return []; }
        return await connection.Rows(text, row => new FoundNote(row.GetInt64(0), row.GetString(1), Piece(row.GetString(2), q)), ct, [.. sql.Parameters]);
    }

    /// <summary>The words around what was searched, on one line.</summary>
    private static string Piece(string body, string q)
    {
        var line = string.Join(' ', body.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        var words = q.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var at = words.Select(word => line.IndexOf(word, StringComparison.OrdinalIgnoreCase)).FirstOrDefault(found => found >= 0, 0);
        var from = Math.Max(0, at - Before);
        var to = Math.Min(line.Length, from + Long);
        // Never between the two halves of one character.
        if (from > 0 && char.IsLowSurrogate(line[from])) { from--; }
        if (to < line.Length && char.IsLowSurrogate(line[to])) { to--; }
        return $"{(from > 0 ? "…" : "")}{line[from..to]}{(to < line.Length ? "…" : "")}";
    }
}
