using Huike.Customers.Contracts;
using Huike.Platform.Access;
using Huike.Platform.Audit;
using Huike.Platform.Data;

namespace Huike.Customers;

/// <summary>Gives whole places to owners, some hundred customers at a time.</summary>
internal sealed class Territories(Database database, AuditLog audit) : ITerritories
{
    private const int AtOnce = 500;

    public async Task<IReadOnlyList<(string Place, int Customers)>> Open(CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return await connection.Rows("select coalesce(place, ''), count(*) from customers_customer where owner_id is null group by coalesce(place, '') order by 1", row => (row.GetString(0), row.GetInt32(1)), ct);
    }

    public async Task<int> Give(string place, string owner, CancellationToken ct)
    {
        var given = 0;
        while (true)
        {
            using var turn = await database.WriteTurn(ct);
            await using var connection = await database.Open(ct);
            await using var transaction = await connection.BeginTransactionAsync(ct);
            var to = await Owner.Find(connection, owner, ct);
            var some = await connection.Rows($"select id from customers_customer where owner_id is null and coalesce(place, '') = @place order by id limit {AtOnce}", row => row.GetInt64(0), ct, ("place", place));
            if (some.Count == 0) { return given; }
            await connection.Run($"update customers_customer set owner_id = @owner, unit_id = @unit, version = version + 1 where id in ({string.Join(',', some)})", ct, ("owner", to.Id), ("unit", to.UnitId));
            await audit.WriteAll(connection, [.. some.Select(id => Audited.Customer("record.assigned", id, [new("owner", null, to.Name)]))], ct);
            await transaction.CommitAsync(ct);
            given += some.Count;
        }
    }
}
