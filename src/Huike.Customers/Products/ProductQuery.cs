using System.Globalization;
using Huike.Platform;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers.Products;

/// <summary>Which products are asked for, and from where; every condition must hold. Written in the address by the same names.</summary>
internal sealed record ProductQuery
{
    /// <summary>Address of the list.</summary>
    public const string Path = "/products";

    /// <summary>Rows of a page.</summary>
    public const int Limit = 50;

    /// <summary>The one order: by number.</summary>
    public const string Order = "code+";

    private const int LongestText = 100;

    /// <summary>Part of a number or a name, in capitals or not; empty for all.</summary>
    public string Q { get; init; } = "";

    /// <summary>Empty for all.</summary>
    public string Category { get; init; } = "";

    /// <summary>Only products of which nobody said what they cost.</summary>
    public bool WithoutCost { get; init; }

    /// <summary>The page begins after this row, or ends before it where <see cref="Backwards"/>; null for the first page.</summary>
    public ListCursor? From { get; init; }

    public bool Backwards { get; init; }

    public bool IsEmpty => Q.Length == 0 && Category.Length == 0 && !WithoutCost;

    /// <exception cref="RuleException"><c>customers.filter.wrong</c>, <c>customers.cursor.wrong</c>.</exception>
    public static ProductQuery Read(IQueryCollection query)
    {
        var (after, before) = (query["after"].ToString(), query["before"].ToString());
        var cursor = before.Length > 0 ? before : after;
        return new()
        {
            Q = Text("q"),
            Category = Text("category"),
            WithoutCost = Text("cost") switch { "" => false, "none" => true, var other => throw new RuleException("customers.filter.wrong", "cost", other) },
            Backwards = before.Length > 0,
            From = cursor.Length == 0 ? null : ListCursor.Parse(cursor, Order) is { Values.Count: 1 } from && !from.Values[0].Contains('\0', StringComparison.Ordinal) ? from : throw new RuleException("customers.cursor.wrong"),
        };

        string Text(string name) => query[name].ToString().Trim() is var text && text.Length <= LongestText && !text.Contains('\0', StringComparison.Ordinal)
            ? text : throw new RuleException("customers.filter.wrong", name, text[..Math.Min(text.Length, 20)]);
    }

    /// <summary>Address of the same page of the list.</summary>
    public string Href() => Href(Path);

    /// <summary>Address of one of its products, from where saving leads back to the same page.</summary>
    public string HrefOf(long id) => Href(string.Create(CultureInfo.InvariantCulture, $"{Path}/{id}"));

    /// <summary>Another page of the same list; null without a cursor.</summary>
    public string? PageHref(ListCursor? cursor, bool backwards) => cursor is null ? null : (this with { From = cursor, Backwards = backwards }).Href();

    private string Href(string path)
    {
        (string Name, string? Value)[] pairs = [("q", Q), ("category", Category), ("cost", WithoutCost ? "none" : null), (Backwards ? "before" : "after", From?.ToString())];
        var text = string.Join('&', pairs.Where(pair => pair.Value is { Length: > 0 }).Select(pair => $"{pair.Name}={Uri.EscapeDataString(pair.Value!)}"));
        return text.Length > 0 ? $"{path}?{text}" : path;
    }
}
