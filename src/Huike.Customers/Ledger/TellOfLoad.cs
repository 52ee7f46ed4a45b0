using System.Data.Common;
using Huike.Customers.Contracts;
using Huike.Platform.Events;

namespace Huike.Customers.Ledger;

/// <summary>Raises the event of a load that ended, for handlers after the commit.</summary>
internal sealed class TellOfLoad(EventLog events) : ILedgerListener
{
    public Task LedgerChanged(DbConnection connection, LedgerChange change, CancellationToken ct) =>
        events.Raise(connection, new LedgerLoaded(change.LoadId, change.Transactions, change.Undone), ct);
}
