using System.Globalization;
using Huike.Customers.Addresses;
using Huike.Customers.ContactPoints;
using Huike.Customers.People;
using Huike.Customers.VCards;
using Huike.Platform;
using Huike.Platform.Search;

namespace Huike.Customers.PhoneCards;

/// <summary>
/// Writes a card of a record. Where a program wrote one before, its lines stay as far as they still say what is so; what we don't understand of it stays whole.
/// What no longer is so goes, and what is new comes.
/// </summary>
internal sealed class WriteCard
{
    private static readonly HashSet<string> Ours = ["FN", "N", "UID", "KIND", "X-ABSHOWAS", "X-ADDRESSBOOKSERVER-KIND", "REV", "TEL", "EMAIL", "X-WECHAT", "X-WECHAT-ID", "X-WEIXIN", "X-ABLABEL"];

    private static readonly VCard Nothing = new(VCard.Three, [], 0);

    private readonly CardRecord record;
    private readonly VCard kept;
    private readonly CardFacts? keptFacts;
    private readonly bool isFour;
    private readonly List<VCardProperty> lines = [];
    private int groups;

    private WriteCard(CardRecord record, VCard? card, string version)
    {
        isFour = version == VCard.Four;
        this.record = record;
        kept = card?.As(version) ?? Nothing;
        // Lines of another version say the same in other words: ours are written then.
        keptFacts = card?.Version == version ? ReadCard.Run(card) : null;
    }

    private CardFacts Facts => record.Facts;

    private bool IsContact => record.Kind == CardKind.Contact;

    /// <param name="record">What is to be said.</param>
    /// <param name="uid">By which programs know it.</param>
    /// <param name="kept">As a program wrote it last; null: none did.</param>
    /// <param name="version">3.0 or 4.0.</param>
    public static VCard Run(CardRecord record, string uid, VCard? kept, string version) => new WriteCard(record, kept, version).Written(uid, version);

    /// <summary>By which programs know a record that they didn't make.</summary>
    public static string UidOf(CardRecord record) => string.Create(CultureInfo.InvariantCulture, $"huike-{(record.Kind == CardKind.Customer ? "customer" : "contact")}-{record.Id}-{record.MadeAt.UtcTicks / TimeSpan.TicksPerSecond:x}");

    private VCard Written(string uid, string version)
    {
        lines.Add(VCardProperty.Of("UID", uid));
        Names();
        foreach (var point in Facts.Points) { Point(point); }
        if (record.Share.SeesPersonal) { Personal(); }
        if (!record.Share.TellsNote) { lines.AddRange(kept.All("NOTE")); }
        else if (Facts.Note is { } note) { lines.Add(Same("NOTE", one => one.Text.Trim() == note) ?? VCardProperty.Of("NOTE", note)); }
        lines.AddRange(kept.Properties.Where(IsTheirs));
        var used = lines.Select(line => line.Group).Where(group => group.Length > 0).ToHashSet();
        lines.AddRange(kept.All("X-ABLABEL").Where(label => used.Contains(label.Group)));
        return new(version, lines, 0);
    }

    /// <summary>Whether a line of the kept card says nothing of what we know.</summary>
    private bool IsTheirs(VCardProperty line) => line.Name switch
    {
        _ when Ours.Contains(line.Name) => false,
        "ADR" or "BDAY" or "NOTE" => false,
        "ORG" => !IsContact && !Facts.IsOrganisation,
        "TITLE" => !IsContact,
        "IMPP" or "X-SOCIALPROFILE" => ReadCard.WeChat(line) is null && record.Share.SeesPersonal,
        _ => true,
    };

    private void Names()
    {
        var isSame = keptFacts?.Name == Facts.Name;
        if (Facts.IsOrganisation) { lines.Add(isFour ? new("KIND", "org") : new("X-ABShowAs", "COMPANY")); }
        lines.Add(VCardProperty.Of("FN", Facts.Name));
        lines.Add((isSame ? kept.All("N").FirstOrDefault() : null) ?? VCardProperty.Of("N", [Facts.IsOrganisation ? "" : Facts.Name, "", "", "", ""]));
        if ((Facts.IsOrganisation ? Facts.Name : IsContact ? Facts.Organisation : null) is { } organisation)
        {
            lines.Add(Same("ORG", one => one.Parts[0].Trim() == organisation) ?? VCardProperty.Of("ORG", [organisation]));
        }
        if (IsContact && Facts.Title is { } title) { lines.Add(Same("TITLE", one => one.Text.Trim() == title) ?? VCardProperty.Of("TITLE", title)); }
    }

    private VCardProperty? Same(string name, Func<VCardProperty, bool> says) => kept.All(name).FirstOrDefault(says);

