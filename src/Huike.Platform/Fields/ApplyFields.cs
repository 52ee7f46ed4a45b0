using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Huike.Platform.Data;
using Huike.Platform.Jobs;

namespace Huike.Platform.Fields;

/// <summary>What a changed field means for the records that there are.</summary>
/// <param name="Kind">Kind of record.</param>
/// <param name="Words">What the search finds them by changed.</param>
/// <param name="Values">Computed values changed.</param>
public sealed record FieldWork(string Kind, bool Words, bool Values);

/// <summary>The records of one kind, as the background work on fields goes over them.</summary>
public interface IFieldedRecords
{
    /// <summary>Name of the kind.</summary>
    string Kind { get; }

    /// <summary>Brings some records up to date.</summary>
    /// <param name="connection">Holds a transaction and, on SQLite, the turn to write.</param>
    /// <param name="after">They begin after this id.</param>
    /// <param name="work">What is to be done.</param>
    /// <param name="ct">Ends the write.</param>
    /// <returns>Id of the last one; 0 where there was none.</returns>
    Task<long> Refresh(DbConnection connection, long after, FieldWork work, CancellationToken ct);
}

/// <summary>Makes and drops the indexes of fields, computes formulas anew, and puts texts into the search.</summary>
internal sealed class ApplyFields(Database database, FieldBook book, IEnumerable<FieldedKind> kinds, IEnumerable<IFieldedRecords> records) : IJobWorker
{
    public const string Name = "platform.fields";

    public string Kind => Name;

    public async Task Run(Job job, Action<double> progress, CancellationToken ct)
    {
        var work = JsonSerializer.Deserialize<FieldWork>(job.Payload)!;
        var kind = kinds.Single(known => known.Name == work.Kind);
        // What was saved may not have come to this node yet.
        await book.Refresh(ct);
        await Index(kind, ct);
        if (!work.Words && !work.Values) { return; }
        var mine = records.Single(known => known.Kind == work.Kind);
        var most = await Most(kind, ct);
        for (var after = 0L; ;)
        {
            using var turn = await database.WriteTurn(ct);
            await using var connection = await database.Open(ct);
            await using var transaction = await connection.BeginTransactionAsync(ct);
            after = await mine.Refresh(connection, after, work, ct);
            await transaction.CommitAsync(ct);
            if (after == 0) { return; }
            progress(Math.Min(1, (double)after / Math.Max(1, most)));
        }
    }

    private async Task<long> Most(FieldedKind kind, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return await connection.Number($"select max(id) from {kind.Table}", ct);
    }

    /// <summary>An index for each field that wants one, and none for others. On PostgreSQL nobody waits for it.</summary>
    private async Task Index(FieldedKind kind, CancellationToken ct)
    {
        var postgres = database.Kind == DatabaseKind.Postgres;
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        var wanted = (await FieldBook.All(connection, kind.Name, ct)).Where(field => field is { IsIndexed: true, IsRetired: false }).ToDictionary(field => Named(kind, field));
        var there = await There(connection, kind, ct);
        // One whose making was cut off is there, but not whole.
        foreach (var (name, _) in there.Where(index => !index.IsWhole || !wanted.ContainsKey(index.Name))) { await connection.Run($"drop index {(postgres ? "concurrently " : "")}if exists {name}", ct); }
        foreach (var (name, field) in wanted.Where(index => !there.Contains((index.Key, true))))
        {
            await using var command = connection.Command($"create index {(postgres ? "concurrently " : "")}if not exists {name} on {kind.Table} (({field.Sql("")}), id)");
            command.CommandTimeout = 0;
            await command.ExecuteNonQueryAsync(ct);
        }
    }

    /// <summary>The indexes of own fields that a table has; one whose making was cut off is not whole.</summary>
    public static Task<List<(string Name, bool IsWhole)>> There(DbConnection connection, FieldedKind kind, CancellationToken ct)
    {
        var postgres = connection.Kind() == DatabaseKind.Postgres;
        return connection.Rows(postgres
            ? "select c.relname, i.indisvalid from pg_index i join pg_class c on c.oid = i.indexrelid where i.indrelid = @table::regclass and left(c.relname, @length) = @prefix"
            : "select name, 1 from sqlite_master where type = 'index' and tbl_name = @table and substr(name, 1, @length) = @prefix",
            row => (row.GetString(0), !postgres || row.GetBoolean(1)), ct, ("table", kind.Table), ("prefix", Prefix(kind)), ("length", Prefix(kind).Length));
    }

    private static string Prefix(FieldedKind kind) => kind.Table + "_own_";

    private static string Named(FieldedKind kind, CustomField field) => string.Create(CultureInfo.InvariantCulture, $"{Prefix(kind)}{field.Id}");
}
