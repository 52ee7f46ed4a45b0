using Huike.Customers.Contracts;
using Huike.Platform.Data;

namespace Huike.Customers.Erasures;

/// <summary>Does again what the list beside the database tells and the database has forgotten.</summary>
internal sealed class ReplayErasures(Database database, ErasureList list, EraseCustomer erase) : IErasures
{
    /// <inheritdoc/>
    public async Task<ReplayedErasures> Replay(CancellationToken ct)
    {
        var notes = (await list.Read(ct)).DistinctBy(note => (note.Customer, note.Number)).ToList();
        var (done, standing) = (0, 0);
        foreach (var note in notes)
        {
            var (erased, number) = await Now(note.Customer, ct);
            if (erased) { standing++; }
            // The restored database may have given the id to somebody else since.
            else if (number is not null && list.Hash(number) == note.Number && await erase.Run(note.Customer, "replay", after: null, ct)) { done++; }
        }
        return new(notes.Count, done, standing, notes.Count - done - standing);
    }

    private async Task<(bool Erased, string? Number)> Now(long customer, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return (await ErasedNumbers.ErasedAt(connection, customer, ct) is not null, await connection.First("select number from customers_customer where id = @id", row => row.GetString(0), ct, ("id", customer)));
    }
}
