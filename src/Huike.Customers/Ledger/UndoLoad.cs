using System.Text.Json;
using Huike.Customers.Find;
using Huike.Customers.Tags;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Fields;

namespace Huike.Customers.Ledger;

/// <summary>Takes a load back whole: its transactions, what it changed, and the customers that nothing else knows. Products stay: they are a catalogue.</summary>
internal sealed class UndoLoad(Database database, FieldBook fields, UndoParts parts)
{
    private const int MostKept = 50;
    private const int Step = 20_000;

    /// <returns>The load's outcome with nothing added.</returns>
    public async Task<LoadOutcome> Run(Load load, Action<double> progress, CancellationToken ct)
    {
        var last = await InTransaction(connection => connection.Number("select coalesce(max(id), 0) from customers_transaction", ct), ct);
        for (var from = load.FirstTransactionId; from <= last; from += Step)
        {
            await InTransaction(connection => connection.Run("delete from customers_transaction where id >= @from and id < @to and load_id = @load", ct, ("from", from), ("to", from + Step), ("load", load.Id)), ct);
            progress((double)(from - load.FirstTransactionId) / (last - load.FirstTransactionId + 1));
        }
        var kept = (await InTransaction(connection => Rest(connection, load.Id, ct), ct)).GroupBy(row => row.Customer).Select(of => of.First() with { Changes = [.. of.SelectMany(row => row.Changes)] }).ToList();
        var outcome = JsonSerializer.Deserialize<LoadOutcome>(load.Outcome.Length > 0 ? load.Outcome : "{}")!;
        return outcome with { Added = 0, Changed = 0, NewCustomers = 0, ChangedSample = [], Kept = kept.Count, KeptSample = [.. kept.Take(MostKept)] };
    }

    /// <returns>Of whom something couldn't be put back.</returns>
    private async Task<List<ChangedRow>> Rest(System.Data.Common.DbConnection connection, long load, CancellationToken ct)
    {
        // Held first, as every other write holds its customer first, so that none waits for another crosswise and none gets a note in between.
        if (connection.Kind() == DatabaseKind.Postgres) { await connection.Number("select count(*) from (select id from customers_customer where load_id = @load and owner_id is null order by id for update) held", ct, ("load", load)); }
        var kept = await parts.Run(connection, load, ct);
        kept.AddRange(await Restore(connection, load, ct));
        await connection.Run("delete from customers_change where load_id = @load", ct, ("load", load));
        await UndoParts.Forget(connection, load, ct);
        const string gone = """
            select id from customers_customer c where c.load_id = @load and c.owner_id is null
            and not exists (select 1 from customers_transaction t where t.customer_id = c.id) and not exists (select 1 from customers_note n where n.customer_id = c.id)
            and not exists (select 1 from customers_next_step s where s.customer_id = c.id) and not exists (select 1 from customers_change h where h.customer_id = c.id)
            and not exists (select 1 from customers_consent a where a.customer_id = c.id) and not exists (select 1 from customers_subject_request r where r.customer_id = c.id)
            and not exists (select 1 from customers_contact_point p where p.customer_id = c.id) and not exists (select 1 from customers_tagged tagged where tagged.customer_id = c.id) and not exists (select 1 from customers_former_name former where former.customer_id = c.id) and not exists (select 1 from customers_address address where address.customer_id = c.id) and not exists (select 1 from customers_invoice_title title where title.customer_id = c.id) and not exists (select 1 from customers_claim claim where claim.customer_id = c.id) and not exists (select 1 from customers_post post where post.customer_id = c.id) and not exists (select 1 from customers_relation relation where c.id in (relation.customer_id, relation.other_id)) and not exists (select 1 from customers_relationship kept where kept.customer_id = c.id) and not exists (select 1 from customers_bond bond where bond.customer_id = c.id) and not exists (select 1 from customers_retention_plan plan where plan.customer_id = c.id) and not exists (select 1 from customers_moment moment where moment.customer_id = c.id) and not exists (select 1 from customers_hand hand where hand.customer_id = c.id) and not exists (select 1 from customers_merge g where g.customer_id = c.id) and not exists (select 1 from customers_erasure e where e.customer_id = c.id) and not exists (select 1 from platform_file f where f.record_kind = 'customers' and f.record_id = c.id)
            """;
        await connection.Run($"delete from customers_search where {SearchRows.Customers.Key(connection.Kind())} in ({gone})", ct, ("load", load));
        await connection.Run($"delete from platform_share where record_kind = 'customers' and record_id in ({gone})", ct, ("load", load));
        await connection.Run($"delete from customers_standing where customer_id in ({gone})", ct, ("load", load));
        await connection.Run($"delete from customers_stage where customer_id in ({gone})", ct, ("load", load));
        foreach (var table in (string[])["customers_stage_pin", "customers_permission", "customers_permission_step", "customers_permission_pin", "customers_card_kept"]) { await connection.Run($"delete from {table} where customer_id in ({gone})", ct, ("load", load)); }
        await connection.Run($"delete from customers_customer where id in ({gone})", ct, ("load", load));
        kept.AddRange(await connection.Rows("select number, name from customers_customer where load_id = @load order by id limit 1000", row => new ChangedRow(0, row.GetString(1).Length > 0 ? $"{row.GetString(0)} {row.GetString(1)}" : row.GetString(0), []), ct, ("load", load)));
        return kept;
    }

    private async Task<List<ChangedRow>> Restore(System.Data.Common.DbConnection connection, long load, CancellationToken ct)
    {
        var changes = await connection.Rows("select customer_id, field, old_value, new_value from customers_change where load_id = @load order by id desc",
            row => (Customer: row.GetInt64(0), Field: row.GetString(1), Old: row.TextOrNull(2), New: row.TextOrNull(3)), ct, ("load", load));
        var customers = await CustomerColumns.Find(connection, "id", [.. changes.Select(change => (object)change.Customer).Distinct()], ct);
        // Of what belongs to a file each part goes with its load.
        var byCustomer = changes.Where(change => CustomerColumns.Holds(change.Field)).ToLookup(change => change.Customer);
        var kept = new List<ChangedRow>();
        foreach (var (id, customer) in customers)
        {
            // A field that was changed again since then keeps its newer value.
            var restored = byCustomer[id].Aggregate(customer, (now, change) => CustomerColumns.Value(now, change.Field) == change.New ? CustomerColumns.With(now, [(change.Field, change.Old)]) : now);
            if (byCustomer[id].Where(change => CustomerColumns.Value(restored, change.Field) != change.Old).Select(change => new AuditChange(change.Field, change.Old, CustomerColumns.Value(restored, change.Field))).ToList() is { Count: > 0 } later)
            {
                kept.Add(new(0, customer.Name.Length > 0 ? $"{customer.Number} {customer.Name}" : customer.Number, later));
            }
            await CustomerColumns.Update(connection, id, restored.Completed(fields.Of(CustomerFields.Kind.Name)), ct);
            // What only the load called the customer was never a name.
            var misread = byCustomer[id].Where(change => change.Field == "name" && change.New is { Length: > 0 } && change.New != restored.Name).ToList();
            foreach (var change in misread) { await FormerName.Forget(connection, id, change.New!, ct); }
            if (misread.Count > 0) { await CustomerColumns.WriteTokens(connection, id, fields.Of(CustomerFields.Kind.Name), ct); }
        }
        return kept;
    }

    private async Task<T> InTransaction<T>(Func<System.Data.Common.DbConnection, Task<T>> work, CancellationToken ct)
    {
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var result = await work(connection);
        await transaction.CommitAsync(ct);
        return result;
    }
}
