using System.Data.Common;
using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Events;
using Huike.Platform.Fields;

namespace Huike.Customers;

/// <summary>Changes a customer's file; each field's old and new value stay in its history.</summary>
internal sealed class EditCustomer(Database database, EventLog events, AuditLog audit, FieldBook fields, TimeProvider clock)
{
    /// <summary>The file as it is, for a form; what the viewer may not see is masked, and stays as it is.</summary>
    /// <exception cref="RuleException"><c>customers.customer.unknown</c>, <c>privacy.erased</c>.</exception>
    public async Task<CustomerForm> Show(long id, Viewer viewer, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var (customer, version) = await Find(connection, id, ct);
        var hidden = CustomerForm.Maskable.Where(column => viewer.Hides(column)).ToHashSet();
        return new(CustomerColumns.With(customer, hidden.Select(column => (column, viewer.Veil(column, CustomerColumns.Value(customer, column))))), version, FormKey.New()) { Id = id, Hidden = hidden, Fields = viewer.Own };
    }

    /// <param name="id">Whose file.</param>
    /// <param name="form">A form without errors; its version is the one that was shown.</param>
    /// <param name="viewer">Who changes it: fields that are hidden from him stay as they are.</param>
    /// <param name="by">Name of who changes it.</param>
    /// <param name="ct">Ends the write.</param>
    /// <exception cref="RuleException"><c>customers.customer.unknown</c>, <c>privacy.erased</c>; <c>customers.edit.stale</c>: someone else changed it since it was shown.</exception>
    public async Task Run(long id, CustomerForm form, Viewer viewer, string by, CancellationToken ct)
    {
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // Holds the row, so that nobody comes in between reading and writing it.
        await connection.Run("update customers_customer set version = version where id = @id", ct, ("id", id));
        var (old, version) = await Find(connection, id, ct);
        if (version != form.Version) { throw new RuleException("customers.edit.stale"); }
        var all = fields.Of(CustomerFields.Kind.Name);
        var said = CustomerColumns.Differences(old, form.Customer).Where(change => !viewer.Hides(change.Field)).Select(change => (change.Field, change.New));
        var customer = CustomerColumns.With(old, said).Completed(all);
        var changes = CustomerColumns.Differences(old, customer);
        if (changes.Count == 0) { return; }
        await CustomerColumns.Update(connection, id, customer, ct);
        await CustomerHistory.Write(connection, id, changes, (clock.GetUtcNow(), by), ct);
        await events.Raise(connection, new CustomerEdited(id, [.. changes.Select(change => change.Field)]), ct);
        await audit.Write(connection, Audited.Customer("customer.edited", id, Audited.Fields(changes)), ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>The file as it is, unmasked.</summary>
    /// <exception cref="RuleException"><c>customers.customer.unknown</c>, <c>privacy.erased</c>.</exception>
    public async Task<(NewCustomer Customer, int Version)> Find(long id, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return await Find(connection, id, ct);
    }

    private static async Task<(NewCustomer Customer, int Version)> Find(DbConnection connection, long id, CancellationToken ct)
    {
        await CustomerRules.DemandPerson(connection, id, ct);
        var found = await CustomerColumns.Find(connection, "id", [id], ct);
        // Between the two it may have been removed.
        return found is not [var (_, customer)] ? throw new RuleException("customers.customer.unknown", id) : (customer, (int)await connection.Number("select version from customers_customer where id = @id", ct, ("id", id)));
    }
}
