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
            return Show(http, texts, (name => Numbers.Single(number => number.Name == name).Of(rules).ToString(CultureInfo.InvariantCulture), rules.Blocks), null);
        });
        group.MapPost("/", async (HttpContext http, Texts texts, SettingsStore settings, IFormCollection form, CancellationToken ct) =>
        {
            var rules = new ContactRules { Blocks = form["blocks"] == "true" };
            foreach (var number in Numbers)
            {
                if (!int.TryParse(form[number.Name], NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value < number.Least || value > number.Most)
                {
                    return Show(http, texts, (name => form[name].ToString(), rules.Blocks), texts["customers.contactRules.wrong", texts["customers.contactRules." + number.Name], number.Least, number.Most]);
                }
                rules = number.With(rules, value);
            }
            await settings.Save(rules, http.User.Identity!.Name!, ct);
            return (IResult)TypedResults.LocalRedirect(Path);
        });
    }

    /// <summary>The numbers among the rules: name as in the form, in the audit and in the texts, and what may be chosen.</summary>
    public static readonly IReadOnlyList<(string Name, int Least, int Most, Func<ContactRules, int> Of, Func<ContactRules, int, ContactRules> With)> Numbers =
    [
        ("daysBetween", 0, ContactRules.MostDays, rules => rules.DaysBetween, (rules, value) => rules with { DaysBetween = value }),
        ("capContacts", 0, ContactRules.MostContacts, rules => rules.CapContacts, (rules, value) => rules with { CapContacts = value }),
        ("capDays", 1, ContactRules.MostDays, rules => rules.CapDays, (rules, value) => rules with { CapDays = value }),
        ("quietFrom", 0, ContactRules.LastHour, rules => rules.QuietFrom, (rules, value) => rules with { QuietFrom = value }),
        ("quietTo", 0, ContactRules.LastHour, rules => rules.QuietTo, (rules, value) => rules with { QuietTo = value }),
        ("minutesKept", 1, ContactRules.MostMinutes, rules => rules.MinutesKept, (rules, value) => rules with { MinutesKept = value }),
    ];

    private static IResult Show(HttpContext http, Texts texts, (Func<string, string>, bool) typed, string? error) =>
        Pages.Show<ContactRulesPage>(http, texts["customers.contactRules.title"], new { Typed = typed, Error = error }, error is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
}
