using System.Data.Common;
using Huike.Customers.Addresses;
using Huike.Customers.ContactPoints;
using Huike.Customers.Contracts;
using Huike.Customers.People;
using Huike.Platform.Data;
using Huike.Platform.Search;

namespace Huike.Customers.PhoneCards;

/// <summary>The cards of customers and of the contacts on their files, as one may see them. Whoever was erased has none.</summary>
internal static class CardRecords
{
    /// <summary>All of some customers, in five statements.</summary>
    /// <param name="connection">To read by.</param>
    /// <param name="which">Condition on the customer <c>c</c>.</param>
    /// <param name="values">Values for it.</param>
    /// <param name="viewer">Who reads: which customers he sees is a part of the condition already, or was asked before.</param>
    /// <param name="ct">Ends the read.</param>
    public static async Task<List<CardRecord>> Of(DbConnection connection, string which, IReadOnlyList<(string, object?)> values, Viewer viewer, CancellationToken ct)
    {
        var among = $"select c.id from customers_customer c where {which} and not exists (select 1 from customers_erasure e where e.customer_id = c.id)";
        (string, object?)[] of = [.. values];
        var files = await connection.Rows($"select id, number, name, kind, phone, email, address, remark, created_at from customers_customer where id in ({among}) order by id", File.Map, ct, of);
        if (files.Count == 0) { return []; }
        var points = viewer.SeesPersonal ? await connection.Rows($"select customer_id, kind, usage, value, raw, label, is_preferred from customers_contact_point where customer_id in ({among}) order by kind, is_preferred desc, id", Point, ct, of) : [];
        var places = viewer.SeesPersonal ? await connection.Rows($"select customer_id, id, usage, detail, division_code, postcode, is_preferred from customers_address where customer_id in ({among}) order by is_preferred desc, id", Place, ct, of) : [];
        var (pointsOf, placesOf) = (points.ToLookup(one => one.Customer, one => one.Point), places.ToLookup(one => one.Customer, one => one.Place));
        var names = files.ToDictionary(file => file.Id, file => file.Shown);
        var contacts = await connection.Rows($"""
            select t.customer_id, t.id, t.created_at, p.name, t.title, p.phone, p.phone_raw, p.email, p.wechat, p.birth_calendar, p.birth_year, p.birth_month, p.birth_day, p.preferences
            from customers_post t join customers_person p on p.id = t.person_id where t.customer_id in ({among}) order by t.id
            """, row => Contact(row, names, viewer), ct, of);
        return [.. files.Select(file => Customer(file, [.. pointsOf[file.Id]], [.. placesOf[file.Id]], viewer)), .. contacts];
    }

    /// <summary>One; null: there is none, or he was erased.</summary>
    public static async Task<CardRecord?> Find(DbConnection connection, CardKind kind, long id, Viewer viewer, CancellationToken ct)
    {
        var which = kind == CardKind.Customer ? "c.id = @card" : "c.id in (select customer_id from customers_post where id = @card)";
        return (await Of(connection, which, [("card", id)], viewer, ct)).Find(card => card.Kind == kind && card.Id == id);
    }

    private static CardRecord Customer(File file, List<ContactPoint> points, List<Address> places, Viewer viewer)
    {
        var isOrganisation = file.Kind is CustomerKind.Organisation or CustomerKind.Distributor or CustomerKind.Partner;
        if (viewer.SeesPersonal)
        {
            if (file.Email is { Length: > 0 } email && !points.Exists(point => point.Kind == ContactKind.Email && point.IsPreferred)) { points.Insert(0, Own(ContactKind.Email, email)); }
            if (file.Phone is { Length: > 0 } phone && !points.Exists(point => point.Kind == ContactKind.Phone && point.IsPreferred)) { points.Insert(0, Own(ContactKind.Phone, phone)); }
            if (file.Address is { Length: > 0 } address && !places.Exists(place => place.IsPreferred)) { places.Insert(0, new(0, address) { IsPreferred = true }); }
        }
        return new(CardKind.Customer, file.Id, file.Id, file.CreatedAt, new(file.Shown)
        {
            IsOrganisation = isOrganisation,
            Points = [.. points.Select(point => new CardPoint(point, IsUsual: false))],
            Places = [.. places.Select(place => new CardPlace(place.Text, place.Use, place.Postcode ?? "") { Kept = place })],
            Note = viewer.Hides("remark") || file.Remark is not { Length: > 0 } ? null : file.Remark,
        })
        { Share = new(viewer.SeesPersonal, TellsNote: !viewer.Hides("remark"), HasLunarBirthday: false) };
    }

