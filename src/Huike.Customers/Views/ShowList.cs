using Huike.Customers.Conditions;
using Huike.Platform.Access.Records;
using Huike.Platform.Data;
using Huike.Platform.Fields;
using Huike.Ui;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers.Views;

/// <summary>Fills in what stands around the rows of a list: views, groups, a board's columns, names.</summary>
internal sealed class ShowList(Database database, GroupFigures figures, Board board, Cards cards, ListNames names, Texts texts)
{
    /// <summary>Address of the view that the visitor's list begins with; null: it begins with all, or the address says what to show.</summary>
    public async Task<string?> First(HttpContext http, CancellationToken ct)
    {
        if (http.Request.Query.Count > 0) { return null; }
        await using var connection = await database.OpenForShort(ct);
        var first = await ChangeViews.First(connection, http.User.Access().UserId, ct);
        if (first == 0) { return null; }
        // One that isn't shared with him any more is no beginning.
        return (await SavedView.Seen(connection, http.User.Access(), ct)).Exists(view => view.Id == first) ? SavedView.Of(first) : null;
    }

    public async Task<CustomerListView> Run(HttpContext http, CustomerListView view, CancellationToken ct)
    {
        var (query, shape) = (view.Query, view.Shape);
        await using (var connection = await database.OpenForShort(ct))
        {
            view = view with { Views = await SavedView.Seen(connection, http.User.Access(), ct) };
        }
        view = await names.Run(http, view, ct);
        if (query.Filter.Where is { } where) { view = view with { Sentence = (await ConditionEndpoints.Words(http, texts, where, ct)).Say(where) }; }
        if (shape.Kind == ListKind.Places) { view = view with { ByPlace = await PlaceTree.Read(database, figures, query, ct) }; }
        if (shape.Group is { } group) { view = view with { Groups = await figures.Of(query, group, shape.Period, ct) }; }
        if (query.Viewer.SeesInternal && (view.Groups is not null || view.ByPlace is not null || http.Request.Query["total"] == "1")) { view = view with { Total = await figures.Total(query, ct) }; }
        if (shape.Kind == ListKind.Board)
        {
            view = view with { Board = await board.Columns(query, shape.Group!, view.Groups!, ct) };
            var shown = (Shown<IReadOnlyList<CardPage>>)http.RequestServices.GetService(typeof(Shown<IReadOnlyList<CardPage>>))!;
            shown.Value = await cards.Of(http, view, ct);
        }
        return view with { IsEditing = http.Request.Query["edit"] == "1" };
    }
}

/// <summary>Names that rows of a list need besides their own.</summary>
internal sealed class ListNames(FieldReferences references)
{
    public async Task<CustomerListView> Run(HttpContext http, CustomerListView view, CancellationToken ct) => view with
    {
        Words = view.Words with { Names = await references.Names([.. view.Columns.Select(column => column.Own).OfType<CustomField>()], [.. view.Page.Rows.Select(row => row.Own)], http.User.Access(), ct) },
    };
}
