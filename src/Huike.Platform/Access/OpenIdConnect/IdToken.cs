using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Huike.Platform.Access.OpenIdConnect;

/// <summary>Whom a provider says it has before it.</summary>
/// <param name="Subject">Stable there.</param>
/// <param name="Email">Empty where it wasn't told, or isn't verified.</param>
internal sealed record Identity(string Subject, string Email);

/// <summary>What an ID token has to say.</summary>
/// <param name="Issuer">Who made it; a slash at the end or none.</param>
/// <param name="ClientId">For whom: us.</param>
/// <param name="Nonce">For which attempt.</param>
internal sealed record Expected(string Issuer, string ClientId, string Nonce);

/// <summary>Reads an ID token (OpenID Connect Core 3.1.3.7), and believes it only where everything fits.</summary>
internal static class IdToken
{
    private const int LongestSubject = 255;
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    /// <summary>The name of the key that signed it; empty for none.</summary>
    /// <exception cref="ProviderException">It is no token.</exception>
    public static string KidOf(string token) => Text(Part(Parts(token)[0]), "kid");

    /// <exception cref="ProviderException">Something doesn't fit.</exception>
    public static Identity Check(string token, IReadOnlyList<SigningKey> keys, Expected expected, DateTimeOffset now)
    {
        var parts = Parts(token);
        var (header, claims) = (Part(parts[0]), Part(parts[1]));
        Demand(!header.TryGetProperty("crit", out _), "it has headers that must be understood");
        var (algorithm, kid) = (Text(header, "alg"), Text(header, "kid"));
        var (signed, signature) = (Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Decoded(parts[2]));
        Demand(keys.Any(key => (kid.Length == 0 || key.Kid == kid) && key.Verify(algorithm, signed, signature)), $"no key of the provider signed it with {algorithm}");
        Demand(Text(claims, "iss").TrimEnd('/') == expected.Issuer, "another issuer");
        CheckAudience(claims, expected.ClientId);
        CheckTimes(claims, now);
        Demand(Text(claims, "nonce") == expected.Nonce, "the nonce of another attempt");
        var subject = Text(claims, "sub");
        Demand(subject.Length is > 0 and <= LongestSubject && !subject.Contains('\0', StringComparison.Ordinal), "no subject");
        var email = Text(claims, "email");
        return new(subject, IsTrue(claims, "email_verified") && !email.Contains('\0', StringComparison.Ordinal) ? email : "");
    }

    private static void CheckAudience(JsonElement claims, string clientId)
    {
        claims.TryGetProperty("aud", out var audience);
        string[] audiences = audience.ValueKind switch
        {
            JsonValueKind.String => [audience.GetString()!],
            JsonValueKind.Array => [.. audience.EnumerateArray().Select(one => one.ValueKind == JsonValueKind.String ? one.GetString()! : "")],
            _ => [],
        };
        Demand(audiences.Contains(clientId), "another audience");
        var party = Text(claims, "azp");
        Demand(party == clientId || (party.Length == 0 && audiences.Length == 1), "another authorized party");
    }

    private static void CheckTimes(JsonElement claims, DateTimeOffset now)
    {
        Demand(Seconds(claims, "exp") is { } end && end > now - Skew, "it is over");
        Demand(Seconds(claims, "iat") is { } begun && begun <= now + Skew, "it comes from the future");
        Demand(Seconds(claims, "nbf") is not { } from || from <= now + Skew, "it doesn't hold yet");
    }

    private static string[] Parts(string token)
    {
        var parts = token.Split('.');
        Demand(parts.Length == 3, "it hasn't three parts");
        return parts;
    }

    private static JsonElement Part(string part)
    {
        try
        {
            using var json = JsonDocument.Parse(Decoded(part), Strict);
            Demand(json.RootElement.ValueKind == JsonValueKind.Object, "a part is no object");
            return json.RootElement.Clone();
        }
        catch (JsonException broken)
        {
            throw new ProviderException(ProviderException.Unusable, "ID token: " + broken.Message);
        }
    }

    private static byte[] Decoded(string part)
    {
        try
        {
            return Base64Url.DecodeFromChars(part);
        }
        catch (FormatException)
        {
            throw new ProviderException(ProviderException.Unusable, "ID token: a part is not base64url");
        }
    }

    private static DateTimeOffset? Seconds(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds) && seconds is >= 0 and < 100_000_000_000
            ? DateTimeOffset.FromUnixTimeSeconds((long)seconds) : null;

    private static string Text(JsonElement part, string name) => part.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static bool IsTrue(JsonElement claims, string name) => claims.TryGetProperty(name, out var value)
        && (value.ValueKind == JsonValueKind.True || (value.ValueKind == JsonValueKind.String && value.ValueEquals("true")));

    private static void Demand(bool holds, string what)
    {
        if (!holds) { throw new ProviderException(ProviderException.Unusable, "ID token: " + what); }
    }
}
