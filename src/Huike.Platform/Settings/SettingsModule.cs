using Huike.Platform.Access;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.Platform.Settings;

/// <summary>设置: all of them on one page, and the firm's own (H18).</summary>
public static class SettingsModule
{
    internal const string Path = "/admin/settings";

    internal const string FirmPath = Path + "/firm";

    /// <summary>Adds the store, the list and its place.</summary>
    public static IServiceCollection AddSettingsPages(this IServiceCollection services)
    {
        services.AddSingleton<SettingsStore>().AddScoped<SettingsList>().AddScoped<SaveFirm>();
        services.AddSettings<FirmSettings>(Permissions.Operate);
        services.AddSingleton(new Place("settings", "settings.title", Path, "settings", Permissions.Operate, Order: 983, Shortcut: 's'));
        return services;
    }

    /// <summary>Maps the pages.</summary>
    public static void MapSettings(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup(Path).RequireAuthorization(Permissions.Operate);
        group.MapGet("/", async (HttpContext http, Texts texts, SettingsList list, CancellationToken ct) =>
        {
            await list.Read(ct);
            return Pages.Show<SettingsPage>(http, texts["settings.title"]);
        });
        group.MapGet("/firm", async (HttpContext http, Texts texts, SettingsStore settings, CancellationToken ct) =>
            Pages.Show<FirmPage>(http, texts["settings.firm"], new { Typed = Kept(await settings.Get<FirmSettings>(ct)) }));
        group.MapPost("/firm", async (HttpContext http, Texts texts, SaveFirm save, IFormCollection form, CancellationToken ct) =>
        {
            var wrong = await save.Run(form, http.User.Identity!.Name!, ct);
            return wrong.Count == 0 ? (IResult)TypedResults.LocalRedirect(Path)
                : Pages.Show<FirmPage>(http, texts["settings.firm"], new { Typed = (form["currency"].ToString(), form["timeZone"].ToString(), form["rates"].ToString()), Wrong = wrong }, StatusCodes.Status422UnprocessableEntity);
        });
    }

    private static (string Currency, string Zone, string Rates) Kept(FirmSettings firm) => (firm.Currency, firm.TimeZone, SaveFirm.Write(firm.Rates));
}
