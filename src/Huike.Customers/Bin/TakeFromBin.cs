using System.Data.Common;
using System.Text.Json.Nodes;
using Huike.Customers.Contracts;
using Huike.Customers.Erasures;
using Huike.Customers.Find;
using Huike.Customers.PermissionStages;
using Huike.Platform.Audit;
using Huike.Platform.Backup;
using Huike.Platform.Data;
using Huike.Platform.Events;
using Huike.Platform.Fields;
using Huike.Platform.Search;

namespace Huike.Customers.Bin;

/// <summary>Brings customers back from the bin, with all that was theirs.</summary>
internal sealed class TakeFromBin(IEnumerable<PersonalRecords> records, FieldBook book, FollowPermission permission, EventLog events)
{
    /// <summary>Columns of rows by which they need another record: where that is gone, so is what they say.</summary>
    private static readonly (string Column, string Table)[] Needs = [("other_id", CustomerApi.Table), ("customer_id", CustomerApi.Table), ("a_id", CustomerApi.Table), ("b_id", CustomerApi.Table), ("person_id", "customers_person"), ("tag_id", "customers_tag")];

    /// <summary>Some hundreds, whose numbers nobody else has.</summary>
    /// <param name="connection">Holds the transaction.</param>
    /// <param name="ids">Who they are.</param>
    /// <param name="ct">Ends the write.</param>
    /// <returns>What the audit is to be told.</returns>
    public async Task<IEnumerable<AuditEntry>> Run(DbConnection connection, IReadOnlyCollection<long> ids, CancellationToken ct)
    {
        var list = string.Join(',', ids);
        var binned = await connection.Rows($"select id, number from {BinnedCustomer.Table} where id in ({list})", row => (Id: row.GetInt64(0), Number: row.GetString(1)), ct);
        foreach (var one in records.Where(one => one.Binned.Count > 0).OrderBy(one => one.Name == OwnRecords.File ? 0 : 1))
        {
            // Whoever computed figures meanwhile may have done so for one who was gone.
            if (one.Merge is { IsSetAside: true } && one.Name != OwnRecords.File) { await connection.Run($"delete from {one.Rows} where {one.Binned[0]} in ({list})", ct); }
            foreach (var column in one.Binned) { await PutBack(connection, one, PutInBin.Name(one, column), list, ct); }
        }
        await connection.Run($"delete from {BinnedCustomer.Rows} where binned_id in ({list})", ct);
        await connection.Run($"delete from {BinnedCustomer.Table} where id in ({list})", ct);
        // Whoever has an old form open has it of a file that was gone.
        await connection.Run($"update customers_customer set version = version + 1 where id in ({list})", ct);
        await Find(connection, [.. ids], list, ct);
        var brought = await connection.Rows($"select distinct other_id from customers_relation where customer_id in ({list}) and kind = 3", row => row.GetInt64(0), ct);
        await permission.Run(connection, [.. ids, .. brought.Except(ids)], ct);
        await events.RaiseAll(connection, [.. binned.Select(one => new CustomerRestored(one.Id))], ct);
        return binned.Select(one => Audited.Customer("customer.restored", one.Id, [AuditChange.Is("number", one.Number)]));
    }

    /// <summary>By what the search finds them, and their notes.</summary>
    private async Task Find(DbConnection connection, IReadOnlyList<long> ids, string list, CancellationToken ct)
    {
        var fields = book.Of(CustomerFields.Kind.Name);
        var aliases = await Aliases.Of(connection, ids, ct);
        var customers = await CustomerColumns.Find(connection, "id", [.. ids.Select(id => (object)id)], ct);
        await SearchRows.Customers.Write(connection, customers.ConvertAll(found => (found.Id, found.Customer.Completed(fields).Tokens(aliases.GetValueOrDefault(found.Id, Aliases.None)))), ct);
        await SearchRows.Notes.Write(connection, await connection.Rows($"select id, body from customers_note where customer_id in ({list})", row => (row.GetInt64(0), SearchTokens.OfText(row.GetString(1))), ct), ct);
    }

    private static async Task PutBack(DbConnection connection, PersonalRecords one, string name, string list, CancellationToken ct)
    {
        var kept = await connection.Rows($"select binned_id, kept from {BinnedCustomer.Rows} where name = @name and binned_id in ({list}) order by binned_id, position", row => (Of: row.GetInt64(0), Row: JsonNode.Parse(row.GetString(1))!.AsObject()), ct, ("name", name));
        if (kept.Count == 0) { return; }
        var rows = kept.ConvertAll(row => row.Row);
        if (one.Name != OwnRecords.File)
        {
            foreach (var (column, table) in Needs) { await Leave(connection, (name, column, table), kept, rows, ct); }
            await Renumber(connection, one.Rows, rows, ct);
        }
        await KeptRows.Put(connection, one.Rows, rows.ConvertAll(row => row.ToJsonString()), ct);
    }

    /// <summary>Rows that tie a customer to another one who is still in the bin come back with that one.</summary>
    private static async Task Leave(DbConnection connection, (string Name, string Column, string Table) need, List<(long Of, JsonObject Row)> kept, List<JsonObject> rows, CancellationToken ct)
    {
        var wanted = rows.Select(row => (long?)row[need.Column]).OfType<long>().Distinct().ToList();
        if (wanted.Count == 0) { return; }
        var list = string.Join(',', wanted);
        var there = (await connection.Rows($"select id from {need.Table} where id in ({list})", row => row.GetInt64(0), ct)).ToHashSet();
        var missing = rows.FindAll(row => row[need.Column] is { } id && !there.Contains((long)id));
        if (missing.Count == 0) { return; }
        var binned = need.Table != CustomerApi.Table ? [] : (await connection.Rows($"select id from {BinnedCustomer.Table} where id in ({list})", row => row.GetInt64(0), ct)).ToHashSet();
        foreach (var row in missing)
        {
            rows.Remove(row);
            if (!binned.Contains((long)row[need.Column]!)) { continue; }
            await connection.Run($"insert into {BinnedCustomer.Rows} (binned_id, name, position, kept) values (@other, @name, (select coalesce(max(position), 0) + 1 from {BinnedCustomer.Rows} where binned_id = @other and name = @name), @kept)", ct,
                ("other", (long)row[need.Column]!), ("name", need.Name), ("kept", row.ToJsonString()));
        }
    }

    /// <summary>SQLite gives numbers of removed rows again: where another row has one by now, a row gets a new one, and its answers follow.</summary>
    private static async Task Renumber(DbConnection connection, string table, List<JsonObject> rows, CancellationToken ct)
    {
        var ids = rows.Select(row => (long?)row["id"]).OfType<long>().ToList();
        if (ids.Count == 0) { return; }
        var taken = (await connection.Rows($"select id from {table} where id in ({string.Join(',', ids)})", row => row.GetInt64(0), ct)).ToHashSet();
        if (taken.Count == 0) { return; }
        var next = Math.Max(ids.Max(), await connection.Number($"select max(id) from {table}", ct));
        var given = taken.ToDictionary(id => id, _ => ++next);
        foreach (var row in rows)
        {
            foreach (var column in (string[])["id", "reply_to"])
            {
                if (row[column] is { } id && given.TryGetValue((long)id, out var other)) { row[column] = other; }
            }
        }
    }
}
