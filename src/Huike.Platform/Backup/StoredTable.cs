using System.Data.Common;
using Huike.Platform.Data;

namespace Huike.Platform.Backup;

/// <summary>What a column holds, whatever the database.</summary>
internal enum ColumnKind
{
    /// <summary>A whole number of 64 bits; on SQLite also an instant (milliseconds) or a flag.</summary>
    Whole,
    Real,
    Text,
    Bytes,
    Instant,
    Flag,
}

/// <summary>A column as the database's catalogue tells it.</summary>
internal sealed record StoredColumn(string Name, string Type)
{
    public ColumnKind Kind { get; } = Type.ToUpperInvariant() switch
    {
        "INT" or "INTEGER" or "INT2" or "INT4" or "INT8" => ColumnKind.Whole,
        "REAL" or "FLOAT8" => ColumnKind.Real,
        "TEXT" or "JSON" => ColumnKind.Text,
        "BLOB" or "BYTEA" => ColumnKind.Bytes,
        "TIMESTAMPTZ" => ColumnKind.Instant,
        "BOOL" => ColumnKind.Flag,
        _ => throw new NotSupportedException($"A backup knows no columns of type {Type}"),
    };
}

/// <summary>A table as the database's catalogue tells it.</summary>
internal sealed record StoredTable(string Name, IReadOnlyList<StoredColumn> Columns)
{
    /// <summary>Names of the columns, for a statement.</summary>
    public string List => string.Join(", ", Columns.Select(column => $"\"{column.Name}\""));
}

/// <summary>Reads the catalogue: which tables there are, and in which order they can be filled.</summary>
internal sealed class StoredTables(IEnumerable<LeftOut> leftOut, IEnumerable<IdFloor> floors)
{
    // A column that the server fills with the number of its own transaction means nothing to another server.
    private const string PostgresColumns = """
        select c.relname::text as name, a.attname::text as part, t.typname::text as type from pg_class c join pg_attribute a on a.attrelid = c.oid join pg_type t on t.oid = a.atttypid
            left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
        where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
            and coalesce(pg_get_expr(d.adbin, d.adrelid), '') not like '%pg_current_xact_id%'
        order by c.relname, a.attnum
        """;
    private const string SqliteColumns = """
        select t.name as name, c.name as part, c.type as type from pragma_table_list t join pragma_table_xinfo(t.name) c
        where t.schema = 'main' and t.type = 'table' and t.name not like 'sqlite\_%' escape '\' and c.hidden = 0 order by t.name, c.cid
        """;
    private const string PostgresNeeds = "select conrelid::regclass::text, confrelid::regclass::text from pg_constraint where contype = 'f' and connamespace = current_schema()::regnamespace";
    private const string SqliteNeeds = "select t.name, f.\"table\" from pragma_table_list t join pragma_foreign_key_list(t.name) f where t.schema = 'main'";

    private readonly HashSet<string> without = [.. leftOut.Select(one => one.Table), .. floors.Select(one => one.Floor), "schema_version"];

    /// <summary>Tables that a backup holds, each after those that it refers to.</summary>
    public async Task<List<StoredTable>> Read(DbConnection connection, CancellationToken ct)
    {
        var isPostgres = connection.Kind() == DatabaseKind.Postgres;
        var columns = await connection.Rows(isPostgres ? PostgresColumns : SqliteColumns, row => (Table: row.GetString(0), Name: row.GetString(1), Type: row.GetString(2)), ct);
        var needs = (await connection.Rows(isPostgres ? PostgresNeeds : SqliteNeeds, row => (Table: row.GetString(0), Needs: row.GetString(1)), ct)).ToLookup(need => need.Table, need => need.Needs);
        var tables = columns.Where(column => !without.Contains(column.Table)).GroupBy(column => column.Table)
            .Select(table => new StoredTable(table.Key, [.. table.Select(column => new StoredColumn(column.Name, column.Type))])).ToDictionary(table => table.Name);
        var ordered = new List<StoredTable>();
        var seen = new HashSet<string>();
        foreach (var name in tables.Keys.Order(StringComparer.Ordinal)) { Visit(name); }
        return ordered;

        void Visit(string name)
        {
            if (!tables.TryGetValue(name, out var table) || !seen.Add(name)) { return; }
            foreach (var other in needs[name]) { Visit(other); }
            ordered.Add(table);
        }
    }

