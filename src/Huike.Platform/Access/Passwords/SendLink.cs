using System.Globalization;
using Huike.Platform.Access.Limits;
using Huike.Platform.Access.Users;
using Huike.Platform.Data;
using Huike.Platform.Jobs;
using Huike.Platform.Mail;
using Huike.Platform.Settings;
using Huike.Ui;
using Microsoft.EntityFrameworkCore;

namespace Huike.Platform.Access.Passwords;

/// <summary>Sends a user the link by which to choose a password. The payload is the user's number; 0 stands for a name that nobody has. A link is made when it is sent, so that the queue holds no secret.</summary>
internal sealed class SendLink(HuikeDb db, UserChange change, IssueLink issue, SettingsStore settings, IOutgoingMail mail) : IJobWorker
{
    public const string Kind = "access.link";

    string IJobWorker.Kind => Kind;

    public bool IsShort => true;

    public TimeSpan? PauseAfter(Exception failure, int attempts) => SmtpMail.PauseAfter(failure, attempts);

    public async Task Run(Job job, Action<double> progress, CancellationToken ct)
    {
        var id = long.Parse(job.Payload, CultureInfo.InvariantCulture);
        if (await db.Users.FirstOrDefaultAsync(user => user.Id == id && user.DisabledAt == null && user.Kind != UserKind.Service && user.Email != null, ct) is not { } user) { return; }
        var invites = user.PasswordHash is null;
        var path = await change.Alone(() => issue.Run(user, ct), _ => UserChange.Entry("link-made", id), ct);
        var limits = await settings.Get<SignInSettings>(ct);
        // Nobody has told us the reader's language: the mail is written in each.
        var all = TextCatalog.Languages.Select(TextCatalog.For).ToList();
        var subject = string.Join(" / ", all.Select(texts => invites ? texts["access.mail.invitation.subject"] : texts["access.mail.reset.subject"]));
        var body = string.Join("\r\n\r\n— — —\r\n\r\n", all.Select(texts => invites
            ? texts["access.mail.invitation.body", user.ShownName, user.UserName!, mail.PublicAddress + path, limits.InvitationDays]
            : texts["access.mail.reset.body", user.ShownName, user.UserName!, mail.PublicAddress + path, limits.ResetHours]));
        await mail.Send(user.Email!, subject, body, ct);
    }
}
