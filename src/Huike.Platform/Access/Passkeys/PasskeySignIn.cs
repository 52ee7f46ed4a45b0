using System.Text.Json;
using Huike.Platform.Access.Sessions;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Huike.Platform.Access.Passkeys;

/// <summary>Coming in by a passkey. The device has asked its owner for finger, face or PIN: what one has and what one is or knows, so no second step follows. Every refusal says the same.</summary>
internal sealed class PasskeySignIn(HuikeDb db, IPasskeyHandler<User> handler, UserManager<User> users, Challenge challenge, Entrance entrance)
{
    private const int LongestCredential = 10_000;

    /// <returns>What the browser hands to the device, whoever sits there, and the sealed state for the way back.</returns>
    public async Task<(string Options, string Pending)> Begin(HttpContext http)
    {
        var made = await handler.MakeRequestOptionsAsync(null, http);
        return (made.RequestOptionsJson, challenge.Seal(http, made.AssertionState ?? "", userId: 0));
    }

    /// <returns>Whether the visitor is in.</returns>
    public async Task<bool> Run(HttpContext http, string pending, string credential)
    {
        if (credential.Length > LongestCredential) { return false; }
        var owner = await OwnerOf(credential, http.RequestAborted);
        if (!await entrance.Try(http, owner)) { return false; }
        var state = await challenge.Use(http, pending, userId: 0);
        var answer = state is null ? null : await handler.PerformAssertionAsync(new() { HttpContext = http, CredentialJson = credential, AssertionState = state });
        if (answer is not { Succeeded: true, User: { MaySignIn: true } user, Passkey: { } passkey })
        {
            await entrance.Refuse(owner);
            return false;
        }
        Users.UserChange.Demand(await users.AddOrUpdatePasskeyAsync(user, passkey));
        await entrance.Open(http, user, AuditChange.Is("passkey", passkey.Name));
        return true;
    }

    /// <summary>Whose key it claims to be: only to count and to tell; nothing is believed yet.</summary>
    private async Task<User?> OwnerOf(string credential, CancellationToken ct)
    {
        try
        {
            using var json = JsonDocument.Parse(credential);
            var id = json.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("id", out var named) && named.ValueKind == JsonValueKind.String ? named.GetString()! : "";
            // A database takes no NUL.
            if (id.Length == 0 || !id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')) { return null; }
            var owners = db.Set<Passkey>().Where(passkey => passkey.CredentialId == id).Select(passkey => passkey.UserId);
            return await db.Users.FirstOrDefaultAsync(user => owners.Contains(user.Id), ct);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
