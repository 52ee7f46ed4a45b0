using System.Data.Common;
using System.Globalization;
using Huike.Customers.ContactPoints;
using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Data;
using Huike.Platform.Fields;

namespace Huike.Customers.Merges;

/// <summary>A file that is about to become one with another.</summary>
/// <param name="Customer">Its fields.</param>
/// <param name="Version">As it stands.</param>
/// <param name="OwnerId">Who looks after the customer; null: nobody.</param>
/// <param name="OwnerName">His sign-in name.</param>
/// <param name="Reach">How the customer likes to be reached.</param>
/// <param name="Standing">What the ledger says.</param>
internal sealed record MergingFile(NewCustomer Customer, int Version, long? OwnerId, string? OwnerName, ReachWish Reach, Standing Standing)
{
    /// <summary>A file as it is.</summary>
    /// <exception cref="RuleException"><c>customers.customer.unknown</c>.</exception>
    public static async Task<MergingFile> Read(DbConnection connection, long id, CancellationToken ct)
    {
        if (await CustomerColumns.Find(connection, "id", [id], ct) is not [var (_, customer)]) { throw new RuleException("customers.customer.unknown", id); }
        var standing = await connection.First($"select {StandingColumns.Names} from customers_standing where customer_id = @id", row => StandingColumns.Read(row, 0), ct, ("id", id));
        return (await connection.First($"select c.version, c.owner_id, p.user_name, {ReachWish.Columns} from customers_customer c left join platform_user p on p.id = c.owner_id where c.id = @id",
            row => new MergingFile(customer, row.GetInt32(0), row.IsDBNull(1) ? null : row.GetInt64(1), row.TextOrNull(2), ReachWish.Map(row, 3), standing), ct, ("id", id)))!;
    }

    /// <summary>A field's value as text; null: none.</summary>
    public string? Value(string field) => field switch
    {
        CustomerMerge.Owner => OwnerName,
        CustomerMerge.Reach => Reach.Written,
        "kind" when Customer.Kind == default => null,
        _ => CustomerColumns.Value(Customer, field) is { Length: > 0 } value ? value : null,
    };

    /// <summary>Fields of the file, one by one: ours, the firm's own that are not computed, and <see cref="CustomerMerge.Extra"/>.</summary>
    public static IEnumerable<string> Fields(IEnumerable<CustomField> own) =>
        [.. CustomerColumns.Editable, .. CustomerMerge.Extra, .. own.Where(field => field.Type != FieldType.Formula).Select(field => field.Input)];
}

/// <summary>What one file becomes of two.</summary>
/// <param name="Customer">Its fields.</param>
/// <param name="Changes">What changes in the file that stays.</param>
internal sealed record MergedFile(NewCustomer Customer, IReadOnlyList<MergedField> Changes)
{
    /// <summary>The day since when we know the customer: the earlier of both.</summary>
    public const string Created = "created";

    /// <summary>Puts two files together.</summary>
    /// <param name="stays">The one that stays.</param>
    /// <param name="goes">The one that goes into it.</param>
    /// <param name="take">Fields whose values come from the second one; null: those that the first one lacks.</param>
    /// <param name="own">All fields of the firm's own.</param>
    /// <exception cref="RuleException"><c>customers.merge.fieldUnknown</c>: no such field.</exception>
    public static MergedFile Of(MergingFile stays, MergingFile goes, IReadOnlyCollection<string>? take, IReadOnlyList<CustomField> own)
    {
        var known = MergingFile.Fields(own).ToList();
        if (take?.FirstOrDefault(field => !known.Contains(field)) is { } wrong) { throw new RuleException("customers.merge.fieldUnknown", wrong); }
        var taken = known.Where(field => take?.Contains(field) ?? (stays.Value(field) is null && goes.Value(field) is not null)).ToList();
        var customer = CustomerColumns.With(stays.Customer, taken.Except(CustomerMerge.Extra).Select(field => (field, CustomerColumns.Value(goes.Customer, field)))).Completed(own);
        var changes = CustomerColumns.Differences(stays.Customer, customer).ConvertAll(change => new MergedField(change.Field, change.Old, change.New));
        changes.AddRange(taken.Intersect(CustomerMerge.Extra).Select(field => new MergedField(field, stays.Value(field), goes.Value(field))).Where(change => change.Old != change.New));
        if (goes.Customer.CreatedAt < stays.Customer.CreatedAt) { changes.Add(new(Created, Instant(stays.Customer.CreatedAt), Instant(goes.Customer.CreatedAt))); }
        return new(customer, changes);
    }

    /// <summary>Writes changed fields into a file, with what follows from them.</summary>
    /// <param name="connection">The transaction.</param>
    /// <param name="id">Whose file.</param>
    /// <param name="customer">The fields of <see cref="CustomerColumns"/> as they are to be.</param>
    /// <param name="changes">What changes.</param>
    /// <param name="ct">Ends the write.</param>
    public static async Task Write(DbConnection connection, long id, NewCustomer customer, IReadOnlyList<MergedField> changes, CancellationToken ct)
    {
        // All but the customer's own stay, as further ones.
        foreach (var (kind, own) in new[] { (ContactKind.Phone, customer.Phone), (ContactKind.Email, customer.Email?.ToLowerInvariant()) })
        {
            await connection.Run($"update {ContactPoint.Table} set is_preferred = @no where customer_id = @id and kind = @kind and is_preferred and value <> @own", ct, ("id", id), ("kind", kind), ("own", own ?? ""), ("no", false));
        }
        await CustomerColumns.Update(connection, id, customer, ct);
        foreach (var change in changes)
        {
            switch (change.Field)
            {
                case CustomerMerge.Owner:
                    await connection.Run("update customers_customer set owner_id = (select id from platform_user where user_name = @owner), unit_id = (select unit_id from platform_user where user_name = @owner) where id = @id", ct, ("id", id), ("owner", change.New));
                    break;
                case CustomerMerge.Reach:
                    await connection.Run("update customers_customer set reach_channel = @channel, reach_days = @days, reach_from = @from, reach_to = @to where id = @id", ct, [.. ReachWish.Parse(change.New).Values, ("id", id)]);
                    break;
                case Created:
                    await connection.Run("update customers_customer set created_at = @at where id = @id", ct, ("id", id), ("at", DateTimeOffset.Parse(change.New!, CultureInfo.InvariantCulture)));
                    break;
            }
        }
    }

    private static string Instant(DateTimeOffset at) => at.ToString("O", CultureInfo.InvariantCulture);
}
