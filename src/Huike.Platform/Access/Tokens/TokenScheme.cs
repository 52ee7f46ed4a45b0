using System.Text.Encodings.Web;
using Huike.Platform.Access.Sessions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Huike.Platform.Access.Tokens;

/// <summary>Lets programs in by <c>Authorization: Bearer hk_…</c>, under <c>/api</c> alone: pages are for people.</summary>
internal sealed class TokenScheme(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder encoder, TokenRegister tokens) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
{
    public const string Name = "token";

    private const string Bearer = "Bearer ";

    /// <summary>Whether the request comes by a token.</summary>
    public static bool Is(HttpRequest request) => request.Path.StartsWithSegments("/api", StringComparison.Ordinal) && request.Headers.Authorization.ToString().StartsWith(Bearer, StringComparison.OrdinalIgnoreCase);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var token = Request.Headers.Authorization.ToString()[Bearer.Length..].Trim();
        var found = token.StartsWith(TokenRegister.Prefix, StringComparison.Ordinal) && token.Length < 100 ? await tokens.Find(token, SessionCookie.AddressOf(Context), Context.RequestAborted) : null;
        return found is null ? AuthenticateResult.Fail("unknown") : AuthenticateResult.Success(new(found, Name));
    }
}
