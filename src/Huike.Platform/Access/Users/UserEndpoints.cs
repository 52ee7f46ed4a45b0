using Huike.Platform.Access.Organisation;
using Huike.Platform.Access.Passkeys;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Roles;
using Huike.Platform.Access.Sessions;
using Huike.Platform.Data;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Huike.Platform.Access.Users;

internal static class UserEndpoints
{
    public static void MapUsers(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/admin/users").RequireAuthorization(Permissions.Users);
        group.MapGet("/", async (HttpContext http, Texts texts, UserList list, RoleBook book, CancellationToken ct, string? q = null, string? after = null) =>
            Pages.Show<UserListPage>(http, texts["access.user.list.title"], new { Found = await list.Run(q, after, ct), Roles = await book.All(ct), Q = q, IsFirst = string.IsNullOrEmpty(after) }));
        group.MapGet("/new", (HttpContext http, Texts texts, RoleCover cover, CancellationToken ct) => New(http, texts, cover, new("", "", "", []), error: null, ct));
        group.MapPost("/new", Add);
        group.MapGet("/{id:long}", (HttpContext http, Answer answer, long id, CancellationToken ct) => answer.Show(http, id, ct));
        group.MapPost("/{id:long}", (HttpContext http, Answer answer, EditUser edit, long id, IFormCollection form, CancellationToken ct) =>
        {
            var input = UserInput.Read(form);
            return answer.After(http, id, () => edit.Run(http.User, id, input, ct), ct, input);
        });
        group.MapPost("/{id:long}/link", async (HttpContext http, Answer answer, InviteUser invite, long id, IFormCollection form, CancellationToken ct) =>
            await invite.Run(http.User, id, ct) is { } path ? await answer.Show(http, id, ct, link: Whole(http, path)) : await answer.Show(http, id, ct, sent: true));
        group.MapPost("/{id:long}/access", (HttpContext http, Answer answer, DisableUser disable, long id, IFormCollection form, CancellationToken ct) =>
            answer.After(http, id, () => disable.Run(http.User, id, form["open"] != "true", ct), ct));
        group.MapPost("/{id:long}/sessions/end", (HttpContext http, Answer answer, UserChange change, SessionRegister sessions, long id, IFormCollection form, CancellationToken ct) =>
            answer.After(http, id, async () =>
            {
                await change.Run(http.User, id, "sessions-ended", (_, _) => Task.CompletedTask, ct);
                await sessions.EndAll(id, except: null, ct);
            }, ct));
    }

    private static async Task<IResult> Add(HttpContext http, Texts texts, AddUser add, InviteUser invite, Answer answer, RoleCover cover, IFormCollection form, CancellationToken ct)
    {
        var input = UserInput.Read(form);
        try
        {
            var id = await add.Run(http.User, input, ct);
            var path = await invite.Run(http.User, id, ct);
            return await answer.Show(http, id, ct, link: path is null ? null : Whole(http, path), sent: path is null);
        }
        catch (RuleException refused)
        {
            return await New(http, texts, cover, input, texts[refused.Code, [.. refused.Args]], ct);
        }
    }

    private static async Task<IResult> New(HttpContext http, Texts texts, RoleCover cover, UserInput input, string? error, CancellationToken ct) =>
        Pages.Show<AddUserPage>(http, texts["access.user.add"], new { Input = input, Known = await cover.For(http.User.Access(), ct), Error = error }, FormAnswer.Status(error));

    // Shown to the one who made it, who reaches the program by this very address.
    private static string Whole(HttpContext http, string path) => $"{http.Request.Scheme}://{http.Request.Host}{http.Request.PathBase}{path}";

    /// <summary>One user's page, after whatever was done to the user.</summary>
    internal sealed class Answer(HuikeDb db, UserChange change, SessionRegister sessions, RoleCover cover, UserPlace place, Texts texts)
    {
        public async Task<IResult> After(HttpContext http, long id, Func<Task> work, CancellationToken ct, UserInput? input = null)
        {
            try
            {
                await work();
                return Results.Redirect($"/admin/users/{id}");
            }
            catch (RuleException refused) when (refused.Code != "access.user.unknown")
            {
                db.ChangeTracker.Clear();
                return await Show(http, id, ct, error: texts[refused.Code, [.. refused.Args]], input: input);
            }
        }

        public async Task<IResult> Show(HttpContext http, long id, CancellationToken ct, string? link = null, bool sent = false, string? error = null, UserInput? input = null)
        {
            var user = await db.Users.AsNoTracking().FirstOrDefaultAsync(user => user.Id == id, ct) ?? throw new RuleException("access.user.unknown");
            var roles = await change.Roles(id, ct);
            var known = await cover.For(http.User.Access(), ct);
            return Pages.Show<UserPage>(http, user.ShownName, new
            {
                Shown = user,
                Input = input ?? new(user.UserName!, user.DisplayName, user.Email ?? "", roles, user.Kind, user.CustomerId),
                Known = known,
                Belonging = http.User.Holds(Permissions.Organisation) ? await place.Find(id, ct) : null,
                Sessions = await sessions.Of(id, ct),
                Passkeys = await db.Set<Passkey>().CountAsync(passkey => passkey.UserId == id, ct),
                MayChange = roles.All(name => known.All(role => role.Role.Name != name || role.May)),
                IsSelf = http.User.UserId() == id,
                Link = link,
                Sent = sent,
                Error = error,
            }, FormAnswer.Status(error));
        }
    }
}
