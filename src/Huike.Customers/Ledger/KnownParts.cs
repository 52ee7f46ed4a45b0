using System.Data.Common;
using System.Globalization;
using Huike.Customers.ContactPoints;
using Huike.Customers.People;
using Huike.Customers.Tags;
using Huike.Platform.Data;

namespace Huike.Customers.Ledger;

/// <summary>Tells of what a list says of customers who are there what isn't there yet.</summary>
internal static class KnownParts
{
    /// <summary>Same for the same fact; a load that takes it back doesn't take it from a later one, whose number follows.</summary>
    public static string KeyOf(long customer, ListedConsent consent) =>
        string.Create(CultureInfo.InvariantCulture, $"list-{customer}-{consent.Purpose.Id}-{(int)consent.Channel}-{(consent.Given ? 1 : 0)}-{consent.At.ToUnixTimeMilliseconds()}-");

    /// <summary>Of what a list tells of customers who are there, what isn't there yet.</summary>
    /// <param name="connection">Holds the caller's transaction.</param>
    /// <param name="listed">Some thousands.</param>
    /// <param name="fills">An owner stays; a further phone or mail address comes beside the customer's own.</param>
    /// <param name="ct">Ends the reads.</param>
    /// <returns>By customer: those parts, and what the history tells of them.</returns>
    public static async Task<Dictionary<long, (ListedCustomer Parts, List<(string Field, string? Old, string? New)> Told)>> Run(DbConnection connection, IReadOnlyList<(long Id, ListedCustomer Listed)> listed, bool fills, CancellationToken ct)
    {
        var known = new Known(await Read(connection, listed, ct), fills);
        return listed.ToDictionary(one => one.Id, one => known.Missing(one.Id, one.Listed));
    }

    private static async Task<Rows> Read(DbConnection connection, IReadOnlyList<(long Id, ListedCustomer Listed)> listed, CancellationToken ct)
    {
        var rows = new Rows();
        var peopled = listed.Where(one => one.Listed.People.Count > 0).Select(one => one.Id).ToHashSet();
        foreach (var some in listed.Where(one => one.Listed.HasParts || one.Listed.Customer is { Phone: not null } or { Email: not null }).Select(one => one.Id).Chunk(500))
        {
            // Numbers of ours: nothing foreign gets into the text.
            var ids = string.Join(',', some);
            rows.Points.AddRange(await connection.Rows($"select customer_id, kind, value from {ContactPoint.Table} where customer_id in ({ids})", row => (row.GetInt64(0), (ContactKind)row.GetInt16(1), row.GetString(2)), ct));
            rows.Own.AddRange(await connection.Rows($"select c.id, c.phone, c.email, c.contact, c.owner_id, u.user_name from customers_customer c left join platform_user u on u.id = c.owner_id where c.id in ({ids})", row => (row.GetInt64(0), new Own(row.TextOrNull(1), row.TextOrNull(2), row.TextOrNull(3), row.IsDBNull(4) ? null : row.GetInt64(4), row.TextOrNull(5))), ct));
            rows.Texts.AddRange(await connection.Rows($"""
                select customer_id, 0, text, is_preferred from customers_address where customer_id in ({ids}) union all select customer_id, 1, name, is_preferred from customers_invoice_title where customer_id in ({ids})
                union all select tagged.customer_id, 2, tag.name_key, tagged.id < 0 from customers_tagged tagged join customers_tag tag on tag.id = tagged.tag_id where tagged.customer_id in ({ids})
                union all select k.customer_id, 3, k.form_key, k.id < 0 from customers_consent k where k.customer_id in ({ids}) and k.form_key like 'list-%' and not exists (select 1 from customers_consent undone where undone.form_key = 'undone-' || k.id)
                """, row => (row.GetInt64(0), row.GetInt32(1), row.GetString(2), row.GetBoolean(3)), ct));
            var posts = await Contact.Of(connection, some.Where(peopled.Contains), ct);
            foreach (var of in posts) { rows.People[of.Key] = [.. of]; }
        }
        return rows;
    }

    private sealed record Own(string? Phone, string? Email, string? Contact, long? OwnerId, string? Owner);

    private sealed class Rows
    {
        public List<(long Id, ContactKind Kind, string Value)> Points { get; } = [];

        public List<(long Id, Own Own)> Own { get; } = [];

        public List<(long Id, int What, string Text, bool IsPreferred)> Texts { get; } = [];

        public Dictionary<long, List<Contact>> People { get; } = [];
    }

