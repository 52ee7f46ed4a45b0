using System.Globalization;
using System.Net;
using System.Security.Claims;
using Huike.Platform.Access.Limits;
using Huike.Platform.Audit;
using Huike.Platform.Settings;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.Platform.Access.Sessions;

/// <summary>Ties the cookie to its row: made at sign-in, asked at each request, gone at sign-out.</summary>
internal static class SessionCookie
{
    public static async Task Begin(CookieSigningInContext context)
    {
        var http = context.HttpContext;
        var userId = context.Principal!.UserId();
        // Whoever signs in anew leaves no session behind whose cookie is written over.
        if (http.User.SessionId() is { } left) { await Register(http).End(http.User.UserId(), left, http.RequestAborted); }
        var id = await Register(http).Begin(userId, AddressOf(http), BrowserOf(http.Request.Headers.UserAgent.ToString()), http.RequestAborted);
        // The row decides; the cookie goes when the row has gone for certain.
        var limits = await http.RequestServices.GetRequiredService<SettingsStore>().Get<SignInSettings>(http.RequestAborted);
        context.Properties.ExpiresUtc = (context.Properties.IssuedUtc ?? http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow()) + limits.Idle;
        context.Principal!.Identities.First().AddClaim(new(SessionRegister.Claim, id.ToString(CultureInfo.InvariantCulture)));
    }

    public static async Task Validate(CookieValidatePrincipalContext context)
    {
        var held = context.Principal?.SessionId() is { } id ? await Register(context.HttpContext).Find(id, context.HttpContext.RequestAborted) : null;
        if (held is null) { context.RejectPrincipal(); }
        else { context.ReplacePrincipal(held); }
    }

    public static async Task End(CookieSigningOutContext context)
    {
        var http = context.HttpContext;
        if (http.User.SessionId() is { } id) { await Register(http).End(http.User.UserId(), id, http.RequestAborted); }
    }

    /// <summary>The signed-in user's number.</summary>
    public static long UserId(this ClaimsPrincipal user) => long.Parse(user.FindFirstValue(ClaimTypes.NameIdentifier)!, CultureInfo.InvariantCulture);

    /// <summary>The number of the session that the request came by; null where nobody is signed in.</summary>
    public static long? SessionId(this ClaimsPrincipal user) =>
        long.TryParse(user.FindFirstValue(SessionRegister.Claim), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    /// <summary>From where a request comes: the network of a house in IPv6, as one house has 2⁶⁴ addresses.</summary>
    public static string AddressOf(HttpContext http) =>
        CurrentActor.AddressOf(http) is not { } address ? "" : address.GetAddressBytes() is { Length: 16 } bytes ? $"{new IPAddress([.. bytes[..8], .. new byte[8]])}/64" : address.ToString();

    /// <summary>Browser and system, from what the browser says of itself; empty where it says nothing known.</summary>
    internal static string BrowserOf(string agent)
    {
        // The order matters: each of these claims to be those after it too.
        string? First(params (string Mark, string Name)[] marks) => marks.FirstOrDefault(mark => agent.Contains(mark.Mark, StringComparison.Ordinal)).Name;
        var browser = First(("MicroMessenger/", "WeChat"), ("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"), ("curl/", "curl"));
        var system = First(("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("OpenHarmony", "HarmonyOS"), ("Windows", "Windows"), ("Mac OS X", "macOS"), ("Linux", "Linux"));
        return string.Join(" · ", new[] { browser, system }.OfType<string>());
    }

    private static SessionRegister Register(HttpContext http) => http.RequestServices.GetRequiredService<SessionRegister>();
}
