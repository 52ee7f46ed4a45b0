using System.Data.Common;
using Huike.Customers.Erasures;
using Huike.Platform;
using Huike.Platform.Data;
using Microsoft.EntityFrameworkCore;

namespace Huike.Customers;

/// <summary>Checks that several features share.</summary>
internal static class CustomerRules
{
    /// <exception cref="RuleException"><c>customers.customer.unknown</c>, <c>privacy.erased</c>.</exception>
    public static async Task Demand(HuikeDb db, long id, CancellationToken ct)
    {
        await db.Database.OpenConnectionAsync(ct);
        await DemandPerson(db.Database.GetDbConnection(), id, ct);
    }

    /// <summary>There is such a customer, and still a person behind it: nobody is brought back by a note.</summary>
    /// <exception cref="RuleException"><c>customers.customer.unknown</c>, <c>privacy.erased</c>.</exception>
    public static async Task DemandPerson(DbConnection connection, long id, CancellationToken ct)
    {
        if (await connection.Number("select count(*) from customers_customer where id = @id", ct, ("id", id)) == 0) { throw new RuleException("customers.customer.unknown", id); }
        if (await ErasedNumbers.ErasedAt(connection, id, ct) is not null) { throw new RuleException("privacy.erased"); }
    }
}
