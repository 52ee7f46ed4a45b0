using System.Globalization;
using Huike.Platform.Access.Records;
using Huike.Platform.Fields;
using Huike.Platform.Imports;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers.Products;

/// <summary>What someone filled in about a product, and what is wrong with it.</summary>
/// <param name="Cost">As it was typed.</param>
/// <param name="Category">As it was typed, without blanks around it.</param>
/// <param name="Version">Of the product that was shown.</param>
internal sealed record ProductForm(string Cost, string Category, int Version)
{
    private const int LongestCost = 40;

    /// <summary>Wrong fields: name of the input → text key.</summary>
    public IReadOnlyDictionary<string, string> Errors { get; init; } = new Dictionary<string, string>();

    /// <summary>The cost that was typed; null where it was left empty or can't be read.</summary>
    public decimal? Amount { get; init; }

    /// <summary>The firm's own fields that it shows.</summary>
    public IReadOnlyList<CustomField> Fields { get; init; } = [];

    /// <summary>Their values.</summary>
    public CustomValues Own { get; init; } = CustomValues.None;

    /// <summary>Their values as they were shown.</summary>
    public CustomValues Kept { get; init; } = CustomValues.None;

    public bool IsRight => Errors.Count == 0;

    /// <summary>The form of a product as it is.</summary>
    public static ProductForm Of(Product product, IReadOnlyList<CustomField> fields) => new(Write(product.Cost), product.Category, product.Version) { Fields = fields, Own = product.Own };

    /// <summary>With the people and records that the firm's own fields mean, as far as the writer may see them.</summary>
    public async Task<ProductForm> Found(FieldReferences references, UserAccess access, CancellationToken ct)
    {
        var (own, errors) = await references.Find(Fields, Own, Kept, Errors, access, ct);
        return this with { Own = own, Errors = errors };
    }

    /// <summary>Reads and checks the form.</summary>
    /// <param name="form">The posted form.</param>
    /// <param name="fields">The firm's own fields that it shows.</param>
    /// <param name="kept">Their values as they were shown.</param>
    public static ProductForm Read(IFormCollection form, IReadOnlyList<CustomField> fields, CustomValues kept)
    {
        var errors = new Dictionary<string, string>();
        var (cost, category) = (Text("cost", LongestCost, "products.cost.wrong"), Text("category", Product.LongestCategory, "products.category.long"));
        decimal? amount = null;
        if (cost.Length > 0 && !errors.ContainsKey("cost"))
        {
            amount = ReadCost(cost, Cell.DecimalMarkOf([cost]));
            if (amount is null) { errors["cost"] = "products.cost.wrong"; }
        }
        var version = int.TryParse(form["version"], NumberStyles.None, CultureInfo.InvariantCulture, out var shown) ? shown : 0;
        return new(cost, category, version) { Amount = amount, Fields = fields, Own = FieldRules.Read(form, fields, kept, errors), Kept = kept, Errors = errors };

        string Text(string input, int longest, string fault)
        {
            var text = form[input].ToString().Trim();
            if (text.Length <= longest && !text.Contains('\0', StringComparison.Ordinal)) { return text; }
            errors[input] = fault;
            return string.Concat(text.Where(letter => letter != '\0').Take(longest));
        }
    }

    /// <summary>Reads a cost, however it is written; rounded to the fourth digit, as it will be kept.</summary>
    /// <returns>Null where it is no number from 0 to <see cref="Product.LargestCost"/>.</returns>
    public static decimal? ReadCost(string text, DecimalMark mark) =>
        !text.Contains('%', StringComparison.Ordinal) && Cell.TryNumber(text, mark, out var cost) && cost is >= 0 and <= Product.LargestCost ? decimal.Round(cost, 4) : null;

    /// <summary>A cost as inputs and the audit write it; empty for none.</summary>
    public static string Write(decimal? cost) => cost?.ToString("0.####", CultureInfo.InvariantCulture) ?? "";
}
