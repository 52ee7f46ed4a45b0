using System.Data.Common;
using System.Text;
using System.Text.Json;
using Huike.Platform.Data;

namespace Huike.Platform.Backup;

/// <summary>Rows that leave their table and may come back: a JSON object each, by column, with values as in a backup, so that either database reads them.</summary>
public static class KeptRows
{
    /// <summary>The rows as they are.</summary>
    /// <param name="connection">Reads.</param>
    /// <param name="table">Its name.</param>
    /// <param name="where">Which rows.</param>
    /// <param name="ct">Ends the read.</param>
    /// <param name="parameters">Of the condition.</param>
    public static Task<List<string>> Read(DbConnection connection, string table, string where, CancellationToken ct, params (string Name, object? Value)[] parameters) =>
        connection.Rows($"select * from {table} where {where}", Write, ct, parameters);

    /// <summary>Rows of several records, each with the number of its record.</summary>
    /// <param name="connection">Reads.</param>
    /// <param name="table">Its name.</param>
    /// <param name="column">The one with the record.</param>
    /// <param name="where">Which rows.</param>
    /// <param name="ct">Ends the read.</param>
    public static Task<List<(long Record, string Kept)>> ReadBy(DbConnection connection, string table, string column, string where, CancellationToken ct) =>
        connection.Rows($"select * from {table} where {where}", row => (row.GetInt64(row.GetOrdinal(column)), Write(row)), ct);

    /// <summary>Puts rows back. Columns that there are no more are left out; newer ones get their default.</summary>
    /// <exception cref="FormatException">One is no such row; also <see cref="JsonException"/>.</exception>
    public static async Task Put(DbConnection connection, string table, IReadOnlyCollection<string> kept, CancellationToken ct)
    {
        if (kept.Count == 0) { return; }
        var columns = (await StoredTables.Of(connection, table, ct)).Columns.ToDictionary(column => column.Name);
        foreach (var row in kept) { await Put(connection, table, row, columns, ct); }
    }

    private static async Task Put(DbConnection connection, string table, string kept, Dictionary<string, StoredColumn> columns, CancellationToken ct)
    {
        var values = Values(kept, columns);
        var isPostgres = connection.Kind() == DatabaseKind.Postgres;
        // Untyped texts would not go into a column of another type.
        var list = string.Join(", ", values.Select((value, i) => isPostgres ? $"cast(@p{i} as {value.Column.Type})" : $"@p{i}"));
        await connection.Run($"insert into {table} ({string.Join(", ", values.Select(value => $"\"{value.Column.Name}\""))}) {(isPostgres ? "overriding system value " : "")}values ({list})", ct,
            [.. values.Select((value, i) => ($"p{i}", value.Value))]);
    }

    private static string Write(DbDataReader row)
    {
        using var text = new MemoryStream();
        using (var line = new Utf8JsonWriter(text, BackupRow.Options))
        {
            line.WriteStartObject();
            for (var i = 0; i < row.FieldCount; i++)
            {
                line.WritePropertyName(row.GetName(i));
                BackupRow.Write(line, row.GetValue(i));
            }
            line.WriteEndObject();
        }
        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }

    private static List<(StoredColumn Column, object? Value)> Values(string kept, Dictionary<string, StoredColumn> columns)
    {
        var values = new List<(StoredColumn, object?)>();
        var json = new Utf8JsonReader(Encoding.UTF8.GetBytes(kept));
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject) { throw new FormatException(); }
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var known = columns.GetValueOrDefault(json.GetString()!);
            json.Read();
            if (known is not null) { values.Add((known, BackupRow.Read(ref json, known.Kind))); }
        }
        return values;
    }
}
