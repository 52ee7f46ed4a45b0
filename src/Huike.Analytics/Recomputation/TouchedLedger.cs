using Huike.Platform.Data;

namespace Huike.Analytics.Recomputation;

/// <summary>What the waiting changes touched.</summary>
/// <param name="Pending">The changes.</param>
/// <param name="Customers">Customers with a new line.</param>
/// <param name="LastAt">Latest new line, Unix milliseconds; the least number where there is none.</param>
/// <param name="SalesOfUnknown">Net sales of new lines without a customer, whole ten-thousandths.</param>
internal sealed record LedgerTouch(List<PendingChange> Pending, IReadOnlyCollection<long> Customers, long LastAt, long SalesOfUnknown);

/// <summary>Finds what waiting changes touched, in the ledger itself.</summary>
internal sealed class TouchedLedger(Database database, ChangeLog changes)
{
    /// <summary>Reads the changes with their customers.</summary>
    public async Task<LedgerTouch> Read(CancellationToken ct)
    {
        var pending = await changes.Pending(ct);
        var customers = new HashSet<long>();
        var (lastAt, unknown) = (0L, 0L);
        await using var connection = await database.Open(ct);
        foreach (var change in pending.Where(change => !change.Undone))
        {
            const string added = "from customers_fact_transaction where id >= @first and load_id = @load";
            foreach (var id in await connection.Rows($"select distinct customer_id {added} and customer_id is not null", row => row.GetInt64(0), ct, ("first", change.FirstTransactionId), ("load", change.LoadId))) { customers.Add(id); }
            var (last, sum) = await connection.First($"select max(at), cast(coalesce(sum(case when customer_id is null then amount else 0 end), 0) as bigint) {added}",
                row => (Last: row.AtOrNull(0), Sum: row.GetInt64(1)), ct, ("first", change.FirstTransactionId), ("load", change.LoadId));
            lastAt = Math.Max(lastAt, last?.ToUnixTimeMilliseconds() ?? 0);
            unknown = checked(unknown + sum);
        }
        return new(pending, customers, lastAt, unknown);
    }
}
