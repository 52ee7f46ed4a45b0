using System.Data.Common;
using Huike.Platform.Data;

namespace Huike.Customers.Ledger;

/// <summary>Takes batches into the ledger, each in a transaction of its own: finds or makes its customers and products, leaves out what is there already.</summary>
/// <param name="database">Where to.</param>
/// <param name="table">The way in.</param>
/// <param name="loadId">The load; 0 for a dry run without one.</param>
/// <param name="now">When new customers get their files.</param>
/// <param name="mayRepeat">Lines may be there already: another load of the source, or an earlier try of this one.</param>
/// <param name="dryRun">Says what would happen and writes nothing.</param>
internal sealed class LedgerWriter(Database database, ILedgerTable table, long loadId, DateTimeOffset now, bool mayRepeat, bool dryRun) : IAsyncDisposable
{
    private DbConnection? connection;
    private readonly List<long> customers = [];
    private readonly List<long> products = [];

    public long Added { get; private set; }

    public long Known { get; private set; }

    public long NewCustomers { get; private set; }

    public async Task Write(LedgerBatch batch, CancellationToken ct)
    {
        using var turn = dryRun ? null : await database.WriteTurn(ct);
        connection ??= await database.OpenForBulk(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await Parties(connection, batch, ct);
        await Articles(connection, batch, ct);
        var lines = new ArraySegment<LedgerLine>(batch.Lines, 0, batch.Count);
        var known = mayRepeat ? await table.Find(connection, lines, ct) : [];
        // What an earlier try of this load wrote counts as added, so that a load that was cut off ends with the same figures.
        var others = known.Count == 0 ? 0 : lines.Count(line => known.TryGetValue(line.Identity, out var by) && by != loadId);
        Known += others;
        Added += batch.Count - others;
        if (dryRun) { return; }
        await table.AddLines(connection, lines.Where(line => known.Count == 0 || !known.ContainsKey(line.Identity))
            .Select(line => new StoredLine(line, line.Customer < 0 ? null : customers[line.Customer], line.Product < 0 ? null : products[line.Product])), loadId, ct);
        await transaction.CommitAsync(ct);
    }

    public ValueTask DisposeAsync() => connection?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task Parties(DbConnection connection, LedgerBatch batch, CancellationToken ct)
    {
        if (batch.NewParties.Count == 0) { return; }
        var found = await table.Ids(connection, "customers_customer", "number", [.. batch.NewParties.Select(party => party.Number)], ct);
        var missing = batch.NewParties.Where(party => !found.ContainsKey(party.Number)).ToList();
        NewCustomers += missing.Count;
        if (missing.Count > 0 && !dryRun)
        {
            var ids = await table.AddCustomers(connection, [.. missing.Select(party => new NewCustomer(party.Number) { Name = party.Name, Place = party.Place, CreatedAt = now, LoadId = loadId })], ct);
            for (var i = 0; i < ids.Count; i++) { found[missing[i].Number] = ids[i]; }
        }
        customers.AddRange(batch.NewParties.Select(party => found.GetValueOrDefault(party.Number)));
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
