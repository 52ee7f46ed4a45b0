using System.Security.Claims;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Roles;
using Huike.Ui;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
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

    /// <summary>Keep the organisation: units, people's places, deputies, handing over.</summary>
    public const string Organisation = "platform.organisation";

    /// <summary>Say what each role may do.</summary>
    public const string Roles = "platform.roles";

    /// <summary>See the audit: who did what, and why somebody may see a record.</summary>
    public const string Audit = "platform.audit";

    /// <summary>Makes a policy of each name, so that routes can require it, and offers it to the administrator; its words stand in the texts under <c>access.permission.</c> and the name.</summary>
    public static IServiceCollection AddPermissions(this IServiceCollection services, params string[] names)
    {
        var authorization = services.AddAuthorizationBuilder();
        foreach (var name in names) { Add(services, authorization, new(name)); }
        return services;
    }

    /// <summary>A permission to see figures over all records of a kind. It holds only together with reading all of them: to others it would tell of records that they may not see.</summary>
    public static IServiceCollection AddFigures(this IServiceCollection services, string name, RecordKind over)
    {
        Add(services, services.AddAuthorizationBuilder(), new(name) { Over = over });
        return services;
    }

    /// <summary>Makes known a kind of record with an owner, and a policy of each thing that may be done with it.</summary>
    public static IServiceCollection AddRecordKind(this IServiceCollection services, RecordKind kind)
    {
        var authorization = services.AddAuthorizationBuilder();
        services.AddSingleton(kind);
        foreach (var action in kind.Actions) { Add(services, authorization, new(kind.Permission(action), kind, action)); }
        return services;
    }

    /// <summary>Gives a shipped role what a module means it to have.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="role">Name of the role.</param>
    /// <param name="scopes">Permissions, and on whose records.</param>
    public static IServiceCollection AddToRole(this IServiceCollection services, string role, params (string Permission, RecordScope Scope)[] scopes) =>
        services.AddSingleton(new ShippedPart(role, new(scopes.ToDictionary(entry => entry.Permission, entry => entry.Scope), new Dictionary<string, FieldAccess>())));

    /// <summary>Says how far a shipped role sees the fields of a kind of record.</summary>
    public static IServiceCollection AddToRole(this IServiceCollection services, string role, RecordKind kind, FieldAccess fields) =>
        services.AddSingleton(new ShippedPart(role, new(new Dictionary<string, RecordScope>(), new Dictionary<string, FieldAccess> { [kind.Name] = fields })));

    private static void Add(IServiceCollection services, AuthorizationBuilder authorization, Permission permission)
    {
        services.AddSingleton(permission);
        authorization.AddPolicy(permission.Name, policy => policy.RequireAuthenticatedUser().RequireAssertion(context => Holds(context.User, permission.Name)));
    }

    /// <summary>Whether the user holds the permission.</summary>
    public static bool Holds(this ClaimsPrincipal user, string name) =>
        user.HasClaim(Claim, All) || user.HasClaim(Claim, name);

    /// <summary>Ends what needs a permission that a route could not ask for.</summary>
    /// <exception cref="RuleException"><c>access.token.scope</c>: the user holds it, the token may not use it; <c>access.record.refused</c>.</exception>
    public static void Demand(this ClaimsPrincipal user, string name)
    {
        if (user.Access().Withheld.Contains(name)) { throw new RuleException("access.token.scope", name) { Status = 403 }; }
        if (!user.Holds(name)) { throw new RuleException("access.record.refused"); }
    }
}

/// <summary>Which permission a token must have been given for a route that asks people for none but to be signed in; a token for everything needs it as little as they do.</summary>
/// <param name="Permission">Its name.</param>
public sealed record TokenNeeds(string Permission)
{
    /// <summary>Whether the user comes without such a token, or with one that was given the permission.</summary>
    public bool AreMetBy(ClaimsPrincipal user) => !user.Access().IsNarrowed || user.Holds(Permission);
}

/// <summary>Puts routes under <see cref="TokenNeeds"/>.</summary>
public static class TokenRoutes
{
    /// <summary>Lets in whoever is signed in, and tokens that were given a permission.</summary>
    public static TBuilder RequireOfTokens<TBuilder>(this TBuilder routes, string permission) where TBuilder : IEndpointConventionBuilder
    {
        var needs = new TokenNeeds(permission);
        routes.RequireAuthorization().WithMetadata(needs);
        return routes.AddEndpointFilter(async (context, next) =>
        {
            var http = context.HttpContext;
            if (needs.AreMetBy(http.User)) { return await next(context); }
            http.Response.Headers.WWWAuthenticate = $"Bearer error=\"insufficient_scope\", scope=\"{permission}\"";
            // Thrown, it would be answered without the header.
            return TypedResults.Problem(http.RequestServices.GetRequiredService<Texts>()["access.token.scope", permission], statusCode: StatusCodes.Status403Forbidden, extensions: [new("code", "access.token.scope")]);
        });
    }
}

/// <summary>A permission that can be given.</summary>
/// <param name="Name">As routes ask for it.</param>
/// <param name="Kind">The records that it is about; null where it is about none.</param>
/// <param name="Action">What may be done with them.</param>
internal sealed record Permission(string Name, RecordKind? Kind = null, RecordAction Action = default)
{
    /// <summary>The records over all of which it shows figures; null where it shows none.</summary>
    public RecordKind? Over { get; init; }
}
