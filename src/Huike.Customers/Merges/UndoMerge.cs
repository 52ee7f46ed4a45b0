using System.Data.Common;
using Huike.Customers.Contracts;
using Huike.Customers.Notes;
using Huike.Customers.Tags;
using Huike.Platform;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Events;
using Huike.Platform.Fields;

namespace Huike.Customers.Merges;

/// <summary>撤销合并: makes two files of one again, each as it was, with what came after in the one where it was put.</summary>
internal sealed class UndoMerge(Database database, MergeParts parts, EventLog events, AuditLog audit, FieldBook fields, TimeProvider clock)
{
    /// <param name="customerId">Whose file it is in now.</param>
    /// <param name="id">Which merge.</param>
    /// <param name="given">What came after and belongs to the one who comes back.</param>
    /// <param name="by">Name of who does it.</param>
    /// <param name="ct">Ends the write.</param>
    /// <returns>Number of the customer who is back; done twice, it says the same.</returns>
    /// <exception cref="RuleException"><c>customers.merge.unknown</c>, <c>customers.merge.erased</c>, <c>customers.merge.further</c>, <c>customers.merge.number</c>, <c>customers.merge.later.wrong</c>.</exception>
    public async Task<long> Run(long customerId, long id, IReadOnlyCollection<(string Kind, long Id)> given, string by, CancellationToken ct)
    {
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.Run("update customers_customer set version = version where id = @id", ct, ("id", customerId));
        var merge = await CustomerMerge.Find(connection, customerId, id, ct);
        if (merge.UndoneAt is not null) { return merge.AbsorbedId; }
        if (!merge.MayBeUndone) { throw new RuleException(merge.IsErased ? "customers.merge.erased" : "customers.merge.further"); }
        if (await connection.Number("select count(*) from customers_customer where number = @number", ct, ("number", merge.Number)) > 0) { throw new RuleException("customers.merge.number", merge.Number); }
        var survivor = (await CustomerColumns.Find(connection, "id", [customerId], ct))[0].Customer;
        await parts.Rows.Back(connection, merge, ct);
        await LaterRows.Give(connection, parts.Rows, merge, given, ct);
        await NoteThread.Follow(connection, (customerId, merge.AbsorbedId), ct);
        await parts.Links.Back(connection, merge, ct);
        await RestoreSurvivor(connection, merge, survivor, by, ct);
        await connection.Run("update customers_customer set version = version + 1 where id = @id", ct, ("id", merge.AbsorbedId));
        // Somebody looked at the two and found that they are not the same.
        await connection.Run("insert into customers_duplicate (a_id, b_id, score, reasons, state, found_at, decided_at, decided_by) values (@a, @b, 0, '[]', 1, @at, @at, @by) on conflict (a_id, b_id) do update set state = 1, decided_at = @at, decided_by = @by", ct,
            ("a", Math.Min(customerId, merge.AbsorbedId)), ("b", Math.Max(customerId, merge.AbsorbedId)), ("at", clock.GetUtcNow()), ("by", by));
        var bought = await connection.Number("select 1 from customers_transaction where customer_id = @id limit 1", ct, ("id", merge.AbsorbedId)) > 0;
        await connection.Run($"delete from {CustomerMerge.Rows} where merge_id = @merge", ct, ("merge", id));
        await parts.Permission.Run(connection, [customerId, merge.AbsorbedId], ct);
        await connection.Run($"update {CustomerMerge.Table} set undone_at = @at, undone_by = @by where id = @merge", ct, ("merge", id), ("at", clock.GetUtcNow()), ("by", by));
        foreach (var one in new[] { customerId, merge.AbsorbedId }) { await CustomerColumns.WriteTokens(connection, one, fields.Of(CustomerFields.Kind.Name), ct); }
        await events.Raise(connection, new CustomersParted(customerId, merge.AbsorbedId) { Bought = bought }, ct);
        await audit.WriteAll(connection, [Audited.Customer("customer.parted", customerId, [AuditChange.Is("number", merge.Number)]), Audited.Customer("customer.restored", merge.AbsorbedId, [AuditChange.Is("number", survivor.Number)])], ct);
        await transaction.CommitAsync(ct);
        return merge.AbsorbedId;
    }

    /// <summary>What the merge took from the other file goes back, but for what was changed again since.</summary>
    private async Task RestoreSurvivor(DbConnection connection, CustomerMerge merge, NewCustomer now, string by, CancellationToken ct)
    {
        var file = await MergingFile.Read(connection, merge.SurvivorId, ct);
        var back = merge.Fields.Where(change => (change.Field == MergedFile.Created ? change.New : file.Value(change.Field)) == change.New).Select(change => new MergedField(change.Field, change.New, change.Old)).ToList();
        var customer = CustomerColumns.With(now, back.Where(change => change.Field is not (CustomerMerge.Owner or CustomerMerge.Reach or MergedFile.Created)).Select(change => (change.Field, change.New))).Completed(fields.Of(CustomerFields.Kind.Name));
        await MergedFile.Write(connection, merge.SurvivorId, customer, back, ct);
        await CustomerHistory.Write(connection, merge.SurvivorId, back.Where(change => change.Field is not (CustomerMerge.Owner or MergedFile.Created)).Select(change => (change.Field, change.Old, change.New)), (clock.GetUtcNow(), by), ct);
        // The name that it had meanwhile never was its own.
        foreach (var name in back.Where(change => change.Field == "name")) { await FormerName.Forget(connection, merge.SurvivorId, name.Old ?? "", ct); }
        await OwnParts.Forget(connection, merge, ct);
    }
}
