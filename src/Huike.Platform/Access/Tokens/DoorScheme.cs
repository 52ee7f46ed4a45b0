using System.Text;
using System.Text.Encodings.Web;
using Huike.Platform.Access.Sessions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Huike.Platform.Access.Tokens;

/// <summary>A part of the program that programs enter which know nothing but a name and a password, offered as a singleton. Its password is a token that was given the permission; nobody's own password opens it, and no cookie.</summary>
/// <param name="Path">Beginning of its addresses.</param>
/// <param name="Permission">What the token must have been given.</param>
/// <param name="Opens">What it may there by that, as far as its user may.</param>
public sealed record TokenDoor(string Path, string Permission, IReadOnlyList<string> Opens);

/// <summary>Lets programs in by <c>Authorization: Basic</c>, where there is a <see cref="TokenDoor"/>.</summary>
internal sealed class DoorScheme(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder encoder, TokenRegister tokens, SignInGate gate) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
{
    public const string Name = "door";

    private const string Basic = "Basic ";
    private const int Longest = 1_000;

    /// <summary>The door at which a request stands; null: none.</summary>
    public static TokenDoor? Of(HttpContext http) => http.RequestServices.GetServices<TokenDoor>().FirstOrDefault(door => http.Request.Path.StartsWithSegments(door.Path, StringComparison.Ordinal));

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Read(Request.Headers.Authorization.ToString()) is not { } said) { return AuthenticateResult.NoResult(); }
        var isOurs = said.Password.StartsWith(TokenRegister.Prefix, StringComparison.Ordinal) && said.Password.Length < 100;
        var found = isOurs ? await tokens.Find(said.Password, SessionCookie.AddressOf(Context), Context.RequestAborted, Of(Context)) : null;
        if (found?.Identity?.Name?.Equals(said.Name, StringComparison.OrdinalIgnoreCase) == true) { return AuthenticateResult.Success(new(found, Name)); }
        // Apart from the sign-in's: a phone with an old password tries all day and would shut out its office.
        if (!await gate.Enter(Context.RequestAborted, SignInGate.Door(SessionCookie.AddressOf(Context)))) { Context.Items[typeof(DoorScheme)] = true; }
        return AuthenticateResult.Fail("unknown");
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var isMuch = Context.Items.ContainsKey(typeof(DoorScheme));
        Response.StatusCode = isMuch ? StatusCodes.Status429TooManyRequests : StatusCodes.Status401Unauthorized;
        if (isMuch) { Response.Headers.RetryAfter = "900"; }
        else { Response.Headers.WWWAuthenticate = "Basic realm=\"Huike\", charset=\"UTF-8\""; }
        return Task.CompletedTask;
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }

    private static (string Name, string Password)? Read(string header)
    {
        if (!header.StartsWith(Basic, StringComparison.OrdinalIgnoreCase) || header.Length > Longest) { return null; }
        var bytes = new byte[Longest];
        if (!Convert.TryFromBase64String(header[Basic.Length..].Trim(), bytes, out var length)) { return null; }
        var text = Encoding.UTF8.GetString(bytes.AsSpan(0, length));
        return text.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon ? (text[..colon].Trim(), text[(colon + 1)..].Trim()) : null;
    }
}
