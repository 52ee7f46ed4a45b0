using Huike.Customers.Contracts;
using Huike.Platform.Fields;
using Huike.Ui;

namespace Huike.Customers.Products;

/// <summary>What the list's page shows.</summary>
/// <param name="Query">What was asked.</param>
/// <param name="Page">The rows.</param>
/// <param name="Categories">To choose from.</param>
/// <param name="Columns">What can stand beside the number.</param>
/// <param name="Shown">Of those, what does.</param>
/// <param name="Words">Language, currency, zone.</param>
/// <param name="MayEdit">Whether the visitor may say what products cost.</param>
internal sealed record ProductListView(ProductQuery Query, ProductPage Page, IReadOnlyList<string> Categories, IReadOnlyList<ListColumn<Product>> Columns, IReadOnlyList<ListColumn<Product>> Shown, ListWording Words, bool MayEdit)
{
    /// <summary>Key of the column that says where costs come from.</summary>
    public const string Source = "source";

    /// <summary>Keys of those that are shown where nobody chose.</summary>
    public static readonly IReadOnlyList<string> Usual = ["name", "category", "cost", Source];

    /// <summary>What can stand beside the number.</summary>
    /// <param name="margins">What counts for products without a cost.</param>
    /// <param name="fields">The firm's own fields that the visitor sees.</param>
    public static IReadOnlyList<ListColumn<Product>> ColumnsOf(Margins margins, IEnumerable<CustomField> fields) =>
    [
        new("name", "products.field.name", false, (row, _) => row.Name),
        new("category", "products.field.category", false, (row, _) => row.Category),
        new("cost", "products.field.cost", true, CostOf),
        new(Source, "products.field.source", false, (row, words) => SourceOf(margins, row, words.Texts)),
        .. ListColumn.Of<Product>(fields, row => row.Own),
    ];

    /// <summary>A cost with as many digits as it has, two at least.</summary>
    public static string CostOf(Product product, ListWording words) =>
        product.Cost is { } cost ? words.Texts.Money(cost, words.Currency, cost.Scale > 2 ? cost.Scale : null) : "–";

    /// <summary>Where the cost of lines comes from that don't tell their own.</summary>
    private static string SourceOf(Margins margins, Product product, Texts texts) =>
        product.Cost is not null ? texts["products.source.own"]
        : margins.ByCategory.TryGetValue(product.Category, out var margin) ? texts["products.source.category", Share(texts, margin)]
        : texts["products.source.default", Share(texts, margins.Default)];

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

    /// <summary>Language, currency, zone, and names of people and records.</summary>
    public required ListWording Words { get; init; }

    /// <summary>Whether the visitor may change it.</summary>
    public required bool MayEdit { get; init; }

    /// <summary>The firm's own fields that stand in no input: all of them where the visitor may not change it, else what is computed and what leads somewhere.</summary>
    public IEnumerable<CustomField> Told => Form.Fields.Where(own => !MayEdit || own.Type is FieldType.Formula or FieldType.Person or FieldType.Record);
}
