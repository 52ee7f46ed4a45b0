using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Huike.IntegrationTests.Platform.Access;

/// <summary>An OpenID Connect provider for one test, on a port of this machine: strict with us, and as false to us as a test likes.</summary>
internal sealed class LittleProvider : IAsyncDisposable
{
    public const string ClientId = "huike & co";
    public const string ClientSecret = "a secret: 100%";

    private readonly WebApplication server;
    private readonly Dictionary<string, (string RedirectUri, string Challenge, string Nonce, string Subject)> codes = [];
    private readonly string registered;
    private int rotations;

    private LittleProvider(WebApplication server, string registered) => (this.server, this.registered) = (server, registered);

    public string Issuer => server.Urls.First();

    public RSA Key { get; private set; } = RSA.Create(2048);

    public string Kid => $"key{rotations}";

    public Func<DateTimeOffset> Now { get; set; } = TimeProvider.System.GetUtcNow;

    /// <summary>Who sits at its page.</summary>
    public string Subject { get; set; } = "s-1";

    /// <summary>Changes what its tokens say.</summary>
    public Action<JsonObject> Claims { get; set; } = _ => { };

    /// <summary>Makes a token of claims; the right way by default.</summary>
    public Func<JsonObject, string>? Forge { get; set; }

    /// <summary>What its document says beside the usual.</summary>
    public JsonObject Further { get; } = [];

    /// <summary>Changes of codes for tokens that it granted.</summary>
    public int Granted { get; private set; }

    /// <param name="registered">The address that it leads back to, and no other; the host may be any port of this machine.</param>
    public static async Task<LittleProvider> Start(string registered)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection([new("Urls", "http://127.0.0.1:0")]);
        var served = builder.Build();
        var provider = new LittleProvider(served, registered);
        served.MapGet("/.well-known/openid-configuration", () => Json(provider.Document()));
        served.MapGet("/jwks", () => Json(new() { ["keys"] = new JsonArray(provider.PublicKey(), new JsonObject { ["kty"] = "oct", ["k"] = "AAAA" }, new JsonObject { ["kty"] = "RSA", ["n"] = "!!", ["e"] = "AQAB" }) }));
        served.MapGet("/authorize", provider.Authorize);
        served.MapPost("/token", (Delegate)provider.Token);
        await served.StartAsync(TestContext.Current.CancellationToken);
        return provider;
    }

    /// <summary>Settings by which the program knows it.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Settings(string key, params (string Name, string Value)[] more) =>
        new (string Name, string Value)[] { ("Name", "Corp " + key), ("Authority", Issuer), ("ClientId", ClientId), ("ClientSecret", ClientSecret) }.Concat(more)
            .Select(one => KeyValuePair.Create($"SignIn:Providers:{key}:{one.Name}", (string?)one.Value));

    /// <summary>From now on it signs with another key.</summary>
    public void Rotate()
    {
        Key.Dispose();
        Key = RSA.Create(2048);
        rotations++;
    }

    /// <summary>A token signed as it should be.</summary>
    public string Signed(JsonObject claims) => Compact(new() { ["alg"] = "RS256", ["kid"] = Kid }, claims, data => Key.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

    public static string Compact(JsonObject header, JsonObject claims, Func<byte[], byte[]> sign)
    {
        var signed = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header.ToJsonString()))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims.ToJsonString()))}";
        return $"{signed}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        Key.Dispose();
    }

    private static IResult Json(JsonObject body, int status = 200) => Results.Text(body.ToJsonString(), "application/json", statusCode: status);

    private JsonObject Document()
    {
        var document = new JsonObject { ["issuer"] = Issuer, ["authorization_endpoint"] = Issuer + "/authorize", ["token_endpoint"] = Issuer + "/token", ["jwks_uri"] = Issuer + "/jwks" };
        foreach (var (name, value) in Further) { document[name] = value?.DeepClone(); }
        return document;
    }

    private JsonObject PublicKey()
    {
        var key = Key.ExportParameters(includePrivateParameters: false);
        return new() { ["kty"] = "RSA", ["use"] = "sig", ["kid"] = Kid, ["n"] = Base64Url.EncodeToString(key.Modulus), ["e"] = Base64Url.EncodeToString(key.Exponent) };
    }

    private IResult Authorize(HttpContext http)
    {
        string Of(string name) => http.Request.Query[name].ToString();
        var isRight = Of("response_type") == "code" && Of("client_id") == ClientId && new Uri(Of("redirect_uri")) is { IsLoopback: true } back && back.AbsolutePath == registered
            && Of("scope").Split(' ').Contains("openid") && Of("code_challenge_method") == "S256" && Of("code_challenge").Length == 43 && Of("state").Length >= 32 && Of("nonce").Length >= 32;
        if (!isRight) { return Results.BadRequest(); }
        var code = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        codes[code] = (Of("redirect_uri"), Of("code_challenge"), Of("nonce"), Subject);
        return Results.Redirect($"{Of("redirect_uri")}?code={code}&state={Uri.EscapeDataString(Of("state"))}");
    }

    private async Task<IResult> Token(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync();
        var known = codes.Remove(form["code"].ToString(), out var asked);
        var verified = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())));
        var isRight = form["grant_type"] == "authorization_code" && known && form["redirect_uri"] == asked.RedirectUri && verified == asked.Challenge && IsSecretRight(http, form);
        if (!isRight) { return Json(new() { ["error"] = "invalid_grant" }, 400); }
        Granted++;
        var claims = new JsonObject { ["iss"] = Issuer, ["aud"] = ClientId, ["sub"] = asked.Subject, ["nonce"] = asked.Nonce, ["iat"] = Now().ToUnixTimeSeconds(), ["exp"] = Now().AddMinutes(5).ToUnixTimeSeconds() };
        Claims(claims);
        return Json(new() { ["access_token"] = "x", ["token_type"] = "Bearer", ["id_token"] = (Forge ?? Signed)(claims) });
    }

    private static bool IsSecretRight(HttpContext http, IFormCollection form)
    {
        var header = http.Request.Headers.Authorization.ToString();
        return header.StartsWith("Basic ", StringComparison.Ordinal)
            && Encoding.UTF8.GetString(Convert.FromBase64String(header[6..])) == $"{Uri.EscapeDataString(ClientId)}:{Uri.EscapeDataString(ClientSecret)}"
            && !form.ContainsKey("client_secret");
    }
}
