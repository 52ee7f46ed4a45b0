using Huike.Platform.Data;
using Microsoft.EntityFrameworkCore;

namespace Huike.Platform.Access.Passwords;

/// <summary>Makes a link by which a user chooses a password; the one before is void.</summary>
internal sealed class IssueLink(HuikeDb db, TimeProvider clock)
{
    /// <summary>An invitation waits for people on leave.</summary>
    public static readonly TimeSpan InvitationLife = TimeSpan.FromDays(7);

    /// <summary>A reset is asked for by someone who sits there.</summary>
    public static readonly TimeSpan ResetLife = TimeSpan.FromHours(2);

    /// <returns>The link's path; nothing keeps it.</returns>
    public async Task<string> Run(User user, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var token = OneTimeLink.NewToken();
        foreach (var earlier in await db.Set<OneTimeLink>().Where(link => link.UserId == user.Id).ToListAsync(ct)) { db.Remove(earlier); }
        db.Add(new OneTimeLink(user.Id, token, now, user.PasswordHash is null ? InvitationLife : ResetLife));
        await db.SaveChangesAsync(ct);
        return $"/password/{token}";
    }
}
