using System.Data.Common;
using Huike.Customers.Parts;
using Huike.Platform;
using Huike.Platform.Data;

namespace Huike.Customers.Addresses;

/// <summary>Adds, changes, prefers and removes addresses. The preferred one is the customer's own, and its city the customer's place.</summary>
internal sealed class ChangeAddresses(WriteOnFile write) : IFileParts<AddressInput, AddressInput, AddressRecord>
{
    private const int Most = 50;

    public static string Unknown => "customers.address.unknown";

    public static async Task<IReadOnlyList<AddressRecord>> Of(DbConnection connection, long customerId, Viewer viewer, CancellationToken ct) => [.. (await Address.Of(connection, customerId, ct)).Select(one => AddressRecord.Of(one.For(viewer)))];

    public Task<long> Add(FileWriter writer, AddressInput wanted, IReadOnlySet<string> given, CancellationToken ct) => Add(writer, wanted.On(new(0, ""), given), FormKey.Read(FormKey.New()), ct);

    public Task<long> Change(FileWriter writer, long id, AddressInput wanted, IReadOnlySet<string> given, CancellationToken ct) => Change(writer, id, null, old => wanted.On(old, given), ct);

    /// <returns>Its id; sent twice under one key, it makes one.</returns>
    /// <exception cref="RuleException"><c>access.record.refused</c>, <c>customers.address.twice</c>, <c>customers.address.many</c>; those of <see cref="WriteOnFile.Run"/>.</exception>
    public Task<long> Add(FileWriter writer, Address wanted, FormKey key, CancellationToken ct) => Within(writer, async (file, all) =>
    {
        if (await file.Connection.Number("select id from customers_address where form_key = @key", ct, ("key", key.Value)) is > 0 and var earlier) { return earlier; }
        if (all.Exists(known => known.Id > 0 && Same(known, wanted))) { throw new RuleException("customers.address.twice"); }
        if (all.Count >= Most) { throw new RuleException("customers.address.many", Most); }
        var preferred = wanted.IsPreferred || all.TrueForAll(known => known.Id == 0 && known.Text == wanted.Text);
        var id = await file.Connection.Number("""
            insert into customers_address (customer_id, usage, recipient, phone, division_code, detail, postcode, text, is_preferred, created_at, created_by, version, form_key)
            values (@customer, @use, @recipient, @phone, @division, @detail, @postcode, @text, @no, @at, @by, 1, @key) returning id
            """, ct, [.. Values(wanted), ("customer", file.CustomerId), ("no", false), ("at", file.Now), ("by", writer.By), ("key", key.Value)]);
        if (preferred) { await Prefer(file, wanted with { Id = id }, ct); }
        else { file.Tell(Address.Field, null, wanted.Text); }
        return id;
    }, ct);

    /// <exception cref="RuleException"><c>customers.address.unknown</c>, <c>customers.edit.stale</c>, <c>customers.address.twice</c>; those of adding.</exception>
    public Task<long> Change(FileWriter writer, long id, int? version, Func<Address, Address> rewrite, CancellationToken ct) => Within(writer, async (file, all) =>
    {
        var old = Find(all, id);
        if (version is { } shown && shown != old.Version) { throw new RuleException("customers.edit.stale"); }
        var wanted = rewrite(old);
        // One is always preferred: another one takes it over, it is never given up.
        var now = wanted with { Id = id, Version = old.Version, IsPreferred = wanted.IsPreferred || old.IsPreferred };
        if (all.Exists(known => known.Id > 0 && known.Id != id && Same(known, now))) { throw new RuleException("customers.address.twice"); }
        if (now == old) { return id; }
        await file.Connection.Run("""
            update customers_address set usage = @use, recipient = @recipient, phone = @phone, division_code = @division, detail = @detail, postcode = @postcode, text = @text, version = version + 1 where id = @id
            """, ct, [.. Values(now), ("id", id)]);
        if (now.IsPreferred) { await Prefer(file, now, ct); }
        else { file.Tell(Address.Field, old.Text, now.Text); }
        file.Tell("addressTo", Besides(old), Besides(now));
        return id;
    }, ct);

    /// <summary>Removes one. Where it was the preferred one, the next takes its place.</summary>
    /// <exception cref="RuleException"><c>customers.address.unknown</c>; those of adding.</exception>
    public Task<long> Remove(FileWriter writer, long id, CancellationToken ct) => Within(writer, async (file, all) =>
    {
        var old = Find(all, id);
        await file.Connection.Run("delete from customers_address where id = @id", ct, ("id", id));
        if (old.IsPreferred) { await Prefer(file, all.Find(one => one.Id > 0 && one.Id != id), ct); }
        else { file.Tell(Address.Field, old.Text, null); }
        return id;
    }, ct);

    private static string Besides(Address address) => string.Join(' ', new[] { CustomerFilter.Kebab(address.Use), address.Recipient, address.Phone, address.Postcode }.Where(part => part is { Length: > 0 }));

    private static bool Same(Address one, Address other) => one.Text == other.Text && one.Use == other.Use && one.Recipient == other.Recipient;

    private static Address Find(List<Address> all, long id) => all.Find(one => one.Id == id && id > 0) ?? throw new RuleException(Unknown);

    private Task<long> Within(FileWriter writer, Func<FileTurn, List<Address>, Task<long>> work, CancellationToken ct)
    {
        if (!writer.Viewer.SeesPersonal) { throw new RuleException("access.record.refused"); }
        return write.Run(writer, async file => await work(file, await Address.Of(file.Connection, file.CustomerId, ct)), ct);
    }

    /// <summary>Makes one the customer's own; null: there is none.</summary>
    private static async Task Prefer(FileTurn file, Address? address, CancellationToken ct)
    {
        var (old, place) = await file.Connection.First("select address, place from customers_customer where id = @id", row => (row.TextOrNull(0), row.TextOrNull(1)), ct, ("id", file.CustomerId));
        // A place that is written shorter stays as the firm writes it.
        var city = address?.Place is { } name && (place is not { Length: > 0 } || !name.StartsWith(place, StringComparison.Ordinal)) ? name : place;
        await file.Connection.Run("update customers_customer set address = @address, place = @place where id = @id", ct, ("address", address?.Text), ("place", city), ("id", file.CustomerId));
        await file.Connection.Run("update customers_address set is_preferred = @no, version = version + 1 where customer_id = @customer and is_preferred and id <> @id", ct, ("no", false), ("customer", file.CustomerId), ("id", address?.Id ?? 0));
        await file.Connection.Run("update customers_address set is_preferred = @yes where id = @id", ct, ("yes", true), ("id", address?.Id ?? 0));
        file.Tell("address", old, address?.Text);
        file.Tell("place", place, city);
    }

    private static (string, object?)[] Values(Address address) =>
    [
        ("use", address.Use), ("recipient", address.Recipient), ("phone", address.Phone), ("division", address.Division?.Code), ("detail", address.Detail), ("postcode", address.Postcode), ("text", address.Text),
    ];
}
