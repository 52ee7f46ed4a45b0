using Huike.Platform;
using Huike.Platform.Data;
using Microsoft.EntityFrameworkCore;

namespace Huike.Customers;

/// <summary>Checks that several features share.</summary>
internal static class CustomerRules
{
    /// <exception cref="RuleException"><c>customers.customer.unknown</c>.</exception>
    public static async Task Demand(HuikeDb db, long id, CancellationToken ct)
    {
        await db.Database.OpenConnectionAsync(ct);
        if (await db.Database.GetDbConnection().Number("select count(*) from customers_customer where id = @id", ct, ("id", id)) == 0) { throw new RuleException("customers.customer.unknown", id); }
    }
}
