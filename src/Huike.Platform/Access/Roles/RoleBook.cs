using Huike.Platform.Access.Records;
using Huike.Platform.Data;

namespace Huike.Platform.Access.Roles;

/// <summary>The roles in force: those of H0 as shipped, with what the firm changed, and the firm's own.</summary>
public sealed class RoleBook(Database database, IEnumerable<ShippedPart> parts, TimeProvider clock)
{
    /// <summary>May do everything; can't be changed.</summary>
    public const string Administrator = "administrator";

    /// <summary>Names of the shipped roles, in the order of H0.</summary>
    public static readonly IReadOnlyList<string> ShippedNames =
        ["salesperson", "sales-manager", "agent", "service-desk", "dispatcher", "engineer", "marketer", "partner", "team-leader", "executive", Administrator, "customer"];

    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, RoleDefinition> shipped = ShippedNames.ToDictionary(name => name, name => name == Administrator
        ? new RoleDefinition(new Dictionary<string, RecordScope> { [Permissions.All] = RecordScope.All }, new Dictionary<string, FieldAccess>())
        : parts.Where(part => part.Role == name).Aggregate(RoleDefinition.Nothing, (sum, part) => part.Definition.Over(sum)));

    private (IReadOnlyDictionary<string, Role> Roles, DateTimeOffset At)? known;

    /// <summary>All roles by name, shipped ones first. A change on another node is seen within five seconds.</summary>
    public async Task<IReadOnlyDictionary<string, Role>> All(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (known is { } kept && now - kept.At < Memory) { return kept.Roles; }
        await using var connection = await database.OpenForShort(ct);
        var rows = await connection.Rows("select name, title, overrides, is_closed, version from platform_role order by name",
            row => (Name: row.GetString(0), Title: row.GetString(1), Overrides: RoleDefinition.Read(row.GetString(2)), IsClosed: row.GetBoolean(3), Version: row.GetInt32(4)), ct);
        var changed = rows.ToDictionary(row => row.Name);
        var roles = new Dictionary<string, Role>();
        foreach (var name in ShippedNames.Concat(rows.Select(row => row.Name).Except(ShippedNames)))
        {
            var below = shipped.GetValueOrDefault(name) ?? RoleDefinition.Nothing;
            roles[name] = changed.TryGetValue(name, out var row)
                ? new(name, row.Title, shipped.ContainsKey(name), name == Administrator ? below : row.Overrides.Over(below), below, row.IsClosed, row.Version)
                : new(name, "", IsShipped: true, below, below, IsClosed: false, Version: 0);
        }
        known = (roles, now);
        return roles;
    }

    /// <summary>What was known is read anew.</summary>
    internal void Forget() => known = null;
}
