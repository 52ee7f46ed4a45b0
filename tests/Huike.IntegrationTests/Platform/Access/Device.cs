using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Huike.IntegrationTests.Platform.Access;

/// <summary>A device that holds a passkey and does what a browser and an authenticator do (WebAuthn level 3), or a little else.</summary>
/// <param name="origin">Of the page on which its user believes to be.</param>
/// <param name="domain">That the key is bound to.</param>
internal sealed class Device(string origin, string domain) : IDisposable
{
    private const byte UserPresent = 1;
    private const byte UserVerified = 4;
    private const byte HasKey = 64;

    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly byte[] id = RandomNumberGenerator.GetBytes(20);
    private uint count;

    /// <summary>Whom the key belongs to, as the program named the user.</summary>
    public byte[] Owner { get; set; } = [];

    /// <summary>Whether it asked for finger or PIN.</summary>
    public bool Verifies { get; init; } = true;

    public string CredentialId => Base64Url.EncodeToString(id);

    /// <summary>Makes the key, as <c>navigator.credentials.create</c> does.</summary>
    public string Create(string options)
    {
        var asked = JsonNode.Parse(options)!;
        Owner = Base64Url.DecodeFromChars(asked["user"]!["id"]!.GetValue<string>());
        var client = ClientData("webauthn.create", asked["challenge"]!.GetValue<string>(), origin);
        byte[] data = [.. Head(HasKey), .. new byte[16], 0, (byte)id.Length, .. id, .. CoseKey()];
        // {"fmt": "none", "attStmt": {}, "authData": data} in CBOR.
        byte[] attestation = [0xA3, .. Text("fmt"), .. Text("none"), .. Text("attStmt"), 0xA0, .. Text("authData"), 0x58, (byte)data.Length, .. data];
        return Credential(new() { ["clientDataJSON"] = Base64Url.EncodeToString(client), ["attestationObject"] = Base64Url.EncodeToString(attestation), ["transports"] = new JsonArray("internal") });
    }

    /// <summary>Signs a challenge, as <c>navigator.credentials.get</c> does.</summary>
    /// <param name="options">As the page has them.</param>
    /// <param name="elsewhere">Origin of another site's page that asks; null for the true one.</param>
    public string Get(string options, string? elsewhere = null)
    {
        var client = ClientData("webauthn.get", JsonNode.Parse(options)!["challenge"]!.GetValue<string>(), elsewhere ?? origin);
        var data = Head(0);
        var signature = key.SignData([.. data, .. SHA256.HashData(client)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return Credential(new()
        {
            ["clientDataJSON"] = Base64Url.EncodeToString(client),
            ["authenticatorData"] = Base64Url.EncodeToString(data),
            ["signature"] = Base64Url.EncodeToString(signature),
            ["userHandle"] = Base64Url.EncodeToString(Owner),
        });
    }

    public void Dispose() => key.Dispose();

    private static byte[] ClientData(string type, string challenge, string origin) =>
        JsonSerializer.SerializeToUtf8Bytes(new { type, challenge, origin, crossOrigin = false });

    private byte[] Head(byte flags)
    {
        var counted = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(counted, ++count);
        return [.. SHA256.HashData(Encoding.UTF8.GetBytes(domain)), (byte)(flags | UserPresent | (Verifies ? UserVerified : 0)), .. counted];
    }

    private string Credential(JsonObject response) => new JsonObject
    {
        ["id"] = CredentialId,
        ["rawId"] = CredentialId,
        ["type"] = "public-key",
        ["clientExtensionResults"] = new JsonObject(),
        ["response"] = response,
    }.ToJsonString();

    /// <summary>{1: 2 (EC2), 3: -7 (ES256), -1: 1 (P-256), -2: x, -3: y} in CBOR.</summary>
    private byte[] CoseKey()
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return [0xA5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32, .. point.X!, 0x22, 0x58, 32, .. point.Y!];
    }

    private static byte[] Text(string text) => [(byte)(0x60 + text.Length), .. Encoding.ASCII.GetBytes(text)];
}
