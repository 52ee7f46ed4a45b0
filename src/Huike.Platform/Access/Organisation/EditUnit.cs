using System.Data.Common;
using Huike.Platform.Audit;
using Huike.Platform.Data;

namespace Huike.Platform.Access.Organisation;

/// <summary>Renames a unit, gives it another leader, moves it with all below it.</summary>
internal sealed class EditUnit(UnitChange change)
{
    /// <exception cref="RuleException"><c>access.unit.name</c>, <c>access.unit.unknown</c>, <c>access.unit.closed</c>, <c>access.unit.stale</c>, <c>access.unit.ring</c>, <c>access.user.nameUnknown</c>, <c>calendar.unknown</c>.</exception>
    public async Task Run(long id, UnitInput input, CancellationToken ct)
    {
        input.Demand();
        await change.Run(async connection =>
        {
            var unit = await UnitChange.DemandOpen(connection, id, ct);
            if (unit.Version != input.Version) { throw new RuleException("access.unit.stale"); }
            var parent = unit.ParentId is null ? null : await NewParent(connection, id, input.ParentId, ct);
            var leader = await Owner.FindOrNone(connection, input.Leader, ct);
            await UnitChange.DemandCalendar(connection, input.CalendarId, ct);
            var was = unit.ParentId is { } above ? (await Unit.Find(connection, above, ct))!.Name : null;
            AuditChange[] changes = [new("name", unit.Name, input.Name), new("kind", unit.Kind.ToString(), input.Kind.ToString()), new("parent", was, parent?.Name),
                new("leader", await NameOf(connection, unit.LeaderId, ct), await NameOf(connection, leader, ct)), new("calendar", $"{unit.CalendarId}", $"{input.CalendarId}")];
            changes = [.. changes.Where(one => (one.Old ?? "") != (one.New ?? "") || (one.Field == "parent" && parent?.Id != unit.ParentId))];
            if (changes.Length == 0) { return null; }
            await connection.Run("update platform_unit set name = @name, kind = @kind, parent_id = @parent, leader_id = @leader, calendar_id = @calendar, version = version + 1 where id = @id", ct,
                ("id", id), ("name", input.Name), ("kind", input.Kind), ("parent", parent?.Id), ("leader", leader), ("calendar", input.CalendarId));
            return UnitChange.Entry(parent?.Id == unit.ParentId ? "edited" : "moved", id, changes);
        }, ct);
    }

    private static async Task<Unit> NewParent(DbConnection connection, long id, long parentId, CancellationToken ct)
    {
        var below = await connection.Number("with recursive tree (id) as (select id from platform_unit where id = @id union select u.id from platform_unit u join tree on u.parent_id = tree.id) select count(*) from tree where id = @parent", ct, ("id", id), ("parent", parentId));
        return below == 0 ? await UnitChange.DemandOpen(connection, parentId, ct) : throw new RuleException("access.unit.ring");
    }

    private static async Task<string?> NameOf(DbConnection connection, long? user, CancellationToken ct) =>
        user is null ? null : await connection.First("select user_name from platform_user where id = @id", row => row.GetString(0), ct, ("id", user));
}
