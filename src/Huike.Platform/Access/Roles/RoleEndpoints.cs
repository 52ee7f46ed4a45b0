using System.Globalization;
using Huike.Platform.Access.Records;
using Huike.Platform.Data;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Huike.Platform.Access.Roles;

/// <summary>Routes of roles.</summary>
internal static class RoleEndpoints
{
    public const string Path = "/admin/roles";

    public static void MapRoles(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup(Path).RequireAuthorization(Permissions.Roles);
        group.MapGet("/", (HttpContext http, RoleAnswer answer, CancellationToken ct) => answer.List(http, null, ct));
        group.MapPost("/", (HttpContext http, RoleAnswer answer, FormAnswer form, RoleChange change, IFormCollection posted, CancellationToken ct) =>
        {
            var name = "";
            return form.After(async () => name = await change.Add(posted["title"].ToString().Trim(), ct), () => $"{Path}/{name}", error => answer.List(http, error, ct));
        });
        group.MapGet("/{name}", (HttpContext http, RoleAnswer answer, string name, CancellationToken ct) => answer.Show(http, name, null, null, ct));
        group.MapPost("/{name}", (HttpContext http, RoleAnswer answer, FormAnswer form, RoleChange change, string name, IFormCollection posted, CancellationToken ct) =>
        {
            var definition = answer.Read(posted);
            return form.After(() => change.Edit(http.User.Access(), name, posted["title"].ToString().Trim(), definition, posted["closed"] == "true", Version(posted), ct),
                () => Path, error => answer.Show(http, name, definition, error, ct));
        });
    }

    private static int Version(IFormCollection posted) => int.TryParse(posted["version"], NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : -1;

    /// <summary>The pages of roles.</summary>
    internal sealed class RoleAnswer(Database database, RoleBook book, IEnumerable<Permission> known, IEnumerable<RecordKind> kinds, Texts texts)
    {
        public async Task<IResult> List(HttpContext http, string? error, CancellationToken ct)
        {
            await using var connection = await database.Open(ct);
            var people = await connection.Rows("select r.role, count(*) from platform_user_role r join platform_user u on u.id = r.user_id where u.disabled_at is null group by r.role", row => (Role: row.GetString(0), Count: row.GetInt32(1)), ct);
            return Pages.Show<RoleListPage>(http, texts["access.role.list.title"], new
            {
                Roles = (await book.All(ct)).Values.ToList(),
                People = people.ToDictionary(one => one.Role, one => one.Count),
                Kinds = kinds.ToList(),
                Rights = known.Where(permission => permission.Kind is null).Select(permission => permission.Name).ToList(),
                Error = error,
            }, FormAnswer.Status(error));
        }

        public async Task<IResult> Show(HttpContext http, string name, RoleDefinition? typed, string? error, CancellationToken ct)
        {
            var role = (await book.All(ct)).GetValueOrDefault(name) ?? throw new RuleException("access.role.unknown");
            return Pages.Show<RolePage>(http, RoleWords.Title(texts, role), new
            {
                Shown = typed is null ? role : role with { Definition = typed },
                Kinds = kinds.ToList(),
                Rights = known.Where(permission => permission.Kind is null).Select(permission => permission.Name).ToList(),
                Error = error,
            }, FormAnswer.Status(error));
        }

        /// <summary>What the matrix says.</summary>
        public RoleDefinition Read(IFormCollection posted) => new(
            known.ToDictionary(permission => permission.Name, permission => Enum.TryParse<RecordScope>(posted[permission.Name], out var scope) && Enum.IsDefined(scope) ? scope : RecordScope.None),
            kinds.ToDictionary(kind => kind.Name, kind => new FieldAccess(Level(posted[kind.Name + ".clear"]), Level(posted[kind.Name + ".reveal"]))));

        private static int Level(string? text) => text is ['1' or '2' or '3' or '4'] ? text[0] - '0' : 1;
    }
}

/// <summary>How roles are named and told on pages.</summary>
internal static class RoleWords
{
    public static string Title(Texts texts, Role role) => role.Title.Length > 0 ? role.Title : role.IsShipped ? texts["access.role.name." + role.Name] : role.Name;

    public static string Scope(Texts texts, RecordScope scope) => texts["access.scope." + scope];

    /// <summary>A role as sentences: what may be done with which records, then what else.</summary>
    public static IEnumerable<string> Sentences(Texts texts, Role role, IEnumerable<RecordKind> kinds, IEnumerable<string> rights)
    {
        if (role.Definition.ScopeOf(Permissions.All) > RecordScope.None)
        {
            yield return texts["access.permission.*"];
            yield break;
        }
        foreach (var kind in kinds)
        {
            var parts = kind.Actions.Where(action => role.Definition.ScopeOf(kind.Permission(action)) > RecordScope.None)
                .Select(action => action == RecordAction.Create ? texts["access.role.say.Create"] : texts["access.role.say." + action, Scope(texts, role.Definition.ScopeOf(kind.Permission(action)))]).ToList();
            if (parts.Count > 0) { yield return texts["access.role.say", texts[kind.TextKey], string.Join(texts["access.role.comma"], parts)]; }
        }
        foreach (var right in rights.Where(right => role.Definition.ScopeOf(right) > RecordScope.None)) { yield return texts["access.permission." + right]; }
    }
}
