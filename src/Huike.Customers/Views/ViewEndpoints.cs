using System.Globalization;
using Huike.Customers.Conditions;
using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Access;
using Huike.Platform.Access.Organisation;
using Huike.Platform.Access.Records;
using Huike.Platform.Data;
using Huike.Platform.Settings;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;

namespace Huike.Customers.Views;

/// <summary>Views that a user may use, or the form of one.</summary>
/// <param name="All">Pinned ones first.</param>
/// <param name="UserId">Who looks.</param>
/// <param name="MayShare">Whether the form offers it.</param>
/// <param name="Units">Units to share with.</param>
internal sealed record ViewsShown(IReadOnlyList<SavedView> All, long UserId, bool MayShare, IReadOnlyList<PlacedUnit> Units)
{
    /// <summary>The view in the form, as it was filled in.</summary>
    public SavedView? Form { get; init; }

    /// <summary>Key of the form of a new view.</summary>
    public string Key { get; init; } = "";

    public string? Error { get; init; }
}

/// <summary>Routes of views.</summary>
internal static class ViewEndpoints
{
    public const string Path = "/customers/views";

    public static void MapViews(this IEndpointRouteBuilder routes)
    {
        routes.MapConditions();
        routes.MapCells();
        routes.MapViewApi();
        var read = routes.MapGroup("/customers").RequireAuthorization(CustomerPermissions.Read);
        read.MapGet("/cards", async (HttpContext http, Texts texts, SettingsStore settings, Cards cards, Shown<IReadOnlyList<CardPage>> shown, CancellationToken ct) =>
        {
            shown.Value = [await cards.More(http, CustomerQuery.Read((await AskedList.Read(http, ct)).Query, Viewer.Of(http)), await FileEndpoints.Words(texts, settings, ct), ct)];
            return Pages.Fragment<CardList>(http);
        });
        var views = routes.MapGroup(Path).RequireAuthorization(CustomerPermissions.Read);
        views.MapGet("/", (HttpContext http, ViewAnswer answer, CancellationToken ct) => answer.All(http, ct));
        views.MapGet("/new", (HttpContext http, ViewAnswer answer, string? query, CancellationToken ct) => answer.Form(http, new(0, 0, "", "", ViewSharing.Private, null, Checked(http, query), 0), null, ct));
        views.MapGet("/{view:long}", async (HttpContext http, ViewAnswer answer, Database database, long view, CancellationToken ct) =>
        {
            await using var connection = await database.Open(ct);
            var found = await SavedView.Find(connection, http.User.Access(), view, ct);
            return found.OwnerId == http.User.Access().UserId ? await answer.Form(http, found, null, ct) : throw new RuleException("views.foreign");
        });
        views.MapPost("/", (HttpContext http, ViewAnswer answer, FormAnswer form, ChangeViews change, IFormCollection posted, CancellationToken ct) =>
        {
            var (input, id) = (Read(http, posted), 0L);
            return form.After(async () => id = await change.Add(http.User.Access(), input, FormKey.Read(posted[FormKey.Name]), ct), () => SavedView.Of(id), error => answer.Form(http, Filled(input, 0, 0), error, ct));
        });
        views.MapPost("/{view:long}", (HttpContext http, ViewAnswer answer, FormAnswer form, ChangeViews change, IFormCollection posted, long view, CancellationToken ct) =>
        {
            var (input, version) = (Read(http, posted), Version(posted));
            return form.After(() => change.Change(http.User.Access(), view, old => input with { Query = old.Query }, version, ct), () => Path, error => answer.Form(http, Filled(input, view, version), error, ct));
        });
        MapWrites(views);
    }

