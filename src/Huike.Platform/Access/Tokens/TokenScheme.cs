using System.Text.Encodings.Web;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Sessions;
using Huike.Ui;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
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

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        // Nothing tells whether it never was, has ended or belongs to somebody who was shut out.
        Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
        return Refuse(StatusCodes.Status401Unauthorized, "access.token.over");
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        var needed = (Context.GetEndpoint()?.Metadata.GetOrderedMetadata<IAuthorizeData>() ?? []).Select(rule => rule.Policy).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        var missing = needed.FindAll(Context.User.Access().Withheld.Contains);
        // What the user may not either, no token will open.
        if (missing.Count == 0) { return Refuse(StatusCodes.Status403Forbidden, "access.record.refused"); }
        Response.Headers.WWWAuthenticate = $"Bearer error=\"insufficient_scope\", scope=\"{string.Join(' ', needed)}\"";
        return Refuse(StatusCodes.Status403Forbidden, "access.token.scope", string.Join(", ", missing));
    }

    private Task Refuse(int status, string code, params object[] args) =>
        TypedResults.Problem(Context.RequestServices.GetRequiredService<Texts>()[code, args], statusCode: status, extensions: [new("code", code)]).ExecuteAsync(Context);
}
