using System.Globalization;
using Huike.Customers.Bin;
using Huike.Customers.Contracts;
using Huike.Customers.Views;
using Huike.Platform;
using Huike.Platform.Access;
using Huike.Platform.Access.Records;
using Huike.Platform.Data;
using Huike.Platform.Settings;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;

namespace Huike.Customers.BulkChanges;

/// <summary>The bulk changes of a user, as their page lists them.</summary>
internal sealed record BulkListView(IReadOnlyList<BulkView> Changes);

/// <summary>Pages of what is done to many customers at once: choose them, say what, look what it would do, do it, undo it.</summary>
internal static class BulkEndpoints
{
    private const int MostListed = 50;

    /// <summary>What the list asks for that leads from page to page instead.</summary>
    public const string Merge = "merge";

    public static void MapBulk(this IEndpointRouteBuilder routes)
    {
        var bulk = routes.MapGroup(BulkChange.Path).RequireAuthorization(CustomerPermissions.Read);
        bulk.MapGet("/", List);
        bulk.MapPost("/", Choose);
        bulk.MapGet("/{bulk:long}", Show);
        bulk.MapGet("/{bulk:long}/progress", Progress);
        bulk.MapPost("/{bulk:long}/preview", async (HttpContext http, ShowBulk show, Shown<BulkView> shown, Texts texts, IFormCollection form, long bulk, CancellationToken ct) =>
        {
            var view = await show.Read(http, bulk, ct);
            if (!view.IsPlanned) { return (IResult)To(bulk); }
            shown.Value = await show.Preview(http, view, Wish(form), ct);
            return Pages.Show<BulkPage>(http, texts["bulk.page.title"], status: shown.Value.Fault is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
        });
        bulk.MapPost("/{bulk:long}/run", async (HttpContext http, BeginBulk begin, ShowBulk show, IFormCollection form, long bulk, CancellationToken ct) =>
        {
            var view = await show.Read(http, bulk, ct);
            await begin.Run(ShowBulk.Asker(http), bulk, view.IsPlanned ? Wish(form) : null, ct);
            return To(bulk);
        });
        bulk.MapPost("/{bulk:long}/cancel", async (HttpContext http, CancelBulk cancel, [FromForm] string? confirm, long bulk, CancellationToken ct) =>
        {
            await cancel.Run(bulk, ShowBulk.Asker(http), ct);
            return To(bulk);
        });
        routes.MapBulkApi();
        routes.MapBin();
        bulk.MapPost("/{bulk:long}/undo", async (HttpContext http, BeginBulk begin, [FromForm] string? confirm, long bulk, CancellationToken ct) => To(await begin.Undo(ShowBulk.Asker(http), bulk, ct)));
    }

    /// <summary>What is to be done, as a form says it.</summary>
    /// <exception cref="RuleException"><c>bulk.verb.wrong</c>.</exception>
    public static BulkWish Wish(IFormCollection form)
    {
        var verb = Verb(form["verb"].ToString());
        var field = form["field"].ToString();
        return new(verb, verb == BulkVerb.Set ? field : null, verb == BulkVerb.Set ? form[form.ContainsKey(field) ? field : "value"].ToString().Trim() : null, verb == BulkVerb.Assign ? form["owner"].ToString().Trim() : null, verb is BulkVerb.Tag or BulkVerb.Untag ? form["tags"].ToString() : null);
    }

    private static BulkVerb Verb(string name) => Enum.GetValues<BulkVerb>().FirstOrDefault(verb => CustomerFilter.Kebab(verb) == name && verb != BulkVerb.Undo) is var found && CustomerFilter.Kebab(found) == name ? found : throw new RuleException("bulk.verb.wrong");

    private static async Task<IResult> Choose(HttpContext http, BeginBulk begin, CustomerList list, IFormCollection form, CancellationToken ct)
    {
        var verb = form["verb"].ToString();
        if (verb != Merge) { Verb(verb); }
        var ids = form["all"] == "true" ? await All(http, list, form["query"].ToString(), ct) : Ids(form);
        var id = await begin.Choose(ShowBulk.Asker(http), ids, FormKey.Read(form[FormKey.Name]).Value, ct);
        return TypedResults.LocalRedirect(string.Create(CultureInfo.InvariantCulture, $"{BulkChange.Path}/{id}?verb={verb}"));
    }

    /// <summary>All whom a list finds, whatever it is that it asks.</summary>
    public static async Task<IReadOnlyCollection<long>> All(HttpContext http, CustomerList list, string query, CancellationToken ct) =>
        await list.Ids(CustomerQuery.Read((await AskedList.Read(http, new QueryCollection(QueryHelpers.ParseQuery(query)), ct)).Query, Viewer.Of(http)), ct);

    /// <summary>Those that were ticked.</summary>
    public static IReadOnlyCollection<long> Ids(IFormCollection form) =>
        form["id"].Select(text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : throw new RuleException("customers.customer.unknown", 0)).ToHashSet();

    private static async Task<IResult> List(HttpContext http, Database database, SettingsStore settings, Texts texts, Shown<BulkListView> shown, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var (words, views) = (await FileEndpoints.Words(texts, settings, ct), new List<BulkView>());
        foreach (var change in await BulkChange.Newest(connection, http.User.Access().UserId, MostListed, ct))
        {
            views.Add(new(change, await BulkChange.Count(connection, change.Id, ct), words) { Viewer = Viewer.Of(http), Undone = change.Undoes is { } before ? await BulkChange.Find(connection, before, ct) : null });
        }
        shown.Value = new(views);
        return Pages.Show<BulkListPage>(http, texts["bulk.list.title"]);
    }

    private static async Task<IResult> Show(HttpContext http, ShowBulk show, Shown<BulkView> shown, Texts texts, long bulk, CancellationToken ct, string verb = "", string field = "", string state = "", long after = 0)
    {
        var view = await show.Read(http, bulk, ct);
        shown.Value = !view.IsPlanned ? await show.Ended(http, view, Enum.GetValues<BulkState>().Where(one => CustomerFilter.Kebab(one) == state).Select(one => (BulkState?)one).FirstOrDefault(), after, ct)
            : await show.Plan(http, view, new(verb is "" or Merge ? BulkVerb.Set : Verb(verb), field), verb == Merge, ct);
        return Pages.Show<BulkPage>(http, texts["bulk.page.title"]);
    }

    private static async Task<IResult> Progress(HttpContext http, ShowBulk show, Shown<BulkView> shown, long bulk, CancellationToken ct)
    {
        shown.Value = await show.Read(http, bulk, ct);
        // At its end the whole page has something new to say.
        if (!shown.Value.IsRunning) { http.Response.Headers["HX-Redirect"] = shown.Value.Change.Href; }
        return Pages.Fragment<BulkProgress>(http);
    }

    private static RedirectHttpResult To(long id) => TypedResults.LocalRedirect(string.Create(CultureInfo.InvariantCulture, $"{BulkChange.Path}/{id}"));
}