    /// <summary>One table.</summary>
    public static async Task<StoredTable> Of(DbConnection connection, string table, CancellationToken ct) => new(table, await connection.Rows(
        $"select part, type from ({(connection.Kind() == DatabaseKind.Postgres ? PostgresColumns : SqliteColumns)}) c where name = @table", row => new StoredColumn(row.GetString(0), row.GetString(1)), ct, ("table", table)));

    /// <summary>The highest number that each table ever gave, where the database remembers it.</summary>
    public async Task<Dictionary<string, long>> LastIds(DbConnection connection, CancellationToken ct)
    {
        var last = new Dictionary<string, long>();
        if (connection.Kind() == DatabaseKind.Postgres)
        {
            foreach (var (table, column) in await Identities(connection, ct))
            {
                last[table] = await connection.Number($"select coalesce(pg_sequence_last_value(pg_get_serial_sequence('{table}', '{column}')::regclass), 0)", ct);
            }
            return last;
        }
        foreach (var (table, id) in await Counted(connection, ct)) { last[table] = id; }
        foreach (var floor in floors) { last[floor.Table] = await Exists(connection, floor.Floor, ct) ? await connection.Number($"select max(id) from {floor.Floor}", ct) : 0; }
        return last;
    }

    /// <summary>Lets numbers go on after the highest that there is, or ever was.</summary>
    public async Task GoOnAfter(DbConnection connection, IReadOnlyDictionary<string, long> last, CancellationToken ct)
    {
        if (connection.Kind() == DatabaseKind.Postgres)
        {
            foreach (var (table, column) in await Identities(connection, ct))
            {
                var highest = Math.Max(last.GetValueOrDefault(table), await connection.Number($"select max(\"{column}\") from \"{table}\"", ct));
                if (highest > 0) { await connection.Number($"select setval(pg_get_serial_sequence('{table}', '{column}'), {highest})", ct); }
            }
            return;
        }
        var counting = await connection.Rows("select name from sqlite_master where type = 'table' and sql like '%autoincrement%'", row => row.GetString(0), ct);
        foreach (var table in counting.Where(table => last.GetValueOrDefault(table) > 0))
        {
            if (await connection.Run("update sqlite_sequence set seq = max(seq, @last) where name = @table", ct, ("last", last[table]), ("table", table)) == 0)
            {
                await connection.Run("insert into sqlite_sequence (name, seq) values (@table, @last)", ct, ("last", last[table]), ("table", table));
            }
        }
        foreach (var floor in floors.Where(floor => last.ContainsKey(floor.Table)))
        {
            if (await Exists(connection, floor.Floor, ct)) { await connection.Run($"update {floor.Floor} set id = max(id, @last)", ct, ("last", last[floor.Table])); }
        }
    }

    private static Task<List<(string Table, string Column)>> Identities(DbConnection connection, CancellationToken ct) => connection.Rows("""
        select c.relname::text, a.attname::text from pg_class c join pg_attribute a on a.attrelid = c.oid
        where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and a.attnum > 0 and a.attidentity <> ''
        """, row => (row.GetString(0), row.GetString(1)), ct);

    private static async Task<List<(string Table, long Id)>> Counted(DbConnection connection, CancellationToken ct) =>
        await Exists(connection, "sqlite_sequence", ct) ? await connection.Rows("select name, seq from sqlite_sequence", row => (row.GetString(0), row.GetInt64(1)), ct) : [];

    private static async Task<bool> Exists(DbConnection connection, string table, CancellationToken ct) =>
        await connection.Number("select count(*) from sqlite_master where type = 'table' and name = @table", ct, ("table", table)) > 0;
}
