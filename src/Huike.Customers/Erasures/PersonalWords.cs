using System.Data.Common;
using System.Text.Json;
using System.Text.RegularExpressions;
using Huike.Customers.Addresses;
using Huike.Customers.ContactPoints;
using Huike.Customers.InvoiceTitles;
using Huike.Customers.Merges;
using Huike.Customers.People;
using Huike.Customers.Tags;
using Huike.Platform;
using Huike.Platform.Data;
using Huike.Platform.Search;

namespace Huike.Customers.Erasures;

/// <summary>The words by which a person is known: what stands in the file, and what stood there before.</summary>
/// <param name="Number">The customer's number.</param>
/// <param name="Words">Names, phones, mail addresses, addresses, codes; two characters or more each.</param>
internal sealed record PersonalWords(string Number, IReadOnlyCollection<string> Words)
{
    private const int LeastLetters = 2;
    private const int LeastDigits = 7;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly string[] Further = ["phones", "emails", "wechat", "formerName", "addresses", "addressTo", "invoiceTitle"];
    private static readonly string[] Telling = ["name", "phone", "email", "address", "credit_code", "contact"];

    private IReadOnlyList<Regex>? patterns;

    /// <summary>Whether the number itself tells of the person: a phone, a mail address, or one of the words.</summary>
    public bool IsTelling => Number.Contains('@', StringComparison.Ordinal) || Words.Any(word => Number.Contains(word, StringComparison.OrdinalIgnoreCase))
        || Phone.Normalise(Number) is { Kind: PhoneKind.Mobile or PhoneKind.Landline or PhoneKind.Foreign };

    private IEnumerable<string> All => IsTelling ? Words.Append(Number) : Words;

    /// <summary>The words as texts may hold them: phones also without country code, all also within JSON and addresses of the web.</summary>
    public IReadOnlyCollection<string> Spellings => [.. All.SelectMany(Spelt).Where(word => word.Length >= LeastLetters).Distinct(StringComparer.Ordinal)];

    /// <summary>The words of a customer, its history among them.</summary>
    /// <exception cref="RuleException"><c>customers.customer.unknown</c>.</exception>
    public static async Task<PersonalWords> Of(DbConnection connection, long customerId, CancellationToken ct)
    {
        var found = await CustomerColumns.Find(connection, "id", [customerId], ct);
        if (found.Count == 0) { throw new RuleException("customers.customer.unknown", customerId); }
        var file = found[0].Customer;
        var before = await connection.Rows("select field, old_value, new_value from customers_change where customer_id = @id",
            row => (Field: row.GetString(0), Values: new[] { row.TextOrNull(1), row.TextOrNull(2) }), ct, ("id", customerId));
        var words = Telling.Select(field => CustomerColumns.Value(file, field)).Concat(before.Where(change => Telling.Contains(change.Field) || Further.Contains(change.Field)).SelectMany(change => change.Values))
            .Concat(await MergedWords(connection, customerId, ct))
            .Concat((await Contact.Of(connection, customerId, null, ct)).SelectMany(person => new[] { person.Name, person.Phone, person.PhoneRaw, person.Email, person.WeChat }))
            .Concat(before.Where(change => change.Field.StartsWith(Contact.Field, StringComparison.Ordinal)).SelectMany(change => change.Values).Select(value => value?.Split(": ")[^1]))
            .Concat((await Address.Of(connection, customerId, ct)).SelectMany(address => new[] { address.Text, address.Detail, address.Recipient, address.Phone }))
            .Concat((await InvoiceTitle.Of(connection, customerId, ct)).SelectMany(title => new[] { title.Name, title.TaxNumber, title.Address, title.Phone, title.Account, title.Email, title.Mobile }))
            .Concat(before.Where(change => change.Field == InvoiceTitle.Field).SelectMany(change => change.Values).SelectMany(value => value?.Split(" · ") ?? []))
            .Concat((await FormerName.Of(connection, customerId, ct)).Select(name => name.Name))
            .Concat((await ContactPoint.Of(connection, customerId, ct)).SelectMany(point => new[] { point.Value, point.Raw }));
        return new(file.Number, [.. words.OfType<string>().Select(word => word.Trim()).Where(word => word.Length >= LeastLetters).Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>What stood in files that became part of this one.</summary>
    private static async Task<IEnumerable<string?>> MergedWords(DbConnection connection, long customerId, CancellationToken ct)
    {
        var kept = await connection.Rows($"select r.kept from {CustomerMerge.Rows} r join {CustomerMerge.Table} m on m.id = r.merge_id where m.customer_id = @id and r.kept is not null and r.name in ('{OwnRecords.File}', 'contactPoints')", row => JsonElement.Parse(row.GetString(0)), ct, ("id", customerId));
        return kept.SelectMany(row => row.EnumerateObject()).Where(column => Telling.Contains(column.Name) || column.Name is "value" or "raw").Select(column => column.Value.ValueKind == JsonValueKind.String ? column.Value.GetString() : null);
    }

    /// <summary>Whether a text holds one of the words; a phone with whatever people write between its digits.</summary>
    public bool StandIn(ReadOnlySpan<char> text)
    {
        patterns ??= [.. All.Select(Digits).OfType<string>().Select(phone => new Regex(string.Join(@"[\s\-()（）.]{0,2}", phone.AsEnumerable()), RegexOptions.CultureInvariant, Patience))];
        foreach (var word in All)
        {
            if (text.Contains(word, StringComparison.OrdinalIgnoreCase)) { return true; }
        }
        foreach (var pattern in patterns)
        {
            if (pattern.IsMatch(text)) { return true; }
        }
        return false;
    }

    private static IEnumerable<string> Spelt(string word)
    {
        var json = JsonSerializer.Serialize(word, Relaxed)[1..^1];
        IEnumerable<string> spelt = [word, json, JsonSerializer.Serialize(word)[1..^1], Uri.EscapeDataString(word)];
        return Digits(word) is { } phone ? [.. spelt, phone] : spelt;
    }

    /// <summary>The national digits of a phone; null where the word is none.</summary>
    private static string? Digits(string word)
    {
        var digits = string.Concat(word.Where(char.IsAsciiDigit));
        if (digits.Length < LeastDigits || word.Any(char.IsLetter)) { return null; }
        return word.StartsWith("+86", StringComparison.Ordinal) ? digits[2..] : digits;
    }
}
