using Huike.Customers.Pools;
using Huike.Platform;
using Huike.Platform.Access;
using Huike.Platform.Audit;
using Huike.Platform.Data;

namespace Huike.Customers;

/// <summary>分配: gives a customer to another owner, and so to the owner's unit.</summary>
internal sealed class AssignCustomer(ChangeHands hands, AuditLog audit)
{
    /// <param name="id">Which customer.</param>
    /// <param name="owner">Sign-in name; empty: nobody, the customer waits for an owner.</param>
    /// <param name="ct">Ends the write.</param>
    /// <exception cref="RuleException"><c>access.user.nameUnknown</c>, <c>customers.customer.unknown</c>.</exception>
    public async Task Run(long id, string owner, CancellationToken ct)
    {
        await audit.Change(async connection =>
        {
            if (await connection.Run("update customers_customer set version = version where id = @id", ct, ("id", id)) == 0) { throw new RuleException("customers.customer.unknown", id); }
            var person = owner.Length == 0 ? null : await Owner.Find(connection, owner, ct);
            // To nobody: who waits in a pool stays there.
            if (person is null && await connection.Number("select count(*) from customers_customer where id = @id and owner_id is null", ct, ("id", id)) > 0) { return null; }
            return (await hands.Run(connection, [id], new(HandCause.Assigned, person, null), ct)).FirstOrDefault();
        }, ct);
    }
}
