using System.Data.Common;
using Huike.Customers.ContactPoints;
using Huike.Platform;
using Huike.Platform.Access.Records;
using Huike.Platform.Data;
using Huike.Platform.Search;

namespace Huike.Customers.InvoiceTitles;

/// <summary>To whom an invoice is made out.</summary>
internal enum InvoiceKind
{
    Organisation = 0,
    Person = 1,
}

/// <summary>发票抬头: what an invoice for a customer is made out to.</summary>
/// <param name="Id">Number.</param>
/// <param name="Kind">An organisation or a person.</param>
/// <param name="Name">To whom.</param>
internal sealed record InvoiceTitle(long Id, InvoiceKind Kind, string Name)
{
    public const string Table = "customers_invoice_title";

    /// <summary>Name under which it stands among a customer's changes.</summary>
    public const string Field = "invoiceTitles";

    private const int Longest = 400;
    private const int NewLength = 18;

    /// <summary>纳税人识别号; of an organisation its credit code, or an old number of 15 or 20 characters. Empty: not known, or none.</summary>
    public string TaxNumber { get; init; } = "";

    /// <summary>As it is registered; may be empty, as the following.</summary>
    public string Address { get; init; } = "";

    public string Phone { get; init; } = "";

    public string Bank { get; init; } = "";

    /// <summary>Digits, with blanks and hyphens as written.</summary>
    public string Account { get; init; } = "";

    /// <summary>To which the invoice is sent.</summary>
    public string Email { get; init; } = "";

    /// <summary>To which the invoice is sent; in its normal form, null where it is not known.</summary>
    public string? Mobile { get; init; }

    /// <summary>Offered first.</summary>
    public bool IsPreferred { get; init; }

    /// <summary>Grows with each change.</summary>
    public int Version { get; init; } = 1;

    /// <summary>All that a special invoice 增值税专用发票 asks for is known.</summary>
    public bool IsEnoughForSpecial => Kind == InvoiceKind.Organisation && TaxNumber.Length > 0 && Address.Length > 0 && Phone.Length > 0 && Bank.Length > 0 && Account.Length > 0;

    /// <summary>A number from before the credit codes of 2015, which the tax office may have replaced.</summary>
    public bool HasOldNumber => TaxNumber.Length > 0 && TaxNumber.Length != NewLength;

    /// <summary>What was said, checked.</summary>
    /// <exception cref="RuleException"><c>customers.invoice.nameless</c>, <c>customers.invoice.taxWrong</c>, <c>customers.invoice.taxLength</c>, <c>customers.invoice.accountWrong</c>, <c>customers.form.long</c>, <c>customers.form.email</c>, <c>customers.form.phone</c>.</exception>
    public static InvoiceTitle Read(InvoiceKind kind, string? name, string? taxNumber, (string? Address, string? Phone, string? Bank, string? Account) firm, (string? Email, string? Mobile) to)
    {
        string[] lines = [Line(name), Line(firm.Address), Line(firm.Phone), Line(firm.Bank), Line(firm.Account)];
        if (lines.Any(line => line.Length > Longest)) { throw new RuleException("customers.form.long"); }
        if (lines[0].Length == 0) { throw new RuleException("customers.invoice.nameless"); }
        var number = string.Concat(Line(taxNumber).Where(letter => !char.IsWhiteSpace(letter) && letter != '-')).ToUpperInvariant();
        if (number.Length > 0) { Check(number); }
        if (lines[4].Length > 0 && (lines[4].Any(letter => !char.IsAsciiDigit(letter) && letter is not (' ' or '-')) || lines[4].Count(char.IsAsciiDigit) is < 5 or > 32)) { throw new RuleException("customers.invoice.accountWrong"); }
        return new(0, kind, lines[0])
        {
            TaxNumber = number,
            Address = lines[1],
            Phone = lines[2],
            Bank = lines[3],
            Account = lines[4],
            Email = Point(ContactKind.Email, to.Email) ?? "",
            Mobile = Point(ContactKind.Phone, to.Mobile),
        };

        static string Line(string? text) => TypedText.Clean(text).ReplaceLineEndings(" ");

        static string? Point(ContactKind kind, string? text) => Line(text).Length > 0 ? ContactPoint.Read(kind, null, text, null).Value : null;
    }

    private static void Check(string number)
    {
        if (number.Length is not (15 or 17 or NewLength or 20) || !number.All(char.IsAsciiLetterOrDigit)) { throw new RuleException("customers.invoice.taxLength", number.Length); }
        // A person in trade has his identity number.
        if (number.Length == NewLength && !CreditCode.IsValid(number) && !IsIdentity(number)) { throw new RuleException("customers.invoice.taxWrong"); }
    }

    /// <summary>Seventeen digits and the right check character (GB 11643, by ISO 7064 MOD 11-2).</summary>
    private static bool IsIdentity(string number)
    {
        var sum = 0;
        foreach (var digit in number[..^1])
        {
            if (!char.IsAsciiDigit(digit)) { return false; }
            sum = (sum + digit - '0') * 2 % 11;
        }
        return "10X98765432"[sum] == number[^1];
    }

    /// <summary>All of a customer's, the preferred one first.</summary>
    public static Task<List<InvoiceTitle>> Of(DbConnection connection, long customerId, CancellationToken ct) =>
        connection.Rows($"select id, kind, name, tax_number, address, phone, bank, account, email, mobile, is_preferred, version from {Table} where customer_id = @id order by is_preferred desc, id", Map, ct, ("id", customerId));

    /// <summary>As this one may see it: the beginning of the name, and no more.</summary>
    public InvoiceTitle For(Viewer viewer) => viewer.SeesPersonal ? this : new(Id, Kind, Mask.Text(Name)!) { IsPreferred = IsPreferred, Version = Version };

    private static InvoiceTitle Map(DbDataReader row) => new(row.GetInt64(0), (InvoiceKind)row.GetInt16(1), row.GetString(2))
    {
        TaxNumber = row.GetString(3),
        Address = row.GetString(4),
        Phone = row.GetString(5),
        Bank = row.GetString(6),
        Account = row.GetString(7),
        Email = row.GetString(8),
        Mobile = row.TextOrNull(9),
        IsPreferred = row.GetBoolean(10),
        Version = row.GetInt32(11),
    };
}
