using System.Globalization;
using Huike.Platform.Access.Limits;
using Huike.Platform.Access.Sessions;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Jobs;
using Huike.Platform.Mail;
using Huike.Platform.Settings;
using Huike.Ui;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Huike.Platform.Access.Passwords;

/// <summary>Asks for a link to one's own account. Answer and work are the same whether or not there is such an account: the mail is a job.</summary>
internal sealed class ForgotPassword(HuikeDb db, UserManager<User> users, SignInGate gate, JobQueue jobs, IOutgoingMail mail, AuditLog audit)
{
    public async Task Run(string name, string address, CancellationToken ct)
    {
        var normal = users.NormalizeName(name) ?? "";
        if (!await gate.Enter(ct, SignInGate.ResetOf(normal), SignInGate.Address(address))) { return; }
        // Several accounts may share a mail address; a name is one's own.
        var known = await db.Users.Where(user => user.NormalizedUserName == normal || user.NormalizedEmail == normal)
            .OrderBy(user => user.NormalizedUserName == normal ? 0 : 1).ThenBy(user => user.Id).Select(user => new { user.Id, user.UserName }).FirstOrDefaultAsync(ct);
        await audit.Write(new AuditEntry("sign-in.link-asked") { Actor = known?.UserName ?? "" }, ct);
        var userId = known?.Id ?? 0;
        if (mail.IsReady) { await jobs.Add(SendLink.Kind, userId.ToString(CultureInfo.InvariantCulture), "", thisMachineOnly: false, ct); }
    }

    public static IResult Show(HttpContext http, Texts texts, IOutgoingMail mail) => Answer(http, texts, mail, hours: null);

    public static async Task<IResult> Post(HttpContext http, Texts texts, ForgotPassword forgot, IOutgoingMail mail, SettingsStore settings, IFormCollection form, CancellationToken ct)
    {
        await forgot.Run(form["name"].ToString(), SessionCookie.AddressOf(http), ct);
        return Answer(http, texts, mail, (await settings.Get<SignInSettings>(ct)).ResetHours);
    }

    private static IResult Answer(HttpContext http, Texts texts, IOutgoingMail mail, int? hours) =>
        Pages.ShowBare<ForgotPasswordPage>(http, texts["access.forgot.title"], new { Asked = hours is not null, Hours = hours ?? 0, Mail = mail.IsReady });
}
