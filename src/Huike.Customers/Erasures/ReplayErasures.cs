using Huike.Customers.Contracts;
using Huike.Platform.Data;

namespace Huike.Customers.Erasures;

/// <summary>Does again what the list beside the database tells and the database has forgotten.</summary>
internal sealed class ReplayErasures(Database database, ErasureList erased, EraseCustomer erase) : IErasures
{
    /// <inheritdoc/>
    public async Task<ReplayedErasures> Replay(string? list, CancellationToken ct)
    {
        if (list is not null) { await erased.Take(list, ct); }
        var notes = (await erased.Read(ct)).DistinctBy(note => (note.Customer, note.Number)).ToList();
        var (done, standing) = (0, 0);
        foreach (var note in notes)
        {
            var (isErased, number) = await Now(note.Customer, ct);
            if (isErased) { standing++; }
            // The restored database may have given the id to somebody else since.
            else if (number is not null && erased.Hash(number) == note.Number && await erase.Run(note.Customer, "replay", after: null, ct)) { done++; }
        }
        return new(notes.Count, done, standing, notes.Count - done - standing);
    }

    /// <inheritdoc/>
    public Task Prepare(CancellationToken ct) => erased.Prepare(ct);

    private async Task<(bool Erased, string? Number)> Now(long customer, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return (await ErasedNumbers.ErasedAt(connection, customer, ct) is not null, await connection.First("select number from customers_customer where id = @id", row => row.GetString(0), ct, ("id", customer)));
    }
}
