using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Access;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Events;

namespace Huike.Customers;

/// <summary>分配: gives a customer to another owner, and so to the owner's unit.</summary>
internal sealed class AssignCustomer(EventLog events, AuditLog audit)
{
    /// <param name="id">Which customer.</param>
    /// <param name="owner">Sign-in name; empty: nobody, the customer waits for an owner.</param>
    /// <param name="ct">Ends the write.</param>
    /// <exception cref="RuleException"><c>access.user.nameUnknown</c>, <c>customers.customer.unknown</c>.</exception>
    public async Task Run(long id, string owner, CancellationToken ct)
    {
        await audit.Change(async connection =>
        {
            await connection.Run("update customers_customer set version = version where id = @id", ct, ("id", id));
            var old = await connection.Rows("select c.owner_id, p.user_name from customers_customer c left join platform_user p on p.id = c.owner_id where c.id = @id", row => (Id: row.IsDBNull(0) ? (long?)null : row.GetInt64(0), Name: row.TextOrNull(1)), ct, ("id", id));
            if (old.Count == 0) { throw new RuleException("customers.customer.unknown", id); }
            var person = owner.Length == 0 ? null : await Owner.Find(connection, owner, ct);
            if (old[0].Id == person?.Id) { return null; }
            await connection.Run("update customers_customer set owner_id = @owner, unit_id = @unit, version = version + 1 where id = @id", ct, ("id", id), ("owner", person?.Id), ("unit", person?.UnitId));
            await events.Raise(connection, new CustomerAssigned(id, old[0].Id, person?.Id), ct);
            return Audited.Customer("record.assigned", id, [new("owner", old[0].Name, person?.Name)]);
        }, ct);
    }
}
