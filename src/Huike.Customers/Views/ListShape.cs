using Huike.Platform;
using Huike.Platform.Conditions;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers.Views;

/// <summary>How a list is shown.</summary>
internal enum ListKind
{
    Table = 0,

    /// <summary>看板: cards in a column for each value of a fact.</summary>
    Board = 1,

    /// <summary>By province, city and district.</summary>
    Places = 2,
}

/// <summary>How a list of customers is shown: as what, and in which groups.</summary>
/// <param name="Kind">As what.</param>
/// <param name="Group">The fact that makes groups, or the columns of a board; null: none.</param>
internal sealed record ListShape(ListKind Kind, Fact? Group)
{
    /// <summary>Names in the address.</summary>
    public static readonly IReadOnlyList<string> Names = ["as", "group"];

    /// <exception cref="RuleException"><c>customers.filter.wrong</c>, <c>customers.filter.hidden</c>.</exception>
    public static ListShape Read(IQueryCollection query, Viewer viewer)
    {
        var kind = query["as"].ToString() is { Length: > 0 } text ? Array.Find(Enum.GetValues<ListKind>(), one => CustomerFilter.Kebab(one) == text) is var found && CustomerFilter.Kebab(found) == text ? found : throw new RuleException("customers.filter.wrong", "as", Cut(text)) : ListKind.Table;
        var group = query["group"].ToString() is { Length: > 0 } name ? viewer.Facts.FirstOrDefault(fact => fact.Name == name && IsGroup(fact)) ?? throw new RuleException("customers.filter.wrong", "group", Cut(name)) : null;
        if (group is not null && group.Level > Math.Max(1, viewer.Fields.Clear)) { throw new RuleException("customers.filter.hidden"); }
        return new(kind, kind == ListKind.Board && group is null ? viewer.Facts.FirstOrDefault(fact => fact.Name == (viewer.SeesInternal ? "stage" : "kind")) : kind == ListKind.Places ? null : group);
    }

    /// <summary>What a viewer can make groups by.</summary>
    public static IEnumerable<Fact> Groups(Viewer viewer) => viewer.Facts.Where(fact => IsGroup(fact) && fact.Level <= Math.Max(1, viewer.Fields.Clear));

    /// <summary>The shape as pairs of an address.</summary>
    public IEnumerable<(string Name, string? Value)> Pairs()
    {
        if (Kind != ListKind.Table) { yield return ("as", CustomerFilter.Kebab(Kind)); }
        if (Group is not null) { yield return ("group", Group.Name); }
    }

    private static bool IsGroup(Fact fact) => fact.IsGrouped;

    private static string Cut(string text) => text[..Math.Min(text.Length, 20)];
}
