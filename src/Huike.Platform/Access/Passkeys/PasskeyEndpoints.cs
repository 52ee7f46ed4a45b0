using Huike.Platform.Access.Sessions;
using Huike.Platform.Access.Users;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.Platform.Access.Passkeys;

internal static class PasskeyEndpoints
{
    public static void AddPasskeys(this IServiceCollection services)
    {
        services.AddOptions<IdentityPasskeyOptions>().Configure<WaysIn>((passkeys, options) =>
        {
            passkeys.ServerDomain = options.Domain;
            // On the device, found without a name, and opened by its owner alone.
            passkeys.ResidentKeyRequirement = "required";
            passkeys.UserVerificationRequirement = "required";
            passkeys.ValidateOrigin = context => ValueTask.FromResult(!context.CrossOrigin && context.Origin == options.OriginOf(context.HttpContext.Request));
        });
        services.AddScoped<Challenge>().AddScoped<AddPasskey>().AddScoped<RemovePasskey>().AddScoped<PasskeySignIn>();
    }

    public static void MapPasskeys(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/sign-in/passkey", SignInByIt).AllowAnonymous();
        var group = routes.MapGroup("/account/passkeys").RequireAuthorization();
        group.MapPost("/new", (HttpContext http, Texts texts, AccountEndpoints.Account account, AddPasskey add, CheckPassword check, IFormCollection form, CancellationToken ct) => account.Try(http, async () =>
        {
            var (options, pending) = await add.Begin(http, await check.Again(http, form["present"].ToString()), ct);
            return Pages.Show<NewPasskeyPage>(http, texts["access.passkey.add"], new { Options = options, Pending = pending, Name = SessionCookie.BrowserOf(http.Request.Headers.UserAgent.ToString()) });
        }, ct));
        group.MapPost("/", (HttpContext http, Texts texts, AccountEndpoints.Account account, AddPasskey add, IFormCollection form, CancellationToken ct) => account.Try(http, async () =>
        {
            await add.Run(http, form["name"].ToString(), form["pending"].ToString(), form["credential"].ToString(), ct);
            return await account.Show(http, ct, done: texts["access.passkey.added"]);
        }, ct));
        group.MapPost("/{passkey:long}/removal", async (HttpContext http, RemovePasskey remove, long passkey, IFormCollection form, CancellationToken ct) =>
        {
            await remove.Own(http.User.UserId(), passkey, ct);
            return TypedResults.Redirect("/account");
        });
        routes.MapPost("/admin/users/{id:long}/passkeys/removal", (HttpContext http, UserEndpoints.Answer answer, RemovePasskey remove, long id, IFormCollection form, CancellationToken ct) =>
            answer.After(http, id, () => remove.All(http.User, id, ct), ct)).RequireAuthorization(Permissions.Users);
    }

    private static async Task<IResult> SignInByIt(HttpContext http, Texts texts, PasskeySignIn signIn, IFormCollection form)
    {
        var returnUrl = SignIn.Local(form["returnUrl"]);
        return await signIn.Run(http, form["pending"].ToString(), form["credential"].ToString())
            ? TypedResults.LocalRedirect(returnUrl)
            : Pages.ShowBare<SignInPage>(http, texts["access.signIn.title"], new { ReturnUrl = returnUrl, Wrong = texts["access.passkey.failed"] }, StatusCodes.Status422UnprocessableEntity);
    }
}
