using Huike.Platform.Data;

namespace Huike.Platform.Access.Organisation;

/// <summary>Somebody as others choose or list them.</summary>
/// <param name="Id">Number of the user.</param>
/// <param name="Name">Sign-in name.</param>
/// <param name="ShownName">What colleagues read.</param>
/// <param name="IsMain">Whether the unit asked for is the main one; true where none was asked for.</param>
public sealed record Person(long Id, string Name, string ShownName, bool IsMain);

/// <summary>People by unit, and all who can be chosen.</summary>
internal sealed class People(Database database)
{
    private const int Page = 100;

    /// <summary>Those of a unit, by sign-in name, after the one named.</summary>
    public async Task<List<Person>> Of(long unitId, string? after, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return await connection.Rows($"""
            select p.id, p.user_name, coalesce(nullif(p.display_name, ''), p.user_name), p.unit_id from platform_user p
            where p.disabled_at is null and (p.unit_id = @unit or p.id in (select user_id from platform_user_unit where unit_id = @unit)) and p.normalized_user_name > @after
            order by p.normalized_user_name limit {Page + 1}
            """, row => new Person(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetInt64(3) == unitId), ct, ("unit", unitId), ("after", after ?? ""));
    }

    /// <summary>Who can be chosen in a field, by sign-in name; the first of them: others are typed.</summary>
    public async Task<List<Person>> ToChoose(CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return await connection.Rows("select id, user_name, coalesce(nullif(display_name, ''), user_name) from platform_user where disabled_at is null and kind < 2 order by normalized_user_name limit 500",
            row => new Person(row.GetInt64(0), row.GetString(1), row.GetString(2), IsMain: true), ct);
    }
}
