using Huike.Platform.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace Huike.Platform.Access.Passkeys;

/// <summary>Accounts as the framework asks for them, with passkeys in a table of ours: a row of plain columns instead of a document.</summary>
internal sealed class AccountStore(HuikeDb db, TimeProvider clock, IdentityErrorDescriber errors) : UserOnlyStore<User, HuikeDb, long>(db, errors), IUserPasskeyStore<User>
{
    Task IUserPasskeyStore<User>.AddOrUpdatePasskeyAsync(User user, UserPasskeyInfo passkey, CancellationToken cancellationToken) => Keep(user, passkey, cancellationToken);

    async Task<IList<UserPasskeyInfo>> IUserPasskeyStore<User>.GetPasskeysAsync(User user, CancellationToken cancellationToken) =>
        [.. (await Of(user).ToListAsync(cancellationToken)).Select(passkey => passkey.ToInfo())];

    Task<User?> IUserPasskeyStore<User>.FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken)
    {
        var text = Passkey.Text(credentialId);
        var owners = Context.Set<Passkey>().Where(passkey => passkey.CredentialId == text).Select(passkey => passkey.UserId);
        return Context.Users.FirstOrDefaultAsync(user => owners.Contains(user.Id), cancellationToken);
    }

    async Task<UserPasskeyInfo?> IUserPasskeyStore<User>.FindPasskeyAsync(User user, byte[] credentialId, CancellationToken cancellationToken) =>
        (await Find(user, credentialId, cancellationToken))?.ToInfo();

    async Task IUserPasskeyStore<User>.RemovePasskeyAsync(User user, byte[] credentialId, CancellationToken cancellationToken)
    {
        if (await Find(user, credentialId, cancellationToken) is { } known) { Context.Remove(known); }
    }

    private async Task Keep(User user, UserPasskeyInfo info, CancellationToken ct)
    {
        if (await Find(user, info.CredentialId, ct) is not { } known)
        {
            Context.Add(Passkey.Of(user, info, clock.GetUtcNow()));
            return;
        }
        known.SignCount = info.SignCount;
        known.IsBackedUp = info.IsBackedUp;
        known.UsedAt = clock.GetUtcNow();
    }

    private IQueryable<Passkey> Of(User user) => Context.Set<Passkey>().Where(passkey => passkey.UserId == user.Id).OrderBy(passkey => passkey.Id);

    private Task<Passkey?> Find(User user, byte[] credentialId, CancellationToken ct)
    {
        var text = Passkey.Text(credentialId);
        return Of(user).FirstOrDefaultAsync(passkey => passkey.CredentialId == text, ct);
    }
}
