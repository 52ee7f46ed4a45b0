using System.Data.Common;
using System.Globalization;
using Huike.Customers.Addresses;
using Huike.Customers.ContactPoints;
using Huike.Customers.InvoiceTitles;
using Huike.Customers.People;
using Huike.Customers.PermissionStages;
using Huike.Customers.Pools;
using Huike.Customers.Tags;
using Huike.Platform.Data;

namespace Huike.Customers.Ledger;

/// <summary>By which load, by whom and when parts of files come.</summary>
internal sealed record PartsOrigin(long LoadId, string By, DateTimeOffset Now);

/// <summary>Writes contacts, addresses, consents and the like of customers of a list, in bulk, each with its load.</summary>
internal sealed class WriteParts(ChangeHands hands, FollowPermission permission)
{
    /// <summary>Names of changes that have a history of their own.</summary>
    public const string Owner = "owner";

    public const string Consent = "consent";

    private const string Made = "created_at, created_by, version, load_id";

    /// <summary>Writes parts of which none is there yet.</summary>
    public async Task Run(DbConnection connection, ILedgerTable table, IReadOnlyList<(long Id, ListedCustomer Listed)> listed, PartsOrigin from, CancellationToken ct)
    {
        var all = listed.Where(one => one.Listed.HasParts).ToList();
        if (all.Count == 0) { return; }
        object?[] made = [from.Now, from.By, 1, from.LoadId];
        await table.Add(connection, ContactPoint.Table, $"customer_id, kind, usage, value, value_reversed, raw, label, is_preferred, {Made}", [.. all.SelectMany(one => one.Listed.Points.Select(point =>
            (object?[])[one.Id, (short)point.Kind, (short)point.Use, point.Value, point.Kind == ContactKind.Phone ? CustomerColumns.Reversed(point.Value) : null, point.Raw, point.Label, point.IsPreferred, .. made]))], ct);
        await table.Add(connection, Address.Table, $"customer_id, usage, recipient, phone, division_code, detail, postcode, text, is_preferred, {Made}", [.. all.SelectMany(one => one.Listed.Addresses.Select(address =>
            (object?[])[one.Id, (short)address.Use, address.Recipient, address.Phone, address.Division?.Code, address.Detail, address.Postcode, address.Text, address.IsPreferred, .. made]))], ct);
        await table.Add(connection, InvoiceTitle.Table, $"customer_id, kind, name, tax_number, address, phone, bank, account, email, mobile, is_preferred, {Made}", [.. all.SelectMany(one => one.Listed.Titles.Select(title =>
            (object?[])[one.Id, (short)title.Kind, title.Name, title.TaxNumber, title.Address, title.Phone, title.Bank, title.Account, title.Email, title.Mobile, title.IsPreferred, .. made]))], ct);
        await People(connection, table, all, made, ct);
        await Tagged(connection, table, all, from, ct);
        await Consents(connection, table, all, from, ct);
        await Owners(connection, all, from, ct);
    }

    /// <summary>Key under which the load's changes of hands stand.</summary>
    public static string HandKey(long load) => string.Create(CultureInfo.InvariantCulture, $"load-{load}");

