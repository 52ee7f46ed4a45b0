using System.Globalization;
using Huike.Platform;
using Huike.Platform.Access.Records;
using Huike.Platform.Data;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Huike.Customers.Views;

/// <summary>What an address asks of the list: a view, and what it changes on top. Page, export, programs and bulk work read it the same way.</summary>
/// <param name="Query">The view's pairs with those of the address in their places.</param>
/// <param name="View">Null: the address says everything itself.</param>
internal sealed record AskedList(IQueryCollection Query, SavedView? View)
{
    /// <summary>Name in the address.</summary>
    public const string Name = "view";

    /// <summary>Says that the address tells the whole list, and of the view takes its name alone.</summary>
    public const string Whole = "whole";

    /// <exception cref="RuleException"><c>views.view.unknown</c>, <c>customers.filter.wrong</c>.</exception>
    public static Task<AskedList> Read(HttpContext http, CancellationToken ct) => Read(http, http.Request.Query, ct);

    /// <summary>The same of another address than the request's.</summary>
    /// <exception cref="RuleException"><c>views.view.unknown</c>, <c>customers.filter.wrong</c>.</exception>
    public static async Task<AskedList> Read(HttpContext http, IQueryCollection query, CancellationToken ct)
    {
        if (query[Name].ToString() is not { Length: > 0 } text) { return new(query, null); }
        var id = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new RuleException("customers.filter.wrong", Name, text[..Math.Min(text.Length, 20)]);
        await using var connection = await ((Database)http.RequestServices.GetService(typeof(Database))!).Open(ct);
        var view = await SavedView.Find(connection, http.User.Access(), id, ct);
        return new(On(view.Query, query), view);
    }

    /// <summary>A view's pairs, and others in their places; or the others alone, where they say so.</summary>
    public static QueryCollection On(string view, IQueryCollection query)
    {
        var all = query[Whole] == "1" ? [] : QueryHelpers.ParseQuery(view);
        foreach (var (name, value) in query) { all[name] = value; }
        return new(all.Where(pair => !StringValues.IsNullOrEmpty(pair.Value)).ToDictionary());
    }

    /// <summary>What a list shows, in the words of an address and as a view keeps it.</summary>
    public static string Written(CustomerQuery query, ListShape shape, IReadOnlyList<string>? columns) => string.Join('&', Pairs(query, shape, columns).Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}"));

    /// <summary>The same as pairs.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Pairs(CustomerQuery query, ListShape shape, IReadOnlyList<string>? columns)
    {
        foreach (var pair in query.Filter.Pairs()) { yield return pair; }
        if ((query.Sort, query.Descending) != query.Filter.UsualOrder)
        {
            yield return new("sort", query.Sort.Name);
            yield return new("dir", query.Descending ? "desc" : "asc");
        }
        foreach (var (name, value) in shape.Pairs()) { yield return new(name, value!); }
        if (columns is not null) { yield return new("columns", string.Join('.', columns)); }
    }

    /// <summary>Pairs that lead to a list: by the view alone where it is the view's, else the view's name and all of them.</summary>
    public IEnumerable<KeyValuePair<string, string>> Short(IReadOnlyList<KeyValuePair<string, string>> pairs)
    {
        if (View is null) { return pairs; }
        KeyValuePair<string, string> view = new(Name, View.Id.ToString(CultureInfo.InvariantCulture));
        return Differs(pairs) ? [view, new(Whole, "1"), .. pairs] : [view];
    }

    /// <summary>Whether a list is another than the view's.</summary>
    public bool Differs(IReadOnlyList<KeyValuePair<string, string>> pairs) => View is not null && QueryHelpers.ParseQuery(View.Query) is var kept && (kept.Count != pairs.Count || pairs.Any(pair => kept.GetValueOrDefault(pair.Key).ToString() != pair.Value));
}
