using System.Security.Claims;
using Huike.Platform.Access.Records;
using Huike.Platform.Audit;
using Microsoft.AspNetCore.Identity;

namespace Huike.Platform.Access.Users;

/// <summary>Adds a user, who comes in by a link and chooses the password himself.</summary>
internal sealed class AddUser(UserChange change, UserManager<User> users)
{
    /// <returns>The new user's number.</returns>
    /// <exception cref="RuleException"><c>access.user.more</c>, or what is wrong with the input.</exception>
    public async Task<long> Run(ClaimsPrincipal actor, UserInput input, CancellationToken ct)
    {
        input.Demand();
        await change.DemandCovers(actor.Access(), input.Roles, ct);
        return (await change.Alone(async () =>
        {
            var user = new User { UserName = input.Name, DisplayName = input.DisplayName, Email = input.Email.Length > 0 ? input.Email : null, Kind = input.Kind, CustomerId = input.CustomerNumber };
            UserChange.Demand(await users.CreateAsync(user));
            await change.SetRoles(user.Id, input.Roles, ct);
            return user;
        }, user => UserChange.Entry("added", user.Id, [AuditChange.Is("name", user.UserName), .. UserChange.Told(user, input.Roles).Where(told => told.Value is not null).Select(told => AuditChange.Is(told.Field, told.Value))]), ct)).Id;
    }
}
