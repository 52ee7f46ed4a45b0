using Huike.Customers.Views;

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
    /// <summary>Tags to choose from.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The view through which one looks.</summary>
    public required AskedList Asked { get; init; }

    public required ListShape Shape { get; init; }

    /// <summary>Views that the visitor may use, pinned ones first.</summary>
    public IReadOnlyList<SavedView> Views { get; init; } = [];

    /// <summary>The conditions on facts in words; null: there are none.</summary>
    public string? Sentence { get; init; }

    /// <summary>Its groups; null: none were asked for.</summary>
    public IReadOnlyList<GroupFigure>? Groups { get; init; }

    /// <summary>What all of them come to; null: nobody asked, or it isn't shown to the visitor.</summary>
    public (long Count, decimal Sales, decimal Contribution)? Total { get; init; }

    /// <summary>Of a board.</summary>
    public IReadOnlyList<BoardColumn> Board { get; init; } = [];

    /// <summary>Of a list by place.</summary>
    public PlaceTree? ByPlace { get; init; }

    /// <summary>Cells are there to be changed.</summary>
    public bool IsEditing { get; init; }

    /// <summary>Columns where they were said; null: the usual ones.</summary>
    public IReadOnlyList<string>? Said => Asked.Query["columns"].Count > 0 ? [.. Columns.Select(column => column.Key)] : null;

    /// <summary>The whole list as pairs: what a view of it keeps.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Pairs => [.. AskedList.Pairs(Query, Shape, Said)];

    /// <summary>The view is not what it was any more.</summary>
    public bool IsChanged => Asked.Differs(Pairs);

    /// <summary>Address of a list with the same conditions, shape and columns.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="more">Further pairs; those without a value are left out.</param>
    public string Href(string path, params IEnumerable<(string Name, string? Value)> more) => Href(path, Query.Filter.Pairs().Concat(Shape.Pairs().Select(Pair)).Concat(Said is null ? [] : [new("columns", string.Join('.', Said))]), more);

    /// <summary>Address of the list with one more condition, in its usual order, as a table.</summary>
    public string Href(GroupFigure group) => Href("/customers", (Query.Filter with { Where = Platform.Conditions.ConditionGroup.And(Query.Filter.Where, group.Is) }).Pairs(), []);

    /// <summary>Address of cards of those who meet one more condition.</summary>
    public string Cards(Platform.Conditions.Condition column, params IEnumerable<(string Name, string? Value)> more) =>
        Href("/customers/cards", (Query.Filter with { Where = Platform.Conditions.ConditionGroup.And(Query.Filter.Where, column) }).Pairs(), [.. Order, .. more]);

    /// <summary>The same list in another shape.</summary>
    public string Href(ListShape shape) => (this with { Shape = shape }).Href("/customers", Order);

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
        cursor is null ? null : Href("/customers", [.. Order, (direction, cursor.ToString()), ("edit", IsEditing ? "1" : null)]);

    /// <summary>The order where it isn't the usual one of the conditions.</summary>
    public IEnumerable<(string Name, string? Value)> Order =>
        (Query.Sort, Query.Descending) == Query.Filter.UsualOrder ? [] : [("sort", Query.Sort.Name), ("dir", Query.Descending ? "desc" : "asc")];

    /// <summary>Null where the list isn't sorted by the column; true where largest first.</summary>
    public bool? Sorted(string name) => Query.Sort.Name == name ? Query.Descending : null;

    private string Href(string path, IEnumerable<KeyValuePair<string, string>> list, IEnumerable<(string Name, string? Value)> more)
    {
        var added = more.Where(pair => pair.Value is not null).ToLookup(pair => pair.Name is "after" or "before" or "edit" or "total");
        var pairs = Asked.Short([.. list, .. added[false].Select(Pair)]).Concat(added[true].Select(Pair));
        var text = string.Join('&', pairs.Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}"));
        return text.Length > 0 ? $"{path}?{text}" : path;
    }

    private static KeyValuePair<string, string> Pair((string Name, string? Value) pair) => new(pair.Name, pair.Value!);
}
