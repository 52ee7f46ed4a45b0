using System.Data.Common;
using Huike.Customers.Contracts;
using Huike.Platform.Data;
using Huike.Platform.Fields;

namespace Huike.Customers;

/// <summary>The firm's own fields on customers.</summary>
internal sealed class CustomerFields(FieldBook book) : IFieldedRecords
{
    private const int AtOnce = 500;

    public static readonly FieldedKind Kind = new(CustomerPermissions.Records.Name, "customers.list.title", "customers_customer", "number", "coalesce(nullif(c.name, ''), c.number)", "/customers/{0}", Audited.Customers.Name)
    {
        Records = CustomerPermissions.Records,
        Permission = CustomerPermissions.Read,
        ApiSchemas = [nameof(CustomerRecord), nameof(CustomerInput), nameof(NewCustomerInput)],
    };

    string IFieldedRecords.Kind => Kind.Name;

    public async Task<long> Refresh(DbConnection connection, long after, FieldWork work, CancellationToken ct)
    {
        var fields = book.Of(Kind.Name);
        var ids = await connection.Rows($"select id from customers_customer where id > @after order by id limit {AtOnce}", row => (object)row.GetInt64(0), ct, ("after", after));
        foreach (var (id, customer) in await CustomerColumns.Find(connection, "id", ids, ct))
        {
            var completed = customer.Completed(fields);
            if (work.Values && CustomerColumns.Differences(customer, completed).Count > 0)
            {
                await connection.Run("update customers_customer set custom = @custom, version = version + 1 where id = @id", ct, ("custom", completed.Custom.ToColumn()), ("id", id));
            }
            // Of an erased one nothing is left to be found by.
            if (work.Words && completed.Custom.Names.Count > 0) { await CustomerColumns.WriteTokens(connection, id, completed.Tokens, ct); }
        }
        return ids.Count == 0 ? 0 : (long)ids[^1];
    }
}
