using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace Huike.Platform.Webhooks;

/// <summary>Secrets that messages are signed with, as Standard Webhooks says; kept encrypted by the keys of the data folder.</summary>
internal sealed class WebhookSecrets(IDataProtectionProvider protection)
{
    private const string Prefix = "whsec_";
    private const int Length = 32;

    private readonly IDataProtector protector = protection.CreateProtector("webhook secret");

    public static string Make() => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(Length));

    /// <summary>As it lies in the database.</summary>
    public string Keep(string secret) => protector.Protect(secret);

    /// <exception cref="CryptographicException">The keys that it was kept by are gone.</exception>
    public string Read(string kept) => protector.Unprotect(kept);

    /// <summary>A signature by each secret, with blanks between.</summary>
    /// <exception cref="CryptographicException">The keys that they were kept by are gone.</exception>
    public string Sign(IEnumerable<string> kept, string id, long seconds, string body) => string.Join(' ', kept.Select(one => Signature(Read(one), id, seconds, body)));

    /// <param name="secret">With its <c>whsec_</c>.</param>
    /// <param name="id">Of the message.</param>
    /// <param name="seconds">Of the try, since 1970.</param>
    /// <param name="body">As it is sent.</param>
    internal static string Signature(string secret, string id, long seconds, string body) =>
        "v1," + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret[Prefix.Length..]), Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{seconds}.{body}"))));
}
