using Huike.Platform.Access.Deputies;
using Huike.Platform.Access.HandOvers;
using Huike.Platform.Access.Limits;
using Huike.Platform.Access.OpenIdConnect;
using Huike.Platform.Access.Organisation;
using Huike.Platform.Access.Passkeys;
using Huike.Platform.Access.Passwords;
using Huike.Platform.Access.Reasons;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Roles;
using Huike.Platform.Access.SecondFactors;
using Huike.Platform.Access.Sessions;
using Huike.Platform.Access.Shares;
using Huike.Platform.Access.Tokens;
using Huike.Platform.Access.Users;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Jobs;
using Huike.Platform.Settings;
using Huike.Ui;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.AuthenticatedEncryption;
using Microsoft.AspNetCore.DataProtection.AuthenticatedEncryption.ConfigurationModel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.Platform.Access;

/// <summary>Who may come in: sign-in by name and password, the first administrator, cookies and their protection.</summary>
public static class AccessModule
{
    /// <summary>Adds identity, cookies and the rule that a route without a policy of its own is open to nobody but signed-in users.</summary>
    public static IServiceCollection AddAccess(this IServiceCollection services, Database database)
    {
        services.AddDataProtection().SetApplicationName("huike").PersistKeysToFileSystem(new DirectoryInfo(Path.Combine(database.DataFolder, "keys")))
            .UseCryptographicAlgorithms(new AuthenticatedEncryptorConfiguration { EncryptionAlgorithm = EncryptionAlgorithm.AES_256_GCM });
        services.AddAuthentication(options => (options.DefaultScheme, options.DefaultSignInScheme) = (AnyScheme, IdentityConstants.ApplicationScheme))
            .AddScheme<AuthenticationSchemeOptions, TokenScheme>(TokenScheme.Name, null)
            .AddScheme<AuthenticationSchemeOptions, DoorScheme>(DoorScheme.Name, null)
            .AddPolicyScheme(AnyScheme, null, options => options.ForwardDefaultSelector = http => TokenScheme.Is(http.Request) ? TokenScheme.Name : DoorScheme.Of(http) is not null ? DoorScheme.Name : IdentityConstants.ApplicationScheme)
            .AddIdentityCookies();
        services.AddIdentityCore<User>(options =>
            {
                // Length is strength; rules on symbols make people write passwords down.
                options.Password = new PasswordOptions { RequiredLength = 10, RequireDigit = false, RequireLowercase = false, RequireUppercase = false, RequireNonAlphanumeric = false, RequiredUniqueChars = 4 };
                options.User.AllowedUserNameCharacters = "";
            })
            .AddUserStore<AccountStore>()
            .AddSignInManager()
            .AddPasswordValidator<PasswordStrength>()
            .AddUserValidator<Rules.NoRulesName>()
            .AddErrorDescriber<AccessErrors>();
        services.ConfigureApplicationCookie(Protect);
        services.PostConfigure<CookieAuthenticationOptions>(IdentityConstants.ApplicationScheme, options => options.TicketDataFormat = new RememberedTickets(options.TicketDataFormat));
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        services.Configure<PasswordHasherOptions>(options => options.IterationCount = 210_000);
        services.AddPermissions(Permissions.Operate, Permissions.Users, Permissions.Organisation, Permissions.Roles);
        services.AddSingleton(provider => WaysIn.Read(provider.GetRequiredService<IConfiguration>()));
        services.AddSingleton<SessionRegister>().AddSingleton<SignInGate>().AddSingleton<SpentTokens>().AddScoped<Entrance>();
        services.AddPasskeys();
        services.AddProviders();
        AddOrganisation(services);
        services.AddScoped<SetUpFirm>().AddScoped<CheckPassword>().AddScoped<SecondFactor>().AddScoped<SecondStep>();
        services.AddScoped<UserChange>().AddScoped<UserList>().AddScoped<AddUser>().AddScoped<EditUser>().AddScoped<DisableUser>().AddScoped<UserEndpoints.Answer>();
        services.AddScoped<IssueLink>().AddScoped<InviteUser>().AddScoped<ChoosePassword>().AddScoped<ForgotPassword>().AddScoped<ChangePassword>();
        services.AddScoped<IJobWorker, SendLink>().AddScoped<AccountEndpoints.Account>();
        services.AddScoped<AddServiceToken>().AddScoped<TokenEndpoints.TokenAnswer>().AddScoped<SaveLimits>().AddSettings<SignInSettings>(Permissions.Users).AddSingleton(new AuditedKind(nameof(SignInSettings), "audit.kind.signInSettings", "/admin/sign-in", "access.limit."));
        services.AddSingleton(new Place("sign-in", "access.limit.title", "/admin/sign-in", "lock", Permissions.Users, 960, 'l'));
        services.AddSingleton(new Place("users", "access.user.list.title", "/admin/users", "shield-check", Permissions.Users, 950, 'u'));
        return services;
    }

