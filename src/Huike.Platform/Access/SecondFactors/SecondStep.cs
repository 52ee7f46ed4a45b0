using System.Globalization;
using System.Security.Claims;
using Huike.Platform.Access.Sessions;
using Huike.Platform.Audit;
using Huike.Ui;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;

namespace Huike.Platform.Access.SecondFactors;

/// <summary>The second step of a sign-in: whoever knew the password is remembered for five minutes by a cookie that opens nothing else.</summary>
internal sealed class SecondStep(UserManager<User> users, SignInManager<User> door, SecondFactor factor, SignInGate gate, AuditLog audit)
{
    private const string Stamp = "stamp";

    /// <summary>Remembers who passed the first step.</summary>
    public static Task Begin(HttpContext http, User user) => http.SignInAsync(IdentityConstants.TwoFactorUserIdScheme, new ClaimsPrincipal(new ClaimsIdentity(
        [new(ClaimTypes.NameIdentifier, user.Id.ToString(CultureInfo.InvariantCulture)), new(Stamp, user.SecurityStamp!)], IdentityConstants.TwoFactorUserIdScheme)));

    public static async Task<IResult> Show(HttpContext http, Texts texts, SecondStep step, string? returnUrl = null) =>
        await step.Remembered(http) is null ? TypedResults.Redirect("/sign-in") : Answer(http, texts, SignIn.Local(returnUrl), failed: false);

    public static async Task<IResult> Post(HttpContext http, Texts texts, SecondStep step, IFormCollection form)
    {
        var returnUrl = SignIn.Local(form["returnUrl"]);
        if (await step.Remembered(http) is not { } user) { return TypedResults.Redirect("/sign-in"); }
        return await step.Run(http, user, form["code"].ToString()) ? TypedResults.LocalRedirect(returnUrl) : Answer(http, texts, returnUrl, failed: true);
    }

    private async Task<bool> Run(HttpContext http, User user, string code)
    {
        var account = SignInGate.Account(user.NormalizedUserName!);
        if (!await gate.Enter(http.RequestAborted, account, SignInGate.Address(SessionCookie.AddressOf(http)))) { return false; }
        if (!await factor.Use(user, code))
        {
            await audit.Write(new AuditEntry("sign-in.refused") { Actor = user.UserName }, CancellationToken.None);
            return false;
        }
        await gate.Passed(account, http.RequestAborted);
        await http.SignOutAsync(IdentityConstants.TwoFactorUserIdScheme);
        await door.SignInAsync(user, isPersistent: true);
        await audit.Write(new AuditEntry("sign-in.done") { Actor = user.UserName }, CancellationToken.None);
        return true;
    }

    private async Task<User?> Remembered(HttpContext http)
    {
        var first = (await http.AuthenticateAsync(IdentityConstants.TwoFactorUserIdScheme)).Principal;
        var user = first is null ? null : await users.GetUserAsync(first);
        // A new password or a disabled account since the first step ends it.
        return user is { DisabledAt: null, TwoFactorEnabled: true } && first!.HasClaim(Stamp, user.SecurityStamp!) ? user : null;
    }

    private static IResult Answer(HttpContext http, Texts texts, string returnUrl, bool failed) => Pages.ShowBare<SecondStepPage>(http, texts["access.factor.title"],
        new { ReturnUrl = returnUrl, Failed = failed }, failed ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);
}
