using Huike.Customers.Contracts;

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

    public required DateTimeOffset CreatedAt { get; init; }

    public required long LoadId { get; init; }
}
