using System.Data.Common;
using Huike.Platform.Data;
using Microsoft.Data.Sqlite;
using Npgsql;
using NpgsqlTypes;

namespace Huike.Platform.Backup;

/// <summary>Puts a backup's rows into an empty table: by COPY on PostgreSQL, by one prepared statement on SQLite.</summary>
internal static class FillTable
{
    /// <exception cref="RuleException"><c>backup.damaged</c>.</exception>
    public static async Task Run(DbConnection connection, StoredTable table, BackupFile file, BackedUpTable backedUp, Action counted, CancellationToken ct)
    {
        var columns = backedUp.Columns.Select(name => table.Columns.First(column => column.Name == name)).ToList();
        var (kinds, list) = (columns.ConvertAll(column => column.Kind), string.Join(", ", columns.Select(column => $"\"{column.Name}\"")));
        var values = new object?[columns.Count];
        if (connection is SqliteConnection sqlite)
        {
            await using var insert = Insert(sqlite, table.Name, list, columns.Count);
            await file.Rows(backedUp, async (line, _) =>
            {
                BackupRow.Read(line.Span, kinds, values);
                for (var i = 0; i < values.Length; i++) { insert.Parameters[i].Value = values[i] ?? DBNull.Value; }
                await insert.ExecuteNonQueryAsync(ct);
            }, counted, ct);
            return;
        }
        await using var copy = await ((NpgsqlConnection)connection).BeginBinaryImportAsync($"copy \"{table.Name}\" ({list}) from stdin (format binary)", ct);
        await file.Rows(backedUp, async (line, _) =>
        {
            BackupRow.Read(line.Span, kinds, values);
            await copy.StartRowAsync(ct);
            for (var i = 0; i < values.Length; i++) { await Write(copy, columns[i], values[i], ct); }
        }, counted, ct);
        await copy.CompleteAsync(ct);
    }

    private static SqliteCommand Insert(SqliteConnection connection, string table, string list, int columns)
    {
        var insert = connection.CreateCommand();
        insert.CommandText = $"insert into \"{table}\" ({list}) values ({string.Join(", ", Enumerable.Range(0, columns).Select(i => $"@p{i}"))})";
        for (var i = 0; i < columns; i++) { insert.Parameters.Add(new SqliteParameter { ParameterName = $"@p{i}" }); }
        insert.Prepare();
        return insert;
    }

    private static Task Write(NpgsqlBinaryImporter copy, StoredColumn column, object? value, CancellationToken ct) => value switch
    {
        null => copy.WriteNullAsync(ct),
        long whole => column.Type switch
        {
            "int2" => copy.WriteAsync(checked((short)whole), NpgsqlDbType.Smallint, ct),
            "int4" => copy.WriteAsync(checked((int)whole), NpgsqlDbType.Integer, ct),
            _ => copy.WriteAsync(whole, NpgsqlDbType.Bigint, ct),
        },
        double number => copy.WriteAsync(number, NpgsqlDbType.Double, ct),
        string text => copy.WriteAsync((string)Stored.Parameter(DatabaseKind.Postgres, text), NpgsqlDbType.Text, ct),
        byte[] bytes => copy.WriteAsync(bytes, NpgsqlDbType.Bytea, ct),
        DateTime at => copy.WriteAsync(at, NpgsqlDbType.TimestampTz, ct),
        bool flag => copy.WriteAsync(flag, NpgsqlDbType.Boolean, ct),
        _ => throw new FormatException(),
    };
}
