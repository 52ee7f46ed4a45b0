using Huike.Customers.Contracts;
using Huike.Platform.Data;
using Huike.Platform.Files;

namespace Huike.Customers.Files;

/// <summary>附件: files of customers. Not for partners: contracts and invoices are the firm's own.</summary>
internal static class CustomerFiles
{
    public static readonly FileOwner Owner = new(CustomerPermissions.Records, "/customers/{0}", CustomerLevels.Internal)
    {
        NameOf = async (connection, id, ct) => await connection.First("select coalesce(nullif(name, ''), number) from customers_customer where id = @id", row => row.GetString(0), ct, ("id", id)) ?? "",
        Demand = CustomerRules.DemandPerson,
        Tell = (events, connection, id, ct) => events.Raise(connection, new CustomerFilesChanged(id), ct),
    };
}
