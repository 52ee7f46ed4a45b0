using System.Collections.Concurrent;
using System.Text.Json;

namespace Huike.Platform.Access.OpenIdConnect;

/// <summary>What a provider says of itself (OpenID Connect Discovery).</summary>
/// <param name="Authorize">Where visitors are led.</param>
/// <param name="Token">Where codes are changed for tokens.</param>
/// <param name="KeySet">Where its keys are.</param>
/// <param name="PostsSecret">Whether it takes our secret in the form only.</param>
/// <param name="NamesItself">Whether its answers name it (RFC 9207).</param>
internal sealed record ProviderDocument(string Authorize, string Token, string KeySet, bool PostsSecret, bool NamesItself);

/// <summary>Asks providers for what they say of themselves, and remembers it for an hour; for keys at once where one is unknown.</summary>
internal sealed class ProviderDirectory(TimeProvider clock) : IDisposable
{
    private const int LongestAnswer = 1 << 20;
    private static readonly TimeSpan Memory = TimeSpan.FromHours(1);

    /// <summary>Forged names of keys must not make us ask at each try.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        Timeout = TimeSpan.FromSeconds(10),
        MaxResponseContentBufferSize = LongestAnswer,
    };

    private readonly ConcurrentDictionary<string, (ProviderDocument Document, DateTimeOffset At)> documents = new();
    private readonly ConcurrentDictionary<string, (List<SigningKey> Keys, DateTimeOffset At)> keys = new();

    /// <exception cref="ProviderException">It isn't there, or says what can't be.</exception>
    public async Task<ProviderDocument> Of(ProviderOptions provider, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (documents.TryGetValue(provider.Key, out var known) && now - known.At < Memory) { return known.Document; }
        var json = await Ask(provider, new(HttpMethod.Get, provider.Issuer + "/.well-known/openid-configuration"), ct);
        if (Text(json, "issuer").TrimEnd('/') != provider.Issuer) { throw Wrong(provider, "calls itself " + Text(json, "issuer")); }
        var document = new ProviderDocument(Address(provider, json, "authorization_endpoint"), Address(provider, json, "token_endpoint"), Address(provider, json, "jwks_uri"),
            PostsSecret: Has(json, "token_endpoint_auth_methods_supported", "client_secret_post") && !Has(json, "token_endpoint_auth_methods_supported", "client_secret_basic"),
            NamesItself: json.TryGetProperty("authorization_response_iss_parameter_supported", out var names) && names.ValueKind == JsonValueKind.True);
        documents[provider.Key] = (document, now);
        return document;
    }

    /// <summary>The provider's keys, with the one of this name if there is such a one.</summary>
    /// <exception cref="ProviderException">They aren't there.</exception>
    public async Task<IReadOnlyList<SigningKey>> Keys(ProviderOptions provider, string kid, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (keys.TryGetValue(provider.Key, out var known))
        {
            var isKnown = known.Keys.Any(key => kid.Length == 0 || key.Kid == kid);
            if (now - known.At < (isKnown ? Memory : Pause)) { return known.Keys; }
        }
        var json = await Ask(provider, new(HttpMethod.Get, (await Of(provider, ct)).KeySet), ct);
        if (!json.TryGetProperty("keys", out var set) || set.ValueKind != JsonValueKind.Array) { throw Wrong(provider, "has no keys"); }
        var read = SigningKey.Read(json);
        keys[provider.Key] = (read, now);
        return read;
    }

    /// <summary>Sends a request and reads the object that answers it.</summary>
    /// <exception cref="ProviderException">No answer, an error, or no object.</exception>
    public async Task<JsonElement> Ask(ProviderOptions provider, HttpRequestMessage request, CancellationToken ct)
    {
        using var sent = request;
        try
        {
            using var answer = await http.SendAsync(sent, ct);
            var text = await answer.Content.ReadAsStringAsync(ct);
            using var json = JsonDocument.Parse(text, new() { MaxDepth = 32 });
            if (json.RootElement.ValueKind != JsonValueKind.Object) { throw Wrong(provider, "answers with no object"); }
            return answer.IsSuccessStatusCode ? json.RootElement.Clone() : throw Wrong(provider, $"answers {(int)answer.StatusCode} {Text(json.RootElement, "error")}");
        }
        catch (Exception failed) when (failed is HttpRequestException or JsonException or InvalidOperationException || (failed is OperationCanceledException && !ct.IsCancellationRequested))
        {
            throw Wrong(provider, failed.Message);
        }
    }

    public void Dispose() => http.Dispose();

    private static string Address(ProviderOptions provider, JsonElement json, string name) =>
        Text(json, name) is var address && provider.MayReach(address) ? address : throw Wrong(provider, $"has no {name} that may be reached");

    private static bool Has(JsonElement json, string name, string value) =>
        json.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array && list.EnumerateArray().Any(one => one.ValueKind == JsonValueKind.String && one.ValueEquals(value));

    private static string Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static ProviderException Wrong(ProviderOptions provider, string what) => new(ProviderException.Unusable, $"{provider.Key} {what}");
}
