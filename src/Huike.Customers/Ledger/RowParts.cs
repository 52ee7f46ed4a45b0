using Huike.Customers.Addresses;
using Huike.Customers.Consents;
using Huike.Customers.ContactPoints;
using Huike.Customers.Contracts;
using Huike.Customers.InvoiceTitles;
using Huike.Customers.People;
using Huike.Customers.Processing;
using Huike.Customers.Tags;
using Huike.Platform.Access;
using Huike.Platform.Imports;
using Huike.Platform.Search;
using Huike.Ui;

namespace Huike.Customers.Ledger;

/// <summary>Whom and what the words of a list mean.</summary>
/// <param name="Purposes">All of the firm's.</param>
/// <param name="Owners">Who can own customers, by sign-in name, shown name and number in capitals; null: several have it.</param>
/// <param name="Now">The present instant.</param>
internal sealed record ListWords(IReadOnlyList<Purpose> Purposes, IReadOnlyDictionary<string, Owner?> Owners, DateTimeOffset Now);

/// <summary>Reads what a row tells of contacts, addresses, consents and the like.</summary>
internal static class RowParts
{
    private const string First = "contact";

    /// <summary>The customer with what the row tells besides.</summary>
    /// <exception cref="ImportException">A cell can't be read.</exception>
    public static ListedCustomer Read(ListedCustomer listed, RowCells cells, ListRules rules)
    {
        listed = Addresses(listed, cells);
        listed = Person(listed, cells, rules, First, "contactTitle", "contactPhone", "contactEmail");
        listed = Person(listed, cells, rules, "contact2", "contact2Title", "contact2Phone", "contact2Email");
        listed = Person(listed, cells, rules, "contact3", "contact3Title", "contact3Phone", "contact3Email");
        if (listed is { IsPartOnly: false, Customer.Phone: null } && listed.Points.FirstOrDefault(point => point.Kind == ContactKind.Phone) is { } phone) { listed = listed with { Customer = listed.Customer with { Phone = phone.Value } }; }
        if (listed is { IsPartOnly: false, Customer.Email: null } && listed.Points.FirstOrDefault(point => point.Kind == ContactKind.Email) is { } mail) { listed = listed with { Customer = listed.Customer with { Email = mail.Raw }, Points = [.. listed.Points.Where(point => point != mail)] }; }
        return listed with
        {
            Titles = Invoice(listed.Customer, cells),
            Tags = cells["tags"] is { } tags ? cells.Checked("tags", tags, Tag.Read) : [],
            Owner = cells["owner"] is { } owner ? OwnerOf(owner, rules) : null,
            Consents = Consent(cells, rules) is { } consent ? [consent] : [],
        };
    }

    private static ListedCustomer Person(ListedCustomer listed, RowCells cells, ListRules rules, string field, string title, string phone, string email)
    {
        var isFirst = field == First;
        if (!cells.HasAny(field, title, phone, email) && !(isFirst && cells.HasAny("contactRole", "contactWechat", "contactBirthday"))) { return listed; }
        var (phones, mails) = (CustomerRow.Phones(cells[phone]), CustomerRow.Emails(cells[email]));
        // A birthday of a customer without a contact is the customer's own.
        var name = cells[field] ?? (isFirst && cells.HasAny("contactBirthday") && listed.Customer.Name.Length > 0 ? listed.Customer.Name : null);
        if (name is null && (cells[title] is not null || (isFirst && cells.HasAny("contactRole")))) { throw new ImportException("load.contact.nameless"); }
        var points = Points(cells, phone, ContactKind.Phone, name is null ? phones : phones.Skip(1), name).Concat(Points(cells, email, ContactKind.Email, name is null ? mails : mails.Skip(1), name));
        var wechat = isFirst ? cells["contactWechat"] : null;
        if (name is null && wechat is not null) { points = points.Concat(Points(cells, "contactWechat", ContactKind.WeChat, [wechat], null)); }
        listed = listed with { Points = [.. listed.Points.Concat(points).Where(point => point.Value != listed.Customer.Phone).DistinctBy(point => (point.Kind, point.Value))] };
        if (name is null) { return listed; }
        var person = cells.Checked(field, name, text => Contact.Read(text, cells[title], null, (phones.Count > 0 ? phones[0] : null, mails.Count > 0 ? mails[0] : null, wechat))) with
        {
            Role = (isFirst ? cells.Choice<PostRole>("contactRole", "customers.person.role.") : null) ?? PostRole.Other,
            Birthday = isFirst && cells["contactBirthday"] is { } day ? BirthdayOf(cells, day, rules) : null,
        };
        return listed with { People = [.. listed.People, person], Customer = listed.Customer.Contact is null ? listed.Customer with { Contact = person.Name } : listed.Customer };
    }

    private static IEnumerable<ContactPoint> Points(RowCells cells, string field, ContactKind kind, IEnumerable<string> raws, string? label) =>
        raws.Select(raw => cells.Checked(field, raw, text => ContactPoint.Read(kind, null, text, label)));

