using System.Data.Common;
using System.Runtime.CompilerServices;
using Huike.Customers.Contracts;
using Huike.Customers.PermissionStages;
using Huike.Platform.Backup;
using Huike.Platform.Data;
using Npgsql;
using NpgsqlTypes;

namespace Huike.Customers;

/// <summary>Keeps the computed facts of customers beside their files.</summary>
internal sealed class Standings(Database database, FollowPermission permission, TimeProvider clock) : IStandings
{
    private const string Table = "customers_standing";

    public async Task<Standing?> Find(long customerId, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return await connection.First($"select {StandingColumns.Names} from {Table} where customer_id = @id", row => (Standing?)StandingColumns.Read(row, 0), ct, ("id", customerId));
    }

    public async IAsyncEnumerable<Standing> All([EnumeratorCancellation] CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        await using var command = connection.Command($"select {StandingColumns.Names} from {Table} order by customer_id");
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) { yield return StandingColumns.Read(reader, 0); }
    }

    public async Task ReplaceAll(IEnumerable<Standing> standings, IEnumerable<StageStep> steps, CancellationToken ct)
    {
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (connection is NpgsqlConnection postgres)
        {
            await TablesStay.Hold(connection, ct);
            await Rebuild(postgres, Table, StandingColumns.Names, standings.Select(standing => StandingColumns.Values(standing)), ct);
            await Rebuild(postgres, "customers_stage", "customer_id, since_at, stage", steps.Select(Values), ct);
        }
        else
        {
            await Stage(connection, StandingColumns.Names, Table, standings.Select(standing => StandingColumns.Values(standing)), ct);
            await connection.Run("delete from customers_stage", ct);
            await AddSteps(connection, steps, ct);
        }
        await transaction.CommitAsync(ct);
        turn.Dispose();
        await permission.All(_ => { }, ct);
    }

    public async Task Replace(IReadOnlyCollection<Standing> standings, IReadOnlyCollection<long> stepsOf, IEnumerable<StageStep> steps, CancellationToken ct)
    {
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await Stage(connection, StandingColumns.Names, Table, standings.Select(standing => StandingColumns.Values(standing)), ct);
        foreach (var some in stepsOf.Chunk(10_000))
        {
            // Ids are numbers of ours: nothing foreign gets into the text.
            await connection.Run($"delete from customers_stage where customer_id in ({string.Join(',', some)})", ct);
        }
        await AddSteps(connection, steps, ct);
        foreach (var some in standings.Select(standing => standing.CustomerId).Union(stepsOf).Chunk(10_000)) { await permission.Run(connection, some, ct); }
        await transaction.CommitAsync(ct);
    }

    public async Task<IReadOnlyDictionary<long, (BuyingStage Stage, DateTimeOffset SinceAt)>> Pins(CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var pins = await connection.Rows("select customer_id, stage, created_at from customers_stage_pin where until_at > @now",
            row => (row.GetInt64(0), Pin: ((BuyingStage)row.GetInt16(1), row.At(2))), ct, ("now", clock.GetUtcNow()));
        return pins.ToDictionary(pin => pin.Item1, pin => pin.Pin);
    }

    private static object[] Values(StageStep step) => [step.CustomerId, step.SinceAt, (short)step.Stage];

    /// <summary>Puts rows in the place of those with the same customer.</summary>
    private static async Task Stage(DbConnection connection, string columns, string table, IEnumerable<object[]> rows, CancellationToken ct)
    {
        if (connection is NpgsqlConnection postgres)
        {
            await connection.Run($"create temp table staged (like {table}) on commit drop", ct);
            await Copy(postgres, "staged", columns, rows, ct);
            var sets = string.Join(", ", columns.Split(", ").Skip(1).Select(column => $"{column} = staged.{column}"));
            await connection.Run($"update {table} set {sets} from staged where {table}.customer_id = staged.customer_id", ct);
            return;
        }
        Ledger.SqliteLedgerTable.Insert(connection, table, columns, rows, "insert or replace");
    }

    private static async Task AddSteps(DbConnection connection, IEnumerable<StageStep> steps, CancellationToken ct)
    {
        const string columns = "customer_id, since_at, stage";
        if (connection is NpgsqlConnection postgres) { await Copy(postgres, "customers_stage", columns, steps.Select(Values), ct); }
        else { Ledger.SqliteLedgerTable.Insert(connection, "customers_stage", columns, steps.Select(Values), "insert or replace"); }
    }

    /// <summary>
    /// Fills a new table beside the old one and takes its place: readers go on meanwhile, no row is left behind dead, indexes are built once. Customers who got
    /// their standing after the computation began keep it.
    /// </summary>
    private static async Task Rebuild(NpgsqlConnection connection, string table, string columns, IEnumerable<object[]> rows, CancellationToken ct)
    {
        await connection.Run($"create table {table}_new (like {table} including defaults)", ct);
        await Copy(connection, table + "_new", columns, rows, ct);
        await connection.Run($"lock table {table} in exclusive mode", ct);
        var indexes = await connection.Rows("select indexname, indexdef from pg_indexes where schemaname = current_schema() and tablename = @table", row => (Name: row.GetString(0), Definition: row.GetString(1)), ct, ("table", table));
        if (table == Table)
        {
            await connection.Run($"create unique index {table}_late on {table}_new (customer_id)", ct);
            await connection.Run($"insert into {table}_new select * from {table} old where not exists (select 1 from {table}_new fresh where fresh.customer_id = old.customer_id)", ct);
            await connection.Run($"drop index {table}_late", ct);
        }
        foreach (var (name, definition) in indexes)
        {
            var on = definition[definition.IndexOf(" ON ", StringComparison.Ordinal)..].Replace($".{table} ", $".{table}_new ", StringComparison.Ordinal);
            await connection.Run($"create {(definition.Contains("UNIQUE", StringComparison.Ordinal) ? "unique " : "")}index {name}_new{on}", ct);
        }
        await connection.Run($"drop table {table}; alter table {table}_new rename to {table}", ct);
        foreach (var (name, _) in indexes)
        {
            await connection.Run(name == $"{table}_pkey"
                ? $"alter table {table} add constraint {name} primary key using index {name}_new"
                : $"alter index {name}_new rename to {name}", ct);
        }
    }

    private static async Task Copy(NpgsqlConnection connection, string table, string columns, IEnumerable<object[]> rows, CancellationToken ct)
    {
        await using var copy = await connection.BeginBinaryImportAsync($"copy {table} ({columns}) from stdin (format binary)", ct);
        foreach (var row in rows)
        {
            copy.StartRow();
            foreach (var value in row)
            {
                switch (value)
                {
                    case long big: copy.Write(big, NpgsqlDbType.Bigint); break;
                    case int number: copy.Write(number, NpgsqlDbType.Integer); break;
                    case short small: copy.Write(small, NpgsqlDbType.Smallint); break;
                    case double real: copy.Write(real, NpgsqlDbType.Double); break;
                    case DateTimeOffset at: copy.Write(at.UtcDateTime, NpgsqlDbType.TimestampTz); break;
                    default: throw new InvalidOperationException(value.GetType().Name);
                }
            }
        }
        await copy.CompleteAsync(ct);
    }
}
