using Huike.Platform.Access.Users;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Huike.Platform.Access.OpenIdConnect;

/// <summary>Which identity at a provider belongs to which account. Nobody becomes a user by having one.</summary>
internal sealed class LinkedAccounts(HuikeDb db, UserManager<User> users, UserChange change)
{
    private const int LongestName = 100;

    /// <returns>The account, or null where none is linked; disabled ones too.</returns>
    public async Task<User?> Find(ProviderOptions provider, Identity identity, CancellationToken ct)
    {
        if (await users.FindByLoginAsync(provider.Issuer, identity.Subject) is { } linked) { return linked; }
        if (!provider.MatchEmail || identity.Email.Length == 0) { return null; }
        var email = users.NormalizeEmail(identity.Email);
        // Of two accounts with one address, neither is meant.
        var candidates = await db.Users.Where(user => user.NormalizedEmail == email).Take(2).ToListAsync(ct);
        if (candidates is not [{ MaySignIn: true } only]) { return null; }
        await Link(only.Id, provider, identity, ct, only.UserName);
        return only;
    }

    /// <exception cref="RuleException"><c>access.with.error.linked</c>: it belongs to another account.</exception>
    public async Task Link(long userId, ProviderOptions provider, Identity identity, CancellationToken ct, string? actor = null)
    {
        var shown = identity.Email.Length > 0 ? $"{provider.Name} ({identity.Email})" : provider.Name;
        await change.Alone(async () =>
        {
            if (await users.FindByLoginAsync(provider.Issuer, identity.Subject) is not null) { throw new RuleException("access.with.error.linked"); }
            var user = await db.Users.FirstAsync(user => user.Id == userId, ct);
            UserChange.Demand(await users.AddLoginAsync(user, new(provider.Issuer, identity.Subject, shown.Length > LongestName ? shown[..LongestName] : shown)));
            return shown;
        }, told => UserChange.Entry("provider-linked", userId, AuditChange.Is("provider", told)) with { Actor = actor }, ct);
    }

    /// <summary>Parts an account from its identities at a provider.</summary>
    public Task Unlink(long userId, ProviderOptions provider, CancellationToken ct) => change.Alone(
        () => db.UserLogins.Where(login => login.UserId == userId && login.LoginProvider == provider.Issuer).ExecuteDeleteAsync(ct),
        _ => UserChange.Entry("provider-unlinked", userId, new AuditChange("provider", provider.Name, null)), ct);
}
