using System.Data.Common;
using Huike.Platform.Data;

namespace Huike.Platform.Access.Organisation;

/// <summary>What a unit is.</summary>
public enum UnitKind
{
    /// <summary>总部.</summary>
    HeadOffice = 0,

    /// <summary>分公司.</summary>
    Branch = 1,

    /// <summary>服务站.</summary>
    ServiceStation = 2,

    /// <summary>网点: an outlet, the firm's own or a partner's.</summary>
    Outlet = 3,

    /// <summary>班组.</summary>
    Team = 4,
}

/// <summary>单位: a part of the organisation, in its place in the tree (H18).</summary>
/// <param name="Id">Number of the unit; 1 is the whole firm.</param>
/// <param name="ParentId">The unit that it lies in; null for the whole firm.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Name">As the firm calls it; empty for a whole firm that nobody has named yet.</param>
/// <param name="LeaderId">Who leads it; null: nobody said.</param>
/// <param name="Leader">Shown name of the leader.</param>
/// <param name="ClosedAt">Since when it is closed; null while it is open.</param>
/// <param name="People">How many have it as their main unit.</param>
/// <param name="Version">Rises with each change.</param>
public sealed record Unit(long Id, long? ParentId, UnitKind Kind, string Name, long? LeaderId, string? Leader, DateTimeOffset? ClosedAt, int People, int Version)
{
    /// <summary>Working calendar; 0: that of the unit above, and of the firm its usual one.</summary>
    public long CalendarId { get; init; }

    /// <summary>The whole firm.</summary>
    public const long Firm = 1;

    private const string Query = """
        select u.id, u.parent_id, u.kind, u.name, u.leader_id, coalesce(nullif(p.display_name, ''), p.user_name), u.closed_at,
            (select count(*) from platform_user m where m.unit_id = u.id and m.disabled_at is null), u.version, u.calendar_id
        from platform_unit u left join platform_user p on p.id = u.leader_id
        """;

    /// <summary>One unit; null where there is none.</summary>
    internal static Task<Unit?> Find(DbConnection connection, long id, CancellationToken ct) => connection.First(Query + " where u.id = @id", Map, ct, ("id", id));

    /// <summary>All units, at most so many, those on top first.</summary>
    internal static Task<List<Unit>> All(DbConnection connection, int most, CancellationToken ct) => connection.Rows($"{Query} order by u.id limit {most}", Map, ct);

    private static Unit Map(DbDataReader row) => new(row.GetInt64(0), row.IsDBNull(1) ? null : row.GetInt64(1), (UnitKind)row.GetInt16(2), row.GetString(3), row.IsDBNull(4) ? null : row.GetInt64(4),
        row.TextOrNull(5), row.AtOrNull(6), row.GetInt32(7), row.GetInt32(8))
    { CalendarId = row.GetInt64(9) };
}
