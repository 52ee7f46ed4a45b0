using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;

namespace Huike.Ui.Layout;

/// <summary>Theme and language of a visitor, kept in cookies, so that the server draws the page right at once.</summary>
internal static class Preferences
{
    private const string ThemeCookie = "theme";

    /// <returns><c>light</c>, <c>dark</c> or <c>auto</c> (as the system has it).</returns>
    internal static string ThemeOf(HttpContext http) =>
        http.Request.Cookies[ThemeCookie] is "light" or "dark" ? http.Request.Cookies[ThemeCookie]! : "auto";

    internal static async Task<IResult> Keep(HttpContext http, IAntiforgery antiforgery)
    {
        if (!http.Request.HasFormContentType || !await antiforgery.IsRequestValidAsync(http))
        {
            return Pages.Error(http, StatusCodes.Status400BadRequest);
        }
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (form["theme"].ToString() is "light" or "dark" or "auto")
        {
            Write(http, ThemeCookie, form["theme"].ToString());
        }
        if (TextCatalog.Languages.Contains(form["lang"].ToString(), StringComparer.Ordinal))
        {
            Write(http, TextCatalog.Cookie, form["lang"].ToString());
        }
        var back = form["back"].ToString();
        return TypedResults.LocalRedirect(IsLocal(back) ? back : "/");
    }

    private static void Write(HttpContext http, string name, string value) =>
        http.Response.Cookies.Append(name, value, new CookieOptions
        {
            MaxAge = TimeSpan.FromDays(365),
            SameSite = SameSiteMode.Lax,
            Secure = http.Request.IsHttps,
            IsEssential = true,
            Path = "/",
        });

    // "//host" and "/\host" lead elsewhere; control characters have no business in an address.
    private static bool IsLocal(string address) =>
        address is ['/', ..] && !(address.Length > 1 && address[1] is '/' or '\\') && !address.Any(char.IsControl);
}
