using System.Globalization;
using System.Security.Claims;
using Huike.Platform.Access.Roles;
using Huike.Platform.Access.Sessions;

namespace Huike.Platform.Access.Users;

/// <summary>Shuts a user out at once, everywhere, or lets the user in again. What the user did stays.</summary>
internal sealed class DisableUser(UserChange change, SessionRegister sessions, TimeProvider clock)
{
    /// <exception cref="RuleException"><c>access.user.unknown</c>, <c>access.user.more</c>, <c>access.user.self</c>, <c>access.user.last</c>.</exception>
    public async Task Run(ClaimsPrincipal actor, long userId, bool disabled, CancellationToken ct)
    {
        if (actor.HasClaim(ClaimTypes.NameIdentifier, userId.ToString(CultureInfo.InvariantCulture))) { throw new RuleException("access.user.self"); }
        await change.Run(actor, userId, disabled ? "disabled" : "enabled", async (user, roles) =>
        {
            if (disabled && roles.Contains(RoleBook.Administrator)) { await change.DemandAnotherAdministrator(userId, ct); }
            user.DisabledAt = disabled ? user.DisabledAt ?? clock.GetUtcNow() : null;
        }, ct);
        if (disabled) { await sessions.EndAll(userId, except: null, ct); }
    }
}