    private void Point(CardPoint point)
    {
        if (keptFacts is not null && kept.Properties.FirstOrDefault(one => IsPoint(one) && ReadCard.PointOf(kept, one) is { } was && was.Agrees(point) && (was.Point.IsPreferred == point.Point.IsPreferred || Facts.Of(point.Kind).Count() == 1)) is { } line)
        {
            lines.Add(line);
            return;
        }
        var written = point.Kind switch
        {
            // With an extension it is written as people do: programs know none of theirs.
            ContactKind.Phone => VCardProperty.Of("TEL", Phone.Normalise(point.Point.Raw)?.Extension is not null ? point.Point.Raw : point.Value),
            ContactKind.Email => VCardProperty.Of("EMAIL", point.Point.Raw),
            _ => VCardProperty.Of("IMPP", "wechat:" + point.Point.Raw, ("X-SERVICE-TYPE", "WeChat")),
        };
        var types = Types(point.Point).ToList();
        if (point.Point.IsPreferred && !isFour) { types.Add("pref"); }
        if (types.Count > 0) { written = written with { Parameters = [.. written.Parameters, ("TYPE", string.Join(',', types))] }; }
        if (point.Point.IsPreferred && isFour) { written = written with { Parameters = [.. written.Parameters, ("PREF", "1")] }; }
        if (point.Point.Label.Length > 0)
        {
            written = written with { Group = string.Create(CultureInfo.InvariantCulture, $"huike{++groups}") };
            lines.Add(VCardProperty.Of("X-ABLabel", point.Point.Label) with { Group = written.Group });
        }
        lines.Add(written);
    }

    private static bool IsPoint(VCardProperty line) => line.Name is "TEL" or "EMAIL" || ReadCard.WeChat(line) is not null;

    private static IEnumerable<string> Types(ContactPoint point) => (point.Kind, point.Use) switch
    {
        (ContactKind.Phone, ContactUse.Mobile) => ["CELL"],
        (ContactKind.Phone, ContactUse.Work) => ["WORK", "VOICE"],
        (ContactKind.Phone, ContactUse.Home) => ["HOME", "VOICE"],
        (ContactKind.Phone, ContactUse.Fax) => ["FAX"],
        (ContactKind.Phone, _) => ["VOICE"],
        (ContactKind.Email, ContactUse.Work) => ["WORK"],
        (ContactKind.Email, ContactUse.Private) => ["HOME"],
        _ => [],
    };

    /// <summary>Addresses, birthday, and of a contact the further numbers that only his card has.</summary>
    private void Personal()
    {
        foreach (var place in Facts.Places) { lines.Add(Same("ADR", one => ReadCard.PlaceOf(one)?.Agrees(place) == true) ?? Adr(place)); }
        if (Facts.Birthday is { } birthday)
        {
            lines.Add(Same("BDAY", one => ReadCard.BirthdayOf(one) == birthday) ?? new("BDAY", birthday.Year is { } year ? string.Create(CultureInfo.InvariantCulture, $"{year:0000}-{birthday.Month:00}-{birthday.Day:00}") : string.Create(CultureInfo.InvariantCulture, $"--{birthday.Month:00}{(isFour ? "" : "-")}{birthday.Day:00}")));
        }
        // A customer's file has no birthday; a card has no lunar one.
        else if (!IsContact || record.Share.HasLunarBirthday) { lines.AddRange(kept.All("BDAY")); }
        else { lines.AddRange(kept.All("BDAY").Where(one => ReadCard.BirthdayOf(one) is null)); }
        if (!IsContact) { return; }
        lines.AddRange(kept.All("ADR"));
        foreach (var kind in Enum.GetValues<ContactKind>()) { lines.AddRange(Further(kind)); }
    }

    /// <summary>A contact has one of each kind; the card may have more.</summary>
    private IEnumerable<VCardProperty> Further(ContactKind kind)
    {
        var all = kept.Properties.Where(IsPoint).Select(line => (Line: line, Point: ReadCard.PointOf(kept, line))).Where(one => one.Point?.Kind == kind).ToList();
        var first = all.OrderByDescending(one => one.Point!.Point.IsPreferred).FirstOrDefault();
        return all.Where(one => one != first && Facts.Of(kind).All(point => point.Value != one.Point!.Value)).Select(one => one.Line);
    }

    private static VCardProperty Adr(CardPlace place)
    {
        var type = place.Use == AddressUse.Home ? "HOME" : "WORK";
        if (place.Kept?.Division is not { } division) { return VCardProperty.Of("ADR", ["", "", place.Text, "", "", place.Postcode, ""], ("TYPE", type)); }
        var path = division.Path.ToList();
        var region = path[0].FullName;
        var city = path.Count > 1 ? path[1].FullName[region.Length..] : "";
        return VCardProperty.Of("ADR", ["", "", place.Text[(region.Length + city.Length)..], city, region, place.Postcode, ""], ("TYPE", type));
    }
}
