using System.Data.Common;
using Huike.Customers.ContactPoints;
using Huike.Platform;
using Huike.Platform.Access.Records;
using Huike.Platform.Data;
using Huike.Platform.Search;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers.Addresses;

/// <summary>What an address is for.</summary>
internal enum AddressUse
{
    Office = 0,
    Delivery = 1,
    Invoice = 2,
    Installation = 3,
    Home = 4,
    Other = 5,
}

/// <summary>地址: an address of a customer.</summary>
/// <param name="Id">0: the customer's own address, of which nothing more was said.</param>
/// <param name="Detail">What follows the division: street, house, room.</param>
internal sealed record Address(long Id, string Detail)
{
    public const string Table = "customers_address";

    /// <summary>Name under which it stands among a customer's changes.</summary>
    public const string Field = "addresses";

    private const int Longest = 400;

    public AddressUse Use { get; init; }

    /// <summary>Who receives there; may be empty.</summary>
    public string Recipient { get; init; } = "";

    /// <summary>In its normal form.</summary>
    public string? Phone { get; init; }

    /// <summary>As deep as it is known; null: abroad, or not known.</summary>
    public Division? Division { get; init; }

    public string? Postcode { get; init; }

    /// <summary>Its text is the customer's own address.</summary>
    public bool IsPreferred { get; init; }

    /// <summary>Grows with each change.</summary>
    public int Version { get; init; } = 1;

    /// <summary>The whole address in one line.</summary>
    public string Text => Division?.FullName + Detail;

    /// <summary>The city as the customer's place names it; null where it is not known.</summary>
    public string? Place => Division?.City;

    /// <summary>What was said, checked.</summary>
    /// <exception cref="RuleException"><c>customers.address.empty</c>, <c>customers.address.division</c>, <c>customers.address.postcode</c>, <c>customers.form.long</c>, <c>customers.form.phone</c>.</exception>
    public static Address Read(AddressUse use, string? code, string? detail, (string? Recipient, string? Phone, string? Postcode) to)
    {
        var (street, recipient, postcode) = (Line(detail), Line(to.Recipient), Line(to.Postcode));
        if (street.Length > Longest || recipient.Length > Longest) { throw new RuleException("customers.form.long"); }
        var division = string.IsNullOrEmpty(code) ? null : Divisions.Find(code) ?? throw new RuleException("customers.address.division");
        if (division is null && street.Length == 0) { throw new RuleException("customers.address.empty"); }
        if (postcode.Length > 0 && (postcode.Length is < 3 or > 10 || !postcode.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is ' ' or '-'))) { throw new RuleException("customers.address.postcode"); }
        var phone = TypedText.Clean(to.Phone).Length > 0 ? ContactPoint.Read(ContactKind.Phone, null, to.Phone, null).Value : null;
        return new(0, street) { Use = use, Division = division, Recipient = recipient, Phone = phone, Postcode = postcode.Length > 0 ? postcode : null };

        static string Line(string? text) => TypedText.Clean(text).ReplaceLineEndings(" ");
    }

    /// <summary>All of a customer's, the preferred one first; the customer's own address among them.</summary>
    public static async Task<List<Address>> Of(DbConnection connection, long customerId, CancellationToken ct)
    {
        var all = await connection.Rows("select id, detail, usage, recipient, phone, division_code, postcode, is_preferred, version from customers_address where customer_id = @id order by is_preferred desc, id", Map, ct, ("id", customerId));
        var own = await connection.First("select address from customers_customer where id = @id", row => row.TextOrNull(0), ct, ("id", customerId));
        if (own is { Length: > 0 } && !all.Exists(one => one.IsPreferred)) { all.Insert(0, new(0, own) { IsPreferred = true }); }
        return all;
    }

    /// <summary>After the customer's own address was written: the one of that text is the preferred one; where none is, the customer's own stands alone.</summary>
    public static async Task Follow(DbConnection connection, long customerId, string? text, CancellationToken ct)
    {
        (string, object?)[] now = [("id", customerId), ("text", text ?? ""), ("yes", true), ("no", false)];
        await connection.Run("update customers_address set is_preferred = @no, version = version + 1 where customer_id = @id and is_preferred and text <> @text", ct, now);
        await connection.Run("""
            update customers_address set is_preferred = @yes, version = version + 1 where id = (select min(known.id) from customers_address known where known.customer_id = @id and known.text = @text)
            and not exists (select 1 from customers_address preferred where preferred.customer_id = @id and preferred.is_preferred)
            """, ct, now);
    }

    /// <summary>As this one may see it: which city, and no more.</summary>
    public Address For(Viewer viewer) => viewer.SeesPersonal ? this : new(Id, Mask.Text(Text)!) { Use = Use, Phone = Mask.Phone(Phone), IsPreferred = IsPreferred, Version = Version };

    private static Address Map(DbDataReader row) => new(row.GetInt64(0), row.GetString(1))
    {
        Use = (AddressUse)row.GetInt16(2),
        Recipient = row.GetString(3),
        Phone = row.TextOrNull(4),
        Division = Divisions.Find(row.TextOrNull(5)),
        Postcode = row.TextOrNull(6),
        IsPreferred = row.GetBoolean(7),
        Version = row.GetInt32(8),
    };
}

/// <summary>What the form of an address shows.</summary>
/// <param name="CustomerId">Whose.</param>
/// <param name="Customer">What the customer is called.</param>
/// <param name="Id">Which; 0: a new one.</param>
/// <param name="Version">As it was shown.</param>
internal sealed record AddressForm(long CustomerId, string Customer, long Id, int Version)
{
    /// <summary>What is typed or was read, by input.</summary>
    public required IReadOnlyDictionary<string, string> Typed { get; init; }

    /// <summary>Chosen so far; null: nothing.</summary>
    public Division? Division { get; init; }

    /// <summary>What a pasted block leaves open.</summary>
    public IReadOnlyList<AddressDoubt> Doubts { get; init; } = [];

    /// <summary>Which divisions the block may mean, where they are several.</summary>
    public IReadOnlyList<Division> Candidates { get; init; } = [];

    /// <summary>Why it was refused; null: it wasn't.</summary>
    public RuleException? Refusal { get; init; }

    public string this[string input] => Typed.GetValueOrDefault(input, "");

    /// <summary>The division that a form chooses: one of the candidates, or the deepest that lies in those above it.</summary>
    public static Division? Chosen(IFormCollection form)
    {
        if (Divisions.Find(form["code"]) is { } named) { return named; }
        Division? chosen = null;
        foreach (var level in Levels)
        {
            if (Divisions.Find(form[level]) is not { } next || !next.Code.StartsWith(chosen?.Code ?? "", StringComparison.Ordinal)) { break; }
            chosen = next is { Level: 0, Below: [{ IsUnwritten: true } only] } ? only : next;
        }
        return chosen;
    }

    /// <summary>Names of the four choices.</summary>
    public static readonly IReadOnlyList<string> Levels = ["province", "city", "area", "street"];
}
