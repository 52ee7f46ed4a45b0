using Huike.Customers.Contracts;
using Huike.Platform.Imports;
using Huike.Platform.Search;

namespace Huike.Customers.Ledger;

/// <summary>Reads one row of a list of customers.</summary>
internal static class CustomerRow
{
    /// <summary>The customer of the reader's row.</summary>
    /// <param name="row">At the row.</param>
    /// <param name="map">Where the file keeps what.</param>
    /// <param name="rules">How cells are understood.</param>
    /// <param name="time">The firm's days.</param>
    /// <param name="now">When the file is made, where the row doesn't say.</param>
    /// <param name="loadId">The load.</param>
    /// <param name="refusal">Why the row is not taken, where the result is null.</param>
    public static NewCustomer? Read(TableReader row, ColumnMap map, LedgerRules rules, FirmTime time, DateTimeOffset now, long loadId, out Refusal refusal)
    {
        string? Text(string field) => map[field] is var column and >= 0 && !Cell.IsMissing(row[column]) ? Clip(row[column].Trim()) : null;
        refusal = default;
        var phone = Text("phone") is { } raw ? Phone.Normalise(raw)?.Number ?? raw : null;
        var credit = Text("creditCode")?.ToUpperInvariant();
        // Only what is one customer's own can stand for a missing number; a name never does.
        var number = Text("number") is { } written ? Cell.NormalKey(written) : phone ?? credit ?? Text("email") ?? "";
        var name = Text("name") ?? Text("company") ?? string.Join(' ', new[] { Text("firstName"), Text("lastName") }.Where(part => part is not null));
        var created = now;
        if (!Identifies(number, credit, out refusal) || (Text("createdAt") is { } day && !TryInstant(day, rules, time, out created, out refusal)))
        {
            return null;
        }
        return new(number)
        {
            Name = name,
            Kind = KindOf(Text("kind"), Text("company") is not null || credit is not null),
            Phone = phone,
            Email = Text("email"),
            Category = Text("category"),
            Place = PlaceOf(Text("country") is { } country and not ("中国" or "China" or "CN") ? country : null, Text("province"), Text("city"), Text("district")),
            Address = Text("address"),
            CreditCode = credit,
            Contact = Text("contact"),
            Remark = Text("notes"),
            CreatedAt = created,
            LoadId = loadId,
        };
    }

    /// <summary>Whether the row says who it is about.</summary>
    private static bool Identifies(string number, string? credit, out Refusal refusal)
    {
        refusal = default;
        if (number.Length == 0)
        {
            refusal = new("load.number.missing");
            return false;
        }
        if (credit is { Length: 18 } && !CreditCode.IsValid(credit))
        {
            refusal = new("load.creditCode.wrong", credit);
            return false;
        }
        return true;
    }

    private static bool TryInstant(string day, LedgerRules rules, FirmTime time, out DateTimeOffset instant, out Refusal refusal)
    {
        var read = Cell.TryDateTime(day, rules.Dates, out var at);
        instant = read ? time.At(at.Local, at.Offset) : default;
        refusal = read ? default : new("load.date.unreadable", day);
        return read;
    }

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
        _ => organisation ? CustomerKind.Organisation : CustomerKind.Unknown,
    };

    private static string Clip(ReadOnlySpan<char> text) => (text.Length > 500 ? text[..500] : text).ToString();
}