    /// <summary>Who belongs where, what each role may do, and the policy that decides by both.</summary>
    private static void AddOrganisation(IServiceCollection services)
    {
        services.AddSingleton<RoleBook>().AddSingleton<ReadAccess>().AddSingleton<TokenRegister>().AddSingleton<IDoorKeys, DoorKeys>().AddSingleton<RecordPolicy>();
        services.AddSingleton(provider => new AccessMemory(provider.GetRequiredService<SessionRegister>(), provider.GetRequiredService<TokenRegister>(), provider.GetRequiredService<RoleBook>()));
        services.AddScoped(provider => new LoadPeople(provider.GetRequiredService<Database>(), provider.GetRequiredService<UserManager<User>>(), provider.GetRequiredService<AccessMemory>(), provider.GetRequiredService<AuditLog>(), provider.GetRequiredService<AddUnit>()));
        services.AddScoped<FormAnswer>().AddScoped<RoleCover>().AddScoped<RoleChange>().AddScoped<RoleEndpoints.RoleAnswer>();
        services.AddScoped<UnitChange>().AddScoped<UnitTree>().AddScoped<AddUnit>().AddScoped<EditUnit>().AddScoped<CloseUnit>().AddScoped<People>().AddScoped<PlacePerson>().AddScoped<UserPlace>().AddScoped(provider => new OrganisationChoices(provider.GetRequiredService<UnitTree>(), provider.GetRequiredService<People>())).AddScoped<OrganisationEndpoints.UnitAnswer>();
        services.AddScoped<DeputyRegister>().AddScoped<DeputyEndpoints.DeputyAnswer>().AddScoped<HandOverKinds>().AddScoped<HandOver>().AddScoped<HandOverEndpoints.HandOverAnswer>();
        services.AddScoped<ShareRecords>().AddScoped<ExplainRecord>();
        services.AddSingleton(provider => new RecordReaders(provider.GetRequiredService<ReadAccess>(), provider.GetRequiredService<RecordPolicy>()));
        services.AddSingleton(UnitChange.Audited).AddSingleton(RoleChange.Audited);
        services.AddSingleton(new Place("organisation", "access.unit.list.title", OrganisationEndpoints.Path, "building-2", Permissions.Organisation, 910, 'o'));
        services.AddSingleton(new Place("roles", "access.role.list.title", RoleEndpoints.Path, "list-checks", Permissions.Roles, 955, 'r'));
        services.AddSingleton(new Place("deputies", "access.deputy.list.title", DeputyEndpoints.Path, "users", Permissions.Organisation, 915, 'd'));
        services.AddSingleton(new Place("tokens", "access.token.list.title", TokenEndpoints.Path, "link", Permissions.Users, 957, 't'));
        services.AddSingleton(new Place("why", "access.why.title", ReasonEndpoints.Path, "circle-help", Permissions.Audit, 958, 'w'));
    }

    /// <summary>Maps sign-in, sign-out and the first run.</summary>
    public static void MapAccess(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sign-in", SignIn.Show).AllowAnonymous();
        routes.MapPost("/sign-in", SignIn.Post).AllowAnonymous();
        routes.MapPost("/sign-out", SignIn.Leave).RequireAuthorization();
        routes.MapGet("/setup", SetUpFirm.Show).AllowAnonymous();
        routes.MapPost("/setup", SetUpFirm.Post).AllowAnonymous();
        routes.MapGet("/forgot", ForgotPassword.Show).AllowAnonymous();
        routes.MapPost("/forgot", ForgotPassword.Post).AllowAnonymous();
        routes.MapGet("/password/{token}", ChoosePassword.Show).AllowAnonymous();
        routes.MapPost("/password/{token}", ChoosePassword.Post).AllowAnonymous();
        routes.MapUsers();
        SaveLimits.Map(routes);
        routes.MapAccount();
        routes.MapSecondFactor();
        routes.MapOrganisation();
        routes.MapRoles();
        routes.MapDeputies();
        routes.MapHandOvers();
        routes.MapReasons();
        routes.MapTokens();
        routes.MapPasskeys();
        routes.MapProviders();
        // What is wrong in the configuration is told at the start, not to the first visitor.
        routes.ServiceProvider.GetRequiredService<WaysIn>();
    }

    private const string AnyScheme = "huike";

    private static void Protect(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = "huike";
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.LoginPath = "/sign-in";
        options.ReturnUrlParameter = "returnUrl";
        options.Events.OnSigningIn = SessionCookie.Begin;
        options.Events.OnValidatePrincipal = SessionCookie.Validate;
        options.Events.OnSigningOut = SessionCookie.End;
        options.Events.OnRedirectToLogin = context => Answer(context, StatusCodes.Status401Unauthorized);
        options.Events.OnRedirectToAccessDenied = context =>
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        };
    }

    /// <summary>Programs get a status; people are led to the sign-in page, also when a part of a page asked.</summary>
    private static Task Answer(RedirectContext<CookieAuthenticationOptions> context, int status)
    {
        var request = context.Request;
        if (request.Path.StartsWithSegments("/api", StringComparison.Ordinal))
        {
            context.Response.StatusCode = status;
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }
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
