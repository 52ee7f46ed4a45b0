using System.Data.Common;
using Huike.Platform.Access.Roles;
using Huike.Platform.Data;

namespace Huike.Platform.Access.Records;

/// <summary>Puts together what a user may do. Some small reads by key, whatever the size of the firm.</summary>
internal sealed class ReadAccess(RoleBook roles, IEnumerable<Permission> permissions, TimeProvider clock)
{
    /// <summary>Powers over the system itself stay with whom they were given to: deputies have no part in them.</summary>
    private const string OverTheSystem = "platform.";

    /// <summary>Permissions of figures, by the one that reads the records beneath them.</summary>
    private readonly Dictionary<string, string> figures = permissions.Where(permission => permission.Over is not null).ToDictionary(permission => permission.Name, permission => permission.Over!.Permission(RecordAction.Read));

    public async Task<UserAccess> Of(DbConnection connection, long userId, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var book = await roles.All(ct);
        var people = await connection.Rows("""
            select u.id, u.user_name, u.customer_id from platform_user u where u.id = @user
            union select u.id, u.user_name, null from platform_deputy d join platform_user u on u.id = d.user_id where d.deputy_id = @user and d.from_at <= @now and d.until_at > @now
            """, row => (Id: row.GetInt64(0), Name: row.GetString(1), Customer: row.IsDBNull(2) ? (long?)null : row.GetInt64(2)), ct, ("user", userId), ("now", now));
        var held = new List<(Subject Subject, Role Role)>();
        foreach (var person in people.OrderBy(person => person.Id != userId).ThenBy(person => person.Id))
        {
            var subject = new Subject(person.Id, person.Name, await Units(connection, Own, person.Id, ct), await Units(connection, Below, person.Id, ct), person.Id == userId);
            var names = await connection.Rows("select role from platform_user_role where user_id = @user order by role", row => row.GetString(0), ct, ("user", person.Id));
            held.AddRange(names.Where(book.ContainsKey).Select(name => (subject, book[name])));
        }
        var grants = held.SelectMany(one => one.Role.Definition.Scopes.Where(entry => entry.Value > RecordScope.None && MayPass(one.Subject, entry.Key)).Select(entry => new Grant(entry.Key, entry.Value, one.Role.Name, one.Subject))).ToList();
        grants.RemoveAll(grant => figures.TryGetValue(grant.Permission, out var read) && !grants.Exists(other => other.Permission == read && other.Scope == RecordScope.All));
        var fields = held.SelectMany(one => one.Role.Definition.Fields).GroupBy(entry => entry.Key).ToDictionary(of => of.Key, of => of.Aggregate(FieldAccess.Least, (sum, entry) => sum.Or(entry.Value)));
        var above = await Units(connection, Above, userId, ct);
        var shared = await connection.Rows($"select distinct record_kind from platform_share where user_id = @user or unit_id in ({(above.Count == 0 ? "-1" : string.Join(',', above))})", row => row.GetString(0), ct, ("user", userId));
        return new(userId, grants, fields, shared.ToHashSet(), above, people.Find(person => person.Id == userId).Customer);
    }

    private const string Own = "select unit_id from platform_user where id = @user union select unit_id from platform_user_unit where user_id = @user";

    private const string Below = $"with recursive tree (id) as ({Own} union select u.id from platform_unit u join tree on u.parent_id = tree.id) select id from tree";

    private const string Above = $"with recursive tree (id) as ({Own} union select u.parent_id from platform_unit u join tree on u.id = tree.id where u.parent_id is not null) select id from tree";

    private static bool MayPass(Subject subject, string permission) => subject.IsSelf || (permission != Permissions.All && !permission.StartsWith(OverTheSystem, StringComparison.Ordinal));

    private static async Task<IReadOnlyList<long>> Units(DbConnection connection, string sql, long userId, CancellationToken ct) =>
        [.. (await connection.Rows(sql, row => row.GetInt64(0), ct, ("user", userId))).Order()];
}
