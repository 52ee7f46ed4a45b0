using System.Data.Common;
using Huike.Customers.Parts;
using Huike.Platform;
using Huike.Platform.Data;
using Huike.Platform.Fields;

namespace Huike.Customers.Tags;

/// <summary>曾用名: a name that a customer went by.</summary>
/// <param name="Id">Number.</param>
/// <param name="Name">The name.</param>
/// <param name="UntilAt">When it was given up; null where it was said only that it was one.</param>
internal sealed record FormerName(long Id, string Name, DateTimeOffset? UntilAt)
{
    /// <summary>Name under which it stands among a customer's changes.</summary>
    public const string Field = "formerName";

    public static Task<List<FormerName>> Of(DbConnection connection, long customerId, CancellationToken ct) => connection.Rows("""
        select f.id, f.name, (select max(h.created_at) from customers_change h where h.customer_id = f.customer_id and h.field = 'name' and h.old_value = f.name)
        from customers_former_name f where f.customer_id = @id order by f.id desc
        """, row => new FormerName(row.GetInt64(0), row.GetString(1), row.IsDBNull(2) ? null : row.At(2)), ct, ("id", customerId));

    /// <summary>Before a customer gets a name: the one so far is a former one then, the new one no longer.</summary>
    public static async Task Keep(DbConnection connection, long customerId, string name, CancellationToken ct)
    {
        if (name.Length == 0) { return; }
        await connection.Run("insert into customers_former_name (customer_id, name) select id, name from customers_customer where id = @id and name <> '' and name <> @name on conflict do nothing", ct, ("id", customerId), ("name", name));
        await Forget(connection, customerId, name, ct);
    }

    /// <summary>It never was one.</summary>
    public static Task Forget(DbConnection connection, long customerId, string name, CancellationToken ct) =>
        connection.Run("delete from customers_former_name where customer_id = @id and name = @name", ct, ("id", customerId), ("name", name));
}

/// <summary>Adds a former name that was learnt of, and removes one that was a slip of the pen.</summary>
internal sealed class ChangeFormerNames(WriteOnFile write, FieldBook fields)
{
    private const int Most = 50;
    private const int Longest = 400;

    /// <returns>Its id; said twice it is one.</returns>
    /// <exception cref="RuleException"><c>customers.formerName.wrong</c>, <c>customers.formerName.many</c>; those of <see cref="WriteOnFile.Run"/>.</exception>
    public Task<long> Add(FileWriter writer, string? text, CancellationToken ct) => write.Run(writer, async file =>
    {
        var name = TypedText.Clean(text).ReplaceLineEndings(" ");
        var known = await FormerName.Of(file.Connection, file.CustomerId, ct);
        if (known.Find(one => one.Name == name) is { } there) { return there.Id; }
        if (name.Length is 0 or > Longest || await file.Connection.Number("select count(*) from customers_customer where id = @id and name = @name", ct, ("id", file.CustomerId), ("name", name)) > 0) { throw new RuleException("customers.formerName.wrong", Longest); }
        if (known.Count >= Most) { throw new RuleException("customers.formerName.many", Most); }
        var id = await file.Connection.Number("insert into customers_former_name (customer_id, name) values (@id, @name) returning id", ct, ("id", file.CustomerId), ("name", name));
        file.Tell(FormerName.Field, null, name);
        await CustomerColumns.WriteTokens(file.Connection, file.CustomerId, fields.Of(CustomerFields.Kind.Name), ct);
        return id;
    }, ct);

    /// <exception cref="RuleException"><c>customers.formerName.unknown</c>; those of <see cref="WriteOnFile.Run"/>.</exception>
    public Task Remove(FileWriter writer, long id, CancellationToken ct) => write.Run(writer, async file =>
    {
        var name = (await FormerName.Of(file.Connection, file.CustomerId, ct)).Find(one => one.Id == id) ?? throw new RuleException("customers.formerName.unknown");
        await FormerName.Forget(file.Connection, file.CustomerId, name.Name, ct);
        file.Tell(FormerName.Field, name.Name, null);
        await CustomerColumns.WriteTokens(file.Connection, file.CustomerId, fields.Of(CustomerFields.Kind.Name), ct);
        return id;
    }, ct);
}
