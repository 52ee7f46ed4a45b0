using Huike.Platform.Access.Passwords;
using Huike.Platform.Access.SecondFactors;
using Huike.Platform.Access.Tokens;
using Huike.Platform.Access.Users;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Ui;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;

namespace Huike.Platform.Access.Sessions;

/// <summary>One's own account: everyone who is signed in has one.</summary>
internal static class AccountEndpoints
{
    public static void MapAccount(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/account").RequireAuthorization();
        group.MapGet("/", (HttpContext http, Account account, CancellationToken ct) => account.Show(http, ct));
        group.MapPost("/password", (HttpContext http, Account account, Texts texts, ChangePassword change, IFormCollection form, CancellationToken ct) => account.Try(http, async () =>
        {
            await change.Run(http, form["present"].ToString(), form["chosen"].ToString(), ct);
            return await account.Show(http, ct, done: texts["access.password.changed"]);
        }, ct));
        group.MapPost("/sessions/{session:long}/end", async (HttpContext http, SessionRegister sessions, AuditLog audit, long session, IFormCollection form, CancellationToken ct) =>
        {
            await sessions.End(http.User.UserId(), session, ct);
            await audit.Write(UserChange.Entry("session-ended", http.User.UserId()), ct);
            return TypedResults.Redirect("/account");
        });
        group.MapPost("/sessions/end", async (HttpContext http, SessionRegister sessions, AuditLog audit, IFormCollection form, CancellationToken ct) =>
        {
            await sessions.EndAll(http.User.UserId(), except: null, ct);
            await audit.Write(UserChange.Entry("sessions-ended", http.User.UserId()), ct);
            await http.SignOutAsync(IdentityConstants.ApplicationScheme);
            return TypedResults.Redirect("/sign-in");
        });
    }

    /// <summary>The page of one's own account.</summary>
    internal sealed class Account(HuikeDb db, SessionRegister sessions, SecondFactor factor, TokenRegister tokens, Texts texts)
    {
        /// <summary>Does something and answers; a rule that says no comes back on the page.</summary>
        public async Task<IResult> Try(HttpContext http, Func<Task<IResult>> work, CancellationToken ct)
        {
            try
            {
                return await work();
            }
            catch (RuleException refused)
            {
                db.ChangeTracker.Clear();
                return await Show(http, ct, error: texts[refused.Code, [.. refused.Args]]);
            }
        }

        public async Task<IResult> Show(HttpContext http, CancellationToken ct, string? done = null, string? error = null)
        {
            var user = await db.Users.FindAsync([http.User.UserId()], ct);
            return Pages.Show<AccountPage>(http, texts["access.account.title"], new
            {
                Own = user!,
                Sessions = await sessions.Of(user!.Id, ct),
                CodesLeft = await factor.RecoveryCodesLeft(user),
                TokensEndSoon = await tokens.EndSoon(user.Id, ct),
                Done = done,
                Error = error,
            }, error is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
        }
    }
}
