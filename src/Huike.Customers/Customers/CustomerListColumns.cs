using Huike.Platform.Search;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers;

/// <summary>Columns of the list of customers; the name stands first always and is none of them.</summary>
internal static class CustomerListColumns
{
    private static readonly IReadOnlyList<ListColumn<ListedCustomer>> All =
    [
        new("number", "customers.field.number", false, (row, _) => row.Number, (row, _, to) => to.Text(row.Number)),
        new("phone", "customers.field.phone", false, (row, _) => Phone.Shown(row.Phone), (row, _, to) => to.Text(Phone.Shown(row.Phone))),
        new("category", "customers.field.category", false, (row, _) => row.Category ?? "", (row, _, to) => to.Text(row.Category)),
        new("place", "customers.field.place", false, (row, _) => row.Place ?? "", (row, _, to) => to.Text(row.Place)),
        new("tier", "customers.field.tier", false, (row, words) => words.Texts[Words.Of(row.Tier)], (row, words, to) => to.Text(words.Texts[Words.Of(row.Tier)])),
        new("stage", "customers.field.stage", false, (row, words) => words.Texts[Words.Of(row.Stage)], (row, words, to) => to.Text(words.Texts[Words.Of(row.Stage)])),
        new("permission", "customers.field.permission", false, (row, words) => words.Texts[Words.Of(row.Permission)], (row, words, to) => to.Text(words.Texts[Words.Of(row.Permission)])),
        new("sales", "customers.field.sales", true, (row, words) => words.Money(row.Sales), (row, _, to) => to.Money(row.Sales)),
        new("contribution", "customers.field.contribution", true, (row, words) => words.Money(row.Contribution), (row, _, to) => to.Money(row.Contribution)),
        new("documents", "customers.field.documents", true, (row, words) => words.Texts.Number(row.Documents), (row, _, to) => to.Number(row.Documents)),
        new("first", "customers.field.first", false, (row, words) => words.Day(Bought(row, row.FirstAt)), (row, words, to) => to.Date(words.Local(Bought(row, row.FirstAt)))),
        new("last", "customers.field.last", false, (row, words) => words.Day(Bought(row, row.LastAt)), (row, words, to) => to.Date(words.Local(Bought(row, row.LastAt)))),
        new("active", "customers.field.active", true, (row, words) => words.Texts.Percent(row.Active, 0), (row, _, to) => to.Number((decimal)row.Active)),
        new("lifetime", "customers.field.lifetime", true, (row, words) => words.Money(row.Lifetime), (row, _, to) => to.Money(row.Lifetime)),
        new("risk", "customers.field.risk", true, (row, words) => words.Money(row.AtRisk), (row, _, to) => to.Money(row.AtRisk)),
        new("created", "customers.field.created", false, (row, words) => words.Day(row.CreatedAt), (row, words, to) => to.Date(words.Local(row.CreatedAt))),
    ];

    private static readonly string[] Usual = ["number", "phone", "place", "tier", "stage", "sales", "last"];

    /// <summary>All that a viewer may choose from.</summary>
    public static IReadOnlyList<ListColumn<ListedCustomer>> For(Viewer viewer) =>
        [.. All.Where(column => viewer.SeesInternal || (column.Key != "permission" && !CustomerSort.All.Any(sort => sort.Name == column.Key && sort.IsInternal))), .. ListColumn.Of<ListedCustomer>(viewer.Own, row => row.Own)];

    /// <summary>The columns to show.</summary>
    /// <param name="http">The request.</param>
    /// <param name="viewer">Who looks.</param>
    /// <param name="query">What is asked, a view's columns among it.</param>
    public static IReadOnlyList<ListColumn<ListedCustomer>> Chosen(HttpContext http, Viewer viewer, IQueryCollection query) => ListColumn.Chosen(http, "/customers", For(viewer), Usual, query);

    private static DateTimeOffset? Bought(ListedCustomer row, DateTimeOffset at) => row.Documents > 0 ? at : null;
}
