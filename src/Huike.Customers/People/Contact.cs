using System.Data.Common;
using System.Globalization;
using Huike.Customers.BulkChanges;
using Huike.Customers.ContactPoints;
using Huike.Platform;
using Huike.Platform.Access.Records;
using Huike.Platform.Data;
using Huike.Platform.Search;

namespace Huike.Customers.People;

/// <summary>What part somebody has in a purchase.</summary>
internal enum PostRole
{
    Other = 0,
    DecisionMaker = 1,
    User = 2,
    Payer = 3,
    Technical = 4,
    Buyer = 5,
    Gatekeeper = 6,
    Advocate = 7,
}

/// <summary>How much somebody's word weighs in a purchase.</summary>
internal enum Influence
{
    /// <summary>Nothing was said.</summary>
    Unknown = 0,
    Low = 1,
    Medium = 2,
    High = 3,
    Decisive = 4,
}

/// <summary>Another customer at which a contact has a post.</summary>
/// <param name="Id">Null: out of the viewer's scope.</param>
/// <param name="Name">Empty where the viewer may not know.</param>
internal sealed record OtherPost(long? Id, string Name);

/// <summary>联系人: a person, and the post that he has at one customer.</summary>
/// <param name="Id">Number of the post; 0: only the name was said, in the customer's own field.</param>
/// <param name="PersonId">Number of the person.</param>
/// <param name="Name">The person's name.</param>
internal sealed record Contact(long Id, long PersonId, string Name)
{
    /// <summary>Name under which it stands among a customer's changes, and those of what is personal.</summary>
    public const string Field = "person";

    /// <summary>Persons whose posts are all at the customer who is the parameter.</summary>
    public const string Alone = "id in (select person_id from customers_post where customer_id = @id) and not exists (select 1 from customers_post other where other.person_id = customers_person.id and other.customer_id <> @id)";

    private const int Longest = 400;

    public PostRole Role { get; init; }

    /// <summary>What the post is called.</summary>
    public string Title { get; init; } = "";

    public Influence Influence { get; init; }

    /// <summary>The customer's first contact: his name stands in the customer's own field.</summary>
    public bool IsMain { get; init; }

    /// <summary>In its normal form.</summary>
    public string? Phone { get; init; }

    /// <summary>As it was written.</summary>
    public string? PhoneRaw { get; init; }

    public string? Email { get; init; }

    public string? WeChat { get; init; }

    public Birthday? Birthday { get; init; }

    /// <summary>喜好.</summary>
    public string Preferences { get; init; } = "";

    /// <summary>Grows with each change.</summary>
    public int Version { get; init; } = 1;

    /// <summary>The person's other posts.</summary>
    public IReadOnlyList<OtherPost> Others { get; init; } = [];

    /// <summary>What a form or a program says, checked.</summary>
    /// <exception cref="RuleException"><c>customers.person.name</c>, <c>customers.form.long</c>, those of <see cref="ContactPoint.Read"/>.</exception>
    public static Contact Read(string? name, string? title, string? preferences, (string? Phone, string? Email, string? WeChat) reached)
    {
        var (called, post, likes) = (TypedText.Clean(name).ReplaceLineEndings(" "), TypedText.Clean(title).ReplaceLineEndings(" "), TypedText.Clean(preferences));
        if (called.Length == 0) { throw new RuleException("customers.person.name"); }
        if (called.Length > Longest || post.Length > Longest || likes.Length > Longest) { throw new RuleException("customers.form.long"); }
        var phone = Point(ContactKind.Phone, reached.Phone);
        return new(0, 0, called) { Title = post, Preferences = likes, Phone = phone?.Value, PhoneRaw = phone?.Raw, Email = Point(ContactKind.Email, reached.Email)?.Value, WeChat = Point(ContactKind.WeChat, reached.WeChat)?.Raw };
    }

    private const string Posts = """
        select t.id, p.id, p.name, t.role, t.title, t.influence, t.is_main, p.phone, p.phone_raw, p.email, p.wechat, p.birth_calendar, p.birth_year, p.birth_month, p.birth_day, p.birth_leap, p.preferences, t.version, t.customer_id
        from customers_post t join customers_person p on p.id = t.person_id
        """;

