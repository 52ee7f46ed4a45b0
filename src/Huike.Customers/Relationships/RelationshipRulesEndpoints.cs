using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Customers.Relationships.Plans;
using Huike.Platform;
using Huike.Platform.Data;
using Huike.Platform.Jobs;
using Huike.Platform.Settings;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Huike.Customers.Relationships;

/// <summary>The page of the rules.</summary>
/// <param name="Rules">In force.</param>
/// <param name="Plan">All touches.</param>
/// <param name="Suggestions">What is suggested in each tier by these rules.</param>
/// <param name="Typed">What was sent and is wrong; null: nothing.</param>
/// <param name="Error">Why; null: nothing is.</param>
internal sealed record RulesView(RelationshipRules Rules, IReadOnlyList<Touch> Plan, IReadOnlyList<Suggestion> Suggestions, IFormCollection? Typed, string? Error)
{
    public required string Currency { get; init; }
}

/// <summary>Page of types, thresholds and the contact plan.</summary>
internal static class RelationshipRulesEndpoints
{
    public const string Path = "/admin/relationship";

    private static readonly string[] Numbers = ["highMargin", "lowMargin", "manyPercent", "fewPercent", "daysAhead", "daysForgotten"];

    public static void MapRelationshipRules(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup(Path).RequireAuthorization(RelationshipPermissions.Rules);
        group.MapGet("/", async (HttpContext http, Texts texts, ReadRules read, CancellationToken ct) => await Show(http, texts, read, null, null, ct));
        group.MapPost("/", Save);
        group.MapPost("/touches", async (HttpContext http, Texts texts, ReadRules read, ChangeTouches change, IFormCollection form, CancellationToken ct) =>
            await Tried(http, texts, read, form, () => change.Add(ChangeTouches.Read(form), ct), ct));
        group.MapPost("/touches/{touch:long}", async (HttpContext http, Texts texts, ReadRules read, ChangeTouches change, IFormCollection form, long touch, CancellationToken ct) =>
            await Tried(http, texts, read, form, () => change.Change(touch, form["version"], ChangeTouches.Read(form), ct), ct));
        group.MapPost("/touches/{touch:long}/removal", async (ChangeTouches change, long touch, [FromForm] string? confirm, CancellationToken ct) =>
        {
            await change.Remove(touch, ct);
            return Back();
        });
    }

    private static async Task<IResult> Save(HttpContext http, Texts texts, ReadRules read, SettingsStore settings, JobQueue jobs, IFormCollection form, CancellationToken ct) => await Tried(http, texts, read, form, async () =>
    {
        await settings.Save(Read(form), http.User.Identity!.Name!, ct);
        await jobs.AddUnlessWaiting(PlanTouches.KindName, "{}", http.User.Identity!.Name!, ct);
    }, ct);

    /// <exception cref="RuleException"><c>relationship.rules.wrong</c>.</exception>
    private static RelationshipRules Read(IFormCollection form)
    {
        var numbers = Numbers.Select(name => decimal.TryParse(form[name], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : throw Wrong()).ToList();
        var least = Enum.GetValues<RelationshipType>().ToDictionary(type => type, type => form["least." + CustomerFilter.Kebab(type)].ToString().Trim() is not { Length: > 0 } typed ? (int?)null
            : int.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days <= RelationshipRules.MostDays ? days : throw Wrong());
        var isRight = numbers is [> 0 and <= 1000, >= 0, > 0 and <= 100, >= 0, >= 0 and <= 60, >= 0 and <= RelationshipRules.MostDays] && numbers[1] < numbers[0] && numbers[3] < numbers[2] && numbers[4] % 1 == 0 && numbers[5] % 1 == 0;
        if (!isRight || !TextCatalog.Languages.Contains(form["language"].ToString(), StringComparer.Ordinal)) { throw Wrong(); }
        return new()
        {
            HighMargin = numbers[0],
            LowMargin = numbers[1],
            ManyPercent = numbers[2],
            FewPercent = numbers[3],
            DaysAhead = (int)numbers[4],
            DaysForgotten = (int)numbers[5],
            AppliesSuggestions = form["appliesSuggestions"] == "true",
            Language = form["language"].ToString(),
            Basic = least[RelationshipType.Basic],
            Reactive = least[RelationshipType.Reactive],
            Accountable = least[RelationshipType.Accountable],
            Proactive = least[RelationshipType.Proactive],
            Partnership = least[RelationshipType.Partnership],
        };
    }

    private static RuleException Wrong() => new("relationship.rules.wrong");

    /// <summary>What is wrong stands on the page with what was typed.</summary>
    private static async Task<IResult> Tried(HttpContext http, Texts texts, ReadRules read, IFormCollection form, Func<Task> work, CancellationToken ct)
    {
        try
        {
            await work();
            return Back();
        }
        catch (RuleException wrong) when (wrong.Code != "relationship.touch.unknown")
        {
            return await Show(http, texts, read, form, texts[wrong.Code, [.. wrong.Args]], ct);
        }
    }

    private static async Task<IResult> Show(HttpContext http, Texts texts, ReadRules read, IFormCollection? typed, string? error, CancellationToken ct)
    {
        await read.Run(typed, error, ct);
        return Pages.Show<RelationshipRulesPage>(http, texts["relationship.rules.title"], status: error is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }

    private static RedirectHttpResult Back() => TypedResults.LocalRedirect(Path);
}

/// <summary>Reads what the page of the rules shows.</summary>
internal sealed class ReadRules(Database database, SettingsStore settings, RelationshipTypes types, Shown<RulesView> shown)
{
    public async Task Run(IFormCollection? typed, string? error, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        shown.Value = new(await settings.Get<RelationshipRules>(ct), await Touch.All(connection, ct), await types.Suggestions(connection, ct), typed, error) { Currency = (await settings.Get<FirmSettings>(ct)).Currency };
    }
}
