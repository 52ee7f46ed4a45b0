using System.Text.Encodings.Web;
using System.Text.Unicode;
using Huike.Ui.Gallery;
using Huike.Ui.Kit;
using Huike.Ui.Layout;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Huike.Ui;

/// <summary>What the host adds and maps of the user interface.</summary>
public static class UiModule
{
    /// <summary>Adds pages, texts of the request's language (scoped <see cref="Texts"/>) and navigation. Modules add their
    /// places as singletons of <see cref="Place"/>.</summary>
    /// <param name="services">The host's services.</param>
    public static IServiceCollection AddHuikeUi(this IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services.AddCascadingValue(provider => provider.GetRequiredService<IHttpContextAccessor>().HttpContext!);
        services.AddAuthorization();
        services.AddAntiforgery(options => (options.HeaderName, options.Cookie.SecurePolicy) = ("X-Antiforgery", CookieSecurePolicy.SameAsRequest));
        // The default encoder turns each Chinese character into an entity of eight bytes.
        services.Replace(ServiceDescriptor.Singleton(HtmlEncoder.Create(UnicodeRanges.All)));
        services.AddScoped<Places>();
        services.AddScoped<ReadingTurn>();
        services.AddScoped(provider => TextCatalog.For(
            provider.GetRequiredService<IHttpContextAccessor>().HttpContext is { } http ? TextCatalog.LanguageOf(http) : TextCatalog.Languages[0]));
        return services;
    }

    /// <summary>Maps style sheet, script, icons and font under <c>/assets</c>; open to everyone, kept by browsers for a year.</summary>
    /// <param name="routes">The host's routes.</param>
    public static IEndpointConventionBuilder MapUiAssets(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/assets/{version}/{name}", BuiltAssets.Serve).AllowAnonymous().ExcludeFromDescription();

    /// <summary>Maps <c>POST /preferences</c>, which keeps the visitor's theme and language in cookies and leads back; open to everyone.</summary>
    /// <param name="routes">The host's routes.</param>
    public static IEndpointConventionBuilder MapUiPreferences(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/preferences", (HttpContext http, IAntiforgery antiforgery) => Preferences.Keep(http, antiforgery))
            .AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();

    /// <summary>Maps <c>/gallery</c>, the whole kit on one page; for development.</summary>
    /// <param name="routes">The host's routes.</param>
    /// <param name="policy">Authorisation policy of the page.</param>
    public static IEndpointConventionBuilder MapGallery(this IEndpointRouteBuilder routes, string policy) =>
        routes.MapGet("/gallery", (HttpContext http, Texts texts) => Pages.Show<GalleryPage>(http, texts["kit.gallery.title"]))
            .RequireAuthorization(policy).ExcludeFromDescription();
}
