using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Search;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers.InvoiceTitles;

/// <summary>What the form of an invoice title shows.</summary>
/// <param name="CustomerId">Whose.</param>
/// <param name="Customer">What the customer is called.</param>
/// <param name="Id">Which; 0: a new one.</param>
/// <param name="Version">As it was shown.</param>
internal sealed record InvoiceTitleForm(long CustomerId, string Customer, long Id, int Version)
{
    public static readonly IReadOnlyList<string> Inputs = ["kind", "name", "taxNumber", "address", "phone", "bank", "account", "email", "mobile", "preferred", "block", FormKey.Name];

    /// <summary>What is typed or was read, by input.</summary>
    public required IReadOnlyDictionary<string, string> Typed { get; init; }

    /// <summary>What a pasted block leaves open.</summary>
    public IReadOnlyList<InvoiceDoubt> Doubts { get; init; } = [];

    /// <summary>Why it was refused; null: it wasn't.</summary>
    public RuleException? Refusal { get; init; }

    public string this[string input] => Typed.GetValueOrDefault(input, "");

    /// <summary>The first one of an organisation begins with what its file says.</summary>
    public static InvoiceTitleForm New(NewCustomer customer, long customerId, string shown, bool isFirst)
    {
        var isPerson = customer.Kind is CustomerKind.Person or CustomerKind.Household;
        return new(customerId, shown, 0, 0)
        {
            Typed = new Dictionary<string, string>
            {
                ["kind"] = CustomerFilter.Kebab(isPerson ? InvoiceKind.Person : InvoiceKind.Organisation),
                ["name"] = isFirst ? customer.Name : "",
                ["taxNumber"] = isFirst && !isPerson ? customer.CreditCode ?? "" : "",
                [FormKey.Name] = FormKey.New(),
            },
        };
    }

    public static InvoiceTitleForm Of(long customerId, string customer, InvoiceTitle kept) => new(customerId, customer, kept.Id, kept.Version)
    {
        Typed = new Dictionary<string, string>
        {
            ["kind"] = CustomerFilter.Kebab(kept.Kind),
            ["name"] = kept.Name,
            ["taxNumber"] = kept.TaxNumber,
            ["address"] = kept.Address,
            ["phone"] = kept.Phone,
            ["bank"] = kept.Bank,
            ["account"] = kept.Account,
            ["email"] = kept.Email,
            ["mobile"] = kept.Mobile ?? "",
            [FormKey.Name] = FormKey.New(),
        },
    };

    /// <summary>With what was typed.</summary>
    public InvoiceTitleForm With(IFormCollection form) => this with { Typed = Inputs.ToDictionary(input => input, input => form[input].ToString()) };

    /// <summary>What a block says takes the place of what was typed, where it says something.</summary>
    public InvoiceTitleForm Pasted()
    {
        var read = InvoiceText.Read(this["block"]);
        var typed = Typed.ToDictionary();
        foreach (var (input, value) in new[] { ("name", read.Name), ("taxNumber", read.TaxNumber), ("address", read.Address), ("phone", read.Phone), ("bank", read.BankName), ("account", read.AccountNumber), ("email", read.Email), ("mobile", read.MobilePhone) })
        {
            if (value is { Length: > 0 }) { typed[input] = value; }
        }
        if (read.TaxNumber is not null) { typed["kind"] = "organisation"; }
        return this with { Typed = typed, Doubts = read.Doubts };
    }

    /// <exception cref="RuleException">Those of <see cref="InvoiceTitle.Read"/>; <c>customers.invoice.kind.wrong</c>.</exception>
    public InvoiceTitle Title => InvoiceTitle.Read(TypedText.Chosen<InvoiceKind>(this["kind"], "customers.invoice.kind.wrong"), this["name"], this["taxNumber"], (this["address"], this["phone"], this["bank"], this["account"]), (this["email"], this["mobile"])) with { IsPreferred = this["preferred"] == "true" };
}
