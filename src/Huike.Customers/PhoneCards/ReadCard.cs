using System.Globalization;
using Huike.Customers.Addresses;
using Huike.Customers.ContactPoints;
using Huike.Customers.People;
using Huike.Customers.VCards;
using Huike.Platform;

namespace Huike.Customers.PhoneCards;

/// <summary>What we understand of a card that some program wrote.</summary>
internal static class ReadCard
{
    /// <summary>Apple's year of birthdays without one.</summary>
    private const int NoYear = 1604;

    /// <exception cref="RuleException"><c>cards.fault.name</c>: it names nobody; those of <see cref="ContactPoint.Read"/>, with the line as the member <c>line</c>.</exception>
    public static CardFacts Run(VCard card)
    {
        var organisation = card.All("ORG").Select(one => one.Parts[0].Trim()).FirstOrDefault(text => text.Length > 0);
        var (formatted, person) = (Line(card.Text("FN")), card.All("N").Select(NameOf).FirstOrDefault(text => text.Length > 0));
        var isOrganisation = card.Text("KIND")?.ToLowerInvariant() is "org" || card.Text("X-ABSHOWAS")?.ToUpperInvariant() is "COMPANY"
            || (organisation is not null && person is null && (formatted is null || formatted == organisation));
        var name = (isOrganisation ? formatted ?? organisation : formatted ?? person) ?? Line(card.Text("NICKNAME")) ?? organisation ?? throw At(card.Line, "FN", new("cards.fault.name"));
        return new(name)
        {
            IsOrganisation = isOrganisation,
            Organisation = Line(organisation),
            Title = Line(card.Text("TITLE")),
            Points = [.. card.Properties.Select(one => PointOf(card, one)).OfType<CardPoint>().DistinctBy(point => (point.Kind, point.Value))],
            Places = [.. card.All("ADR").Select(PlaceOf).OfType<CardPlace>().DistinctBy(place => place.Text)],
            Birthday = card.All("BDAY").Select(BirthdayOf).FirstOrDefault(day => day is not null),
            Note = card.Text("NOTE"),
        };
    }

    /// <summary>Family and given name as people write them: in Chinese without a blank, and the family first.</summary>
    public static string NameOf(VCardProperty property)
    {
        var parts = property.Parts.Select(part => TypedText.Clean(part).ReplaceLineEndings(" ")).Concat(Enumerable.Repeat("", 5)).ToList();
        return parts[0].Concat(parts[1]).Any(IsHan) && !parts[0].Concat(parts[1]).Any(char.IsAsciiLetter) ? parts[0] + parts[2] + parts[1]
            : string.Join(' ', new[] { parts[3], parts[1], parts[2], parts[0], parts[4] }.Where(part => part.Length > 0));
    }

    /// <summary>A number, address or id; null: the line is none.</summary>
    public static CardPoint? PointOf(VCard card, VCardProperty property)
    {
        var (kind, text) = property.Name switch
        {
            "TEL" => (ContactKind.Phone, Number(property.Text)),
            "EMAIL" => (ContactKind.Email, property.Text.Trim()),
            _ => (ContactKind.WeChat, WeChat(property) ?? ""),
        };
        if (text.Length == 0) { return null; }
        // Apple's own words stand in marks; others are a remark of the person's.
        var own = card.LabelOf(property)?.Trim() ?? "";
        var isWord = own.StartsWith("_$!<", StringComparison.Ordinal);
        var use = UseOf(kind, [.. property.Types, own.Replace("_$!<", "", StringComparison.Ordinal).Replace(">!$_", "", StringComparison.Ordinal).ToLowerInvariant()]);
        return At(property, () => new CardPoint(ContactPoint.Read(kind, use, text, isWord ? "" : own) with { IsPreferred = property.IsPreferred }, use is null));
    }

