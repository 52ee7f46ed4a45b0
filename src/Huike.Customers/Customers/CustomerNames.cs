using Huike.Customers.Contracts;
using Huike.Platform.Access.Records;
using Huike.Platform.Data;

namespace Huike.Customers.Customers;

/// <summary>Looks up what customers are called.</summary>
internal sealed class CustomerNames(Database database, TimeProvider clock) : ICustomerNames
{
    public async Task<IReadOnlyDictionary<long, CustomerName>> Of(UserAccess access, IReadOnlyCollection<long> customers, CancellationToken ct)
    {
        var viewer = Viewer.Of(access, clock.GetUtcNow());
        if (customers.Count == 0) { return new Dictionary<long, CustomerName>(); }
        await using var connection = await database.Open(ct);
        // Ids are numbers of ours: nothing foreign gets into the text.
        var rows = await connection.Rows($"select id, number, name, phone from customers_customer c where id in ({string.Join(',', customers)}) and {viewer.Sql("c")}",
            row => (Id: row.GetInt64(0), Name: new CustomerName(row.GetString(1), row.GetString(2) is { Length: > 0 } name ? name : row.GetString(1), viewer.SeesPersonal ? row.TextOrNull(3) : Mask.Phone(row.TextOrNull(3)))), ct, [.. viewer.Parameters]);
        return rows.ToDictionary(row => row.Id, row => row.Name);
    }
}
