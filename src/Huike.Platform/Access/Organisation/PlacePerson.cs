using System.Data.Common;
using System.Globalization;
using Huike.Platform.Access.Records;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Microsoft.AspNetCore.Http;

namespace Huike.Platform.Access.Organisation;

/// <summary>Where somebody belongs.</summary>
/// <param name="UnitId">Main unit.</param>
/// <param name="Further">Further units.</param>
/// <param name="Leader">Sign-in name of the leader; empty: none.</param>
/// <param name="Skills">What somebody can do, with commas between.</param>
/// <param name="CalendarId">Working calendar; 0: the one of the unit.</param>
public sealed record PersonPlace(long UnitId, IReadOnlyList<long> Further, string Leader, string Skills, long CalendarId)
{
    internal static PersonPlace Read(IFormCollection form) => new(Number(form["unit"]), [.. form["further"].Select(Number).Where(id => id > 0).Distinct()], form["leader"].ToString().Trim(),
        string.Join(", ", form["skills"].ToString().Split([',', '，', '、'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)), Number(form["calendar"]));

    private static long Number(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}

/// <summary>Puts somebody into units, under a leader, with skills and a working calendar. The records that the person owns follow into the main unit.</summary>
internal sealed class PlacePerson(UnitChange change, Database database, IEnumerable<RecordKind> kinds)
{
    private const int LongestSkills = 400;

    /// <summary>Where somebody belongs now.</summary>
    public async Task<PersonPlace> Find(long userId, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return await Find(connection, userId, ct);
    }

    /// <exception cref="RuleException"><c>access.user.unknown</c>, <c>access.unit.unknown</c>, <c>access.unit.closed</c>, <c>access.user.nameUnknown</c>, <c>access.user.ownLeader</c>, <c>access.user.skills</c>, <c>calendar.unknown</c>.</exception>
    public Task Run(long userId, PersonPlace place, CancellationToken ct) => change.Run(async connection =>
    {
        if (place.Skills.Length > LongestSkills || place.Skills.Contains('\0', StringComparison.Ordinal)) { throw new RuleException("access.user.skills", LongestSkills); }
        var old = await Find(connection, userId, ct);
        foreach (var unit in place.Further.Append(place.UnitId).Except(old.Further.Append(old.UnitId))) { await UnitChange.DemandOpen(connection, unit, ct); }
        var leader = await Owner.FindOrNone(connection, place.Leader, ct);
        if (leader == userId) { throw new RuleException("access.user.ownLeader"); }
        await UnitChange.DemandCalendar(connection, place.CalendarId, ct);
        var changes = await Changes(connection, old, place, ct);
        if (changes.Count == 0) { return null; }
        await connection.Run("update platform_user set unit_id = @unit, leader_id = @leader, skills = @skills, calendar_id = @calendar where id = @id", ct,
            ("id", userId), ("unit", place.UnitId), ("leader", leader), ("skills", place.Skills), ("calendar", place.CalendarId));
        await connection.Run("delete from platform_user_unit where user_id = @id", ct, ("id", userId));
        foreach (var unit in place.Further.Where(unit => unit != place.UnitId)) { await connection.Run("insert into platform_user_unit (user_id, unit_id) values (@id, @unit)", ct, ("id", userId), ("unit", unit)); }
        if (place.UnitId != old.UnitId)
        {
            foreach (var kind in kinds) { await connection.Run($"update {kind.Table} set unit_id = @unit where owner_id = @id", ct, ("id", userId), ("unit", place.UnitId)); }
        }
        return Users.UserChange.Entry("placed", userId, [.. changes]);
    }, ct);

    private static async Task<PersonPlace> Find(DbConnection connection, long userId, CancellationToken ct)
    {
        var further = await connection.Rows("select unit_id from platform_user_unit where user_id = @id order by unit_id", row => row.GetInt64(0), ct, ("id", userId));
        return await connection.First("select u.unit_id, coalesce(l.user_name, ''), u.skills, u.calendar_id from platform_user u left join platform_user l on l.id = u.leader_id where u.id = @id",
            row => new PersonPlace(row.GetInt64(0), further, row.GetString(1), row.GetString(2), row.GetInt64(3)), ct, ("id", userId)) ?? throw new RuleException("access.user.unknown");
    }

    private static async Task<List<AuditChange>> Changes(DbConnection connection, PersonPlace old, PersonPlace place, CancellationToken ct)
    {
        var names = (await Unit.All(connection, UnitTree.Most, ct)).ToDictionary(unit => unit.Id, unit => unit.Name.Length > 0 ? unit.Name : unit.Id.ToString(CultureInfo.InvariantCulture));
        string Named(IEnumerable<long> units) => string.Join(", ", units.Select(unit => names.GetValueOrDefault(unit, unit.ToString(CultureInfo.InvariantCulture))));
        AuditChange[] all = [new("unit", Named([old.UnitId]), Named([place.UnitId])), new("furtherUnits", Named(old.Further), Named(place.Further.Order())), new("leader", old.Leader, place.Leader),
            new("skills", old.Skills, place.Skills), new("calendar", $"{old.CalendarId}", $"{place.CalendarId}")];
        return [.. all.Where(one => one.Old != one.New)];
    }
}
