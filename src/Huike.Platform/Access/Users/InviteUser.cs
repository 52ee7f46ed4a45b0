using System.Globalization;
using System.Security.Claims;
using Huike.Platform.Access.Passwords;
using Huike.Platform.Jobs;
using Huike.Platform.Mail;

namespace Huike.Platform.Access.Users;

/// <summary>Gives a user the link by which to choose a password: by mail where that can be sent, else into the administrator's hand.</summary>
internal sealed class InviteUser(UserChange change, IssueLink issue, IOutgoingMail mail, JobQueue jobs)
{
    /// <returns>The link's path, to be shown once; null where it goes by mail.</returns>
    /// <exception cref="RuleException"><c>access.user.unknown</c>, <c>access.user.more</c>, <c>access.user.disabled</c>, <c>access.user.service</c>.</exception>
    public async Task<string?> Run(ClaimsPrincipal actor, long userId, CancellationToken ct)
    {
        string? path = null;
        var byMail = false;
        await change.Run(actor, userId, "link-made", async (user, _) =>
        {
            if (user.DisabledAt is not null) { throw new RuleException("access.user.disabled"); }
            if (user.Kind == UserKind.Service) { throw new RuleException("access.user.service"); }
            byMail = mail.IsReady && user.Email is not null;
            path = byMail ? null : await issue.Run(user, ct);
        }, ct);
        if (byMail) { await jobs.Add(SendLink.Kind, userId.ToString(CultureInfo.InvariantCulture), actor.Identity!.Name!, thisMachineOnly: false, ct); }
        return path;
    }
}
