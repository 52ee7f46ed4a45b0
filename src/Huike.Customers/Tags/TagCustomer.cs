using System.Data.Common;
using Huike.Customers.Parts;
using Huike.Platform;
using Huike.Platform.Data;

namespace Huike.Customers.Tags;

/// <summary>Gives a customer tags and takes them.</summary>
internal sealed class TagCustomer(WriteOnFile write)
{
    public const int Most = 50;
    private const int MostOfFirm = 5_000;

    /// <summary>Gives tags; those that the customer has already stay.</summary>
    /// <exception cref="RuleException"><c>access.record.refused</c>, <c>customers.tag.many</c>, <c>customers.tag.full</c>; those of <see cref="WriteOnFile.Run"/>.</exception>
    public Task Add(FileWriter writer, IReadOnlyList<string> names, CancellationToken ct) => Change(writer, had => [.. had.Concat(names).DistinctBy(Tag.Key)], ct);

    /// <summary>Takes one.</summary>
    /// <inheritdoc cref="Add"/>
    public Task Remove(FileWriter writer, string name, CancellationToken ct) => Change(writer, had => [.. had.Where(known => Tag.Key(known) != Tag.Key(name))], ct);

    /// <summary>Gives these and takes all others.</summary>
    /// <inheritdoc cref="Add"/>
    public Task Replace(FileWriter writer, IReadOnlyList<string> names, CancellationToken ct) => Change(writer, _ => names, ct);

    private Task<long> Change(FileWriter writer, Func<List<string>, IReadOnlyList<string>> change, CancellationToken ct)
    {
        // What people think of customers is internal: who doesn't see it doesn't write it.
        if (!writer.Viewer.SeesInternal) { throw new RuleException("access.record.refused"); }
        return write.Run(writer, async file =>
        {
            var had = await file.Connection.Rows("select tag.name, tag.id from customers_tagged tagged join customers_tag tag on tag.id = tagged.tag_id where tagged.customer_id = @id order by tag.name_key",
                row => (Name: row.GetString(0), Id: row.GetInt64(1)), ct, ("id", file.CustomerId));
            var names = change(had.ConvertAll(one => one.Name));
            if (names.Count > Most) { throw new RuleException("customers.tag.many", Most); }
            foreach (var (name, id) in had.Where(one => names.All(name => Tag.Key(name) != Tag.Key(one.Name))))
            {
                await file.Connection.Run("delete from customers_tagged where customer_id = @id and tag_id = @tag", ct, ("id", file.CustomerId), ("tag", id));
                file.Tell(Tag.Field, name, null);
            }
            foreach (var name in names.Where(name => had.TrueForAll(one => Tag.Key(one.Name) != Tag.Key(name))))
            {
                var (id, spelt) = await Known(file.Connection, name, ct);
                await file.Connection.Run("insert into customers_tagged (customer_id, tag_id, created_at, created_by) values (@id, @tag, @at, @by)", ct, ("id", file.CustomerId), ("tag", id), ("at", file.Now), ("by", file.Writer.By));
                file.Tell(Tag.Field, null, spelt);
            }
            return file.CustomerId;
        }, ct);
    }

    /// <summary>The firm's tag of this name, as it was written first; a new one where there is none.</summary>
    public static async Task<(long Id, string Name)> Known(DbConnection connection, string name, CancellationToken ct)
    {
        if (await connection.Number("select count(*) from customers_tag", ct) >= MostOfFirm && await connection.Number("select count(*) from customers_tag where name_key = @key", ct, ("key", Tag.Key(name))) == 0)
        {
            throw new RuleException("customers.tag.full", MostOfFirm);
        }
        await connection.Run("insert into customers_tag (name, name_key) values (@name, @key) on conflict (name_key) do nothing", ct, ("name", name), ("key", Tag.Key(name)));
        return await connection.First("select id, name from customers_tag where name_key = @key", row => (row.GetInt64(0), row.GetString(1)), ct, ("key", Tag.Key(name)));
    }
}
