using System.Globalization;
using Huike.Platform;
using Huike.Platform.Fields;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers.Products;

/// <summary>Which products are asked for, and from where; every condition must hold. Written in the address by the same names.</summary>
internal sealed record ProductQuery
{
    /// <summary>Address of the list.</summary>
    public const string Path = "/products";

    /// <summary>Rows of a page.</summary>
    public const int Limit = 50;

    /// <summary>Name of the usual order: by number.</summary>
    private const string Usual = "code";

    private const int LongestText = 100;

    /// <summary>Part of a number or a name, in capitals or not; empty for all.</summary>
    public string Q { get; init; } = "";

    /// <summary>Empty for all.</summary>
    public string Category { get; init; } = "";

    /// <summary>Only products of which nobody said what they cost.</summary>
    public bool WithoutCost { get; init; }

    /// <summary>By the firm's own fields.</summary>
    public FieldConditions Own { get; init; } = FieldConditions.None;

    /// <summary>The firm's own fields that the reader sees.</summary>
    public IReadOnlyList<CustomField> Fields { get; init; } = [];

    /// <summary>The one of them that orders the list; null: the number.</summary>
    public CustomField? By { get; init; }

    public bool Descending { get; init; }

    /// <summary>Name of the order, as in the address.</summary>
    public string Sort => By?.Column ?? Usual;

    /// <summary>Name and direction: what a cursor is a place in.</summary>
    public string Order => Sort + (Descending ? "-" : "+");

    /// <summary>What orders; the product's id breaks ties.</summary>
    public OrderKey Key => By is null ? new("c.code", KeyKind.Text) : OrderKey.Of(By);

    /// <summary>The page begins after this row, or ends before it where <see cref="Backwards"/>; null for the first page.</summary>
    public ListCursor? From { get; init; }

    public bool Backwards { get; init; }

    public bool IsEmpty => Q.Length == 0 && Category.Length == 0 && !WithoutCost && Own.All.Count == 0;

    /// <param name="query">The address.</param>
    /// <param name="fields">The firm's own fields that the reader sees.</param>
    /// <exception cref="RuleException"><c>customers.filter.wrong</c>, <c>customers.cursor.wrong</c>; those of <see cref="FieldConditions.Read"/>.</exception>
    public static ProductQuery Read(IQueryCollection query, IReadOnlyList<CustomField> fields)
    {
        var (after, before) = (query["after"].ToString(), query["before"].ToString());
        var cursor = before.Length > 0 ? before : after;
        var by = query["sort"].ToString() is not { Length: > 0 } sort || sort == Usual ? null
            : fields.FirstOrDefault(field => field.IsIndexed && field.Column == sort) ?? throw new RuleException("customers.filter.wrong", "sort", sort[..Math.Min(sort.Length, 60)]);
        var read = new ProductQuery
        {
            Own = FieldConditions.Read(query, fields),
            Fields = fields,
            By = by,
            Descending = query["dir"].ToString() switch { "" => by?.DescendsFirst ?? false, "asc" => false, "desc" => true, var other => throw new RuleException("customers.filter.wrong", "dir", other[..Math.Min(other.Length, 20)]) },
            Q = Text("q"),
            Category = Text("category"),
            WithoutCost = Text("cost") switch { "" => false, "none" => true, var other => throw new RuleException("customers.filter.wrong", "cost", other) },
            Backwards = before.Length > 0,
        };
        return read with { From = cursor.Length == 0 ? null : ListCursor.Parse(cursor, read.Order) ?? throw new RuleException("customers.cursor.wrong") };

        string Text(string name) => query[name].ToString().Trim() is var text && text.Length <= LongestText && !text.Contains('\0', StringComparison.Ordinal)
            ? text : throw new RuleException("customers.filter.wrong", name, text[..Math.Min(text.Length, 20)]);
    }

    /// <summary>Address of the same page of the list.</summary>
    public string Href() => Href(Path);

    /// <summary>Address of one of its products, from where saving leads back to the same page.</summary>
    public string HrefOf(long id) => Href(string.Create(CultureInfo.InvariantCulture, $"{Path}/{id}"));

    /// <summary>Another page of the same list; null without a cursor.</summary>
    public string? PageHref(ListCursor? cursor, bool backwards) => cursor is null ? null : (this with { From = cursor, Backwards = backwards }).Href();

    /// <summary>The same list by a column, by the other direction where it is already; null where there is no such order.</summary>
    public string? SortHref(string name)
    {
        var by = Fields.FirstOrDefault(field => field.IsIndexed && field.Column == name);
        return by is null && name != Usual ? null : (this with { By = by, Descending = Sort == name ? !Descending : by?.DescendsFirst ?? false, From = null, Backwards = false }).Href();
    }

    /// <summary>Null where the list isn't sorted by the column; true where largest first.</summary>
    public bool? Sorted(string name) => Sort == name ? Descending : null;

    /// <summary>The order, where it isn't the usual one, as pairs of an address.</summary>
    public IEnumerable<KeyValuePair<string, string>> OrderPairs() => By is null && !Descending ? [] : [new("sort", Sort), new("dir", Descending ? "desc" : "asc")];

    /// <summary>Conditions and order as pairs of an address.</summary>
    public IEnumerable<KeyValuePair<string, string>> Pairs() => new KeyValuePair<string, string>[] { new("q", Q), new("category", Category), new("cost", WithoutCost ? "none" : "") }.Where(pair => pair.Value.Length > 0)
        .Concat(Own.All.SelectMany(one => one.Pairs())).Concat(OrderPairs());

    private string Href(string path)
    {
        var pairs = From is null ? Pairs() : Pairs().Append(new(Backwards ? "before" : "after", From.ToString()));
        var text = string.Join('&', pairs.Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}"));
        return text.Length > 0 ? $"{path}?{text}" : path;
    }
}