    private static void MapWrites(IEndpointRouteBuilder views)
    {
        views.MapPost("/{view:long}/query", async (HttpContext http, ChangeViews change, IFormCollection posted, long view, CancellationToken ct) =>
        {
            var query = Checked(http, posted["query"]);
            await change.Change(http.User.Access(), view, old => new(old.Name, old.Sharing, old.UnitId, query), Version(posted), ct);
            return TypedResults.LocalRedirect(SavedView.Of(view));
        });
        views.MapPost("/{view:long}/copies", async (HttpContext http, Database database, ChangeViews change, Texts texts, [FromForm] string? formKey, long view, CancellationToken ct) =>
        {
            await using var connection = await database.Open(ct);
            var found = await SavedView.Find(connection, http.User.Access(), view, ct);
            var name = texts["views.copyOf", found.Name];
            var copy = await change.Add(http.User.Access(), new(name[..Math.Min(name.Length, SavedView.LongestName)], ViewSharing.Private, null, found.Query), FormKey.Read(formKey), ct);
            return TypedResults.LocalRedirect(SavedView.Of(copy));
        });
        views.MapPost("/{view:long}/removal", async (HttpContext http, ChangeViews change, [FromForm] string? confirm, long view, CancellationToken ct) =>
        {
            await change.Remove(http.User.Access(), view, ct);
            return TypedResults.LocalRedirect(Path);
        });
        views.MapPost("/{view:long}/mark", async (HttpContext http, ChangeViews change, [FromForm] string? how, long view, CancellationToken ct) =>
        {
            await change.Mark(http.User.Access(), view, how ?? "", ct);
            return TypedResults.LocalRedirect(Path);
        });
    }

    /// <summary>A list's address as views keep it.</summary>
    /// <exception cref="RuleException">Of what can't be meant, or isn't shown to the user.</exception>
    public static string Checked(HttpContext http, string? query)
    {
        if ((query?.Length ?? 0) > 8_000) { throw new RuleException("views.query.long"); }
        var asked = new QueryCollection(QueryHelpers.ParseQuery(query));
        var read = CustomerQuery.Read(asked, Viewer.Of(http));
        if (read.Filter.Where is { } where) { Platform.Conditions.ConditionSql.Of(where, read.Viewer.Facts, read.Viewer.Looks(DateOnly.FromDateTime(DateTime.UnixEpoch), TimeZoneInfo.Utc)); }
        var columns = asked["columns"].SelectMany(value => (value ?? "").Split(',', '.')).Where(key => key.Length > 0).ToList();
        if (columns.Find(key => CustomerListColumns.For(read.Viewer).All(column => column.Key != key)) is { } unknown) { throw new RuleException("customers.filter.wrong", "columns", unknown[..Math.Min(unknown.Length, 20)]); }
        return AskedList.Written(read, ListShape.Read(asked, read.Viewer), columns.Count > 0 ? columns : null);
    }

    private static ViewInput Read(HttpContext http, IFormCollection posted) => new(posted["name"], TypedText.Chosen<ViewSharing>(posted["sharing"], "views.sharing.wrong"), long.TryParse(posted["unit"], NumberStyles.None, CultureInfo.InvariantCulture, out var unit) ? unit : null, Checked(http, posted["query"]));

    private static SavedView Filled(ViewInput input, long id, int version) => new(id, 0, "", input.Name ?? "", input.Sharing, input.UnitId, input.Query, version);

    private static int Version(IFormCollection posted) => int.TryParse(posted["version"], NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0;
}

/// <summary>Pages of views.</summary>
internal sealed class ViewAnswer(Database database, OrganisationChoices organisation, Texts texts, Shown<ViewsShown> shown)
{
    public async Task<IResult> All(HttpContext http, CancellationToken ct)
    {
        shown.Value = await Read(http, ct);
        return Pages.Show<ViewListPage>(http, texts["views.title"]);
    }

    public async Task<IResult> Form(HttpContext http, SavedView form, string? error, CancellationToken ct)
    {
        shown.Value = (await Read(http, ct)) with { Form = form, Key = FormKey.New(), Error = error };
        return Pages.Show<ViewFormPage>(http, texts[form.Id == 0 ? "views.new" : "views.edit"], null, FormAnswer.Status(error));
    }

    private async Task<ViewsShown> Read(HttpContext http, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var access = http.User.Access();
        var mayShare = http.User.Holds(CustomerPermissions.ShareViews);
        var units = mayShare ? await organisation.Units(ct) : [];
        return new(await SavedView.Seen(connection, access, ct), access.UserId, mayShare, units);
    }
}
