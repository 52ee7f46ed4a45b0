using Huike.Customers.ContactPoints;
using Huike.Customers.Contracts;
using Huike.Platform.Imports;
using Huike.Platform.Search;

namespace Huike.Customers.Ledger;

/// <summary>How the rows of a list of customers are understood.</summary>
/// <param name="Request">What was asked.</param>
/// <param name="Rules">How cells are understood.</param>
/// <param name="Time">The firm's days.</param>
/// <param name="Words">Whom and what words mean.</param>
/// <param name="LoadId">The load.</param>
internal sealed record ListRules(LoadRequest Request, LedgerRules Rules, FirmTime Time, ListWords Words, long LoadId)
{
    /// <exception cref="ImportException"><c>load.date.unreadable</c>.</exception>
    public DateTimeOffset Instant(string day) =>
        Cell.TryDateTime(day, Rules.Dates, out var at) ? Time.At(at.Local, at.Offset) : throw new ImportException("load.date.unreadable", day);
}

/// <summary>Reads one row of a list of customers.</summary>
internal static class CustomerRow
{
    private static readonly char[] Separators = ['/', '、', ';', '；', ',', '，', '\n', '\r', '|'];

    private static readonly string[] PartFields = ["contact", "contactPhone", "contactEmail", "contact2", "contact3", "deliveryAddress", "consentState", "tags"];

    /// <summary>The customer of the row and what belongs to it. A row that names nobody, but a contact or the like, goes on with the customer above: its number is empty.</summary>
    /// <param name="cells">The row.</param>
    /// <param name="part">What the file holds.</param>
    /// <param name="rules">How it is understood.</param>
    /// <param name="refusal">Why the row is not taken, where the result is null.</param>
    public static ListedCustomer? Read(RowCells cells, LoadPart part, ListRules rules, out Refusal refusal)
    {
        refusal = default;
        try
        {
            if (part == LoadPart.People) { return Person(cells, rules); }
            if (!cells.HasAny("number", "name", "company", "firstName", "lastName", "phone", "email", "creditCode", OwnKey(rules)) && cells.HasAny(PartFields))
            {
                return RowParts.Read(new(new("") { CreatedAt = rules.Words.Now, LoadId = rules.LoadId }) { IsPartOnly = true }, cells, rules);
            }
            return RowParts.Read(Whole(cells, rules), cells, rules);
        }
        catch (ImportException wrong)
        {
            refusal = new(wrong.Code, [.. wrong.Args]);
            return null;
        }
    }

    /// <summary>Several numbers in one cell, each as it is written.</summary>
    /// <exception cref="ImportException"><c>load.phone.lost</c>: a spreadsheet kept only its beginning; <c>load.phone.unclear</c>: a part of several is no number.</exception>
    public static IReadOnlyList<string> Phones(string? cell)
    {
        if (cell is null) { return []; }
        if (Phone.Normalise(cell) is not null) { return [cell]; }
        var pieces = cell.Split(Separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).SelectMany(Parted).ToList();
        if (pieces.Exists(piece => Phone.Normalise(piece) is null && Cell.HasLostDigits(piece))) { throw new ImportException("load.phone.lost", cell); }
        if (pieces.Count < 2) { return [cell]; }
        return pieces.TrueForAll(piece => piece.Count(char.IsDigit) >= 5) ? pieces : throw new ImportException("load.phone.unclear", cell);

        static string[] Parted(string part) => Phone.Normalise(part) is null && part.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is { Length: > 1 } words && Array.TrueForAll(words, word => Phone.Normalise(word) is not null) ? words : [part];
    }

