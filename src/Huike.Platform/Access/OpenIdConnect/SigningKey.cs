using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace Huike.Platform.Access.OpenIdConnect;

/// <summary>A provider's public key (RFC 7517), good for the asymmetric algorithms of RFC 7518 and no others: a secret that both sides know would let anyone sign who knows it.</summary>
/// <param name="Kid">Its name; empty for none.</param>
/// <param name="Verify">Takes algorithm, signed bytes and signature.</param>
internal sealed record SigningKey(string Kid, Func<string, byte[], byte[], bool> Verify)
{
    private const int LeastBits = 2048;

    private static readonly Dictionary<string, HashAlgorithmName> Hashes = new() { ["256"] = HashAlgorithmName.SHA256, ["384"] = HashAlgorithmName.SHA384, ["512"] = HashAlgorithmName.SHA512 };

    private static readonly Dictionary<string, (ECCurve Curve, string Algorithm)> Curves = new()
    {
        ["P-256"] = (ECCurve.NamedCurves.nistP256, "ES256"),
        ["P-384"] = (ECCurve.NamedCurves.nistP384, "ES384"),
        ["P-521"] = (ECCurve.NamedCurves.nistP521, "ES512"),
    };

    /// <summary>The keys of a set that can sign; others are left out.</summary>
    public static List<SigningKey> Read(JsonElement set) =>
        [.. set.GetProperty("keys").EnumerateArray().Where(key => Text(key, "use") is "" or "sig").Select(One).OfType<SigningKey>()];

    private static SigningKey? One(JsonElement key)
    {
        try
        {
            return Text(key, "kty") switch { "RSA" => Rsa(key), "EC" => Curve(key), _ => null };
        }
        catch (Exception broken) when (broken is CryptographicException or FormatException)
        {
            return null;
        }
    }

    private static SigningKey? Rsa(JsonElement key)
    {
        var parameters = new RSAParameters { Modulus = Bytes(key, "n"), Exponent = Bytes(key, "e") };
        using var tried = RSA.Create(parameters);
        return tried.KeySize < LeastBits ? null : new(Text(key, "kid"), (algorithm, signed, signature) =>
        {
            if (!Allows(key, algorithm) || algorithm is not ['R' or 'P', 'S', .. var size] || !Hashes.TryGetValue(size, out var hash)) { return false; }
            using var rsa = RSA.Create(parameters);
            return rsa.VerifyData(signed, signature, hash, algorithm[0] == 'R' ? RSASignaturePadding.Pkcs1 : RSASignaturePadding.Pss);
        });
    }

    private static SigningKey? Curve(JsonElement key)
    {
        if (!Curves.TryGetValue(Text(key, "crv"), out var known)) { return null; }
        var parameters = new ECParameters { Curve = known.Curve, Q = new() { X = Bytes(key, "x"), Y = Bytes(key, "y") } };
        ECDsa.Create(parameters).Dispose();
        return new(Text(key, "kid"), (algorithm, signed, signature) =>
        {
            if (!Allows(key, algorithm) || algorithm != known.Algorithm) { return false; }
            using var curve = ECDsa.Create(parameters);
            return curve.VerifyData(signed, signature, Hashes[algorithm[2..]], DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        });
    }

    private static bool Allows(JsonElement key, string algorithm) => Text(key, "alg") is var named && (named.Length == 0 || named == algorithm);

    private static byte[] Bytes(JsonElement key, string name) => Base64Url.DecodeFromChars(Text(key, name));

    private static string Text(JsonElement key, string name) =>
        key.ValueKind == JsonValueKind.Object && key.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
