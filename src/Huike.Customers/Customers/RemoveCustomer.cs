using Huike.Customers.Bin;
using Huike.Platform;
using Huike.Platform.Audit;
using Huike.Platform.Data;

namespace Huike.Customers;

/// <summary>Removes a customer without a single transaction: he goes into the bin. Who bought stays in the books.</summary>
internal sealed class RemoveCustomer(Database database, PutInBin bin, AuditLog audit, TimeProvider clock)
{
    /// <param name="id">Whom.</param>
    /// <param name="by">Name of who does it.</param>
    /// <param name="ct">Ends the write.</param>
    /// <exception cref="RuleException"><c>customers.customer.unknown</c>; <c>customers.remove.bought</c>; <c>customers.remove.kept</c>: there is a consent, a request or an account of the person's, or another file went into this one.</exception>
    public async Task Run(long id, string by, CancellationToken ct)
    {
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.Run("update customers_customer set version = version where id = @id", ct, ("id", id));
        var found = await CustomerColumns.Find(connection, "id", [id], ct);
        if (found.Count == 0) { throw new RuleException("customers.customer.unknown", id); }
        if ((await BinnedCustomer.Refused(connection, [id], ct)).TryGetValue(id, out var reason)) { throw new RuleException(reason); }
        var entries = await bin.Run(connection, found, (clock.GetUtcNow(), by), ct);
        await audit.WriteAll(connection, [.. entries], ct);
        await transaction.CommitAsync(ct);
    }
}
