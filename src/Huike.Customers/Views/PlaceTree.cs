using Huike.Platform.Conditions;
using Huike.Platform.Data;
using Huike.Platform.Search;

namespace Huike.Customers.Views;

/// <summary>A province, city or district with what its customers come to.</summary>
/// <param name="name">As the list of divisions writes it; of what is none, as it was written.</param>
/// <param name="byAddress">Whether addresses say who lies in it.</param>
internal sealed class PlaceNode(string name, bool byAddress)
{
    private readonly SortedDictionary<string, PlaceNode> below = new(StringComparer.Ordinal);
    private readonly HashSet<string> written = [];
    private string? code;

    public string Name => name;

    public long Count { get; private set; }

    public decimal Sales { get; private set; }

    public decimal Contribution { get; private set; }

    /// <summary>Those within it, the most customers first.</summary>
    public IEnumerable<PlaceNode> Below => below.Values.OrderByDescending(node => node.Count);

    /// <summary>Who lies in it: by the preferred address, else by the place as it is written. Null where that can't be said in a condition any more.</summary>
    public GroupFigure? Figure
    {
        get
        {
            var ways = new List<Condition>();
            if (code is not null) { ways.Add(new FactCondition("region", FactTest.Is, code)); }
            if (written.Count > 0)
            {
                var place = written.Contains("") ? new FactCondition("place", FactTest.Empty, "") : new FactCondition("place", FactTest.Is, string.Join('|', written.Order(StringComparer.Ordinal)));
                ways.Add(byAddress ? new ConditionGroup(false, [new FactCondition("region", FactTest.Empty, ""), place]) : place);
            }
            var condition = ways.Count == 1 ? ways[0] : new ConditionGroup(true, ways);
            return condition.Leaves.Any(leaf => leaf.Value.Length > 400) ? null : new(condition, "", null, Count, Sales, Contribution);
        }
    }

    public PlaceNode In(string key, string called)
    {
        if (!below.TryGetValue(key, out var node)) { below[key] = node = new(called, byAddress); }
        return node;
    }

    /// <summary>Counts some of its customers.</summary>
    /// <param name="by">Its code where they lie there by their address; else the place that was written.</param>
    /// <param name="of">What they come to.</param>
    public void Add((string? Code, string Written) by, (long Count, decimal Sales, decimal Contribution) of)
    {
        (Count, Sales, Contribution) = (Count + of.Count, Sales + of.Sales, Contribution + of.Contribution);
        if (by.Code is not null) { code = by.Code; }
        else { written.Add(by.Written); }
    }
}

/// <summary>按地区: a list by province, city and district, from the addresses, and where there is none from the place that was written.</summary>
/// <param name="Top">Provinces, and what is none.</param>
internal sealed record PlaceTree(IReadOnlyList<PlaceNode> Top)
{
    private const int MostRows = 5_000;

    public static async Task<PlaceTree> Read(Database database, GroupFigures figures, CustomerQuery query, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var (from, parameters) = await figures.From(query, ct);
        // Where an address lies is only for who sees addresses.
        var byAddress = query.Viewer.SeesPersonal;
        var code = byAddress ? "lies.division_code" : "cast(null as text)";
        var rows = await connection.Rows($"""
            select code, place, count(*), {GroupFigures.Sums("sales", "contribution")} from (
                select coalesce(substr({code}, 1, 6), '') as code, case when {code} is null then coalesce(c.place, '') else '' end as place, s.sales, s.contribution
                {from}{(byAddress ? " left join customers_address lies on lies.customer_id = c.id and lies.is_preferred" : "")}) placed
            group by code, place order by count(*) desc limit {MostRows}
            """, row => (Code: row.GetString(0), Place: row.GetString(1), Of: (row.GetInt64(2), row.Amount(3), row.Amount(4))), ct, parameters);
        var root = new PlaceNode("", byAddress);
        foreach (var row in rows)
        {
            var division = row.Code.Length > 0 ? Divisions.Find(row.Code) : Divisions.Named(row.Place.Replace(" ", "", StringComparison.Ordinal));
            if (division is null)
            {
                root.In("~" + row.Place, row.Place).Add((null, row.Place), row.Of);
                continue;
            }
            var node = root;
            foreach (var step in division.Path.Where(step => step.Level < 3 && !step.IsUnwritten))
            {
                node = node.In(step.Code, step.Name);
                node.Add((row.Code.Length > 0 ? step.Code : null, row.Place), row.Of);
            }
        }
        return new([.. root.Below]);
    }
}
