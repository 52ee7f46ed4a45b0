using Huike.Platform.Access.Users;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Microsoft.EntityFrameworkCore;

namespace Huike.Platform.Access.Passkeys;

/// <summary>Takes passkeys away: one of one's own, or all of a user whose device is lost.</summary>
internal sealed class RemovePasskey(HuikeDb db, UserChange change)
{
    /// <exception cref="RuleException"><c>access.passkey.unknown</c>: not there, or another's.</exception>
    public Task Own(long userId, long passkeyId, CancellationToken ct) => change.Alone(async () =>
    {
        var known = await db.Set<Passkey>().FirstOrDefaultAsync(passkey => passkey.Id == passkeyId && passkey.UserId == userId, ct) ?? throw new RuleException("access.passkey.unknown");
        db.Remove(known);
        await db.SaveChangesAsync(ct);
        return known.Name;
    }, name => UserChange.Entry("passkey-removed", userId, new AuditChange("passkey", name, null)), ct);

    public Task All(System.Security.Claims.ClaimsPrincipal actor, long userId, CancellationToken ct) =>
        change.Run(actor, userId, "passkeys-removed", (_, _) => db.Set<Passkey>().Where(passkey => passkey.UserId == userId).ExecuteDeleteAsync(ct), ct);
}
