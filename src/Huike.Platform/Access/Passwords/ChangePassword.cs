using Huike.Platform.Access.Sessions;
using Huike.Platform.Access.Users;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;

namespace Huike.Platform.Access.Passwords;

/// <summary>One's own password for a new one; all other sessions of one's own end.</summary>
internal sealed class ChangePassword(CheckPassword check, UserManager<User> users, UserChange change, SessionRegister sessions)
{
    /// <exception cref="RuleException"><c>access.password.wrong</c>: the present one, or too many tries; or what is wrong with the new one.</exception>
    public async Task Run(HttpContext http, string present, string chosen, CancellationToken ct)
    {
        var user = await check.Again(http, present);
        await change.Alone(async () =>
        {
            UserChange.Demand(await users.RemovePasswordAsync(user));
            UserChange.Demand(await users.AddPasswordAsync(user, chosen));
            return user;
        }, _ => UserChange.Entry("password-changed", user.Id), ct);
        await sessions.EndAll(user.Id, http.User.SessionId(), ct);
    }
}
