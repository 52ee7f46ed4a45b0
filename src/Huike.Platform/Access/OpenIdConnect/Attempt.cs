using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace Huike.Platform.Access.OpenIdConnect;

/// <summary>A visitor led to a provider: what has to come back, known to this browser alone.</summary>
/// <param name="Provider">Key of the provider; the answer of another is none.</param>
/// <param name="State">Comes back in the address.</param>
/// <param name="Nonce">Comes back in the token.</param>
/// <param name="Verifier">Shows that whoever changes the code for a token asked for it (PKCE, RFC 7636).</param>
/// <param name="ReturnUrl">Where to go after; a path of this site.</param>
/// <param name="UserId">Who links the account; 0 for a sign-in.</param>
/// <param name="Until">From when on it is too late.</param>
internal sealed record Attempt(string Provider, string State, string Nonce, string Verifier, string ReturnUrl, long UserId, DateTimeOffset Until)
{
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    /// <summary>What the provider is told of the verifier.</summary>
    public string Challenge => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    public static Attempt Begin(string provider, string returnUrl, long userId, DateTimeOffset now) => new(provider, Chance(), Chance(), Chance(), returnUrl, userId, now + Life);

    private static string Chance() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}

/// <summary>Keeps attempts in cookies of their own, sealed: two tabs don't disturb each other, and nothing is kept here. Each is answered once.</summary>
internal sealed class AttemptCookie(IDataProtectionProvider protection, SpentTokens spent, TimeProvider clock)
{
    private const string Path = "/sign-in/with";
    private readonly IDataProtector protector = protection.CreateProtector("provider attempt");

    public void Write(HttpContext http, Attempt attempt) => http.Response.Cookies.Append(Name(attempt.State),
        Base64Url.EncodeToString(protector.Protect(JsonSerializer.SerializeToUtf8Bytes(attempt))), Options(http));

    /// <summary>Uses the attempt of this state up.</summary>
    /// <returns>Null where this browser made none, it is too old, or was answered before.</returns>
    public async Task<Attempt?> Use(HttpContext http, string state)
    {
        if (http.Request.Cookies[Name(state)] is not { } cookie) { return null; }
        http.Response.Cookies.Delete(Name(state), Options(http));
        try
        {
            var attempt = JsonSerializer.Deserialize<Attempt>(protector.Unprotect(Base64Url.DecodeFromChars(cookie)))!;
            var fits = attempt.State == state && attempt.Until > clock.GetUtcNow();
            return fits && await spent.Use(state, attempt.Until, http.RequestAborted) ? attempt : null;
        }
        catch (Exception forged) when (forged is CryptographicException or FormatException)
        {
            return null;
        }
    }

    // Lax: the way back begins at another site.
    private static CookieOptions Options(HttpContext http) =>
        new() { HttpOnly = true, Secure = http.Request.IsHttps, SameSite = SameSiteMode.Lax, Path = http.Request.PathBase + Path, MaxAge = Attempt.Life, IsEssential = true };

    private static string Name(string state) => "huike.with." + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(state)))[..16];
}
