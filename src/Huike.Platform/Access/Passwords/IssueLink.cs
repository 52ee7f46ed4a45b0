using Huike.Platform.Access.Limits;
using Huike.Platform.Data;
using Huike.Platform.Settings;
using Microsoft.EntityFrameworkCore;

namespace Huike.Platform.Access.Passwords;

/// <summary>Makes a link by which a user chooses a password; the one before is void.</summary>
internal sealed class IssueLink(HuikeDb db, SettingsStore settings, TimeProvider clock)
{
    /// <returns>The link's path; nothing keeps it.</returns>
    public async Task<string> Run(User user, CancellationToken ct)
    {
        var limits = await settings.Get<SignInSettings>(ct);
        var now = clock.GetUtcNow();
        var token = OneTimeLink.NewToken();
        foreach (var earlier in await db.Set<OneTimeLink>().Where(link => link.UserId == user.Id).ToListAsync(ct)) { db.Remove(earlier); }
        db.Add(new OneTimeLink(user.Id, token, now, user.PasswordHash is null ? TimeSpan.FromDays(limits.InvitationDays) : TimeSpan.FromHours(limits.ResetHours)));
        await db.SaveChangesAsync(ct);
        return $"/password/{token}";
    }
}
