using System.Security.Claims;
using Microsoft.AspNetCore.Identity;

namespace Huike.Platform.Access.Users;

/// <summary>Changes a user's name, address and permissions.</summary>
internal sealed class EditUser(UserChange change, UserManager<User> users, IEnumerable<Permission> known)
{
    /// <exception cref="RuleException"><c>access.user.unknown</c>, <c>access.user.more</c>, <c>access.user.last</c>, or what is wrong with the input.</exception>
    public Task Run(ClaimsPrincipal actor, long userId, UserInput input, CancellationToken ct)
    {
        input.Demand(known);
        UserChange.DemandCovers(actor, input.Rights);
        return change.Run(actor, userId, "edited", async (user, rights) =>
        {
            if (rights.Contains(Permissions.All) && !input.Rights.Contains(Permissions.All)) { await change.DemandAnotherAdministrator(userId, ct); }
            (user.DisplayName, user.Email) = (input.DisplayName, input.Email.Length > 0 ? input.Email : null);
            await users.RemoveClaimsAsync(user, Claims(rights.Except(input.Rights)));
            await users.AddClaimsAsync(user, Claims(input.Rights.Except(rights)));
        }, ct);
    }

    private static IEnumerable<Claim> Claims(IEnumerable<string> rights) => rights.Select(right => new Claim(Permissions.Claim, right));
}
