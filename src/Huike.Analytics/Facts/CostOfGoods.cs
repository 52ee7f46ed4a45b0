using Huike.Analytics.Settings;
using Huike.Platform.Data;

namespace Huike.Analytics.Facts;

/// <summary>A product, as far as its cost is concerned.</summary>
/// <param name="Category">Empty where unknown.</param>
/// <param name="Cost">Per unit, whole ten-thousandths; null where unknown.</param>
internal readonly record struct ProductCost(string Category, long? Cost);

/// <summary>What goods cost: by the line itself, else by the product, else by the category's margin, else by the default margin.</summary>
internal sealed class CostOfGoods
{
    private readonly Dictionary<long, (long? Cost, decimal Margin)> products;
    private readonly decimal defaultMargin;

    public CostOfGoods(IReadOnlyDictionary<long, ProductCost> products, ValueSettings settings)
    {
        this.products = products.ToDictionary(product => product.Key,
            product => (product.Value.Cost, settings.MarginByCategory.GetValueOrDefault(product.Value.Category, settings.DefaultMargin)));
        defaultMargin = settings.DefaultMargin;
    }

    /// <summary>Margin of a line in whole ten-thousandths, rounded half to even.</summary>
    /// <param name="amount">Of the line; negative for returns.</param>
    /// <param name="cost">Of the line; null where the ledger doesn't tell.</param>
    /// <param name="product">Null where the ledger names none.</param>
    /// <param name="quantity">Ten-thousandths; negative for returns.</param>
    /// <exception cref="OverflowException">Amounts that no ledger has.</exception>
    public long MarginOf(long amount, long? cost, long? product, long quantity)
    {
        if (cost is { } known) { return checked(amount - known); }
        var margin = defaultMargin;
        if (product is { } id && products.TryGetValue(id, out var entry))
        {
            if (entry.Cost is { } each) { return checked(amount - (long)decimal.Round((decimal)each * quantity / Stored.Scale)); }
            margin = entry.Margin;
        }
        return (long)decimal.Round(amount * margin);
    }
}