    /// <summary>An address; null: the line says none.</summary>
    public static CardPlace? PlaceOf(VCardProperty property)
    {
        var parts = property.Parts.Select(part => TypedText.Clean(part).ReplaceLineEndings(" ")).Concat(Enumerable.Repeat("", 7)).ToList();
        var (street, city, region, country) = (string.Join(' ', new[] { parts[2], parts[1] }.Where(part => part.Length > 0)), parts[3], parts[4], parts[5]);
        var isHan = (street + city + region).Any(IsHan);
        var text = isHan ? (city == region ? "" : region) + city + street : string.Join(", ", new[] { street, city, region, country }.Where(part => part.Length > 0));
        if (parts[0].Length > 0) { text = $"{text} {parts[0]}".Trim(); }
        if (text.Length == 0) { return null; }
        var types = property.Types.ToList();
        return new(text, types.Contains("home") ? AddressUse.Home : types.Contains("work") ? AddressUse.Office : null, parts[6]);
    }

    /// <summary>A day of the solar calendar; null: words, or no such day.</summary>
    public static Birthday? BirthdayOf(VCardProperty property)
    {
        var text = property.Text.Trim();
        if (text.IndexOf('T', StringComparison.Ordinal) is > 0 and var time) { text = text[..time]; }
        var digits = text.Replace("-", "", StringComparison.Ordinal);
        if (digits.Length is not (4 or 8) || !digits.All(char.IsAsciiDigit) || (digits.Length == 4) != text.StartsWith("--", StringComparison.Ordinal)) { return null; }
        var year = digits.Length == 8 ? int.Parse(digits[..4], CultureInfo.InvariantCulture) : NoYear;
        try
        {
            return Birthday.Read(BirthCalendar.Solar, year == NoYear ? null : year, int.Parse(digits[^4..^2], CultureInfo.InvariantCulture), int.Parse(digits[^2..], CultureInfo.InvariantCulture), leap: false);
        }
        catch (RuleException)
        {
            return null;
        }
    }

    /// <summary>The WeChat id of a line, of the several ways in which programs write one; null: it has none.</summary>
    public static string? WeChat(VCardProperty property)
    {
        var text = property.Text.Trim();
        var says = property.Name switch
        {
            "X-WECHAT" or "X-WECHAT-ID" or "X-WEIXIN" => true,
            "IMPP" => IsWeChat(property["X-SERVICE-TYPE"] ?? text),
            "X-SOCIALPROFILE" => property.Types.Any(IsWeChat),
            _ => false,
        };
        return !says || text.Length == 0 ? null : text[(text.LastIndexOf(':') + 1)..];
    }

    private static bool IsWeChat(string text) => text.StartsWith("wechat", StringComparison.OrdinalIgnoreCase) || text.StartsWith("weixin", StringComparison.OrdinalIgnoreCase);

    private static ContactUse? UseOf(ContactKind kind, IReadOnlyList<string> types)
    {
        bool Has(params string[] names) => types.Any(names.Contains);
        return kind switch
        {
            ContactKind.Phone => Has("fax", "homefax", "workfax", "home fax", "work fax") ? ContactUse.Fax : Has("cell", "mobile", "iphone", "pcs") ? ContactUse.Mobile : Has("work", "main") ? ContactUse.Work : Has("home") ? ContactUse.Home : null,
            ContactKind.Email => Has("work") ? ContactUse.Work : Has("home") ? ContactUse.Private : null,
            _ => null,
        };
    }

    private static string Number(string text)
    {
        var number = text.Trim();
        if (number.StartsWith("tel:", StringComparison.OrdinalIgnoreCase)) { number = number[4..]; }
        return number.Replace(";ext=", "#", StringComparison.OrdinalIgnoreCase);
    }

    private static string? Line(string? text) => TypedText.Clean(text).ReplaceLineEndings(" ") is { Length: > 0 } line ? line : null;

    private static bool IsHan(char letter) => letter is >= '\u3400' and <= '\u9fff';

    private static T At<T>(VCardProperty property, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (RuleException wrong)
        {
            throw At(property.Line, property.Name, wrong);
        }
    }

    private static RuleException At(int line, string property, RuleException wrong) => new(wrong.Code, [.. wrong.Args]) { Members = new Dictionary<string, object> { ["line"] = line, ["property"] = property } };
}
