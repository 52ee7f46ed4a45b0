using Huike.Platform.Audit;
using Huike.Ui;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;

namespace Huike.Platform.Access;

/// <summary>Coming in by name and password, and leaving.</summary>
internal static class SignIn
{
    public static async Task<IResult> Show(HttpContext http, Texts texts, SetUpFirm setUp, CancellationToken ct, string? returnUrl = null)
    {
        if (await setUp.IsOpen(ct)) { return TypedResults.Redirect("/setup"); }
        return http.User.Identity?.IsAuthenticated == true
            ? TypedResults.LocalRedirect(Local(returnUrl))
            : Pages.ShowBare<SignInPage>(http, texts["access.signIn.title"], new { ReturnUrl = Local(returnUrl) });
    }

    public static async Task<IResult> Post(HttpContext http, Texts texts, SignInManager<User> users, AuditLog audit, [FromForm] string? name, [FromForm] string? password, [FromForm] string? returnUrl)
    {
        var result = await users.PasswordSignInAsync(name ?? "", password ?? "", isPersistent: true, lockoutOnFailure: true);
        await audit.Write(new AuditEntry(result.Succeeded ? "sign-in.done" : "sign-in.refused") { Actor = name ?? "" }, CancellationToken.None);
        if (result.Succeeded) { return TypedResults.LocalRedirect(Local(returnUrl)); }
        // One text for every reason: nothing tells whether the account exists.
        return Pages.ShowBare<SignInPage>(http, texts["access.signIn.title"], new { ReturnUrl = Local(returnUrl), Name = name ?? "", Failed = true }, StatusCodes.Status422UnprocessableEntity);
    }

    public static async Task<RedirectHttpResult> Leave(SignInManager<User> users, AuditLog audit, [FromForm] string? confirm)
    {
        await users.SignOutAsync();
        await audit.Write(new AuditEntry("sign-out.done"), CancellationToken.None);
        return TypedResults.Redirect("/sign-in");
    }

    private static string Local(string? url) => url is ['/', not ('/' or '\\'), ..] or "/" && !url.Any(char.IsControl) ? url : "/";
}
