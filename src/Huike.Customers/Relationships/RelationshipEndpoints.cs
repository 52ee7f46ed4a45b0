using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Customers.Parts;
using Huike.Customers.Relationships.Bonds;
using Huike.Customers.Relationships.Health;
using Huike.Customers.Relationships.Plans;
using Huike.Platform;
using Huike.Platform.Access.Records;
using Huike.Platform.Settings;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Huike.Customers.Relationships;

/// <summary>A page of contacts that are due.</summary>
internal sealed record DueView(DueQuery Query, IReadOnlyList<DueContact> Rows, IReadOnlyList<(long Id, string Name)> Owners)
{
    public bool IsMore => Rows.Count > DueContacts.Most;

    public IEnumerable<DueContact> Shown => Rows.Take(DueContacts.Most);
}

/// <summary>Pages of relationships.</summary>
internal static class RelationshipEndpoints
{
    public const string DuePath = "/contacts-due";

    public static void MapRelationships(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(DuePath, Due).RequireAuthorization(CustomerPermissions.Read);
        var one = routes.MapGroup("/customers/{id:long}");
        one.MapGet("/relationship", Show).RequireRecord(CustomerPermissions.Records, RecordAction.Read);
        var edit = routes.MapGroup("/customers/{id:long}").RequireRecord(CustomerPermissions.Records, RecordAction.Edit);
        edit.MapPost("/relationship", async (HttpContext http, long id, SetRelationship set, IFormCollection form, CancellationToken ct) =>
        {
            await set.Run(FileWriter.Of(http, id), form["type"], form["reason"], ct);
            return Back(id, "type");
        });
        MapBonds(edit);
    }

    private static void MapBonds(RouteGroupBuilder edit)
    {
        edit.MapPost("/bonds", async (HttpContext http, long id, ChangeBonds change, IFormCollection form, CancellationToken ct) =>
        {
            await change.Add(FileWriter.Of(http, id), Bond.Read(form["kind"], form["what"], form["since"]), FormKey.Read(form[FormKey.Name]), ct);
            return Back(id, "bonds");
        });
        edit.MapPost("/bonds/{bond:long}/removal", async (HttpContext http, long id, long bond, ChangeBonds change, [FromForm] string? confirm, CancellationToken ct) =>
        {
            await change.RemoveBond(FileWriter.Of(http, id), bond, ct);
            return Back(id, "bonds");
        });
        edit.MapPost("/moments", async (HttpContext http, long id, ChangeBonds change, SettingsStore settings, TimeProvider clock, IFormCollection form, CancellationToken ct) =>
        {
            var today = Today(clock, (await settings.Get<FirmSettings>(ct)).Zone);
            await change.Add(FileWriter.Of(http, id), Moment.Read(form["kind"], form["on"], (form["what"], form["who"], form["reaction"]), form["tone"], today), FormKey.Read(form[FormKey.Name]), ct);
            return Back(id, "moments");
        });
        edit.MapPost("/moments/{moment:long}/removal", async (HttpContext http, long id, long moment, ChangeBonds change, [FromForm] string? confirm, CancellationToken ct) =>
        {
            await change.RemoveMoment(FileWriter.Of(http, id), moment, ct);
            return Back(id, "moments");
        });
        edit.MapPost("/retention-plan", async (HttpContext http, long id, ChangeBonds change, IFormCollection form, CancellationToken ct) =>
        {
            var plan = RetentionPlan.Read(form["goal"], form["next"], form["review"]);
            await change.Save(FileWriter.Of(http, id), Version(form), plan, (form["step"].ToString(), form["due"].ToString()), FormKey.Read(form[FormKey.Name]), ct);
            return Back(id, "plan");
        });
        edit.MapPost("/retention-plan/removal", async (HttpContext http, long id, ChangeBonds change, IFormCollection form, CancellationToken ct) =>
        {
            await change.Save(FileWriter.Of(http, id), Version(form), null, ("", ""), default, ct);
            return Back(id, "plan");
        });
    }

    /// <summary>Address of a customer's page.</summary>
    public static string PathOf(long id) => FileOf(id) + "/relationship";

    /// <summary>Address of a customer's file.</summary>
    public static string FileOf(long id) => string.Create(CultureInfo.InvariantCulture, $"/customers/{id}");

    public static DateOnly Today(TimeProvider clock, TimeZoneInfo zone) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(clock.GetUtcNow(), zone).DateTime);

    private static async Task<IResult> Show(HttpContext http, Texts texts, ReadRelationship read, Shown<RelationshipView> shown, long id, CancellationToken ct, string show = "")
    {
        shown.Value = await read.Page(http, texts, id, show.Length == 0 ? null : TypedText.Chosen<Indicator>(show, "relationship.health.wrong"), ct);
        return Pages.Show<RelationshipPage>(http, texts["relationship.page.of", shown.Value.Name]);
    }

    private static async Task<IResult> Due(HttpContext http, Texts texts, DueContacts contacts, Shown<DueView> shown, CancellationToken ct)
    {
        var (viewer, query) = (Viewer.InternalOrNobody(http), DueQuery.Read(http, "after"));
        shown.Value = new(query, await contacts.Page(query, viewer, ct), await contacts.Owners(viewer, ct));
        return Pages.Show<DueContactsPage>(http, texts["relationship.due.title"]);
    }

    private static int Version(IFormCollection form) => int.TryParse(form["version"], NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0;

    private static RedirectHttpResult Back(long id, string part) => TypedResults.LocalRedirect($"{PathOf(id)}#{part}");
}
