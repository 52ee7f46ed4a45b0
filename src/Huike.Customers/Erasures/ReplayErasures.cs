using Huike.Customers.Bin;
using Huike.Customers.Contracts;
using Huike.Platform.Data;

namespace Huike.Customers.Erasures;

/// <summary>Does again what the list beside the database tells and the database has forgotten.</summary>
internal sealed class ReplayErasures(Database database, ErasureList erased, EraseCustomer erase, EmptyBin bin) : IErasures
{
    /// <inheritdoc/>
    public async Task<ReplayedErasures> Replay(string? list, CancellationToken ct)
    {
        if (list is not null) { await erased.Take(list, ct); }
        var notes = (await erased.Read(ct)).DistinctBy(note => (note.Customer, note.Number)).ToList();
        var (done, standing) = (0, 0);
        foreach (var note in notes)
        {
            var (isErased, number, isBinned) = await Now(note.Customer, ct);
            if (isErased) { standing++; }
            else if (isBinned && erased.Hash(number!) == note.Number) { done += await bin.Run(null, [note.Customer], ct); }
            // The restored database may have given the id to somebody else since.
            else if (number is not null && erased.Hash(number) == note.Number && await erase.Run(note.Customer, "replay", after: null, ct)) { done++; }
        }
        return new(notes.Count, done, standing, notes.Count - done - standing);
    }

    /// <inheritdoc/>
    public Task Prepare(CancellationToken ct) => erased.Prepare(ct);

    private async Task<(bool Erased, string? Number, bool IsBinned)> Now(long customer, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var found = await connection.First($"select number, 0 from customers_customer where id = @id union all select number, 1 from {BinnedCustomer.Table} where id = @id", row => (Number: row.GetString(0), Binned: row.GetInt32(1) == 1), ct, ("id", customer));
        return (await ErasedNumbers.ErasedAt(connection, customer, ct) is not null, found.Number, found.Binned);
    }
}
