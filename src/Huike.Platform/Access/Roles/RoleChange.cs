using Huike.Platform.Access.Records;
using Huike.Platform.Audit;
using Huike.Platform.Data;

namespace Huike.Platform.Access.Roles;

/// <summary>Changes what roles permit. Nobody raises a role above what he holds himself.</summary>
internal sealed class RoleChange(Database database, RoleBook book, AccessMemory memory, IEnumerable<Permission> known, IEnumerable<RecordKind> kinds, AuditLog audit)
{
    /// <summary>How the audit names roles: shipped ones by their place in H0's table, the firm's own by the number in their name.</summary>
    public static readonly AuditedKind Audited = new("role", "audit.kind.role", null, "access.role.field.");

    private const int LongestTitle = 60;

    /// <summary>Adds a role of the firm's own.</summary>
    /// <returns>Its name.</returns>
    /// <exception cref="RuleException"><c>access.role.title</c>.</exception>
    public async Task<string> Add(string title, CancellationToken ct)
    {
        DemandTitle(title);
        var name = "own-" + Guid.CreateVersion7().ToString("N");
        await Write(name, async connection =>
        {
            await connection.Run("insert into platform_role (name, title, overrides) values (@name, @title, @overrides)", ct, ("name", name), ("title", title), ("overrides", RoleDefinition.Nothing.Write()));
            return new("role.added") { Kind = Audited.Name, Changes = [AuditChange.Is("title", title)] };
        }, ct);
        return name;
    }

    /// <summary>Says what a role permits, what it is called, and whether it is given any more.</summary>
    /// <exception cref="RuleException"><c>access.role.unknown</c>, <c>access.role.fixed</c>, <c>access.role.title</c>, <c>access.role.stale</c>, <c>access.role.more</c>.</exception>
    public async Task Edit(UserAccess actor, string name, string title, RoleDefinition definition, bool isClosed, int version, CancellationToken ct)
    {
        var role = (await book.All(ct)).GetValueOrDefault(name) ?? throw new RuleException("access.role.unknown");
        if (name == RoleBook.Administrator) { throw new RuleException("access.role.fixed"); }
        if (!role.IsShipped || title.Length > 0) { DemandTitle(title); }
        var now = new RoleDefinition(
            known.ToDictionary(permission => permission.Name, permission => permission.Kind is null && definition.ScopeOf(permission.Name) > RecordScope.None ? RecordScope.All : definition.ScopeOf(permission.Name)),
            kinds.ToDictionary(kind => kind.Name, kind => Bounded(definition.Fields.GetValueOrDefault(kind.Name, FieldAccess.Least))));
        var changes = Changes(role, now).ToList();
        if (changes.Any(change => change.Raised && !Covers(actor, change.Key, now))) { throw new RuleException("access.role.more"); }
        if (role.Title == title && role.IsClosed == isClosed && changes.Count == 0) { return; }
        var told = changes.Select(change => new AuditChange(change.Key, change.Old, change.New)).Append(new("title", role.Title, title)).Append(new("closed", Flag(role.IsClosed), Flag(isClosed))).Where(one => one.Old != one.New);
        await Write(name, async connection =>
        {
            var written = role.Version == 0
                ? await connection.Run("insert into platform_role (name, title, overrides, is_closed) values (@name, @title, @overrides, @closed) on conflict (name) do nothing", ct, Values())
                : await connection.Run("update platform_role set title = @title, overrides = @overrides, is_closed = @closed, version = version + 1 where name = @name and version = @version", ct, Values());
            if (written == 0 || version != role.Version) { throw new RuleException("access.role.stale"); }
            return new("role.edited") { Kind = Audited.Name, Changes = [AuditChange.Is("role", title.Length > 0 ? title : name), .. told] };
        }, ct);

        (string, object?)[] Values() => [("name", name), ("title", title), ("overrides", now.Without(role.Shipped).Write()), ("closed", isClosed), ("version", version)];
    }

    /// <summary>Whether somebody holds as much as a role gives.</summary>
    public static bool Covers(UserAccess actor, RoleDefinition definition, IEnumerable<RecordKind> kinds) =>
        definition.Scopes.All(entry => actor.Widest(entry.Key) >= entry.Value)
        && kinds.All(kind => Within(definition.Fields.GetValueOrDefault(kind.Name, FieldAccess.Least), actor.FieldsOf(kind)));

    private bool Covers(UserAccess actor, string key, RoleDefinition definition) => kinds.FirstOrDefault(kind => kind.Name == key) is { } kind
        ? Within(definition.Fields[key], actor.FieldsOf(kind))
        : actor.Widest(key) >= definition.ScopeOf(key);

    private static bool Within(FieldAccess given, FieldAccess held) => given.Clear <= held.Clear && given.Reveal <= Math.Max(held.Reveal, held.Clear);

    private static FieldAccess Bounded(FieldAccess fields) => new(Math.Clamp(fields.Clear, 1, 4), Math.Clamp(Math.Max(fields.Clear, fields.Reveal), 1, 4));

    private static string Flag(bool value) => value ? "true" : "false";

    private static IEnumerable<(string Key, string Old, string New, bool Raised)> Changes(Role role, RoleDefinition now)
    {
        foreach (var (permission, scope) in now.Scopes)
        {
            var old = role.Definition.ScopeOf(permission);
            if (old != scope) { yield return (permission, old.ToString(), scope.ToString(), scope > old); }
        }
        foreach (var (kind, fields) in now.Fields)
        {
            var old = role.Definition.Fields.GetValueOrDefault(kind, FieldAccess.Least);
            if (old != fields) { yield return (kind, $"L{old.Clear}/L{old.Reveal}", $"L{fields.Clear}/L{fields.Reveal}", fields.Clear > old.Clear || fields.Reveal > old.Reveal); }
        }
    }

    private static void DemandTitle(string title)
    {
        if (title.Length is 0 or > LongestTitle || title.Contains('\0', StringComparison.Ordinal)) { throw new RuleException("access.role.title", LongestTitle); }
    }

    private async Task Write(string name, Func<System.Data.Common.DbConnection, Task<AuditEntry>> work, CancellationToken ct)
    {
        using (await database.WriteTurn(ct))
        {
            await using var connection = await database.Open(ct);
            await using var transaction = await connection.BeginTransactionAsync(ct);
            await connection.Run("update platform_role set name = name where name = @name", ct, ("name", name));
            await audit.Write(connection, await work(connection), ct);
            await transaction.CommitAsync(ct);
        }
        memory.Forget();
    }
}
