using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Huike.Platform.Access.Passkeys;

/// <summary>What a device shall sign, on its way through the browser: sealed, for this browser alone, for a while, and answered once. Asking for one keeps nothing here.</summary>
internal sealed class Challenge(IDataProtectionProvider protection, IAntiforgery antiforgery, IOptions<AntiforgeryOptions> forms, SpentTokens spent, TimeProvider clock)
{
    /// <summary>Sign-in pages stand open; older ones are asked for anew by the script.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromHours(1);

    private readonly IDataProtector protector = protection.CreateProtector("passkey challenge");

    private sealed record Sealed(string Browser, long UserId, DateTimeOffset Until, string State);

    /// <param name="http">Whose browser.</param>
    /// <param name="state">The framework's, with the challenge in it.</param>
    /// <param name="userId">Who adds a passkey; 0 for a sign-in.</param>
    public string Seal(HttpContext http, string state, long userId)
    {
        // The cookie of the forms' token is as good as any to know a browser by; a new one is on its way with this very answer.
        var cookie = antiforgery.GetAndStoreTokens(http).CookieToken ?? CookieOf(http);
        return Convert.ToBase64String(protector.Protect(JsonSerializer.SerializeToUtf8Bytes(new Sealed(Hash(cookie), userId, clock.GetUtcNow() + Life, state))));
    }

    /// <summary>Uses a challenge up.</summary>
    /// <returns>The state, or null where it was made for another browser or purpose, is too old, was answered before, or isn't ours.</returns>
    public async Task<string?> Use(HttpContext http, string sealedText, long userId)
    {
        try
        {
            var plain = protector.Unprotect(Convert.FromBase64String(sealedText));
            var held = JsonSerializer.Deserialize<Sealed>(plain)!;
            var fits = held.UserId == userId && held.Browser == Hash(CookieOf(http)) && held.Until > clock.GetUtcNow();
            return fits && await spent.Use(Encoding.UTF8.GetString(plain), held.Until, http.RequestAborted) ? held.State : null;
        }
        catch (Exception forged) when (forged is CryptographicException or FormatException)
        {
            return null;
        }
    }

    private string CookieOf(HttpContext http) => http.Request.Cookies[forms.Value.Cookie.Name!] ?? "";

    private static string Hash(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
