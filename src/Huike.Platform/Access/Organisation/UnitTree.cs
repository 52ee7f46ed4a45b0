using Huike.Platform.Data;

namespace Huike.Platform.Access.Organisation;

/// <summary>A unit in the order of the tree.</summary>
/// <param name="Unit">The unit.</param>
/// <param name="Depth">How many lie above it; 0 for the whole firm.</param>
public sealed record PlacedUnit(Unit Unit, int Depth);

/// <summary>组织架构: the tree as pages show it.</summary>
internal sealed class UnitTree(Database database)
{
    /// <summary>Trees are shown whole up to this many units.</summary>
    public const int Most = 3_000;

    /// <summary>Every unit below the one above it, by name. O(units).</summary>
    /// <param name="closed">Whether closed units are among them.</param>
    /// <param name="ct">Ends the read.</param>
    public async Task<IReadOnlyList<PlacedUnit>> Run(bool closed, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var below = (await Unit.All(connection, Most, ct)).Where(unit => closed || unit.ClosedAt is null).ToLookup(unit => unit.ParentId);
        var placed = new List<PlacedUnit>();
        var open = new Stack<PlacedUnit>(below[null].Select(unit => new PlacedUnit(unit, 0)));
        while (open.TryPop(out var next))
        {
            placed.Add(next);
            foreach (var unit in below[next.Unit.Id].OrderByDescending(unit => unit.Name, StringComparer.Ordinal)) { open.Push(new(unit, next.Depth + 1)); }
        }
        return placed;
    }
}
