using System.Globalization;
using Huike.Platform.Access.Sessions;
using Huike.Platform.Access.Users;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Huike.Platform.Access.Passkeys;

/// <summary>A new passkey for one's own account, in two steps: the password first, so that no device makes a key that is then refused; then the device.</summary>
internal sealed class AddPasskey(HuikeDb db, IPasskeyHandler<User> handler, UserManager<User> users, Challenge challenge, UserChange change)
{
    /// <summary>Passkeys of one user.</summary>
    private const int Most = 20;

    private const int LongestName = 60;
    private const int LongestCredential = 20_000;

    /// <returns>What the browser hands to the device, and the sealed state for the way back.</returns>
    /// <exception cref="RuleException"><c>access.passkey.many</c>.</exception>
    public async Task<(string Options, string Pending)> Begin(HttpContext http, User user, CancellationToken ct)
    {
        await DemandRoom(user.Id, ct);
        var made = await handler.MakeCreationOptionsAsync(new() { Id = user.Id.ToString(CultureInfo.InvariantCulture), Name = user.UserName!, DisplayName = user.ShownName }, http);
        return (made.CreationOptionsJson, challenge.Seal(http, made.AttestationState ?? "", user.Id));
    }

    /// <exception cref="RuleException"><c>access.passkey.refused</c>: the device's answer isn't right, or too late; <c>access.passkey.name</c>, <c>access.passkey.many</c>.</exception>
    public async Task Run(HttpContext http, string name, string pending, string credential, CancellationToken ct)
    {
        if (name.Trim() is not { Length: > 0 and <= LongestName } named) { throw new RuleException("access.passkey.name", LongestName); }
        var userId = http.User.UserId();
        var state = credential.Length <= LongestCredential ? await challenge.Use(http, pending, userId) : null;
        var answer = state is null ? null : await handler.PerformAttestationAsync(new() { HttpContext = http, CredentialJson = credential, AttestationState = state });
        if (answer is not { Succeeded: true, Passkey: { } passkey }) { throw new RuleException("access.passkey.refused"); }
        passkey.Name = named;
        await change.Alone(async () =>
        {
            await DemandRoom(userId, ct);
            var user = await db.Users.FirstAsync(user => user.Id == userId, ct);
            UserChange.Demand(await users.AddOrUpdatePasskeyAsync(user, passkey));
            return named;
        }, _ => UserChange.Entry("passkey-added", userId, AuditChange.Is("passkey", named)), ct);
    }

    private async Task DemandRoom(long userId, CancellationToken ct)
    {
        if (await db.Set<Passkey>().CountAsync(passkey => passkey.UserId == userId, ct) >= Most) { throw new RuleException("access.passkey.many", Most); }
    }
}
