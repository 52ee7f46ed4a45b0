using System.Data.Common;
using Huike.Platform;
using Huike.Platform.Data;
using Huike.Platform.Search;

namespace Huike.Customers.ContactPoints;

/// <summary>What a contact point is.</summary>
internal enum ContactKind
{
    Phone = 0,
    Email = 1,
    WeChat = 2,
}

/// <summary>What a contact point is for.</summary>
internal enum ContactUse
{
    Other = 0,
    Mobile = 1,
    Work = 2,
    Home = 3,
    Fax = 4,
    Private = 5,
}

/// <summary>联系方式: a phone, a mail address or a WeChat id of a customer.</summary>
/// <param name="Id">0: the customer's own phone or mail address, of which nothing more was said.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Use">What it is for.</param>
/// <param name="Value">The normal form: a phone as <see cref="Phone.Normalise"/> gives it, or as written where it is no number that we know; others in small letters.</param>
/// <param name="Raw">As it was written.</param>
/// <param name="Label">A remark; may be empty.</param>
/// <param name="IsPreferred">Of its kind; of each kind that there is, one is.</param>
/// <param name="Version">Grows with each change.</param>
internal sealed record ContactPoint(long Id, ContactKind Kind, ContactUse Use, string Value, string Raw, string Label, bool IsPreferred, int Version)
{
    public const string Table = "customers_contact_point";

    private const int Longest = 400;
    private const int LongestWeChat = 64;

    /// <summary>The uses of a kind, the usual one first.</summary>
    public static IReadOnlyList<ContactUse> Uses(ContactKind kind) => kind switch
    {
        ContactKind.Phone => [ContactUse.Mobile, ContactUse.Work, ContactUse.Home, ContactUse.Fax, ContactUse.Other],
        ContactKind.Email => [ContactUse.Work, ContactUse.Private, ContactUse.Other],
        _ => [ContactUse.Other],
    };

    /// <summary>Name of its field in history, events, audit and texts: those of the preferred phone and mail address are the customer's own.</summary>
    public string Field => Kind switch { ContactKind.Phone => "phones", ContactKind.Email => "emails", _ => "wechat" };

    /// <summary>For eyes.</summary>
    public string Shown => Kind == ContactKind.Phone ? Phone.Shown(Value) : Raw;

    /// <summary>Address of a call or a letter; null for WeChat, and for what nobody is called by.</summary>
    public string? Href => Kind switch
    {
        ContactKind.Email => "mailto:" + Uri.EscapeDataString(Value).Replace("%40", "@", StringComparison.Ordinal),
        ContactKind.Phone when Use != ContactUse.Fax && Value.All(letter => char.IsAsciiDigit(letter) || letter == '+') => $"tel:{Value}{(Phone.Normalise(Raw)?.Extension is { } extension ? ";ext=" + extension : "")}",
        _ => null,
    };

    /// <summary>What someone wrote, checked and brought into its normal form.</summary>
    /// <param name="kind">What it is to be.</param>
    /// <param name="use">Null: told by its form.</param>
    /// <param name="text">The number, address or id.</param>
    /// <param name="label">A remark, or nothing.</param>
    /// <exception cref="RuleException"><c>customers.form.phone</c>, <c>customers.form.email</c>, <c>customers.contact.wechat</c>, <c>customers.contact.use.wrong</c>, <c>customers.form.long</c>.</exception>
    public static ContactPoint Read(ContactKind kind, ContactUse? use, string? text, string? label)
    {
        var (raw, remark) = (TypedText.Clean(text), TypedText.Clean(label));
        if (raw.Length > Longest || remark.Length > Longest) { throw new RuleException("customers.form.long"); }
        if (use is { } said && !Uses(kind).Contains(said)) { throw new RuleException("customers.contact.use.wrong"); }
        var number = kind == ContactKind.Phone ? Phone.Normalise(raw) : null;
        var wrong = kind switch
        {
            ContactKind.Phone => raw.Any(char.IsAsciiDigit) || number is not null ? null : "customers.form.phone",
            ContactKind.Email => CustomerForm.IsEmail(raw) ? null : "customers.form.email",
            _ => raw.Length is >= 2 and <= LongestWeChat && raw.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.') ? null : "customers.contact.wechat",
        };
        if (wrong is not null) { throw new RuleException(wrong, LongestWeChat); }
        return new(0, kind, use ?? Usual(kind, number), Normal(kind, raw), raw, remark, IsPreferred: false, Version: 1);
    }

    /// <summary>The normal form.</summary>
    public static string Normal(ContactKind kind, string raw) => kind == ContactKind.Phone ? Phone.Normalise(raw)?.Number ?? raw : raw.ToLowerInvariant();

    /// <summary>All of a customer's, by kind, the preferred one first; the customer's own phone and mail address among them.</summary>
    public static async Task<List<ContactPoint>> Of(DbConnection connection, long customerId, CancellationToken ct)
    {
        var points = await connection.Rows("select id, kind, usage, value, raw, label, is_preferred, version from customers_contact_point where customer_id = @id", Map, ct, ("id", customerId));
        var own = await connection.First("select phone, email from customers_customer where id = @id", row => (row.TextOrNull(0), row.TextOrNull(1)), ct, ("id", customerId));
        foreach (var (kind, value) in new[] { (ContactKind.Phone, own.Item1), (ContactKind.Email, own.Item2) })
        {
            if (value is { Length: > 0 } && !points.Exists(point => point.Kind == kind && point.IsPreferred)) { points.Add(new(0, kind, Usual(kind, Phone.Normalise(value)), Normal(kind, value), value, "", IsPreferred: true, Version: 1)); }
        }
        return [.. points.OrderBy(point => point.Kind).ThenByDescending(point => point.IsPreferred).ThenBy(point => point.Id)];
    }

    /// <summary>After the customer's own phone and mail address were written: what was said of the former ones goes, and of two that are the same now only one stays.</summary>
    public static async Task Follow(DbConnection connection, long customerId, string? phone, string? email, CancellationToken ct)
    {
        (string, object?)[] now = [("id", customerId), ("phone", phone ?? ""), ("email", email?.ToLowerInvariant() ?? "")];
        await connection.Run("delete from customers_contact_point where customer_id = @id and is_preferred and (kind = 0 and value <> @phone or kind = 1 and value <> @email)", ct, now);
        await connection.Run("update customers_contact_point set is_preferred = @yes, version = version + 1 where customer_id = @id and not is_preferred and (kind = 0 and value = @phone or kind = 1 and value = @email)", ct, [.. now, ("yes", true)]);
    }

    private static ContactUse Usual(ContactKind kind, PhoneNumber? number) => kind switch
    {
        ContactKind.Phone when number is { Kind: PhoneKind.Mobile } => ContactUse.Mobile,
        ContactKind.Phone when number is { Kind: PhoneKind.Landline } => ContactUse.Work,
        _ => ContactUse.Other,
    };

    private static ContactPoint Map(DbDataReader row) =>
        new(row.GetInt64(0), (ContactKind)row.GetInt16(1), (ContactUse)row.GetInt16(2), row.GetString(3), row.GetString(4), row.GetString(5), row.GetBoolean(6), row.GetInt32(7));
}
