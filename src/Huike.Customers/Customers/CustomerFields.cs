using System.Data.Common;
using Huike.Customers.Contracts;
using Huike.Platform.Fields;

namespace Huike.Customers;

/// <summary>The firm's own fields on customers.</summary>
internal sealed class CustomerFields(FieldBook book) : IFieldWords
{
    public static readonly FieldedKind Kind = new(CustomerPermissions.Records.Name, "customers.list.title", "customers_customer", "number", "coalesce(nullif(c.name, ''), c.number)", "/customers/{0}", Audited.Customers.Name)
    {
        Records = CustomerPermissions.Records,
        Levels = CustomerPermissions.Records,
        Permission = CustomerPermissions.Read,
        ApiSchemas = [nameof(CustomerRecord), nameof(CustomerInput), nameof(NewCustomerInput)],
        ApiList = "listCustomers",
    };

    string IFieldWords.Kind => Kind.Name;

    public async Task Write(DbConnection connection, IReadOnlyList<long> ids, CancellationToken ct)
    {
        var fields = book.Of(Kind.Name);
        foreach (var (id, customer) in await CustomerColumns.Find(connection, "id", [.. ids.Select(id => (object)id)], ct))
        {
            // Of an erased one nothing is left to be found by.
            if (customer.Completed(fields) is { Custom.Names.Count: > 0 } completed) { await CustomerColumns.WriteTokens(connection, id, completed, ct); }
        }
    }
}
