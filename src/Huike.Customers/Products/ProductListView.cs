using Huike.Customers.Contracts;
using Huike.Ui;

namespace Huike.Customers.Products;

/// <summary>What the list's page shows.</summary>
/// <param name="Query">What was asked.</param>
/// <param name="Page">The rows.</param>
/// <param name="Categories">To choose from.</param>
/// <param name="Margins">What counts for products without a cost.</param>
/// <param name="Currency">The firm's.</param>
/// <param name="MayEdit">Whether the visitor may say what products cost.</param>
internal sealed record ProductListView(ProductQuery Query, ProductPage Page, IReadOnlyList<string> Categories, Margins Margins, string Currency, bool MayEdit)
{
    /// <summary>Where the cost of lines comes from that don't tell their own.</summary>
    public string SourceOf(Product product, Texts texts) =>
        product.Cost is not null ? texts["products.source.own"]
        : Margins.ByCategory.TryGetValue(product.Category, out var margin) ? texts["products.source.category", Share(texts, margin)]
        : texts["products.source.default", Share(texts, Margins.Default)];

    /// <summary>A cost with as many digits as it has, two at least.</summary>
    public string CostOf(Product product, Texts texts) =>
        product.Cost is { } cost ? texts.Money(cost, Currency, cost.Scale > 2 ? cost.Scale : null) : "–";

    private static string Share(Texts texts, decimal margin) => texts.Percent(margin, margin * 100 % 1 == 0 ? 0 : 1);
}

/// <summary>What the page of one product shows.</summary>
/// <param name="Product">As it is.</param>
/// <param name="Form">What is typed.</param>
/// <param name="Query">The list that the visitor came from.</param>
internal sealed record ProductView(Product Product, ProductForm Form, ProductQuery Query)
{
    /// <summary>True where someone else changed it meanwhile.</summary>
    public bool Stale { get; init; }

    /// <summary>To choose from.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>Who changed it and when; null for those who may not see the audit.</summary>
    public string? HistoryHref { get; init; }

    /// <summary>The firm's.</summary>
    public string Currency { get; init; } = "";
}
