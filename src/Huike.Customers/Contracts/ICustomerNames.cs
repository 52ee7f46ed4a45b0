using Huike.Platform.Access.Records;

namespace Huike.Customers.Contracts;

/// <summary>What customers are called, for lists that other modules make.</summary>
public interface ICustomerNames
{
    /// <summary>Names by customer; those that don't exist, or that the reader may not see, are left out.</summary>
    /// <param name="access">Who reads.</param>
    /// <param name="customers">At most some hundreds.</param>
    /// <param name="ct">Ends the read.</param>
    Task<IReadOnlyDictionary<long, CustomerName>> Of(UserAccess access, IReadOnlyCollection<long> customers, CancellationToken ct);
}

/// <summary>What a customer is called.</summary>
/// <param name="Number">The firm's key.</param>
/// <param name="Name">The number where no name is known.</param>
/// <param name="Phone">E.164, or as it was written, masked where the reader may not see it; null where unknown.</param>
public sealed record CustomerName(string Number, string Name, string? Phone);
