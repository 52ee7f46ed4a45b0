using System.Data.Common;
using Huike.Customers.Contracts;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Events;

namespace Huike.Customers.Bin;

/// <summary>Who buys something comes back from the bin: his number is in the books.</summary>
internal sealed class RestoreBuyers(TakeFromBin bin, AuditLog audit) : IEventHandler<LedgerLoaded>
{
    private const int AtOnce = 500;

    public async Task Run(LedgerLoaded happened, Occurrence occurrence, DbConnection connection, CancellationToken ct)
    {
        if (happened.Undone) { return; }
        var hold = connection.Kind() == DatabaseKind.Postgres ? " for update" : "";
        while (await connection.Rows($"select b.id from {BinnedCustomer.Table} b where exists (select 1 from customers_transaction t where t.customer_id = b.id) order by b.id limit {AtOnce}{hold}", row => row.GetInt64(0), ct) is { Count: > 0 } ids)
        {
            await audit.WriteAll(connection, [.. await bin.Run(connection, ids, ct)], ct);
        }
    }
}
