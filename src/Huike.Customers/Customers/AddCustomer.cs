using System.Data.Common;
using Huike.Customers.Contracts;
using Huike.Customers.Find;
using Huike.Customers.Merges;
using Huike.Platform;
using Huike.Platform.Access;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Events;
using Huike.Platform.Fields;
using Huike.Platform.Numbering;
using Huike.Platform.Search;

namespace Huike.Customers;

/// <summary>Opens the file of a new customer.</summary>
internal sealed class AddCustomer(Database database, EventLog events, AuditLog audit, FieldBook fields, NumberSeries numbers)
{
    /// <summary>The series of our own numbers. Before it they were made of ids.</summary>
    public static readonly NumberedKind Numbers = new("customers", "customers.list.title", "C{0000000}", "select coalesce(max(id), 0) + 1 from customers_customer where number like 'C%'");

    /// <summary>Stores the customer. Without a number of its own it gets the next one of ours.</summary>
    /// <param name="form">A form without errors; sent twice, it makes one customer.</param>
    /// <param name="owner">Number of the user whose customer it becomes; null: nobody's yet.</param>
    /// <param name="ct">Ends the write.</param>
    /// <returns>The customer's id.</returns>
    /// <exception cref="RuleException"><c>customers.form.number</c>: another customer has the number.</exception>
    public async Task<long> Run(CustomerForm form, long? owner, CancellationToken ct)
    {
        var key = FormKey.Read(form.FormKey).Value;
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var customer = form.Customer.Completed(fields.Of(CustomerFields.Kind.Name));
        // Until it is known which number is free, the form's key stands for it: no number of a person's looks like that.
        var id = await Insert(connection, customer with { Number = customer.Number.Length > 0 ? customer.Number : key }, key, ct);
        if (id == 0)
        {
            var earlier = await connection.Number("select id from customers_customer where form_key = @key", ct, ("key", key));
            return earlier > 0 ? earlier : throw new RuleException("customers.form.number", customer.Number);
        }
        if (customer.Number.Length > 0 && await IsHeld(connection, customer.Number, ct)) { throw new RuleException("customers.form.number", customer.Number); }
        if (customer.Number.Length == 0)
        {
            customer = customer with { Number = await numbers.Next(connection, Numbers, async number => await connection.Number("select count(*) from customers_customer where number = @number", ct, ("number", number)) > 0 || await IsHeld(connection, number, ct), ct) };
            await connection.Run("update customers_customer set number = @number, sort_key = @sort where id = @id", ct, ("number", customer.Number), ("sort", CustomerColumns.SortKey(customer.Name, customer.Number)), ("id", id));
        }
        await StandingColumns.Add(connection, StandingColumns.Empty(id), ct);
        await SearchRows.Customers.Add(connection, id, customer.Tokens(Aliases.None), ct);
        var looksAfter = owner is { } user ? await Owner.Find(connection, user, ct) : null;
        if (looksAfter is not null) { await connection.Run("update customers_customer set owner_id = @owner, unit_id = @unit where id = @id", ct, ("id", id), ("owner", looksAfter.Id), ("unit", looksAfter.UnitId)); }
        await events.Raise(connection, new CustomerAdded(id), ct);
        var given = CustomerColumns.Differences(new("") { CreatedAt = customer.CreatedAt, LoadId = 0 }, customer);
        await audit.Write(connection, Audited.Customer("customer.added", id, [AuditChange.Is("number", customer.Number), .. Audited.Fields(given), .. looksAfter is null ? [] : (AuditChange[])[AuditChange.Is("owner", looksAfter.Name)]]), ct);
        await transaction.CommitAsync(ct);
        return id;
    }

    private static async Task<bool> IsHeld(DbConnection connection, string number, CancellationToken ct) => (await CustomerMerge.HoldersOf(connection, [number], ct)).Count > 0;

    private static Task<long> Insert(DbConnection connection, NewCustomer customer, string key, CancellationToken ct)
    {
        var values = CustomerColumns.Values(customer).Append(key).Select((value, i) => (Name: $"v{i}", Value: value)).ToArray();
        // The load is none: its column stays empty.
        var names = CustomerColumns.Names.Split(", ");
        values[Array.IndexOf(names, "load_id")].Value = null;
        var (column, id) = connection.Kind() == DatabaseKind.Postgres ? ("", "") : ("id, ", $"({CustomerColumns.NextId}), ");
        return connection.Number($"insert into customers_customer ({column}{CustomerColumns.Names}, form_key) values ({id}{string.Join(", ", values.Select(value => "@" + value.Name))}) on conflict do nothing returning id", ct, values);
    }
}