    private static CardRecord Contact(DbDataReader row, Dictionary<long, string> customers, Viewer viewer)
    {
        var isLunar = !row.IsDBNull(9) && (BirthCalendar)row.GetInt16(9) == BirthCalendar.Lunar;
        var sees = viewer.SeesPersonal;
        var points = sees ? new[] { Of(ContactKind.Phone, row.TextOrNull(6) ?? row.TextOrNull(5)), Of(ContactKind.Email, row.TextOrNull(7)), Of(ContactKind.WeChat, row.TextOrNull(8)) } : [];
        return new(CardKind.Contact, row.GetInt64(1), row.GetInt64(0), row.At(2), new(row.GetString(3))
        {
            Organisation = customers[row.GetInt64(0)],
            Title = row.GetString(4) is { Length: > 0 } title ? title : null,
            Points = [.. points.OfType<ContactPoint>().Select(point => new CardPoint(point, IsUsual: true))],
            Birthday = !sees || isLunar || row.IsDBNull(9) ? null : new(BirthCalendar.Solar, row.IsDBNull(10) ? null : row.GetInt16(10), row.GetInt16(11), row.GetInt16(12), Leap: false),
            Note = sees && row.GetString(13) is { Length: > 0 } likes ? likes : null,
        })
        { Share = new(sees, TellsNote: sees, isLunar) };
    }

    private static ContactPoint? Of(ContactKind kind, string? raw) => raw is { Length: > 0 } ? Own(kind, raw) with { IsPreferred = false } : null;

    private static ContactPoint Own(ContactKind kind, string raw)
    {
        var number = kind == ContactKind.Phone ? Phone.Normalise(raw) : null;
        var use = number?.Kind switch { PhoneKind.Mobile => ContactUse.Mobile, PhoneKind.Landline => ContactUse.Work, _ => ContactUse.Other };
        return new(0, kind, use, ContactPoint.Normal(kind, raw), raw, "", IsPreferred: true, Version: 1);
    }

    private static (long Customer, ContactPoint Point) Point(DbDataReader row) =>
        (row.GetInt64(0), new(1, (ContactKind)row.GetInt16(1), (ContactUse)row.GetInt16(2), row.GetString(3), row.GetString(4), row.GetString(5), row.GetBoolean(6), 1));

    private static (long Customer, Address Place) Place(DbDataReader row) => (row.GetInt64(0), new(row.GetInt64(1), row.GetString(3))
    {
        Use = (AddressUse)row.GetInt16(2),
        Division = Divisions.Find(row.TextOrNull(4)),
        Postcode = row.TextOrNull(5),
        IsPreferred = row.GetBoolean(6),
    });

    private sealed record File(long Id, string Number, string Name, CustomerKind Kind, string? Phone, string? Email, string? Address, string? Remark, DateTimeOffset CreatedAt)
    {
        public string Shown => Name.Length > 0 ? Name : Number;

        public static File Map(DbDataReader row) => new(row.GetInt64(0), row.GetString(1), row.GetString(2), (CustomerKind)row.GetInt16(3), row.TextOrNull(4), row.TextOrNull(5), row.TextOrNull(6), row.TextOrNull(7), row.At(8));
    }
}
