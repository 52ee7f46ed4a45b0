using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Events;

namespace Huike.Customers.ContactPoints;

/// <summary>Notes how and when a customer likes to be reached.</summary>
internal sealed class SetReach(Database database, EventLog events, AuditLog audit, TimeProvider clock)
{
    /// <exception cref="RuleException"><c>customers.customer.unknown</c>, <c>privacy.erased</c>.</exception>
    public async Task Run(long customerId, ReachWish wish, string by, CancellationToken ct)
    {
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.Run("update customers_customer set version = version where id = @id", ct, ("id", customerId));
        await CustomerRules.DemandPerson(connection, customerId, ct);
        var old = await connection.First($"select {ReachWish.Columns} from customers_customer where id = @id", row => ReachWish.Map(row, 0), ct, ("id", customerId));
        if (old == wish) { return; }
        await connection.Run("update customers_customer set reach_channel = @channel, reach_days = @days, reach_from = @from, reach_to = @to, version = version + 1 where id = @id", ct, [.. wish.Values, ("id", customerId)]);
        await CustomerHistory.Write(connection, customerId, [(ReachWish.Field, old?.Written, wish.Written)], (clock.GetUtcNow(), by), ct);
        await events.Raise(connection, new CustomerEdited(customerId, [ReachWish.Field]), ct);
        await audit.Write(connection, Audited.Customer("customer.edited", customerId, [new(ReachWish.Field, old?.Written, wish.Written)]), ct);
        await transaction.CommitAsync(ct);
    }
}