    private static Birthday BirthdayOf(RowCells cells, string day, ListRules rules) => Cell.TryDateTime(day, rules.Rules.Dates, out var at)
        ? cells.Checked("contactBirthday", day, _ => Birthday.Read(BirthCalendar.Solar, at.Local.Year, at.Local.Month, at.Local.Day, leap: false)!)
        : throw new ImportException("load.date.unreadable", day);

    /// <summary>Division, house, and who receives there; what can't be taken apart stays as it is written.</summary>
    private static ListedCustomer Addresses(ListedCustomer listed, RowCells cells)
    {
        var found = new List<Address>();
        var use = cells.Choice<AddressUse>("addressUse", "customers.address.use.") ?? AddressUse.Office;
        if (listed.Customer.Address is { } written)
        {
            var parts = string.Concat(new[] { cells["province"], cells["city"], cells["district"], cells["street"] }.Where(part => part is not null).Distinct());
            found.AddRange(Apart(written.StartsWith(parts, StringComparison.Ordinal) ? written : parts + written) is { } whole ? [whole with { Use = use }]
                : cells.HasAny("postalCode", "addressUse") ? [new Address(0, written) { Use = use }] : []);
        }
        if (cells["postalCode"] is { } postcode)
        {
            if (found.Count == 0) { throw new ImportException("load.address.missing", postcode); }
            found[0] = cells.Checked("postalCode", postcode, text => Address.Read(use, null, found[0].Detail, (null, null, text))) with { Division = found[0].Division, Recipient = found[0].Recipient, Phone = found[0].Phone };
        }
        if (cells["deliveryAddress"] is { } delivery) { found.Add((Apart(delivery) ?? new Address(0, delivery)) with { Use = AddressUse.Delivery }); }
        if (found.Count == 0) { return listed; }
        var place = listed.Customer.Place is { } said && found[0].Place?.StartsWith(said, StringComparison.Ordinal) != true ? said : listed.Customer.Place ?? found[0].Place;
        return listed with { Addresses = found, Customer = listed.Customer with { Address = found[0].Text, Place = place } };
    }

    /// <summary>A block that names one division; null where it names none, or where more than its form would be guessed.</summary>
    private static Address? Apart(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\u4E00', '\u9FFF')) { return null; }
        var read = AddressText.Read(text);
        if (read.Divisions.Count != 1 || read.Detail.Length == 0 || (read.Name is not null && read.Phone is null)) { return null; }
        return new(0, read.Detail) { Division = read.Divisions[0], Recipient = read.Name ?? "", Phone = read.Phone is { } phone ? Phone.Normalise(phone)?.Number ?? phone : null, Postcode = read.Postcode };
    }

    private static IReadOnlyList<InvoiceTitle> Invoice(NewCustomer customer, RowCells cells)
    {
        if (!cells.HasAny("invoiceTitle", "invoiceTax", "invoiceBank", "invoiceAccount")) { return []; }
        var kind = customer.Kind is CustomerKind.Person or CustomerKind.Household ? InvoiceKind.Person : InvoiceKind.Organisation;
        return [cells.Checked("invoiceTitle", cells["invoiceTitle"] ?? customer.Name, name => InvoiceTitle.Read(kind, name, cells["invoiceTax"] ?? customer.CreditCode, (null, null, cells["invoiceBank"], cells["invoiceAccount"]), (null, null)))];
    }

    private static Owner OwnerOf(string name, ListRules rules) => rules.Words.Owners.TryGetValue(name.ToUpperInvariant(), out var owner)
        ? owner ?? throw new ImportException("load.owner.several", name) : throw new ImportException("load.owner.unknown", name);

    private static ListedConsent? Consent(RowCells cells, ListRules rules)
    {
        if (!cells.HasAny("consentPurpose", "consentState", "consentAt", "consentProof", "consentWay", "consentChannel")) { return null; }
        // What isn't said is never made up: of a consent all has to stand by which it can be shown.
        if (cells["consentState"] is not { } state || RowWords.IsGiven(state) is not { } given) { throw new ImportException("load.consent.state", cells["consentState"] ?? ""); }
        if (cells["consentPurpose"] is not { } named || PurposeOf(named, rules.Words.Purposes) is not { } purpose || (given && (purpose.IsRetired || purpose.Basis != LawfulBasis.Consent))) { throw new ImportException("load.consent.purpose", cells["consentPurpose"] ?? ""); }
        if (cells["consentAt"] is not { } day || rules.Instant(day) is var at && (at > rules.Words.Now || at.Year < 1970)) { throw new ImportException("load.consent.day", cells["consentAt"] ?? ""); }
        return new(purpose, cells.Choice<ContactChannel>("consentChannel", "customers.channel.") ?? ContactChannel.All, given, rules.Instant(day), cells.Choice<ConsentWay>("consentWay", "customers.way.") ?? ConsentWay.Import, cells["consentProof"] ?? "");
    }

    private static Purpose? PurposeOf(string name, IReadOnlyList<Purpose> purposes) => purposes.FirstOrDefault(purpose => Same(purpose.Code, name) || TextCatalog.Languages.Any(language => Same(purpose.Name(TextCatalog.For(language)), name)));

    private static bool Same(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);
}