    /// <summary>Several mail addresses in one cell; what isn't only mail addresses stays one text.</summary>
    public static IReadOnlyList<string> Emails(string? cell) =>
        cell?.Split([.. Separators, ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is { Length: > 1 } pieces && Array.TrueForAll(pieces, CustomerForm.IsEmail) ? pieces : cell is null ? [] : [cell];

    private static ListedCustomer Whole(RowCells cells, ListRules rules)
    {
        var phones = Phones(cells["phone"]);
        var emails = Emails(cells["email"]);
        var phone = phones.Count > 0 ? Phone.Normalise(phones[0])?.Number ?? phones[0] : null;
        var credit = Kept("creditCode", cells)?.ToUpperInvariant();
        var own = OwnKey(rules) is { Length: > 0 } field ? cells[field] : null;
        // Only what is one customer's own can stand for a missing number; a name never does.
        var number = Kept("number", cells) is { } written ? Cell.NormalKey(written) : own ?? phone ?? credit ?? (emails.Count > 0 ? emails[0] : "");
        if (number.Length == 0) { throw new ImportException("load.number.missing"); }
        if (credit is { Length: 18 } && !CreditCode.IsValid(credit)) { throw new ImportException("load.creditCode.wrong", credit); }
        var customer = new NewCustomer(number)
        {
            Name = cells["name"] ?? cells["company"] ?? string.Join(' ', new[] { cells["firstName"], cells["lastName"] }.Where(part => part is not null)),
            Kind = KindOf(cells["kind"], cells["company"] is not null || credit is not null),
            Phone = phone,
            Email = emails.Count > 0 ? emails[0] : null,
            Category = cells["category"],
            Place = PlaceOf(cells["country"] is { } country and not ("中国" or "China" or "CN") ? country : null, cells["province"], cells["city"], cells["district"]),
            Address = cells["address"],
            CreditCode = credit,
            Contact = cells["contact"],
            Remark = cells["notes"],
            CreatedAt = cells["createdAt"] is { } day ? rules.Instant(day) : rules.Words.Now,
            LoadId = rules.LoadId,
        };
        var more = phones.Skip(1).Concat(Phones(cells["phone2"])).Select(raw => cells.Checked("phone", raw, text => ContactPoint.Read(ContactKind.Phone, null, text, null)))
            .Concat(emails.Skip(1).Select(raw => ContactPoint.Read(ContactKind.Email, null, raw, null)))
            .Concat(cells["wechat"] is { } wechat ? [cells.Checked("wechat", wechat, text => ContactPoint.Read(ContactKind.WeChat, null, text, null))] : []);
        return new(customer) { Author = cells["createdBy"], Key = KeyOf(customer, own, rules.Request.Key), Points = [.. more.Where(point => point.Value != phone).DistinctBy(point => (point.Kind, point.Value))] };
    }

    /// <summary>A contact of a customer who stands elsewhere, by number or by name.</summary>
    private static ListedCustomer Person(RowCells cells, ListRules rules)
    {
        var (number, name) = (Kept("number", cells) is { } written ? Cell.NormalKey(written) : "", cells["name"] ?? "");
        if (number.Length + name.Length == 0) { throw new ImportException("load.person.key"); }
        if (cells["contact"] is null) { throw new ImportException("load.contact.nameless"); }
        return RowParts.Read(new(new(number) { Name = name, CreatedAt = rules.Words.Now, LoadId = rules.LoadId }) { IsPartOnly = true }, cells, rules);
    }

    private static string? Kept(string field, RowCells cells) => cells[field] is not { } text ? null : Cell.HasLostDigits(text) ? throw new ImportException("load.number.lost", text) : text;

    private static string OwnKey(ListRules rules) => rules.Request.Key.StartsWith(Huike.Platform.Fields.CustomField.Prefix, StringComparison.Ordinal) ? rules.Request.Key : "";

    private static string? KeyOf(NewCustomer customer, string? own, string key) => key switch
    {
        "number" => null,
        "phone" => customer.Phone,
        "email" => customer.Email?.ToLowerInvariant(),
        "creditCode" => customer.CreditCode,
        _ => own,
    };

    /// <summary>Country (unless it is China), province, city and district as one place, without saying a municipality twice.</summary>
    private static string? PlaceOf(params string?[] parts) =>
        string.Join(' ', parts.Where(part => part is not null).Distinct(StringComparer.Ordinal)) is { Length: > 0 } joined ? joined : null;

    private static CustomerKind KindOf(string? word, bool organisation) => word?.ToUpperInvariant() switch
    {
        "PERSON" or "INDIVIDUAL" or "个人" or "个人客户" or "最终客户" => CustomerKind.Person,
        "HOUSEHOLD" or "FAMILY" or "家庭" => CustomerKind.Household,
        "ORGANISATION" or "ORGANIZATION" or "COMPANY" or "企业" or "企业客户" or "公司" or "单位" => CustomerKind.Organisation,
        "DISTRIBUTOR" or "DEALER" or "经销商" => CustomerKind.Distributor,
        "PARTNER" or "合作伙伴" => CustomerKind.Partner,
        _ => (word is null ? null : RowWords.Of<CustomerKind>(word, "customers.kind.")) ?? (organisation ? CustomerKind.Organisation : CustomerKind.Unknown),
    };
}
