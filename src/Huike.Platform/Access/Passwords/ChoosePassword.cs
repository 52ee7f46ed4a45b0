using Huike.Platform.Access.Sessions;
using Huike.Platform.Access.Users;
using Huike.Platform.Data;
using Huike.Ui;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Huike.Platform.Access.Passwords;

/// <summary>A new password by a one-time link. Looking at the page uses nothing up: programs that guard mail look at every link.</summary>
internal sealed class ChoosePassword(HuikeDb db, UserManager<User> users, UserChange change, SessionRegister sessions, TimeProvider clock)
{
    /// <returns>Whose link it is, or null where it is unknown, used, or too old.</returns>
    public async Task<User?> Owner(string token, CancellationToken ct)
    {
        var (hash, now) = (OneTimeLink.Hash(token), clock.GetUtcNow());
        var owners = db.Set<OneTimeLink>().Where(link => link.TokenHash == hash && link.UsedAt == null && link.ExpiresAt > now).Select(link => link.UserId);
        return await db.Users.FirstOrDefaultAsync(user => owners.Contains(user.Id) && user.DisabledAt == null && user.Kind != UserKind.Service, ct);
    }

    /// <summary>Sets the password, uses the link up and ends the user's sessions.</summary>
    /// <returns>The user.</returns>
    /// <exception cref="RuleException"><c>access.link.over</c>, or what is wrong with the password; then the link stays good.</exception>
    public async Task<User> Run(string token, string password, CancellationToken ct)
    {
        var user = await change.Alone(async () =>
        {
            var owner = await Owner(token, ct) ?? throw new RuleException("access.link.over");
            var (hash, now) = (OneTimeLink.Hash(token), clock.GetUtcNow());
            await db.Set<OneTimeLink>().Where(link => link.TokenHash == hash).ExecuteUpdateAsync(link => link.SetProperty(one => one.UsedAt, now), ct);
            if (owner.PasswordHash is not null) { UserChange.Demand(await users.RemovePasswordAsync(owner)); }
            UserChange.Demand(await users.AddPasswordAsync(owner, password));
            return owner;
        }, owner => UserChange.Entry("password-chosen", owner.Id) with { Actor = owner.UserName }, ct);
        await sessions.EndAll(user.Id, except: null, ct);
        return user;
    }

    public static async Task<IResult> Show(HttpContext http, Texts texts, ChoosePassword choose, string token, CancellationToken ct) =>
        Answer(http, texts, await choose.Owner(token, ct), error: null);

    public static async Task<IResult> Post(HttpContext http, Texts texts, ChoosePassword choose, string token, IFormCollection form, CancellationToken ct)
    {
        try
        {
            var user = await choose.Run(token, form["password"].ToString(), ct);
            return Pages.ShowBare<SignInPage>(http, texts["access.signIn.title"], new { Name = user.UserName!, Notice = texts["access.link.done"] });
        }
        catch (RuleException refused)
        {
            return Answer(http, texts, await choose.Owner(token, ct), texts[refused.Code, [.. refused.Args]]);
        }
    }

    private static IResult Answer(HttpContext http, Texts texts, User? owner, string? error) => owner is null
        ? Pages.ShowBare<LinkOverPage>(http, texts["access.link.over.title"], null, StatusCodes.Status404NotFound)
        : Pages.ShowBare<ChoosePasswordPage>(http, texts["access.link.title"], new { Name = owner.UserName!, Error = error }, error is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
}
