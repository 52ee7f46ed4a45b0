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

/// <summary>The words by which records of one kind are found, where its search has an index of them.</summary>
public interface IFieldWords
{
    /// <summary>Name of the kind.</summary>
    string Kind { get; }

    /// <summary>Writes the words of some records anew.</summary>
    /// <param name="connection">Holds a transaction and, on SQLite, the turn to write.</param>
    /// <param name="ids">Which records.</param>
    /// <param name="ct">Ends the write.</param>
    Task Write(DbConnection connection, IReadOnlyList<long> ids, CancellationToken ct);
}

/// <summary>Makes and drops the indexes of fields, computes formulas anew, and puts texts into the search.</summary>
internal sealed class ApplyFields(Database database, FieldBook book, IEnumerable<FieldedKind> kinds, IEnumerable<IFieldWords> words) : IJobWorker
{
    private const int AtOnce = 500;

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
        var most = await Most(kind, ct);
        for (long? after = 0; ;)
        {
            using var turn = await database.WriteTurn(ct);
            await using var connection = await database.Open(ct);
            await using var transaction = await connection.BeginTransactionAsync(ct);
            after = await Refresh(connection, kind, after.Value, work, ct);
            await transaction.CommitAsync(ct);
            if (after is not { } done) { return; }
            progress(Math.Min(1, (double)done / Math.Max(1, most)));
        }
    }

    /// <returns>Id of the last one; null where there was none.</returns>
    private async Task<long?> Refresh(DbConnection connection, FieldedKind kind, long after, FieldWork work, CancellationToken ct)
    {
        const string columns = "select id, version, custom from";
        var rows = await connection.Rows($"{columns} {kind.Table} where id > @after order by id limit {AtOnce}", Kept.Map, ct, ("after", after));
        for (var i = 0; work.Values && i < rows.Count; i++)
        {
            // One that somebody wrote meanwhile is read again.
            for (var row = rows[i]; row is not null && !await Compute(connection, kind, row, ct);) { row = await connection.First($"{columns} {kind.Table} where id = @id", Kept.Map, ct, ("id", row.Id)); }
        }
        if (work.Words && words.FirstOrDefault(known => known.Kind == kind.Name) is { } index) { await index.Write(connection, rows.ConvertAll(row => row.Id), ct); }
        return rows.Count > 0 ? rows[^1].Id : null;
    }

    /// <returns>False where it was not any more as it had been read.</returns>
    private async Task<bool> Compute(DbConnection connection, FieldedKind kind, Kept row, CancellationToken ct)
    {
        var computed = FieldRules.Compute(book.Of(kind.Name), row.Values);
        return !row.Values.Changes(computed).Any()
            || await connection.Run($"update {kind.Table} set custom = @custom, version = version + 1 where id = @id and version = @version", ct, ("custom", computed.ToColumn()), ("id", row.Id), ("version", row.Version)) > 0;
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

    private sealed record Kept(long Id, int Version, CustomValues Values)
    {
        public static Kept Map(DbDataReader row) => new(row.GetInt64(0), row.GetInt32(1), CustomValues.Parse(row.TextOrNull(2)));
    }
}
