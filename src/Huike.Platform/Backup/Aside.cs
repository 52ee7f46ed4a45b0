using System.Data.Common;
using Huike.Platform.Data;

namespace Huike.Platform.Backup;

/// <summary>Triggers and indexes, put aside while tables are filled: rows that were written once need no triggers again, and an index is made faster than it grows.</summary>
internal sealed class Aside
{
    private readonly List<string> back;

    private Aside(List<string> back) => this.back = back;

    /// <summary>Takes them away, in the caller's transaction.</summary>
    public static async Task<Aside> Put(DbConnection connection, IReadOnlyList<StoredTable> tables, CancellationToken ct)
    {
        if (connection.Kind() == DatabaseKind.Sqlite)
        {
            // Rows that refer to later ones of their own table are judged at the end.
            await connection.Run("PRAGMA defer_foreign_keys = on", ct);
            var made = await connection.Rows("select type, name, sql from sqlite_master where type in ('trigger', 'index') and sql is not null order by type, name", row => (Type: row.GetString(0), Name: row.GetString(1), Sql: row.GetString(2)), ct);
            foreach (var (type, name, _) in made) { await connection.Run($"drop {type} \"{name}\"", ct); }
            return new(made.ConvertAll(one => one.Sql));
        }
        var indexes = await connection.Rows("""
            select i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) from pg_index i join pg_class c on c.oid = i.indrelid
            where c.relnamespace = current_schema()::regnamespace and c.relname = any(@tables) and not exists (select from pg_constraint k where k.conindid = i.indexrelid) order by 1
            """, row => (Name: row.GetString(0), Sql: row.GetString(1)), ct, ("tables", tables.Select(table => table.Name).ToArray()));
        foreach (var table in tables) { await connection.Run($"alter table \"{table.Name}\" disable trigger user", ct); }
        foreach (var (name, _) in indexes) { await connection.Run($"drop index {name}", ct); }
        return new([.. indexes.Select(index => index.Sql), .. tables.Select(table => $"alter table \"{table.Name}\" enable trigger user")]);
    }

    /// <summary>Puts them back as they were.</summary>
    public async Task Back(DbConnection connection, CancellationToken ct)
    {
        foreach (var sql in back) { await connection.Run(sql, ct); }
    }
}
