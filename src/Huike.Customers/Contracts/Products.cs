using System.Data.Common;

namespace Huike.Customers.Contracts;

/// <summary>Hears that costs or categories of products changed, inside the transaction that changes them.</summary>
public interface IProductListener
{
    /// <summary>Called once per change or file of changes.</summary>
    /// <param name="connection">The transaction; jobs may be added to it.</param>
    /// <param name="by">Who did it.</param>
    /// <param name="ct">Ends the call.</param>
    Task ProductsChanged(DbConnection connection, string by, CancellationToken ct);
}

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
