using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Customers.Views;
using Huike.Platform;
using Huike.Platform.Access;
using Huike.Platform.Access.Organisation;
using Huike.Platform.Conditions;
using Huike.Platform.Settings;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.Customers.Conditions;

/// <summary>The form of conditions, as it is shown.</summary>
/// <param name="Condition">What was filled in so far.</param>
/// <param name="Facts">What the visitor may sift by.</param>
/// <param name="Words">Puts it into a sentence.</param>
/// <param name="Kept">The rest of the list's address.</param>
/// <param name="Error">Why it can't be meant so; null: it can.</param>
internal sealed record ConditionAsk(ConditionGroup Condition, IReadOnlyList<Fact> Facts, ConditionWords Words, IReadOnlyList<KeyValuePair<string, string>> Kept, string? Error)
{
    /// <summary>Who can be named.</summary>
    public required IReadOnlyList<Person> People { get; init; }

    /// <summary>The list as it was.</summary>
    public string Back => "/customers" + QueryString.Create(Kept.Select(pair => new KeyValuePair<string, string?>(pair.Key, pair.Value))).Value;
}

/// <summary>Where conditions are put together.</summary>
internal static class ConditionEndpoints
{
    public static void MapConditions(this IEndpointRouteBuilder routes) => routes.MapGet("/customers/where", Show).RequireAuthorization(CustomerPermissions.Read);

    /// <summary>Words for a viewer: of those facts that are shown to him, and with the names of units where they are needed.</summary>
    /// <param name="http">Whose request.</param>
    /// <param name="texts">His language.</param>
    /// <param name="said">What is to be said; null: anything.</param>
    /// <param name="ct">Ends the read.</param>
    public static async Task<ConditionWords> Words(HttpContext http, Texts texts, Condition? said, CancellationToken ct)
    {
        var viewer = Viewer.Of(http);
        // How the firm is built is not told to others than its own.
        var names = viewer.SeesInternal && (said is null || said.Leaves.Any(leaf => viewer.Facts.Any(fact => fact.Name == leaf.Field && fact.Kept == FactKept.Unit)));
        var units = names ? await http.RequestServices.GetRequiredService<OrganisationChoices>().Units(ct) : [];
        return new(texts, Facts(viewer), units.ToDictionary(unit => unit.Unit.Id.ToString(CultureInfo.InvariantCulture), unit => unit.Unit.Name.Length > 0 ? unit.Unit.Name : texts["access.unit.whole"]));
    }

    /// <summary>Facts that are shown to a viewer.</summary>
    public static IReadOnlyList<Fact> Facts(Viewer viewer) => [.. viewer.Facts.Where(fact => fact.Level <= Math.Max(1, viewer.Fields.Clear))];

    private static async Task<IResult> Show(HttpContext http, Texts texts, SettingsStore settings, OrganisationChoices people, Shown<ConditionAsk> shown, CancellationToken ct)
    {
        var viewer = Viewer.Of(http);
        var query = http.Request.Query;
        var isFilled = query.ContainsKey(ConditionForm.Root + ".any");
        var kept = query.Where(pair => !pair.Key.StartsWith(ConditionForm.Root + ".", StringComparison.Ordinal) && !pair.Key.StartsWith(ConditionForm.Root + "-", StringComparison.Ordinal) && pair.Key is not ("where" or "go" or "add" or "after" or "before"))
            .Select(pair => new KeyValuePair<string, string>(pair.Key, pair.Value.ToString())).ToList();
        var words = await Words(http, texts, null, ct);
        var asked = isFilled ? new UnitNames(words.Units).Numbered(ConditionForm.Read(query), viewer.Facts) : ConditionForm.Of((await AskedList.Read(http, ct)).Query["where"].ToString() is { Length: > 0 } text ? ConditionText.Read(text) : null);
        string? error = null;
        try
        {
            var zone = (await settings.Get<FirmSettings>(ct)).Zone;
            ConditionSql.Of(ConditionText.Checked(asked), viewer.Facts, viewer.Looks(DateOnly.FromDateTime(DateTime.UnixEpoch), zone));
            if (query["go"] == "show")
            {
                var where = ConditionForm.Trimmed(asked) is { } condition ? ConditionText.Write(condition) : "";
                return TypedResults.LocalRedirect("/customers" + QueryString.Create(kept.Append(new("where", where)).Where(pair => pair.Value.Length > 0 || kept.Exists(one => one.Key == AskedList.Name)).Select(pair => new KeyValuePair<string, string?>(pair.Key, pair.Value))).Value);
            }
        }
        catch (RuleException refused)
        {
            error = texts[refused.Code, [.. refused.Args]];
        }
        shown.Value = new(asked, words.Facts, words, kept, error) { People = viewer.SeesInternal ? await people.People(ct) : [] };
        return Pages.Show<ConditionPage>(http, texts["conditions.title"], null, FormAnswer.Status(error));
    }
}
