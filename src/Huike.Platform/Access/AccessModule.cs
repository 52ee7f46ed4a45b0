using Huike.Platform.Data;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Huike.Platform.Access;

/// <summary>Who may come in: sign-in by name and password, the first administrator, cookies and their protection.</summary>
public static class AccessModule
{
    /// <summary>Adds identity, cookies and the rule that a route without a policy of its own is open to nobody but signed-in users.</summary>
    public static IServiceCollection AddAccess(this IServiceCollection services, Database database)
    {
        services.AddDataProtection().SetApplicationName("huike").PersistKeysToFileSystem(new DirectoryInfo(Path.Combine(database.DataFolder, "keys")));
        services.AddAuthentication(IdentityConstants.ApplicationScheme).AddIdentityCookies();
        services.AddIdentityCore<User>(options =>
            {
                // Length is strength; rules on symbols make people write passwords down.
                options.Password = new PasswordOptions { RequiredLength = 10, RequireDigit = false, RequireLowercase = false, RequireUppercase = false, RequireNonAlphanumeric = false, RequiredUniqueChars = 4 };
                options.User.AllowedUserNameCharacters = "";
                options.Lockout.MaxFailedAccessAttempts = 8;
            })
            .AddEntityFrameworkStores<HuikeDb>()
            .AddSignInManager()
            .AddErrorDescriber<AccessErrors>();
        services.ConfigureApplicationCookie(Protect);
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        services.AddPermissions(Permissions.Operate);
        services.AddScoped<SetUpFirm>();
        return services;
    }

    /// <summary>Maps sign-in, sign-out and the first run.</summary>
    public static void MapAccess(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sign-in", SignIn.Show).AllowAnonymous();
        routes.MapPost("/sign-in", SignIn.Post).AllowAnonymous();
        routes.MapPost("/sign-out", SignIn.Leave).RequireAuthorization();
        routes.MapGet("/setup", SetUpFirm.Show).AllowAnonymous();
        routes.MapPost("/setup", SetUpFirm.Post).AllowAnonymous();
    }

    private static void Protect(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = "huike";
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.ExpireTimeSpan = TimeSpan.FromHours(12);
        options.LoginPath = "/sign-in";
        options.ReturnUrlParameter = "returnUrl";
        // Identity's own check makes a database context before it looks at the clock: a third of what a small request costs.
        var check = options.Events.OnValidatePrincipal;
        options.Events.OnValidatePrincipal = context => IsDue(context) ? check(context) : Task.CompletedTask;
        options.Events.OnRedirectToLogin = context => Answer(context, StatusCodes.Status401Unauthorized);
        options.Events.OnRedirectToAccessDenied = context =>
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        };
    }

    private static bool IsDue(CookieValidatePrincipalContext context)
    {
        var services = context.HttpContext.RequestServices;
        var interval = services.GetRequiredService<IOptions<SecurityStampValidatorOptions>>().Value.ValidationInterval;
        return context.Properties.IssuedUtc is not { } issued || services.GetRequiredService<TimeProvider>().GetUtcNow() - issued > interval;
    }

    /// <summary>Programs get a status; people are led to the sign-in page, also when a part of a page asked.</summary>
    private static Task Answer(RedirectContext<CookieAuthenticationOptions> context, int status)
    {
        var request = context.Request;
        if (request.Path.StartsWithSegments("/api", StringComparison.Ordinal)) { context.Response.StatusCode = status; }
        else if (request.Headers.ContainsKey("HX-Request"))
        {
            context.Response.StatusCode = StatusCodes.Status200OK;
            context.Response.Headers["HX-Redirect"] = "/sign-in";
        }
        else { context.Response.Redirect(context.RedirectUri); }
        return Task.CompletedTask;
    }
}

/// <summary>Identity's complaints as text keys; pages print them in the user's language.</summary>
internal sealed class AccessErrors : IdentityErrorDescriber
{
    public override IdentityError PasswordTooShort(int length) => new() { Code = "access.password.short", Description = "access.password.short" };

    public override IdentityError PasswordRequiresUniqueChars(int uniqueChars) => new() { Code = "access.password.same", Description = "access.password.same" };

    public override IdentityError DuplicateUserName(string userName) => new() { Code = "access.name.taken", Description = "access.name.taken" };

    public override IdentityError InvalidUserName(string? userName) => new() { Code = "access.name.missing", Description = "access.name.missing" };
}
