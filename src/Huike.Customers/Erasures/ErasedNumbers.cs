using System.Data.Common;
using Huike.Platform;
using Huike.Platform.Data;

namespace Huike.Customers.Erasures;

/// <summary>Who was erased, for loads: a number is known again by its keyed hash, also where the file was given another one.</summary>
internal sealed class ErasedNumbers
{
    private readonly Dictionary<string, long> customers;
    private readonly ErasureList list;

    private ErasedNumbers(Dictionary<string, long> customers, ErasureList list) => (this.customers, this.list) = (customers, list);

    /// <summary>All of them; some thousands at most.</summary>
    public static async Task<ErasedNumbers> Read(Database database, ErasureList list, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var rows = await connection.Rows("select number_hash, customer_id from customers_erasure order by at", row => (Hash: row.GetString(0), Id: row.GetInt64(1)), ct);
        var erased = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (hash, id) in rows) { erased[hash] = id; }
        if (erased.Count > 0) { await list.Prepare(ct); }
        return new(erased, list);
    }

    /// <summary>The anonymous customer that a number belongs to; null where nobody of that number was erased.</summary>
    public long? Of(string number) => customers.Count > 0 && customers.TryGetValue(list.Hash(number), out var id) ? id : null;

    /// <summary>When the customer's person was erased; null: not.</summary>
    public static Task<DateTimeOffset?> ErasedAt(DbConnection connection, long customerId, CancellationToken ct) =>
        connection.First("select at from customers_erasure where customer_id = @id", row => (DateTimeOffset?)row.At(0), ct, ("id", customerId));
}
