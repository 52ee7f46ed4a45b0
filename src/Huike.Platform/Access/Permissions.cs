using System.Security.Claims;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.Platform.Access;

/// <summary>Permissions are names; each is an authorization policy, and a user holds them as claims.</summary>
public static class Permissions
{
    /// <summary>Type of the claims.</summary>
    public const string Claim = "permission";

    /// <summary>Value of the claim that stands for every permission: the administrator's.</summary>
    public const string All = "*";

    /// <summary>See the health of the system, its jobs and settings.</summary>
    public const string Operate = "platform.operate";

    /// <summary>Add users, say what they may do, shut them out.</summary>
    public const string Users = "platform.users";

    /// <summary>See the audit: who did what.</summary>
    public const string Audit = "platform.audit";

    /// <summary>Makes a policy of each name, so that routes can require it, and offers it to the administrator; its words stand in the texts under <c>access.permission.</c> and the name.</summary>
    public static IServiceCollection AddPermissions(this IServiceCollection services, params string[] names)
    {
        var authorization = services.AddAuthorizationBuilder();
        foreach (var name in names)
        {
            services.AddSingleton(new Permission(name));
            authorization.AddPolicy(name, policy => policy.RequireAuthenticatedUser().RequireAssertion(context => Holds(context.User, name)));
        }
        return services;
    }

    /// <summary>Whether the user holds the permission.</summary>
    public static bool Holds(this ClaimsPrincipal user, string name) =>
        user.HasClaim(Claim, All) || user.HasClaim(Claim, name);
}

/// <summary>A permission that can be given.</summary>
/// <param name="Name">As routes ask for it.</param>
internal sealed record Permission(string Name);
