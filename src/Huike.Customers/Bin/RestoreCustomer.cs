using Huike.Platform;
using Huike.Platform.Audit;
using Huike.Platform.Data;

namespace Huike.Customers.Bin;

/// <summary>恢复: brings a customer back from the bin.</summary>
internal sealed class RestoreCustomer(Database database, TakeFromBin bin, AuditLog audit)
{
    /// <param name="viewer">Who does it; he must have been allowed to remove the customer.</param>
    /// <param name="id">Whom.</param>
    /// <param name="ct">Ends the write.</param>
    /// <exception cref="RuleException"><c>customers.customer.unknown</c>; <c>customers.bin.number</c>: somebody else has the number.</exception>
    public async Task Run(Viewer viewer, long id, CancellationToken ct)
    {
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.Run($"update {BinnedCustomer.Table} set name = name where id = @id", ct, ("id", id));
        if (await BinnedCustomer.Find(connection, viewer, id, ct) is not { } binned)
        {
            // Done twice, he is there.
            if (await connection.Number($"select count(*) from customers_customer c where c.id = @id and {viewer.Sql("c")}", ct, [("id", id), .. viewer.Parameters]) > 0) { return; }
            throw new RuleException("customers.customer.unknown", id);
        }
        if ((await BinnedCustomer.Taken(connection, [id], ct)).Count > 0) { throw new RuleException("customers.bin.number", binned.Number); }
        await audit.WriteAll(connection, [.. await bin.Run(connection, [id], ct)], ct);
        await transaction.CommitAsync(ct);
    }
}
