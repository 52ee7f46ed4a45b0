using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Huike.Platform.Access.OpenIdConnect;

/// <summary>Leads a visitor to a provider, and hears whom it has seen: the authorization code flow with PKCE, state and nonce.</summary>
internal sealed class AskProvider(WaysIn ways, ProviderDirectory directory, AttemptCookie attempts, TimeProvider clock)
{
    private const int LongestCode = 4_000;

    /// <exception cref="RuleException"><c>access.with.unknown</c>.</exception>
    public ProviderOptions Known(string key) => ways.Providers.FirstOrDefault(provider => provider.Key == key) ?? throw new RuleException("access.with.unknown");

    /// <returns>The provider's page to lead the visitor to.</returns>
    /// <exception cref="ProviderException">It can't be reached.</exception>
    public async Task<string> Begin(HttpContext http, ProviderOptions provider, string returnUrl, long userId)
    {
        var document = await directory.Of(provider, http.RequestAborted);
        var attempt = Attempt.Begin(provider.Key, returnUrl, userId, clock.GetUtcNow());
        attempts.Write(http, attempt);
        var query = QueryString.Create(new Dictionary<string, string?>
        {
            ["response_type"] = "code",
            ["client_id"] = provider.ClientId,
            ["redirect_uri"] = ReturnAddress(http, provider),
            ["scope"] = provider.Scope,
            ["state"] = attempt.State,
            ["nonce"] = attempt.Nonce,
            ["code_challenge"] = attempt.Challenge,
            ["code_challenge_method"] = "S256",
        });
        return document.Authorize + (document.Authorize.Contains('?', StringComparison.Ordinal) ? "&" + query.Value![1..] : query.Value);
    }

    /// <returns>The attempt that this is the answer to, and whom the provider has seen.</returns>
    /// <exception cref="ProviderException">Nobody, or it can't be believed.</exception>
    public async Task<(Attempt Attempt, Identity Identity)> Hear(HttpContext http, ProviderOptions provider)
    {
        var query = http.Request.Query;
        var attempt = await attempts.Use(http, query["state"].ToString());
        if (attempt is null || attempt.Provider != provider.Key) { throw new ProviderException("access.with.error.state", $"{provider.Key}: a state that this browser doesn't wait for"); }
        var document = await directory.Of(provider, http.RequestAborted);
        var named = query["iss"].ToString();
        if ((named.Length > 0 || document.NamesItself) && named.TrimEnd('/') != provider.Issuer) { throw new ProviderException(ProviderException.Unusable, $"{provider.Key}: the answer of another provider"); }
        if (query["code"].ToString() is not { Length: > 0 and <= LongestCode } code) { throw new ProviderException("access.with.error.denied", $"{provider.Key}: error {Cut(query["error"].ToString())}"); }
        var answer = await directory.Ask(provider, Exchange(http, provider, document, code, attempt.Verifier), http.RequestAborted);
        var token = answer.TryGetProperty("id_token", out var held) && held.ValueKind == JsonValueKind.String ? held.GetString()! : "";
        var keys = await directory.Keys(provider, IdToken.KidOf(token), http.RequestAborted);
        return (attempt, IdToken.Check(token, keys, new(provider.Issuer, provider.ClientId, attempt.Nonce), clock.GetUtcNow()));
    }

    private HttpRequestMessage Exchange(HttpContext http, ProviderOptions provider, ProviderDocument document, string code, string verifier)
    {
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["code"] = code,
            ["redirect_uri"] = ReturnAddress(http, provider),
            ["code_verifier"] = verifier,
        };
        var request = new HttpRequestMessage(HttpMethod.Post, document.Token);
        request.Headers.Accept.Add(new("application/json"));
        if (document.PostsSecret || provider.ClientSecret.Length == 0)
        {
            form["client_id"] = provider.ClientId;
            if (provider.ClientSecret.Length > 0) { form["client_secret"] = provider.ClientSecret; }
        }
        else
        {
            var pair = $"{Uri.EscapeDataString(provider.ClientId)}:{Uri.EscapeDataString(provider.ClientSecret)}";
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
        }
        request.Content = new FormUrlEncodedContent(form);
        return request;
    }

    // Each provider has an address of its own to come back to: the answer of one is never taken for another's.
    private string ReturnAddress(HttpContext http, ProviderOptions provider) => $"{ways.OriginOf(http.Request)}{http.Request.PathBase}/sign-in/with/{provider.Key}/return";

    private static string Cut(string text) => new([.. text.Take(100).Where(c => !char.IsControl(c))]);
}
