using Huike.Platform.Access.Records;

namespace Huike.Platform.Access.Roles;

/// <summary>Which roles somebody may give.</summary>
internal sealed class RoleCover(RoleBook book, IEnumerable<RecordKind> kinds)
{
    /// <exception cref="RuleException"><c>access.user.more</c>; <c>access.user.roleUnknown</c>.</exception>
    public async Task Demand(UserAccess actor, IReadOnlyList<string> roles, CancellationToken ct)
    {
        var all = await book.All(ct);
        foreach (var name in roles)
        {
            var role = all.GetValueOrDefault(name) ?? throw new RuleException("access.user.roleUnknown");
            if (!RoleChange.Covers(actor, role.Definition, kinds)) { throw new RuleException("access.user.more"); }
        }
    }

    /// <summary>The roles that can be given, each with whether this one may.</summary>
    public async Task<IReadOnlyList<(Role Role, bool May)>> For(UserAccess actor, CancellationToken ct) =>
        [.. (await book.All(ct)).Values.Where(role => !role.IsClosed).Select(role => (role, RoleChange.Covers(actor, role.Definition, kinds)))];
}
