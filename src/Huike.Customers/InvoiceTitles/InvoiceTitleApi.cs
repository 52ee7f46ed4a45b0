using Huike.Customers.Parts;
using Huike.Platform.Search;

namespace Huike.Customers.InvoiceTitles;

/// <summary>An invoice title as programs read it. Who may not see it reads the beginning of its name, and nothing else.</summary>
internal sealed record InvoiceTitleRecord : IPartRecord
{
    public long? Id { get; init; }

    public InvoiceKind Kind { get; init; }

    public string Name { get; init; } = "";

    /// <summary>In capitals, without blanks.</summary>
    public string? TaxNumber { get; init; }

    public string? Address { get; init; }

    public string? Phone { get; init; }

    public string? Bank { get; init; }

    public string? Account { get; init; }

    /// <summary>To which the invoice is sent.</summary>
    public string? Email { get; init; }

    /// <summary>To which the invoice is sent; in its normal form.</summary>
    public string? Mobile { get; init; }

    /// <summary>Offered first.</summary>
    public bool Preferred { get; init; }

    public int Version { get; init; }

    public static InvoiceTitleRecord Of(InvoiceTitle title) => new()
    {
        Id = title.Id,
        Kind = title.Kind,
        Name = title.Name,
        TaxNumber = Null(title.TaxNumber),
        Address = Null(title.Address),
        Phone = Null(title.Phone),
        Bank = Null(title.Bank),
        Account = Null(title.Account),
        Email = Null(title.Email),
        Mobile = title.Mobile,
        Preferred = title.IsPreferred,
        Version = title.Version,
    };

    private static string? Null(string text) => text.Length > 0 ? text : null;
}

/// <summary>What a program says of an invoice title. Of a change only the members that are given count; null empties one.</summary>
internal sealed record InvoiceTitleInput
{
    /// <summary>A whole block as firms send it round; the other members go before what it says.</summary>
    public string? Text { get; init; }

    public InvoiceKind? Kind { get; init; }

    public string? Name { get; init; }

    public string? TaxNumber { get; init; }

    public string? Address { get; init; }

    public string? Phone { get; init; }

    public string? Bank { get; init; }

    public string? Account { get; init; }

    public string? Email { get; init; }

    public string? Mobile { get; init; }

    /// <summary>True: it takes the place of the one that is preferred now.</summary>
    public bool Preferred { get; init; }

    /// <summary>The title with what was given.</summary>
    public InvoiceTitle On(InvoiceTitle old, IReadOnlySet<string> given)
    {
        var read = Text is { Length: > 0 } ? InvoiceText.Read(Text) : null;
        return InvoiceTitle.Read(given.Contains("kind") ? Kind ?? InvoiceKind.Organisation : old.Kind, Said("name", Name, read?.Name, old.Name), Said("taxNumber", TaxNumber, read?.TaxNumber, old.TaxNumber),
            (Said("address", Address, read?.Address, old.Address), Said("phone", Phone, read?.Phone, old.Phone), Said("bank", Bank, read?.BankName, old.Bank), Said("account", Account, read?.AccountNumber, old.Account)),
            (Said("email", Email, read?.Email, old.Email), Said("mobile", Mobile, read?.MobilePhone, old.Mobile))) with
        { IsPreferred = Preferred || old.IsPreferred };

        string? Said(string member, string? wanted, string? pasted, string? before) => given.Contains(member) ? wanted : pasted ?? before;
    }
}
