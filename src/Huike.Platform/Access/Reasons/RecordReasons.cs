using Huike.Platform.Access.Organisation;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Roles;
using Huike.Platform.Data;
using Huike.Ui;

namespace Huike.Platform.Access.Reasons;

/// <summary>One answer of the inspector.</summary>
/// <param name="UserId">Who is asked about.</param>
/// <param name="User">Shown name.</param>
/// <param name="Action">What somebody would do.</param>
/// <param name="May">Yes or no.</param>
/// <param name="Why">By which role, scope or share; or what is missing.</param>
public sealed record RecordReason(long UserId, string User, RecordAction Action, bool May, string Why);

/// <summary>A page of answers.</summary>
/// <param name="Rows">The answers.</param>
/// <param name="Owner">Who owns the record, and in which unit; empty: nobody.</param>
/// <param name="Next">Key of the page after this one; null on the last.</param>
public sealed record RecordReasons(IReadOnlyList<RecordReason> Rows, string Owner, string? Next);

/// <summary>为什么: for any user and record, yes or no, and by what. Asks the policy itself, so that it can't say otherwise than the policy does.</summary>
internal sealed class ExplainRecord(Database database, ReadAccess access, RecordPolicy policy, RoleBook book, Texts texts)
{
    private const int Page = 50;

    /// <summary>All actions of one user, or seeing by each user in turn.</summary>
    /// <exception cref="RuleException">The kind's code of the unknown; <c>access.user.nameUnknown</c>.</exception>
    public async Task<RecordReasons> Run(RecordKind kind, long id, string user, string? after, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var owner = await connection.Rows($"select coalesce(nullif(p.display_name, ''), p.user_name, ''), coalesce(u.name, ''), r.unit_id from {kind.Table} r left join platform_user p on p.id = r.owner_id left join platform_unit u on u.id = r.unit_id where r.id = @id",
            row => (Owner: row.GetString(0), Unit: row.IsDBNull(2) ? "" : row.GetString(1) is { Length: > 0 } name ? name : texts["access.unit.whole"]), ct, ("id", id));
        if (owner.Count == 0) { throw new RuleException(kind.Unknown, id); }
        var one = user.Length == 0 ? 0 : await connection.Number("select id from platform_user where normalized_user_name = @name and disabled_at is null", ct, ("name", user.ToUpperInvariant()));
        if (one == 0 && user.Length > 0) { throw new RuleException("access.user.nameUnknown", user); }
        var people = await connection.Rows($"""
            select id, coalesce(nullif(display_name, ''), user_name), normalized_user_name from platform_user
            where disabled_at is null and {(one == 0 ? "normalized_user_name > @after" : "id = @one")} order by normalized_user_name limit {Page + 1}
            """, row => (Id: row.GetInt64(0), Name: row.GetString(1), Key: row.GetString(2)), ct, ("after", after ?? ""), ("one", one));
        var roles = await book.All(ct);
        var rows = new List<RecordReason>();
        foreach (var person in people.Take(Page))
        {
            var of = await access.Of(connection, person.Id, ct);
            var read = await policy.Check(connection, of, kind, RecordAction.Read, id, ct);
            foreach (var action in one == 0 ? [RecordAction.Read] : kind.Actions.Where(action => action != RecordAction.Create))
            {
                var verdict = action == RecordAction.Read || read.By is null ? read : await policy.Check(connection, of, kind, action, id, ct);
                rows.Add(new(person.Id, person.Name, action, verdict.By is not null, verdict.By is { } by ? Yes(roles, by) : No(roles, of, kind, read.By is null ? RecordAction.Read : action)));
            }
        }
        return new(rows, string.Join(" · ", new[] { owner[0].Owner, owner[0].Unit }.Where(part => part.Length > 0)), people.Count > Page ? people[Page - 1].Key : null);
    }

    private string Yes(IReadOnlyDictionary<string, Role> roles, Arm by)
    {
        var why = by.Kind is ArmKind.Share or ArmKind.Self ? texts["access.why." + by.Kind] : texts["access.why.role", Title(roles, by.Grant!.Role), texts["access.why." + by.Kind]];
        return by.Subject.IsSelf ? why : texts["access.why.deputy", why, by.Subject.Name];
    }

    private string No(IReadOnlyDictionary<string, Role> roles, UserAccess of, RecordKind kind, RecordAction action)
    {
        var widest = of.Grants.Where(grant => grant.Permission == kind.Permission(action)).MaxBy(grant => grant.Scope);
        return widest is null ? texts["access.why.none"] : texts["access.why.outside", Title(roles, widest.Role), RoleWords.Scope(texts, widest.Scope)];
    }

    private string Title(IReadOnlyDictionary<string, Role> roles, string name) => roles.TryGetValue(name, out var role) ? RoleWords.Title(texts, role) : name;
}
