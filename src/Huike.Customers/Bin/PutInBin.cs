using System.Data.Common;
using Huike.Customers.Contracts;
using Huike.Customers.Erasures;
using Huike.Customers.Find;
using Huike.Customers.PermissionStages;
using Huike.Platform.Audit;
using Huike.Platform.Backup;
using Huike.Platform.Data;
using Huike.Platform.Events;

namespace Huike.Customers.Bin;

/// <summary>Puts customers into the bin: the rows of all modules that are of them go into a journal, as they are, and out of every list, figure and search by that.</summary>
internal sealed class PutInBin(IEnumerable<PersonalRecords> records, FollowPermission permission, EventLog events)
{
    /// <summary>Some hundreds, who are held and whom no rule keeps.</summary>
    /// <param name="connection">Holds the transaction.</param>
    /// <param name="customers">Who they are.</param>
    /// <param name="when">When, and who does it.</param>
    /// <param name="ct">Ends the write.</param>
    /// <returns>What the audit is to be told.</returns>
    public async Task<IEnumerable<AuditEntry>> Run(DbConnection connection, IReadOnlyCollection<(long Id, NewCustomer Customer)> customers, (DateTimeOffset At, string By) when, CancellationToken ct)
    {
        var list = string.Join(',', customers.Select(one => one.Id));
        await connection.Run($"insert into {BinnedCustomer.Table} (id, number, name, owner_id, unit_id, removed_at, removed_by) select id, number, name, owner_id, unit_id, @at, @by from customers_customer where id in ({list})", ct, ("at", when.At), ("by", when.By));
        var brought = await connection.Rows($"select distinct other_id from customers_relation where customer_id in ({list}) and kind = 3 and other_id not in ({list})", row => row.GetInt64(0), ct);
        // The file itself goes last: the others belong to it.
        foreach (var one in records.Where(one => one.Binned.Count > 0).OrderBy(one => one.Name == OwnRecords.File))
        {
            foreach (var column in one.Binned) { await SetAside(connection, one, column, list, ct); }
            if (one.Name != OwnRecords.File) { continue; }
            await connection.Run($"delete from {SearchRows.Customers.Table} where {SearchRows.Customers.Key(connection.Kind())} in ({list})", ct);
        }
        await permission.Run(connection, brought, ct);
        await events.RaiseAll(connection, [.. customers.Select(one => new CustomerRemoved(one.Id))], ct);
        var nobody = new NewCustomer("") { CreatedAt = default, LoadId = 0 };
        return customers.Select(one => Audited.Customer("customer.removed", one.Id, [new("number", one.Customer.Number, null), .. Audited.Fields(CustomerColumns.Differences(one.Customer, nobody))]));
    }

    /// <summary>Rows that two customers have in common, of whom both go, are kept with the first.</summary>
    private static async Task SetAside(DbConnection connection, PersonalRecords one, string column, string list, CancellationToken ct)
    {
        var kept = await KeptRows.ReadBy(connection, one.Rows, column, $"{column} in ({list})", ct);
        if (kept.Count == 0) { return; }
        var (sql, values) = ValueTable.Of(connection.Kind(), "bigint, bigint, text", kept.Select((row, i) => (object?[])[row.Record, i, row.Kept]));
        await connection.Run($"insert into {BinnedCustomer.Rows} (binned_id, name, position, kept) select column1, @name, column2, column3 from {sql} v", ct, values, ("name", Name(one, column)));
        await connection.Run($"delete from {one.Rows} where {column} in ({list})", ct);
    }

    /// <summary>Under which rows are kept that are a customer's by a column.</summary>
    public static string Name(PersonalRecords one, string column) => column == one.Binned[0] ? one.Name : $"{one.Name}.{column}";
}
