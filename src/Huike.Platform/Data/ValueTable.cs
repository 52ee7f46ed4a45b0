using System.Text.Encodings.Web;
using System.Text.Json;

namespace Huike.Platform.Data;

/// <summary>Many rows of values in one parameter, which a statement reads as a table with the columns <c>column1</c>, <c>column2</c> …: one way to the database, whatever their number, and the same statement each time.</summary>
public static class ValueTable
{
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The table, in brackets, and what it is made of.</summary>
    /// <param name="kind">For which database.</param>
    /// <param name="types">Type of each column as PostgreSQL calls it, parted by commas.</param>
    /// <param name="rows">Values of each row, as any parameter takes them.</param>
    /// <param name="name">Name of the parameter, where a statement has several such tables.</param>
    public static (string Sql, (string Name, object? Value) Rows) Of(DatabaseKind kind, string types, IEnumerable<object?[]> rows, string name = "rows")
    {
        var columns = types.Split(',', StringSplitOptions.TrimEntries).Select((type, i) => kind == DatabaseKind.Postgres ? $"cast(r.value ->> {i} as {type}) as column{i + 1}" : $"r.value ->> {i} as column{i + 1}");
        // With a limit SQLite reads the text once and walks over its rows; without, it may read the whole of it for each row of the other table.
        var json = JsonSerializer.Serialize(rows.Select(row => Array.ConvertAll(row, value => Stored.Parameter(kind, value) is var stored && stored is DBNull ? null : stored)), Options);
        return ($"(select {string.Join(", ", columns)} from {(kind == DatabaseKind.Postgres ? $"json_array_elements(cast(@{name} as json)) as r (value)" : $"json_each(@{name}) as r limit -1")})", (name, json));
    }
}
