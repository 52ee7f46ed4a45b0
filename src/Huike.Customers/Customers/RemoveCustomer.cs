using Huike.Customers.Contracts;
using Huike.Customers.Find;
using Huike.Customers.People;
using Huike.Customers.PermissionStages;
using Huike.Platform;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Events;
using Huike.Platform.Files;

namespace Huike.Customers;

/// <summary>Removes a customer who was entered by mistake: one without a single transaction. Who bought stays in the books.</summary>
internal sealed class RemoveCustomer(Database database, FollowPermission permission, EventLog events, AuditLog audit)
{
    private static readonly string[] Tables = ["customers_standing", "customers_note", "customers_contact_claim", "customers_next_step", "customers_stage", "customers_stage_pin", "customers_permission", "customers_permission_step", "customers_permission_pin", "customers_change", "customers_contact_point", "customers_tagged", "customers_former_name", "customers_post", "customers_relation", "customers_address", "customers_invoice_title", "customers_claim", "customers_relationship", "customers_bond", "customers_retention_plan", "customers_moment", Pools.Hand.Table, Pools.Extension.Table];

    /// <exception cref="RuleException"><c>customers.customer.unknown</c>; <c>customers.remove.bought</c>; <c>customers.remove.kept</c>: there is a consent, a request or an account of the person's, or another file went into this one.</exception>
    public async Task Run(long id, CancellationToken ct)
    {
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (database.Kind == DatabaseKind.Postgres) { await connection.Run("select id from customers_customer where id = @id for update", ct, ("id", id)); }
        var found = await CustomerColumns.Find(connection, "id", [id], ct);
        if (found.Count == 0) { throw new RuleException("customers.customer.unknown", id); }
        if (await connection.Number("select 1 from customers_transaction where customer_id = @id limit 1", ct, ("id", id)) > 0) { throw new RuleException("customers.remove.bought"); }
        if (await connection.Number("select (select count(*) from customers_consent where customer_id = @id) + (select count(*) from customers_subject_request where customer_id = @id) + (select count(*) from platform_user where customer_id = @id) + (select count(*) from customers_merge where customer_id = @id)", ct, ("id", id)) > 0) { throw new RuleException("customers.remove.kept"); }
        var referrers = await connection.Rows(FollowPermission.Referrers, row => row.GetInt64(0), ct, ("id", id));
        await connection.Run($"delete from customers_person where {Contact.Alone}", ct, ("id", id));
        foreach (var table in Tables) { await connection.Run($"delete from {table} where customer_id = @id", ct, ("id", id)); }
        await connection.Run("delete from customers_relation where other_id = @id", ct, ("id", id));
        await permission.Run(connection, referrers, ct);
        await SearchRows.Customers.Remove(connection, id, ct);
        await connection.Run(FileOwner.Removal(CustomerPermissions.Records.Name, "= @id"), ct, ("id", id));
        await connection.Run("delete from platform_api_key where record_kind = 'customers' and record_id = @id", ct, ("id", id));
        await connection.Run("delete from platform_share where record_kind = 'customers' and record_id = @id", ct, ("id", id));
        await connection.Run("delete from customers_customer where id = @id", ct, ("id", id));
        await events.Raise(connection, new CustomerRemoved(id), ct);
        var fields = CustomerColumns.Differences(found[0].Customer, new("") { CreatedAt = default, LoadId = 0 });
        await audit.Write(connection, Audited.Customer("customer.removed", id, [new("number", found[0].Customer.Number, null), .. Audited.Fields(fields)]), ct);
        await transaction.CommitAsync(ct);
    }
}
