using Huike.Platform.Access.SecondFactors;
using Huike.Platform.Audit;
using Huike.Ui;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;

namespace Huike.Platform.Access;

/// <summary>Coming in by name and password, and leaving. With a second factor, this is the first step.</summary>
internal static class SignIn
{
    public static async Task<IResult> Show(HttpContext http, Texts texts, SetUpFirm setUp, CancellationToken ct, string? returnUrl = null)
    {
        if (await setUp.IsOpen(ct)) { return TypedResults.Redirect("/setup"); }
        return http.User.Identity?.IsAuthenticated == true
            ? TypedResults.LocalRedirect(Local(returnUrl))
            : Pages.ShowBare<SignInPage>(http, texts["access.signIn.title"], new { ReturnUrl = Local(returnUrl) });
    }

    public static async Task<IResult> Post(HttpContext http, Texts texts, CheckPassword check, SignInManager<User> door, AuditLog audit, IFormCollection form)
    {
        var (name, returnUrl) = (form["name"].ToString(), Local(form["returnUrl"]));
        var verdict = await check.Run(http, name, form["password"].ToString());
        if (verdict.User is { } user)
        {
            if (user.TwoFactorEnabled)
            {
                await SecondStep.Begin(http, user);
                return TypedResults.LocalRedirect("/sign-in/code" + QueryString.Create("returnUrl", returnUrl));
            }
            await check.Passed(user, http.RequestAborted);
            await door.SignInAsync(user, isPersistent: true);
            await audit.Write(new AuditEntry("sign-in.done") { Actor = user.UserName ?? "" }, CancellationToken.None);
            return TypedResults.LocalRedirect(returnUrl);
        }
        // What the lock-out turns away leaves no entry: strangers must not make the audit grow.
        if (verdict.Tried is { } tried) { await audit.Write(new AuditEntry("sign-in.refused") { Actor = tried }, CancellationToken.None); }
        // One text for every reason: nothing tells whether the account exists.
        return Pages.ShowBare<SignInPage>(http, texts["access.signIn.title"], new { ReturnUrl = returnUrl, Name = name, Wrong = texts["access.signIn.failed"] }, StatusCodes.Status422UnprocessableEntity);
    }

    public static async Task<RedirectHttpResult> Leave(SignInManager<User> users, AuditLog audit, [FromForm] string? confirm)
    {
        await users.SignOutAsync();
        await audit.Write(new AuditEntry("sign-out.done"), CancellationToken.None);
        return TypedResults.Redirect("/sign-in");
    }

    /// <summary>The path, or the first page where it would lead to another site.</summary>
    internal static string Local(string? url) => url is ['/', not ('/' or '\\'), ..] or "/" && !url.Any(char.IsControl) ? url : "/";
}
