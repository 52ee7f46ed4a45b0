using System.Data.Common;
using Huike.Customers.Erasures;
using Huike.Customers.Merges;
using Huike.Platform.Data;

namespace Huike.Customers.Ledger;

/// <summary>Takes batches into the ledger: finds or makes their customers and products, leaves out what is there already.</summary>
/// <param name="database">Where to.</param>
/// <param name="table">The way in.</param>
/// <param name="loadId">The load; 0 for a dry run without one.</param>
/// <param name="clock">Says when new customers get their files, and how long a transaction lasts.</param>
/// <param name="mayRepeat">Lines may be there already: another load of the source, or an earlier try of this one.</param>
/// <param name="dryRun">Says what would happen and writes nothing.</param>
internal sealed class LedgerWriter(Database database, ILedgerTable table, long loadId, TimeProvider clock, bool mayRepeat, bool dryRun) : IAsyncDisposable
{
    /// <summary>
    /// A transaction takes in batches for so long. Each commit writes the index pages that it touched, which for random keys are nearly all of them:
    /// many small ones cost more than the rows. Whoever else wants to write waits no longer than this and a batch.
    /// </summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private readonly List<long> customers = [];
    private readonly List<long> products = [];
    private DbConnection? connection;
    private DbTransaction? transaction;
    private IDisposable? turn;
    private long since;

    // On PostgreSQL files of new customers go in over a second connection, beside the lines.
    private DbConnection? besideConnection;
    private DbTransaction? besideTransaction;
    private Task making = Task.CompletedTask;

    /// <summary>Whose lines go to a customer without a name.</summary>
    public required ErasedNumbers Erased { get; init; }

    public long Added { get; private set; }

    public long Known { get; private set; }

    public long NewCustomers { get; private set; }

    /// <summary>Waits for the turn to write, where it isn't had yet.</summary>
    public async Task Begin(CancellationToken ct)
    {
        connection ??= await database.OpenForBulk(ct);
        if (transaction is not null || dryRun) { return; }
        turn = await database.WriteTurn(ct);
        transaction = await connection.BeginTransactionAsync(ct);
        since = clock.GetTimestamp();
    }

    /// <summary>Takes a batch in, after <see cref="Begin"/>; it is safe after the next <see cref="Complete"/> at the latest.</summary>
    public async Task Write(LedgerBatch batch, CancellationToken ct)
    {
        var open = connection!;
        await Parties(open, batch, ct);
        await Articles(open, batch, ct);
        var lines = new ArraySegment<LedgerLine>(batch.Lines, 0, batch.Count);
        var known = mayRepeat ? await table.Find(open, lines, ct) : [];
        // What an earlier try of this load wrote counts as added, so that a load that was cut off ends with the same figures.
        var others = known.Count == 0 ? 0 : lines.Count(line => known.TryGetValue(line.Identity, out var by) && by != loadId);
        Known += others;
        Added += batch.Count - others;
        if (dryRun) { return; }
        await table.AddLines(open, lines.Where(line => known.Count == 0 || !known.ContainsKey(line.Identity))
            .Select(line => new StoredLine(line, batch.DocumentOf(line), line.Customer < 0 ? null : customers[line.Customer], line.Product < 0 ? null : products[line.Product])), loadId, ct);
        if (clock.GetElapsedTime(since) > Longest) { await Complete(ct); }
    }

    /// <summary>Commits what was taken in.</summary>
    public async Task Complete(CancellationToken ct)
    {
        if (transaction is null) { return; }
        await making;
        // Customers first: should the program end between the two, the load goes on with them and brings their lines.
        if (besideTransaction is not null) { await besideTransaction.CommitAsync(ct); }
        await transaction.CommitAsync(ct);
        await End();
    }

    /// <summary>Takes back what was not completed.</summary>
    public async ValueTask DisposeAsync()
    {
        await End();
        if (connection is not null) { await connection.DisposeAsync(); }
        if (besideConnection is not null) { await besideConnection.DisposeAsync(); }
    }

    private async Task End()
    {
        // A failure was thrown where it was waited for, or another one was before.
        await Task.WhenAny(making);
        if (besideTransaction is not null) { await besideTransaction.DisposeAsync(); }
        if (transaction is not null) { await transaction.DisposeAsync(); }
        turn?.Dispose();
        (transaction, besideTransaction, turn, making) = (null, null, null, Task.CompletedTask);
    }

    private async Task Parties(DbConnection connection, LedgerBatch batch, CancellationToken ct)
    {
        if (batch.NewParties.Count == 0) { return; }
        var found = await table.Ids(connection, "customers_customer", "number", [.. batch.NewParties.Select(party => party.Number)], ct);
        foreach (var party in batch.NewParties)
        {
            if (!found.ContainsKey(party.Number) && Erased.Of(party.Number) is { } anonymous) { found[party.Number] = anonymous; }
        }
        // Numbers of files that went into others lead to those.
        foreach (var (number, holder) in await CustomerMerge.HoldersOf(connection, [.. batch.NewParties.Select(party => party.Number).Where(number => !found.ContainsKey(number))], ct)) { found[number] = holder; }
        var missing = batch.NewParties.Where(party => !found.ContainsKey(party.Number)).ToList();
        NewCustomers += missing.Count;
        if (missing.Count > 0 && !dryRun)
        {
            var ids = await table.NewIds(connection, missing.Count, ct);
            await Make(ids, [.. missing.Select(party => new NewCustomer(party.Number) { Name = party.Name, Place = party.Place, CreatedAt = clock.GetUtcNow(), LoadId = loadId })], ct);
            for (var i = 0; i < ids.Count; i++) { found[missing[i].Number] = ids[i]; }
        }
        customers.AddRange(batch.NewParties.Select(party => found.GetValueOrDefault(party.Number)));
    }

    private async Task Make(IReadOnlyList<long> ids, IReadOnlyList<NewCustomer> files, CancellationToken ct)
    {
        if (database.Kind == DatabaseKind.Sqlite)
        {
            await table.AddCustomers(connection!, ids, files, ct);
            return;
        }
        await making;
        besideConnection ??= await database.Open(ct);
        besideTransaction ??= await besideConnection.BeginTransactionAsync(ct);
        making = Task.Run(() => table.AddCustomers(besideConnection, ids, files, ct), ct);
    }

    private async Task Articles(DbConnection connection, LedgerBatch batch, CancellationToken ct)
    {
        if (batch.NewArticles.Count == 0) { return; }
        var found = await table.Ids(connection, "customers_product", "code", [.. batch.NewArticles.Select(article => article.Code)], ct);
        var missing = batch.NewArticles.Where(article => !found.ContainsKey(article.Code)).ToList();
        if (missing.Count > 0 && !dryRun)
        {
            var ids = await table.AddProducts(connection, missing, ct);
            for (var i = 0; i < ids.Count; i++) { found[missing[i].Code] = ids[i]; }
        }
        products.AddRange(batch.NewArticles.Select(article => found.GetValueOrDefault(article.Code)));
    }
}
