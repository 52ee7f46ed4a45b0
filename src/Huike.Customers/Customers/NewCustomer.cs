using Huike.Customers.Contracts;
using Huike.Platform.Fields;
using Huike.Platform.Search;

namespace Huike.Customers;

/// <summary>A customer about to get a file, by a load.</summary>
internal sealed record NewCustomer(string Number)
{
    public string Name { get; init; } = "";

    public CustomerKind Kind { get; init; }

    /// <summary>E.164, or as it was written where it is no number that we know.</summary>
    public string? Phone { get; init; }

    public string? Email { get; init; }

    public string? Category { get; init; }

    public string? Place { get; init; }

    public string? Address { get; init; }

    public string? CreditCode { get; init; }

    public string? Contact { get; init; }

    public string? Remark { get; init; }

    /// <summary>特殊要求: what everybody who deals with the customer has to heed.</summary>
    public string? Requirements { get; init; }

    /// <summary>采购特点: how the customer buys.</summary>
    public string? Buying { get; init; }

    /// <summary>Values of the firm's own fields.</summary>
    public CustomValues Custom { get; init; } = CustomValues.None;

    /// <summary>Of those, what the search finds the customer by.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>For the search.</summary>
    /// <param name="more">What else it goes by.</param>
    public string Tokens(Aliases more) => SearchTokens.Of([Name, .. Contact is null ? [] : (string[])[Contact], .. Words, .. more.Names], Phone is null ? more.Phones : more.Phones.Prepend(Phone), CreditCode is null ? [Number, .. more.Codes] : [Number, CreditCode, .. more.Codes]);

    /// <summary>What else it goes by as soon as it is there.</summary>
    public Aliases Also { get; init; } = Aliases.None;

    public required DateTimeOffset CreatedAt { get; init; }

    public required long LoadId { get; init; }

    /// <summary>With computed fields and words for the search brought up to date.</summary>
    public NewCustomer Completed(IReadOnlyList<CustomField> fields)
    {
        var custom = FieldRules.Compute(fields, Custom);
        return this with { Custom = custom, Words = [.. fields.Where(field => field.IsSearched).Select(field => custom[field.Name]).OfType<string>()] };
    }
}
