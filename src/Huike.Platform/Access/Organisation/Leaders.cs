using System.Data.Common;
using Huike.Platform.Data;

namespace Huike.Platform.Access.Organisation;

/// <summary>Who leads whom.</summary>
public static class Leaders
{
    /// <summary>The first leader on the way up; none where there is none.</summary>
    /// <param name="connection">Reads.</param>
    /// <param name="user">Whose.</param>
    /// <param name="above">Not of his own unit, but of those above it.</param>
    /// <param name="exceptUser">He himself is passed over.</param>
    /// <param name="ct">Ends the read.</param>
    public static Task<List<long>> Of(DbConnection connection, long user, bool above, bool exceptUser, CancellationToken ct) => connection.Rows($"""
        with recursive up (id, parent_id, leader_id, height) as (
            select u.id, u.parent_id, u.leader_id, 0 from platform_unit u join platform_user p on p.unit_id = u.id where p.id = @user
            union all select u.id, u.parent_id, u.leader_id, up.height + 1 from platform_unit u join up on u.id = up.parent_id where up.height < 1000)
        select p.id from up join platform_user p on p.id = up.leader_id where p.disabled_at is null and up.height >= {(above ? 1 : 0)}{(exceptUser ? " and p.id <> @user" : "")} order by up.height limit 1
        """, row => row.GetInt64(0), ct, ("user", user));
}
