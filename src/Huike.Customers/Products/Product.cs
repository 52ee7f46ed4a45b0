using System.Data.Common;
using Huike.Platform.Data;

namespace Huike.Customers.Products;

/// <summary>产品: something that the ledger sells. Loads make products and never change one again, so what a person says of it stays.</summary>
/// <param name="Id">Number of the record.</param>
/// <param name="Code">The firm's key.</param>
/// <param name="Name">The key where the ledger tells no name.</param>
/// <param name="Category">Empty where unknown.</param>
/// <param name="Cost">Per unit, in the firm's currency; null where nobody said. Counts for lines of the ledger that don't tell their own.</param>
/// <param name="Version">Grows with each change.</param>
internal sealed record Product(long Id, string Code, string Name, string Category, decimal? Cost, int Version)
{
    public const string Columns = "id, code, name, category, cost, version";

    /// <summary>Greatest cost: a million units of it can still be summed.</summary>
    public const decimal LargestCost = 100_000_000;

    public const int LongestCategory = 100;

    public static Product Map(DbDataReader row) =>
        new(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.IsDBNull(4) ? null : row.Amount(4), row.GetInt32(5));
}