    /// <summary>Who has a post at each of some customers.</summary>
    public static async Task<ILookup<long, Contact>> Of(DbConnection connection, IEnumerable<long> customers, CancellationToken ct) =>
        (await connection.Rows($"{Posts} where t.customer_id in ({BulkTurn.List(customers)}) order by t.id", row => (Customer: row.GetInt64(18), Contact: Map(row)), ct)).ToLookup(row => row.Customer, row => row.Contact);

    /// <summary>All of a customer's, the first one first; who stands in the customer's own field alone among them.</summary>
    public static async Task<List<Contact>> Of(DbConnection connection, long customerId, Viewer? viewer, CancellationToken ct)
    {
        var contacts = await connection.Rows($"{Posts} where t.customer_id = @id order by t.is_main desc, t.influence desc, t.id", Map, ct, ("id", customerId));
        var own = await connection.First("select contact from customers_customer where id = @id", row => row.TextOrNull(0), ct, ("id", customerId));
        if (own is { Length: > 0 } && !contacts.Exists(contact => contact.IsMain)) { contacts.Insert(0, new(0, 0, own) { IsMain = true }); }
        if (viewer is null || contacts.Count == 0) { return contacts; }
        var others = await connection.Rows($"""
            select o.person_id, case when {viewer.Sql("c")} then c.id end, coalesce(nullif(c.name, ''), c.number) from customers_post t join customers_post o on o.person_id = t.person_id and o.customer_id <> t.customer_id
            join customers_customer c on c.id = o.customer_id where t.customer_id = @id order by o.id limit 500
            """, row => (Person: row.GetInt64(0), Other: row.IsDBNull(1) ? new OtherPost(null, "") : new OtherPost(row.GetInt64(1), row.GetString(2))), ct, [("id", customerId), .. viewer.Parameters]);
        return others.Count == 0 ? contacts : contacts.ConvertAll(contact => contact with { Others = [.. others.Where(one => one.Person == contact.PersonId && contact.Id > 0).Select(one => one.Other)] });
    }

    /// <summary>With what another telling of the same person knows besides.</summary>
    public Contact Completed(Contact more) => this with
    {
        Role = Role == PostRole.Other ? more.Role : Role,
        Title = Title.Length > 0 ? Title : more.Title,
        Phone = Phone ?? more.Phone,
        PhoneRaw = Phone is null ? more.PhoneRaw : PhoneRaw,
        Email = Email ?? more.Email,
        WeChat = WeChat ?? more.WeChat,
        Birthday = Birthday ?? more.Birthday,
    };

    /// <summary>As this one may see it.</summary>
    public Contact For(Viewer viewer) => viewer.SeesPersonal ? this : this with
    {
        Phone = Mask.Phone(Phone),
        PhoneRaw = null,
        Email = Mask.Email(Email),
        WeChat = Mask.Text(WeChat),
        Birthday = null,
        Preferences = viewer.SeesInternal ? Preferences : "",
    };

    /// <summary>What of it is told in history: field and value.</summary>
    public IEnumerable<(string Field, string? Value)> Told =>
    [
        (Field, Name), ("personRole", Role == PostRole.Other ? null : CustomerFilter.Kebab(Role)), ("personTitle", Title), ("personInfluence", Influence == Influence.Unknown ? null : CustomerFilter.Kebab(Influence)),
        ("personPhone", Phone), ("personEmail", Email), ("personWechat", WeChat), ("personBirthday", Birthday?.Written), ("personPreferences", Preferences),
    ];

    private static ContactPoint? Point(ContactKind kind, string? text) => TypedText.Clean(text).Length == 0 ? null : ContactPoint.Read(kind, null, text, null);

    private static Contact Map(DbDataReader row) => new(row.GetInt64(0), row.GetInt64(1), row.GetString(2))
    {
        Role = (PostRole)row.GetInt16(3),
        Title = row.GetString(4),
        Influence = (Influence)row.GetInt16(5),
        IsMain = row.GetBoolean(6),
        Phone = row.TextOrNull(7),
        PhoneRaw = row.TextOrNull(8),
        Email = row.TextOrNull(9),
        WeChat = row.TextOrNull(10),
        Birthday = row.IsDBNull(11) ? null : new((BirthCalendar)row.GetInt16(11), row.IsDBNull(12) ? null : row.GetInt16(12), row.GetInt16(13), row.GetInt16(14), row.GetBoolean(15)),
        Preferences = row.GetString(16),
        Version = row.GetInt32(17),
    };
}
