using System.Data.Common;
using Huike.Customers.Contracts;
using Huike.Platform.Data;
using Huike.Platform.Jobs;

namespace Huike.Analytics.Recomputation;

/// <summary>A change of the ledger that the standings do not hold yet.</summary>
internal sealed record PendingChange(long Id, long LoadId, long FirstTransactionId, long Transactions, bool Undone);

/// <summary>Notes changes of the ledger within their own transaction and asks for the recomputation that takes them in.</summary>
internal sealed class ChangeLog(Database database, JobQueue jobs) : ILedgerListener
{
    /// <inheritdoc/>
    /// <remarks>Each change brings its own job; the first to run takes in all that wait, and the others find nothing to do.</remarks>
    public async Task LedgerChanged(DbConnection connection, LedgerChange change, CancellationToken ct)
    {
        await connection.Run("""
            insert into analytics_change (load_id, first_transaction_id, transactions, undone) values (@load, @first, @transactions, @undone)
            """, ct, ("load", change.LoadId), ("first", change.FirstTransactionId), ("transactions", change.Transactions), ("undone", change.Undone));
        await jobs.Add(connection, RecomputationJob.Kind, RecomputationJob.Changed, change.By, thisMachineOnly: false, ct);
    }

    /// <summary>Changes that wait, in their order.</summary>
    public async Task<List<PendingChange>> Pending(CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return await connection.Rows("select id, load_id, first_transaction_id, transactions, undone from analytics_change order by id",
            row => new PendingChange(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetBoolean(4)), ct);
    }
}
