using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Platform.Settings;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Huike.Customers.OneVoice;

/// <summary>Page of the rules of contacts.</summary>
internal static class ContactRulesEndpoints
{
    public const string Path = "/admin/contact-rules";

    public static void MapContactRules(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup(Path).RequireAuthorization(CustomerPermissions.ContactRules);
        group.MapGet("/", async (HttpContext http, Texts texts, SettingsStore settings, CancellationToken ct) =>
        {
            var rules = await settings.Get<ContactRules>(ct);
            return Show(http, texts, (Written(rules.DaysBetween), Written(rules.MinutesKept), rules.Blocks), null);
        });
        group.MapPost("/", async (HttpContext http, Texts texts, SettingsStore settings, IFormCollection form, CancellationToken ct) =>
        {
            var blocks = form["blocks"] == "true";
            if (!Within(form["daysBetween"], 0, ContactRules.MostDays, out var days) || !Within(form["minutesKept"], 1, ContactRules.MostMinutes, out var minutes))
            {
                return Show(http, texts, (form["daysBetween"].ToString(), form["minutesKept"].ToString(), blocks), texts["customers.contactRules.wrong", ContactRules.MostDays, ContactRules.MostMinutes]);
            }
            await settings.Save(new ContactRules { DaysBetween = days, MinutesKept = minutes, Blocks = blocks }, http.User.Identity!.Name!, ct);
            return (IResult)TypedResults.LocalRedirect(Path);
        });
    }

    private static IResult Show(HttpContext http, Texts texts, (string, string, bool) typed, string? error) =>
        Pages.Show<ContactRulesPage>(http, texts["customers.contactRules.title"], new { Typed = typed, Error = error }, error is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);

    private static string Written(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static bool Within(string? text, int least, int most, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= least && number <= most;
}
