using System.Data.Common;
using System.Text.Json;
using Huike.Customers.Contracts;
using Huike.Customers.Find;
using Huike.Customers.PermissionStages;
using Huike.Customers.Relations;
using Huike.Platform;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Events;
using Huike.Platform.Fields;

namespace Huike.Customers.Merges;

/// <summary>Which two files become one, and what of the second one counts.</summary>
/// <param name="Survivor">Whose file stays.</param>
/// <param name="Absorbed">Whose file goes into it.</param>
/// <param name="Take">Columns whose values are taken from the absorbed file, and names of <see cref="CustomerMerge.Extra"/>; null: what the survivor's file lacks.</param>
internal sealed record MergeWish(long Survivor, long Absorbed, IReadOnlyCollection<string>? Take)
{
    /// <summary>Versions of both as they were shown; 0: whichever.</summary>
    public (int Survivor, int Absorbed) Versions { get; init; }
}

/// <summary>合并: makes one file of two. All that any module keeps of the one goes over to the other, in one transaction, with enough written down to undo it.</summary>
internal sealed class MergeCustomers(Database database, MergeParts parts, EventLog events, AuditLog audit, FieldBook fields, TimeProvider clock)
{
    /// <param name="wish">Which, and how.</param>
    /// <param name="by">Name of who does it.</param>
    /// <param name="ct">Ends the write.</param>
    /// <returns>Number of the merge; of one that was done before, by whomever, that one's.</returns>
    /// <exception cref="RuleException"><c>customers.merge.self</c>, <c>customers.customer.unknown</c>, <c>privacy.erased</c>, <c>customers.edit.stale</c>, <c>customers.merge.fieldUnknown</c>, <c>customers.merge.cycle</c>: one of the two is above the other one.</exception>
    public async Task<long> Run(MergeWish wish, string by, CancellationToken ct)
    {
        var (survivor, absorbed, now) = (wish.Survivor, wish.Absorbed, clock.GetUtcNow());
        if (survivor == absorbed) { throw new RuleException("customers.merge.self"); }
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // Both held in one order, so that of two who merge the same pair one waits for the other.
        foreach (var id in new[] { survivor, absorbed }.Order()) { await connection.Run("update customers_customer set version = version where id = @id", ct, ("id", id)); }
        if (await Earlier(connection, survivor, absorbed, ct) is { } done) { return done; }
        var (stays, goes) = (await Find(connection, survivor, wish.Versions.Survivor, ct), await Find(connection, absorbed, wish.Versions.Absorbed, ct));
        var merged = MergedFile.Of(stays, goes, wish.Take, fields.Of(CustomerFields.Kind.Name));
        var merge = await connection.Number($"""
            insert into {CustomerMerge.Table} (customer_id, survivor_id, absorbed_id, number, name, fields, at, by) values (@survivor, @survivor, @absorbed, @number, @name, @fields, @at, @by) returning id
            """, ct, ("survivor", survivor), ("absorbed", absorbed), ("number", goes.Customer.Number), ("name", goes.Customer.Name), ("fields", JsonSerializer.Serialize(merged.Changes)), ("at", now), ("by", by));
        foreach (var id in new[] { survivor, absorbed }) { await OwnParts.Keep(connection, merge, id, (now, by), ct); }
        await parts.Rows.There(connection, merge, survivor, absorbed, ct);
        if (await Relation.IsItsOwnParent(connection, survivor, ct)) { throw new RuleException("customers.merge.cycle"); }
        await parts.Links.There(connection, merge, absorbed, survivor, ct);
        await Leave(connection, absorbed, ct);
        await WriteStanding(connection, stays.Standing, goes.Standing, ct);
        await MergedFile.Write(connection, survivor, merged.Customer, merged.Changes, ct);
        await parts.Permission.Run(connection, [survivor], ct);
        await CustomerHistory.Write(connection, survivor, merged.Changes.Where(change => change.Field is not (CustomerMerge.Owner or MergedFile.Created)).Select(change => (change.Field, change.Old, change.New)), (now, by), ct);
        await events.Raise(connection, new CustomersMerged(survivor, absorbed) { FormerOwner = goes.OwnerId, Bought = goes.Standing.Documents > 0 || goes.Standing.Returns > 0 }, ct);
        await audit.WriteAll(connection, [Audited.Customer("customer.merged", survivor, [AuditChange.Is("number", goes.Customer.Number), .. Audited.Fields(merged.Changes.Select(change => (change.Field, change.Old, change.New)))]),
            Audited.Customer("customer.merged-into", absorbed, [AuditChange.Is("number", stays.Customer.Number)])], ct);
        await transaction.CommitAsync(ct);
        return merge;
    }

    /// <summary>The merge of these two, where it was done before; null: it was not.</summary>
    public async Task<long?> Earlier(long survivor, long absorbed, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return await Earlier(connection, survivor, absorbed, ct);
    }

    private static async Task<long?> Earlier(DbConnection connection, long survivor, long absorbed, CancellationToken ct) =>
        await connection.Number($"select id from {CustomerMerge.Table} where survivor_id = @survivor and absorbed_id = @absorbed and undone_at is null", ct, ("survivor", survivor), ("absorbed", absorbed)) is > 0 and var done ? done : null;

    private static async Task<MergingFile> Find(DbConnection connection, long id, int version, CancellationToken ct)
    {
        await CustomerRules.DemandPerson(connection, id, ct);
        var file = await MergingFile.Read(connection, id, ct);
        return version == 0 || version == file.Version ? file : throw new RuleException("customers.edit.stale");
    }

    /// <summary>The absorbed file is no more; what is only of the moment goes with it.</summary>
    private static async Task Leave(DbConnection connection, long absorbed, CancellationToken ct)
    {
        await connection.Run("delete from customers_contact_claim where customer_id = @id", ct, ("id", absorbed));
        await SearchRows.Customers.Remove(connection, absorbed, ct);
        await connection.Run("delete from customers_customer where id = @id", ct, ("id", absorbed));
    }

    /// <summary>Until figures are computed anew: the sums of both, in the place of who bought more.</summary>
    private static async Task WriteStanding(DbConnection connection, Standing stays, Standing goes, CancellationToken ct)
    {
        if (goes.Documents == 0 && goes.Returns == 0) { return; }
        var both = (goes.Documents > stays.Documents ? goes : stays) with
        {
            CustomerId = stays.CustomerId,
            Purchases = stays.Purchases + goes.Purchases,
            Documents = stays.Documents + goes.Documents,
            Returns = stays.Returns + goes.Returns,
            Sales = stays.Sales + goes.Sales,
            Returned = stays.Returned + goes.Returned,
            Margin = stays.Margin + goes.Margin,
            CostToServe = stays.CostToServe + goes.CostToServe,
            Contribution = stays.Contribution + goes.Contribution,
            FirstAt = stays.Documents == 0 || (goes.Documents > 0 && goes.FirstAt < stays.FirstAt) ? goes.FirstAt : stays.FirstAt,
            LastAt = goes.LastAt > stays.LastAt ? goes.LastAt : stays.LastAt,
        };
        await connection.Run("delete from customers_standing where customer_id = @id", ct, ("id", stays.CustomerId));
        await StandingColumns.Add(connection, StandingColumns.Values(both), ct);
    }
}

/// <summary>What follows a customer into another file: rows of all modules, and links.</summary>
internal sealed record MergeParts(MoveRows Rows, MergedLinks Links, FollowPermission Permission);
