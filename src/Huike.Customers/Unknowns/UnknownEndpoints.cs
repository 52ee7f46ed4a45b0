using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Access;
using Huike.Platform.Access.Records;
using Huike.Platform.Api;
using Huike.Platform.Audit;
using Huike.Platform.Settings;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.Customers.Unknowns;

/// <summary>What the page of unknowns shows.</summary>
/// <param name="Tiers">Whose.</param>
/// <param name="Customers">How many there are.</param>
/// <param name="Counts">Field by field.</param>
/// <param name="Rows">The work list; one more than a page holds where there are more.</param>
/// <param name="Words">Language, currency and zone.</param>
internal sealed record UnknownsView(IReadOnlyList<Tier> Tiers, long Customers, IReadOnlyList<UnknownCount> Counts, IReadOnlyList<UnknownOf> Rows, ListWording Words)
{
    /// <summary>Whether the visitor may plan steps.</summary>
    public bool MayEdit { get; init; }

    /// <summary>Whether it is not the first page.</summary>
    public bool IsFurther { get; init; }
}

/// <summary>A field that is not known of a customer.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Asked">Whether a step to ask for it is open.</param>
internal sealed record UnknownRecord(string Name, bool Asked);

/// <summary>What is not known of a customer, whom to ask and when.</summary>
internal sealed record UnknownRecords(IReadOnlyList<UnknownRecord> Fields, string? Owner, string? Colleague, string? Contact, string? Referrer, string? NextStep, DateTimeOffset? NextStepDueAt);

/// <summary>Routes of what is not known.</summary>
internal static class UnknownEndpoints
{
    public const string Path = "/customers/unknown";
    public const string RulesPath = "/admin/unknowns";

    public static void AddUnknowns(this IServiceCollection services)
    {
        services.AddScoped<FindUnknown>().AddScoped<AskFor>().AddSingleton(new CustomerPanel(typeof(UnknownCard), 220, Wide: false));
        services.AddSettings<UnknownRules>(CustomerPermissions.ContactRules).AddSingleton(new AuditedKind(nameof(UnknownRules), "customers.unknowns.rules", RulesPath, "customers.unknowns.rules.", "customers."));
        services.AddSingleton(new Place("unknowns", "customers.unknowns.title", Path, "circle-help", CustomerPermissions.Read, 208)).AddSingleton(new Place("unknown-rules", "customers.unknowns.rules", RulesPath, "circle-help", CustomerPermissions.ContactRules, 949));
    }

    public static void MapUnknowns(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, List).RequireAuthorization(CustomerPermissions.Read);
        routes.MapPost("/customers/{id:long}/unknown", async (HttpContext http, AskFor ask, long id, [FromForm] string? field, [FromForm] string? back, CancellationToken ct) =>
        {
            await ask.Run(id, field, Viewer.Of(http), FileEndpoints.By(http.User), ct);
            return back is { Length: > 0 } && back.StartsWith(Path + "?", StringComparison.Ordinal) ? TypedResults.LocalRedirect(back) : FileEndpoints.Back(id);
        }).RequireRecord(CustomerPermissions.Records, RecordAction.Edit);
        routes.MapApi("customers/{id:long}/unknowns").MapGet("/", One).RequireRecord(CustomerPermissions.Records, RecordAction.Read).WithName("listUnknowns").Produces<UnknownRecords>();
        var rules = routes.MapGroup(RulesPath).RequireAuthorization(CustomerPermissions.ContactRules);
        rules.MapGet("/", async (HttpContext http, Texts texts, SettingsStore settings, CancellationToken ct) => ShowRules(http, texts, await settings.Get<UnknownRules>(ct), null));
        rules.MapPost("/", SaveRules);
    }

    private static async Task<IResult> List(HttpContext http, Texts texts, FindUnknown find, SettingsStore settings, Shown<UnknownsView> shown, CancellationToken ct)
    {
        var viewer = Viewer.InternalOrNobody(http);
        var (rules, firm) = (await settings.Get<UnknownRules>(ct), await settings.Get<FirmSettings>(ct));
        var asked = http.Request.Query["tier"].OfType<string>().Where(tier => tier.Length > 0).Distinct().ToList();
        var tiers = UnknownFilter.Named<Tier>(asked.Count > 0 ? string.Join('.', asked) : rules.Tiers.Replace(',', '.')) ?? throw new RuleException("customers.filter.wrong", "tier", string.Join(' ', asked)[..Math.Min(20, string.Join(' ', asked).Length)]);
        var wishes = rules.Wishes(viewer);
        var after = Cursor(http.Request.Query["after"].ToString());
        var (customers, counts) = await find.Count(wishes, tiers, viewer, ct);
        shown.Value = new(tiers, customers, counts, await find.Page(wishes, tiers, viewer, after, ct), new(texts, firm.Currency, firm.Zone)) { MayEdit = http.User.Holds(CustomerPermissions.Edit), IsFurther = after is not null };
        return Pages.Show<UnknownsPage>(http, texts["customers.unknowns.title"]);
    }

    private static async Task<IResult> One(HttpContext http, FindUnknown find, long id, CancellationToken ct)
    {
        var found = await find.Of(id, Viewer.Internal(http), ct);
        return TypedResults.Json(new UnknownRecords([.. found?.Fields.Select(field => new UnknownRecord(field.Name, found.Asked.Contains(field.Name))) ?? []], found?.Owner, found?.Colleague, found?.Contact, found?.Referrer, found?.Next?.What, found?.Next?.DueAt), ApiAnswer.Json);
    }

    private static async Task<IResult> SaveRules(HttpContext http, Texts texts, SettingsStore settings, IFormCollection form, CancellationToken ct)
    {
        var known = UnknownField.Shipped.Select(field => field.Name).Append(UnknownField.Own).ToHashSet();
        var typed = new UnknownRules { Tiers = Said("tiers"), Person = Said("person"), Household = Said("household"), Organisation = Said("organisation"), Distributor = Said("distributor"), Partner = Said("partner") };
        var isRight = int.TryParse(form["daysToAsk"], NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days <= UnknownRules.MostDays && UnknownFilter.Named<Tier>(typed.Tiers.Replace(',', '.')) is not null
            && typed.ByKind().All(one => one.Fields.Length == 0 || one.Fields.Split(',').All(known.Contains));
        if (!isRight) { return ShowRules(http, texts, typed with { DaysToAsk = days }, texts["customers.unknowns.wrong", UnknownRules.MostDays]); }
        await settings.Save(typed with { DaysToAsk = days }, http.User.Identity!.Name!, ct);
        return TypedResults.LocalRedirect(RulesPath);

        string Said(string name) => string.Join(',', form[name].OfType<string>().Where(text => text.Length is > 0 and < 40).Distinct());
    }

    private static IResult ShowRules(HttpContext http, Texts texts, UnknownRules rules, string? error)
    {
        http.RequestServices.GetRequiredService<Shown<UnknownRules>>().Value = rules;
        return Pages.Show<UnknownRulesPage>(http, texts["customers.unknowns.rules"], new { Error = error }, error is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }

    private static (long, long)? Cursor(string text) => text.Length == 0 ? null
        : text.Split('~') is [var contribution, var id] && long.TryParse(contribution, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var brings) && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (brings, number) : throw new RuleException("customers.cursor.wrong");
}