    private sealed class Known(Rows rows, bool fills)
    {
        private readonly ILookup<long, (long Id, ContactKind Kind, string Value)> points = rows.Points.ToLookup(row => row.Id);
        private readonly ILookup<(long, int), (long Id, int What, string Text, bool IsPreferred)> texts = rows.Texts.ToLookup(row => (row.Id, row.What));
        private readonly Dictionary<long, Own> own = rows.Own.ToDictionary(row => row.Id, row => row.Own);

        public (ListedCustomer, List<(string, string?, string?)>) Missing(long id, ListedCustomer listed)
        {
            var now = own.GetValueOrDefault(id, new(null, null, null, null, null));
            var told = new List<(string, string?, string?)>();
            var people = People(id, listed, told);
            var missing = listed with
            {
                Points = [.. Points(listed, now).Where(point => points[id].All(known => (known.Kind, known.Value) != (point.Kind, point.Value)) && point.Value != now.Phone && !point.Value.Equals(now.Email, StringComparison.OrdinalIgnoreCase)).Select(point => point with { IsPreferred = point.IsPreferred && points[id].All(known => known.Kind != point.Kind) })],
                Addresses = [.. listed.Addresses.Where(address => texts[(id, 0)].All(known => known.Text != address.Text)).Select(address => address with { IsPreferred = false })],
                Titles = [.. listed.Titles.Where(title => texts[(id, 1)].All(known => known.Text != title.Name)).Select(title => title with { IsPreferred = title.IsPreferred && !texts[(id, 1)].Any(known => known.IsPreferred) })],
                Tags = [.. listed.Tags.Where(tag => texts[(id, 2)].All(known => known.Text != Tag.Key(tag)))],
                Consents = [.. listed.Consents.Where(consent => texts[(id, 3)].All(known => !known.Text.StartsWith(KeyOf(id, consent), StringComparison.Ordinal)))],
                People = people,
                Owner = listed.Owner is { } owner && owner.Id != now.OwnerId && !(fills && now.OwnerId is not null) ? owner : null,
            };
            told.AddRange(missing.Points.Select(point => (point.Field, (string?)null, (string?)point.Value)));
            told.AddRange(missing.Addresses.Select(address => (Addresses.Address.Field, (string?)null, (string?)address.Text)));
            told.AddRange(missing.Titles.Select(title => (InvoiceTitles.InvoiceTitle.Field, (string?)null, (string?)title.Name)));
            told.AddRange(missing.Tags.Select(tag => (Tag.Field, (string?)null, (string?)tag)));
            told.AddRange(missing.Consents.Select(consent => (WriteParts.Consent, (string?)null, (string?)consent.Purpose.Code)));
            if (missing.Owner is { } taken) { told.Add((WriteParts.Owner, now.Owner, taken.Name)); }
            return (missing, told);
        }

        /// <summary>Where only what is empty is filled in, a phone or mail address that differs comes beside the customer's own.</summary>
        private IEnumerable<ContactPoint> Points(ListedCustomer listed, Own now)
        {
            foreach (var point in listed.Points) { yield return point; }
            if (!fills) { yield break; }
            if (listed.Customer.Phone is { } phone && now.Phone is { Length: > 0 } had && had != phone && phone.Any(char.IsAsciiDigit)) { yield return ContactPoint.Read(ContactKind.Phone, null, phone, null); }
            if (listed.Customer.Email is { } email && now.Email is { Length: > 0 } kept && !kept.Equals(email, StringComparison.OrdinalIgnoreCase) && CustomerForm.IsEmail(email)) { yield return ContactPoint.Read(ContactKind.Email, null, email, null); }
        }

        /// <summary>Whom nobody of the name is at the customer; and of whom more is known now, completed or, where the list counts, changed.</summary>
        private List<Contact> People(long id, ListedCustomer listed, List<(string, string?, string?)> told)
        {
            var changed = new List<Contact>();
            foreach (var person in listed.People)
            {
                var there = rows.People.GetValueOrDefault(id)?.Find(known => known.Name == person.Name);
                var wanted = there is null ? person with { IsMain = person.IsMain && rows.People.GetValueOrDefault(id)?.Exists(known => known.IsMain) != true } : (fills ? there.Completed(person) : person.Completed(there)) with { Id = there.Id, PersonId = there.PersonId, IsMain = there.IsMain, Influence = there.Influence, Preferences = there.Preferences, Version = there.Version, Others = there.Others };
                if (wanted == there) { continue; }
                changed.Add(wanted);
                var before = there?.Told.ToDictionary(one => one.Field, one => one.Value) ?? [];
                told.AddRange(wanted.Told.Where(one => (one.Value ?? "") != (before.GetValueOrDefault(one.Field) ?? "")).Select(one => (one.Field, before.GetValueOrDefault(one.Field), one.Value)));
            }
            return changed;
        }
    }
}
