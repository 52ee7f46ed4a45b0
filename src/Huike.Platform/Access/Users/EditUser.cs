using System.Security.Claims;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Roles;

namespace Huike.Platform.Access.Users;

/// <summary>Changes a user's name, address and roles.</summary>
internal sealed class EditUser(UserChange change)
{
    /// <exception cref="RuleException"><c>access.user.unknown</c>, <c>access.user.more</c>, <c>access.user.last</c>, or what is wrong with the input.</exception>
    public async Task Run(ClaimsPrincipal actor, long userId, UserInput input, CancellationToken ct)
    {
        input.Demand();
        await change.DemandCovers(actor.Access(), input.Roles, ct);
        await change.Run(actor, userId, "edited", async (user, roles) =>
        {
            if (roles.Contains(RoleBook.Administrator) && !input.Roles.Contains(RoleBook.Administrator)) { await change.DemandAnotherAdministrator(userId, ct); }
            if (user.Kind == UserKind.Service) { user.DisplayName = input.DisplayName; }
            else { (user.DisplayName, user.Email, user.Kind, user.CustomerId) = (input.DisplayName, input.Email.Length > 0 ? input.Email : null, input.Kind, input.CustomerNumber); }
            await change.SetRoles(userId, input.Roles, ct);
        }, ct);
    }
}
