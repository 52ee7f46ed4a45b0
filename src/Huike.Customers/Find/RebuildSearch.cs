using System.Data.Common;
using Huike.Platform.Backup;
using Huike.Platform.Data;
using Huike.Platform.Fields;
using Huike.Platform.Jobs;
using Huike.Platform.Search;

namespace Huike.Customers.Find;

/// <summary>
/// Makes anew what customers and notes are found by: after a restore, since backups leave it out, and in the background after an upgrade to a version that finds by more.
/// Cut off, it begins again; done twice it does no harm.
/// </summary>
internal sealed class RebuildSearch(FieldBook book, Database database) : IRebuilt, IJobWorker
{
    /// <summary>Migrations ask for it by this name.</summary>
    public const string KindName = "customers.search";

    private const int AtOnce = 500;

    public string Kind => KindName;

    /// <summary>All of it, in a restore's transaction.</summary>
    public async Task Run(DbConnection connection, CancellationToken ct)
    {
        await book.Refresh(connection, ct);
        for (long? after = long.MinValue; after is { } from;) { after = await Customers(connection, from, ct); }
        for (long? after = long.MinValue; after is { } from;) { after = await Notes(connection, from, ct); }
    }

    /// <summary>All of it, some at a time, so that nobody's write waits long.</summary>
    public async Task Run(Job job, Action<double> progress, CancellationToken ct)
    {
        await book.Refresh(ct);
        await Walk(Customers, "customers_customer", done => progress(done / 2), ct);
        await Walk(Notes, "customers_note", done => progress(0.5 + done / 2), ct);
    }

    private async Task Walk(Func<DbConnection, long, CancellationToken, Task<long?>> some, string table, Action<double> progress, CancellationToken ct)
    {
        long last;
        await using (var connection = await database.Open(ct)) { last = await connection.Number($"select coalesce(max(id), 1) from {table}", ct); }
        for (long? after = long.MinValue; after is { } from;)
        {
            using var turn = await database.WriteTurn(ct);
            await using var connection = await database.Open(ct);
            await using var transaction = await connection.BeginTransactionAsync(ct);
            after = await some(connection, from, ct);
            await transaction.CommitAsync(ct);
            progress(Math.Min(1, (double)(after ?? last) / last));
        }
    }

    /// <returns>Id of the last one; null where there was none.</returns>
    private async Task<long?> Customers(DbConnection connection, long after, CancellationToken ct)
    {
        // Held until the commit: who is edited meanwhile is not overwritten with what was.
        var held = connection.Kind() == DatabaseKind.Postgres ? " for update" : "";
        var ids = await connection.Rows($"select id from customers_customer where id > @after order by id limit {AtOnce}{held}", row => (object)row.GetInt64(0), ct, ("after", after));
        if (ids.Count == 0) { return null; }
        var fields = book.Of(CustomerFields.Kind.Name);
        var aliases = await Aliases.Of(connection, [.. ids.Select(id => (long)id)], ct);
        var customers = await CustomerColumns.Find(connection, "id", ids, ct);
        foreach (var (id, customer) in customers)
        {
            await connection.Run("update customers_customer set name_pinyin = @pinyin, name_initials = @initials where id = @id and (name_pinyin is null or name_pinyin <> @pinyin or name_initials is null or name_initials <> @initials)", ct,
                ("id", id), ("pinyin", CustomerColumns.Sound(Pinyin.Full(customer.Name))), ("initials", CustomerColumns.Sound(Pinyin.Initials(customer.Name))));
        }
        await SearchRows.Customers.Write(connection, customers.ConvertAll(found => (found.Id, found.Customer.Completed(fields).Tokens(aliases.GetValueOrDefault(found.Id, Aliases.None)))), ct);
        return (long)ids[^1];
    }

    /// <returns>Id of the last one; null where there was none.</returns>
    private static async Task<long?> Notes(DbConnection connection, long after, CancellationToken ct)
    {
        var held = connection.Kind() == DatabaseKind.Postgres ? " for update" : "";
        var notes = await connection.Rows($"select id, body from customers_note where id > @after order by id limit {AtOnce}{held}", row => (Id: row.GetInt64(0), Body: row.GetString(1)), ct, ("after", after));
        await SearchRows.Notes.Write(connection, notes.ConvertAll(note => (note.Id, SearchTokens.OfText(note.Body))), ct);
        return notes.Count > 0 ? notes[^1].Id : null;
    }
}
