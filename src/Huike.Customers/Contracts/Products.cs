namespace Huike.Customers.Contracts;

/// <summary>Says by which margin products without a cost are counted.</summary>
public interface IMargins
{
    /// <summary>The margins in force.</summary>
    Task<Margins> Get(CancellationToken ct);
}

/// <summary>Margins of products without a cost.</summary>
/// <param name="Default">In [-1, 1]; where the category has none.</param>
/// <param name="ByCategory">Category → margin in [-1, 1].</param>
public sealed record Margins(decimal Default, IReadOnlyDictionary<string, decimal> ByCategory);
