using System.Data.Common;
using Huike.Customers.Contracts;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Fields;

namespace Huike.Customers.Products;

/// <summary>产品: something that the ledger sells. Loads make products and never change one again, so what a person says of it stays.</summary>
/// <param name="Id">Number of the record.</param>
/// <param name="Code">The firm's key.</param>
/// <param name="Name">The key where the ledger tells no name.</param>
/// <param name="Category">Empty where unknown.</param>
/// <param name="Cost">Per unit, in the firm's currency; null where nobody said. Counts for lines of the ledger that don't tell their own.</param>
/// <param name="Version">Grows with each change.</param>
/// <param name="Own">Values of the firm's own fields.</param>
internal sealed record Product(long Id, string Code, string Name, string Category, decimal? Cost, int Version, CustomValues Own)
{
    public const string Columns = "id, code, name, category, cost, version, custom";

    /// <summary>Greatest cost: a million units of it can still be summed.</summary>
    public const decimal LargestCost = 100_000_000;

    public const int LongestCategory = 100;

    /// <summary>Products as a kind of record with fields of the firm's own; roles say by their levels of customers who sees which.</summary>
    public static readonly FieldedKind Fielded = new("products", "products.list.title", "customers_product", "code", "coalesce(nullif(c.name, ''), c.code)", "/products/{0}", Audited.Products.Name)
    {
        Levels = CustomerPermissions.Records,
        Permission = ProductPermissions.Read,
        ApiSchemas = [nameof(ProductRecord), nameof(ProductInput)],
        ApiList = "listProducts",
    };

    public static Product Map(DbDataReader row) =>
        new(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.IsDBNull(4) ? null : row.Amount(4), row.GetInt32(5), CustomValues.Parse(row.TextOrNull(6)));

    /// <summary>What is another than in the newer one.</summary>
    public IEnumerable<AuditChange> Changes(Product newer)
    {
        if (Cost != newer.Cost) { yield return new("cost", Told(Cost), Told(newer.Cost)); }
        if (Category != newer.Category) { yield return new("category", Category, newer.Category); }
        foreach (var (field, old, now) in Own.Changes(newer.Own)) { yield return new(field, old, now); }
    }

    private static string? Told(decimal? cost) => cost is null ? null : ProductForm.Write(cost);
}
