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
/// <param name="Period">Of a date, which dates are one group; null: the fact is no date.</param>
internal sealed record ListShape(ListKind Kind, Fact? Group, DatePeriod? Period = null)
{
    /// <summary>Names in the address.</summary>
    public static readonly IReadOnlyList<string> Names = ["as", "group"];

    /// <exception cref="RuleException"><c>customers.filter.wrong</c>, <c>customers.filter.hidden</c>, <c>views.group.period.wrong</c>.</exception>
    public static ListShape Read(IQueryCollection query, Viewer viewer)
    {
        var kind = query["as"].ToString() is { Length: > 0 } text ? Array.Find(Enum.GetValues<ListKind>(), one => CustomerFilter.Kebab(one) == text) is var found && CustomerFilter.Kebab(found) == text ? found : throw new RuleException("customers.filter.wrong", "as", Cut(text)) : ListKind.Table;
        var (group, period) = query["group"].ToString() is { Length: > 0 } name ? Grouped(name, viewer) : (null, null);
        return kind switch
        {
            ListKind.Places => new(kind, null),
            ListKind.Board => new(kind, period is null && group is not null ? group : viewer.Facts.FirstOrDefault(fact => fact.Name == (viewer.SeesInternal ? "stage" : "kind"))),
            _ => new(kind, group, period),
        };
    }

    /// <summary>What a viewer can make groups by.</summary>
    public static IEnumerable<Fact> Groups(Viewer viewer) => viewer.Facts.Where(fact => IsGroup(fact) && fact.Level <= Math.Max(1, viewer.Fields.Clear));

    /// <summary>Dates that a viewer can make groups by.</summary>
    public static IEnumerable<Fact> Dates(Viewer viewer) => viewer.Facts.Where(fact => DatePeriods.IsDated(fact) && fact.Level <= Math.Max(1, viewer.Fields.Clear));

    /// <summary>A group in the address: <c>category</c>, <c>createdAt:month</c>.</summary>
    public static string Written(Fact fact, DatePeriod? period) => period is { } of ? $"{fact.Name}:{CustomerFilter.Kebab(of)}" : fact.Name;

    /// <summary>The shape as pairs of an address.</summary>
    public IEnumerable<(string Name, string? Value)> Pairs()
    {
        if (Kind != ListKind.Table) { yield return ("as", CustomerFilter.Kebab(Kind)); }
        if (Group is not null) { yield return ("group", Written(Group, Period)); }
    }

    private static (Fact? Group, DatePeriod? Period) Grouped(string text, Viewer viewer)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? text : text[..colon];
        var fact = viewer.Facts.FirstOrDefault(one => one.Name == name && (colon >= 0 || IsGroup(one))) ?? throw new RuleException("customers.filter.wrong", "group", Cut(text));
        if (fact.Level > Math.Max(1, viewer.Fields.Clear)) { throw new RuleException("customers.filter.hidden"); }
        if (colon < 0) { return (fact, null); }
        if (!DatePeriods.IsDated(fact)) { throw new RuleException("views.group.period.wrong", Cut(name)); }
        var found = Enum.GetValues<DatePeriod>().Where(one => CustomerFilter.Kebab(one) == text[(colon + 1)..]).ToList();
        return found.Count == 1 ? (fact, found[0]) : throw new RuleException("customers.filter.wrong", "group", Cut(text));
    }

    private static bool IsGroup(Fact fact) => fact.IsGrouped;

    private static string Cut(string text) => text[..Math.Min(text.Length, 20)];
}
