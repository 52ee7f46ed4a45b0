using System.Globalization;
using Huike.Platform;
using Huike.Platform.Conditions;
using Huike.Platform.Data;
using Huike.Ui;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers.Views;

/// <summary>Cards of a column, or of a group.</summary>
/// <param name="Page">The customers.</param>
/// <param name="Words">How money is written.</param>
/// <param name="SeesInternal">Whether figures are shown.</param>
/// <param name="Open">The list of all of them.</param>
/// <param name="More">Further cards; null: these are all.</param>
internal sealed record CardPage(CustomerPage Page, ListWording Words, bool SeesInternal, string Open, string? More)
{
    /// <summary>The fact that a card's place tells.</summary>
    public string Field { get; init; } = "";

    /// <summary>Its value here.</summary>
    public string Value { get; init; } = "";

    /// <summary>Where cards can be moved; none: nowhere.</summary>
    public IReadOnlyList<(string Value, string Text)> Choices { get; init; } = [];

    /// <summary>Versions of the files, by customer.</summary>
    public IReadOnlyDictionary<long, int> Versions { get; init; } = new Dictionary<long, int>();

    /// <summary>The board, to come back to.</summary>
    public string Back { get; init; } = "";
}

/// <summary>Puts cards together for the columns of a board.</summary>
internal sealed class Cards(Database database, CustomerList list, Texts texts)
{
    /// <summary>Facts of columns that a card can be moved to: all choices, or the values that there are.</summary>
    public IReadOnlyList<(string Value, string Text)> Choices(HttpContext http, Fact fact, IEnumerable<GroupFigure> groups) => !Board.IsMovable(http, fact.Name) ? []
        : fact.Choices.Count > 0 ? [.. fact.Choices.Select(choice => (choice.Value, choice.Label(texts)))]
        : [.. groups.Where(group => group.Value.Length > 0).Select(group => (group.Value, GroupWords.Of(texts, fact, group)))];

    /// <summary>The columns of a board as cards.</summary>
    public async Task<IReadOnlyList<CardPage>> Of(HttpContext http, CustomerListView view, CancellationToken ct)
    {
        var fact = view.Shape.Group!;
        var choices = Choices(http, fact, view.Groups!);
        var versions = choices.Count == 0 ? [] : await Versions([.. view.Board.SelectMany(column => column.Page.Rows).Select(row => row.Id)], ct);
        var back = view.Href("/customers", view.Order);
        return
        [
            .. view.Board.Select(column => new CardPage(column.Page, view.Words, view.Query.Viewer.SeesInternal, view.Href(column.Figure),
                column.Page.Next is null ? null : view.Cards(column.Figure.Is, ("after", column.Page.Next.ToString())))
            {
                Field = fact.Name,
                Value = column.Figure.Value,
                Choices = choices,
                Versions = versions,
                Back = back,
            }),
        ];
    }

    /// <summary>Further cards, or those of a group.</summary>
    public async Task<CardPage> More(HttpContext http, CustomerQuery query, ListWording words, CancellationToken ct)
    {
        var page = await list.Page(query with { Limit = CustomerQuery.UsualLimit / 2 }, ct);
        var here = QueryString.Create(http.Request.Query.Where(pair => pair.Key != "after").Select(pair => new KeyValuePair<string, string?>(pair.Key, pair.Value.ToString())));
        return new(page, words, query.Viewer.SeesInternal, "/customers" + here, page.Next is null ? null : "/customers/cards" + here.Add("after", page.Next.ToString()));
    }

    private async Task<Dictionary<long, int>> Versions(IReadOnlyList<long> ids, CancellationToken ct)
    {
        if (ids.Count == 0) { return []; }
        await using var connection = await database.Open(ct);
        // Ids are numbers of ours: nothing foreign gets into the text.
        return (await connection.Rows($"select id, version from customers_customer where id in ({string.Join(',', ids.Select(id => id.ToString(CultureInfo.InvariantCulture)))})", row => (row.GetInt64(0), row.GetInt32(1)), ct)).ToDictionary();
    }
}