    private static async Task People(DbConnection connection, ILedgerTable table, List<(long Id, ListedCustomer Listed)> all, object?[] made, CancellationToken ct)
    {
        var people = all.SelectMany(one => one.Listed.People.Select(person => (Customer: one.Id, Person: person))).ToList();
        var fresh = people.Where(one => one.Person.Id == 0).ToList();
        var ids = await table.PartIds(connection, "customers_person", fresh.Count, ct);
        await table.Add(connection, "customers_person", "id, name, phone, phone_raw, email, wechat, birth_calendar, birth_year, birth_month, birth_day, birth_leap, preferences, created_at, created_by, load_id", [.. fresh.Select((one, i) =>
            (object?[])[ids[i], one.Person.Name, one.Person.Phone, one.Person.PhoneRaw, one.Person.Email, one.Person.WeChat, (short?)one.Person.Birthday?.Calendar, (short?)one.Person.Birthday?.Year, (short?)one.Person.Birthday?.Month, (short?)one.Person.Birthday?.Day, one.Person.Birthday?.Leap ?? false, "", made[0], made[1], made[3]])], ct);
        await table.Add(connection, "customers_post", $"customer_id, person_id, role, title, influence, is_main, {Made}", [.. fresh.Select((one, i) =>
            (object?[])[one.Customer, ids[i], (short)one.Person.Role, one.Person.Title, (short)one.Person.Influence, one.Person.IsMain, .. made])], ct);
        foreach (var (_, person) in people.Where(one => one.Person.Id > 0))
        {
            await connection.Run("update customers_person set phone = @phone, phone_raw = @raw, email = @email, wechat = @wechat, birth_calendar = @calendar, birth_year = @year, birth_month = @month, birth_day = @day, birth_leap = @leap where id = @id", ct,
                ("phone", person.Phone), ("raw", person.PhoneRaw), ("email", person.Email), ("wechat", person.WeChat), ("calendar", (short?)person.Birthday?.Calendar), ("year", (short?)person.Birthday?.Year), ("month", (short?)person.Birthday?.Month), ("day", (short?)person.Birthday?.Day), ("leap", person.Birthday?.Leap ?? false), ("id", person.PersonId));
            await connection.Run("update customers_post set role = @role, title = @title, version = version + 1 where id = @id", ct, ("role", person.Role), ("title", person.Title), ("id", person.Id));
        }
    }

    private static async Task Tagged(DbConnection connection, ILedgerTable table, List<(long Id, ListedCustomer Listed)> all, PartsOrigin from, CancellationToken ct)
    {
        var ids = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var name in all.SelectMany(one => one.Listed.Tags).DistinctBy(Tag.Key)) { ids[Tag.Key(name)] = (await TagCustomer.Known(connection, name, ct)).Id; }
        await table.Add(connection, "customers_tagged", "customer_id, tag_id, created_at, created_by, load_id", [.. all.SelectMany(one => one.Listed.Tags.Select(name => (object?[])[one.Id, ids[Tag.Key(name)], from.Now, from.By, from.LoadId]))], ct);
    }

    private async Task Consents(DbConnection connection, ILedgerTable table, List<(long Id, ListedCustomer Listed)> all, PartsOrigin from, CancellationToken ct)
    {
        var said = all.Where(one => one.Listed.Consents.Count > 0).ToList();
        // By which words it was given elsewhere isn't known: none of our texts was shown.
        await table.Add(connection, "customers_consent", "customer_id, purpose_id, channel, given, at, way, proof, created_at, created_by, form_key, load_id", [.. said.SelectMany(one => one.Listed.Consents.DistinctBy(consent => KnownParts.KeyOf(one.Id, consent)).Select(consent =>
            (object?[])[one.Id, consent.Purpose.Id, (short)consent.Channel, consent.Given, consent.At, (short)consent.Way, consent.Proof, from.Now, from.By, string.Create(CultureInfo.InvariantCulture, $"{KnownParts.KeyOf(one.Id, consent)}{from.LoadId}"), from.LoadId]))], ct);
        await permission.Run(connection, [.. said.Select(one => one.Id)], ct);
    }

    private async Task Owners(DbConnection connection, List<(long Id, ListedCustomer Listed)> all, PartsOrigin from, CancellationToken ct)
    {
        foreach (var some in all.Where(one => one.Listed.Owner is not null).GroupBy(one => one.Listed.Owner!))
        {
            // The load's own entry tells of all of them.
            await hands.Run(connection, [.. some.Select(one => one.Id)], new(HandCause.Imported, some.Key, null) { By = from.By, Key = HandKey(from.LoadId) }, ct);
        }
    }
}
