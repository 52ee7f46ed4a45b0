using System.Globalization;
using Huike.Platform.Access.Sessions;
using Huike.Platform.Jobs;
using Huike.Platform.Mail;
using Huike.Ui;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;

namespace Huike.Platform.Access.Passwords;

/// <summary>Asks for a link to one's own account. Answer and work are the same whether or not there is such an account: the mail is a job.</summary>
internal sealed class ForgotPassword(UserManager<User> users, SignInGate gate, JobQueue jobs)
{
    public async Task Run(string name, string address, CancellationToken ct)
    {
        if (!await gate.Enter(ct, SignInGate.ResetOf(users.NormalizeName(name) ?? ""), SignInGate.Address(address))) { return; }
        var user = await users.FindByNameAsync(name) ?? await users.FindByEmailAsync(name);
        await jobs.Add(SendLink.Kind, (user?.Id ?? 0).ToString(CultureInfo.InvariantCulture), "", thisMachineOnly: false, ct);
    }

    public static IResult Show(HttpContext http, Texts texts, IOutgoingMail mail) => Answer(http, texts, mail, asked: false);

    public static async Task<IResult> Post(HttpContext http, Texts texts, ForgotPassword forgot, IOutgoingMail mail, IFormCollection form, CancellationToken ct)
    {
        if (mail.IsReady) { await forgot.Run(form["name"].ToString(), SessionCookie.AddressOf(http), ct); }
        return Answer(http, texts, mail, asked: true);
    }

    private static IResult Answer(HttpContext http, Texts texts, IOutgoingMail mail, bool asked) =>
        Pages.ShowBare<ForgotPasswordPage>(http, texts["access.forgot.title"], new { Asked = asked, Mail = mail.IsReady });
}
