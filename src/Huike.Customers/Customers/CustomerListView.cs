using Huike.Customers.Processing;

namespace Huike.Customers;

/// <summary>What the list's page shows.</summary>
/// <param name="Query">What was asked.</param>
/// <param name="Page">The rows.</param>
/// <param name="Columns">The columns, besides the name.</param>
/// <param name="Words">Language, currency, zone.</param>
/// <param name="Places">Places to choose from.</param>
/// <param name="Categories">Categories to choose from.</param>
/// <param name="MayExport">Whether the visitor may take the list away.</param>
/// <param name="MayEdit">Whether the visitor may add a customer.</param>
internal sealed record CustomerListView(
    CustomerQuery Query, CustomerPage Page, IReadOnlyList<ListColumn<ListedCustomer>> Columns, ListWording Words, IReadOnlyList<string> Places, IReadOnlyList<string> Categories, bool MayExport, bool MayEdit)
{
    /// <summary>What an export can be for; none where the visitor may not export.</summary>
    public IReadOnlyList<Purpose> Purposes { get; init; } = [];

    /// <summary>Tags to choose from.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Code of what this browser's last export was for.</summary>
    public string? LastPurpose { get; init; }

    /// <summary>Address of a list with the same conditions.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="more">Further pairs; those without a value are left out.</param>
    public string Href(string path, params IEnumerable<(string Name, string? Value)> more)
    {
        var pairs = Query.Filter.Pairs().Concat(more.Where(pair => pair.Value is not null).Select(pair => new KeyValuePair<string, string>(pair.Name, pair.Value!)));
        var text = string.Join('&', pairs.Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}"));
        return text.Length > 0 ? $"{path}?{text}" : path;
    }

    /// <summary>The same list sorted by a column, by the other direction where it is already; null where there is no such order, or it would tell what is hidden.</summary>
    public string? SortHref(string name)
    {
        if (name == "phone" && !Query.Viewer.SeesPersonal) { return null; }
        if (CustomerSort.All.Concat(CustomerSort.Of(Query.Viewer.Own)).FirstOrDefault(known => known.Name == name) is not { } sort) { return null; }
        var descending = Query.Sort.Name == name ? !Query.Descending : sort.DescendsFirst;
        return Href("/customers", ("sort", name), ("dir", descending ? "desc" : "asc"));
    }

    /// <summary>Another page of the same list.</summary>
    public string? PageHref(string direction, ListCursor? cursor) =>
        cursor is null ? null : Href("/customers", [.. Order, (direction, cursor.ToString())]);

    /// <summary>The order where it isn't the usual one of the conditions.</summary>
    public IEnumerable<(string Name, string? Value)> Order =>
        (Query.Sort, Query.Descending) == Query.Filter.UsualOrder ? [] : [("sort", Query.Sort.Name), ("dir", Query.Descending ? "desc" : "asc")];

    /// <summary>Null where the list isn't sorted by the column; true where largest first.</summary>
    public bool? Sorted(string name) => Query.Sort.Name == name ? Query.Descending : null;
}
