using Huike.Ui.Layout;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.Ui;

/// <summary>Answers of routes: a page in the shell, a page of its own, a fragment, an error.</summary>
public static class Pages
{
    /// <summary>A page in the shell; for a partial request (htmx), only its body and title. A restore from history gets the whole page.</summary>
    /// <param name="http">The request.</param>
    /// <param name="title">Title in the visitor's language, without the product's name.</param>
    /// <param name="parameters">The component's parameters: an anonymous object or a dictionary.</param>
    /// <param name="status">HTTP status; 422 for a form that comes back with errors.</param>
    /// <typeparam name="TPage">The page's component.</typeparam>
    public static IResult Show<TPage>(HttpContext http, string title, object? parameters = null, int status = StatusCodes.Status200OK)
        where TPage : IComponent
    {
        Private(http.Response);
        return new Page(typeof(TPage), new RouteValueDictionary(parameters), title, status, IsPartial(http.Request) ? Frame.BodyOnly : Frame.Shell);
    }

    /// <summary>A page without navigation (sign-in, first run). A partial request is told to load it whole.</summary>
    /// <inheritdoc cref="Show{TPage}"/>
    public static IResult ShowBare<TPage>(HttpContext http, string title, object? parameters = null, int status = StatusCodes.Status200OK)
        where TPage : IComponent
    {
        Private(http.Response);
        if (IsPartial(http.Request) && HttpMethods.IsGet(http.Request.Method))
        {
            // A session that ended in the middle must not put a sign-in form into the shell.
            http.Response.Headers["HX-Redirect"] = http.Request.PathBase + http.Request.Path + http.Request.QueryString;
            return TypedResults.NoContent();
        }
        return new Page(typeof(TPage), new RouteValueDictionary(parameters), title, status, Frame.Bare);
    }

    /// <summary>Where a visitor begins: the place that is named, where permitted, else the first one that is.</summary>
    /// <param name="http">The request.</param>
    /// <param name="key">Key of a place.</param>
    /// <param name="otherwise">Where to, if none is permitted.</param>
    public static async Task<IResult> Home(HttpContext http, string key, string otherwise)
    {
        var places = await http.RequestServices.GetRequiredService<Places>().For(http);
        return TypedResults.LocalRedirect((places.FirstOrDefault(place => place.Key == key) ?? (places.Count > 0 ? places[0] : null))?.Href ?? otherwise);
    }

    /// <summary>A component alone, for a partial update.</summary>
    /// <param name="http">The request.</param>
    /// <param name="parameters">The component's parameters: an anonymous object or a dictionary.</param>
    /// <param name="status">HTTP status.</param>
    /// <typeparam name="TFragment">The fragment's component.</typeparam>
    public static IResult Fragment<TFragment>(HttpContext http, object? parameters = null, int status = StatusCodes.Status200OK)
        where TFragment : IComponent
    {
        Private(http.Response);
        return new Page(typeof(TFragment), new RouteValueDictionary(parameters), "", status, Frame.None);
    }

    /// <summary>A page that tells of an error: 403 and 404 in their own words, any other status as a fault of ours. In the shell for someone signed in.</summary>
    /// <param name="http">The request.</param>
    /// <param name="status">HTTP status to answer with.</param>
    public static IResult Error(HttpContext http, int status)
    {
        var known = status is 400 or 403 or 404 ? status : 500;
        var title = TextCatalog.For(TextCatalog.LanguageOf(http))[known switch
        {
            400 => "shell.error.400.title",
            403 => "shell.error.403.title",
            404 => "shell.error.404.title",
            _ => "shell.error.500.title",
        }];
        var parameters = new { Status = known, Reference = http.TraceIdentifier };
        return http.User.Identity?.IsAuthenticated == true || IsPartial(http.Request)
            ? Show<ErrorPage>(http, title, parameters, status)
            : ShowBare<ErrorPage>(http, title, parameters, status);
    }

    /// <summary>Whether the browser's script asks for a part of a page and not for the whole.</summary>
    /// <param name="request">The request.</param>
    public static bool IsPartial(HttpRequest request) =>
        request.Headers.ContainsKey("HX-Request") && !request.Headers.ContainsKey("HX-History-Restore-Request");

    private static void Private(HttpResponse response)
    {
        response.Headers.Vary = "HX-Request";
        // As antiforgery would write it: it warns of any other.
        response.Headers.CacheControl = "no-cache, no-store";
    }
}
