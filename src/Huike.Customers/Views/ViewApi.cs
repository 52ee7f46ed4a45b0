using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Access;
using Huike.Platform.Access.Records;
using Huike.Platform.Api;
using Huike.Platform.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Huike.Customers.Views;

/// <summary>A view as programs read it. <c>Query</c> has conditions, order, columns, groups and kind as in the list's address, where <c>view</c> and the number mean it.</summary>
internal sealed record ViewRecord(long Id, string Name, string Owner, ViewSharing Sharing, long? Unit, string Query, bool Pinned, bool Default, int Version)
{
    public static ViewRecord Of(SavedView view) => new(view.Id, view.Name, view.Owner, view.Sharing, view.UnitId, view.Query, view.IsPinned, view.IsDefault, view.Version);
}

/// <summary>Views that the reader may use, pinned ones first; at most 200.</summary>
internal sealed record ViewRecords(IReadOnlyList<ViewRecord> Rows);

/// <summary>What a program says of a view; of a change only the members that are given count. <c>Query</c> is as in the list's address: <c>where=all(tier:is:gold,sales:min:10000)&amp;sort=sales</c>.</summary>
internal sealed record ViewWish(string? Name = null, string? Query = null, ViewSharing? Sharing = null, long? Unit = null);

/// <summary>Views for programs.</summary>
internal static class ViewApi
{
    public static void MapViewApi(this IEndpointRouteBuilder routes)
    {
        var views = routes.MapApi("views");
        views.MapGet("/", async (HttpContext http, Database database, CancellationToken ct) =>
        {
            await using var connection = await database.Open(ct);
            return TypedResults.Json(new ViewRecords([.. (await SavedView.Seen(connection, http.User.Access(), ct)).Select(ViewRecord.Of)]), ApiAnswer.Json);
        }).RequireAuthorization(CustomerPermissions.Read).WithName("listViews").Produces<ViewRecords>();
        views.MapGet("/{view:long}", async (HttpContext http, Database database, long view, CancellationToken ct) =>
        {
            var found = await Find(http, database, view, ct);
            http.Response.Headers.ETag = ApiVersion.Tag(found.Version);
            return TypedResults.Json(found, ApiAnswer.Json);
        }).RequireAuthorization(CustomerPermissions.Read).WithName("readView").Produces<ViewRecord>();
        views.MapPost("/", (HttpContext http, ApiWrites writes, Database database, ChangeViews change, CancellationToken ct) => writes.Run(http, async input =>
        {
            var wish = input.As<ViewWish>().Value;
            var id = await change.Add(http.User.Access(), new(wish.Name, wish.Sharing ?? ViewSharing.Private, wish.Unit, ViewEndpoints.Checked(http, wish.Query)), new(FormKey.New()), ct);
            return ApiAnswer.Of(await Find(http, database, id, ct), StatusCodes.Status201Created);
        }, ct)).RequireAuthorization(CustomerPermissions.Read).RequireOfTokens(CustomerPermissions.ShareViews).Writes<ViewWish, ViewRecord>("addView", StatusCodes.Status201Created);
        views.MapPatch("/{view:long}", (HttpContext http, ApiWrites writes, Database database, ChangeViews change, long view, CancellationToken ct) => writes.Change(http, SavedView.Table, view, async (input, version) =>
        {
            var (wish, given) = input.As<ViewWish>();
            await change.Change(http.User.Access(), view, old => new(given.Contains("name") ? wish.Name : old.Name, wish.Sharing ?? old.Sharing, given.Contains("unit") ? wish.Unit : old.UnitId, given.Contains("query") ? ViewEndpoints.Checked(http, wish.Query) : old.Query), version, ct);
            var found = await Find(http, database, view, ct);
            return ApiAnswer.Of(found) with { Version = found.Version };
        }, ct)).RequireAuthorization(CustomerPermissions.Read).RequireOfTokens(CustomerPermissions.ShareViews).Writes<ViewWish, ViewRecord>("changeView", matched: true);
        views.MapDelete("/{view:long}", (HttpContext http, ApiWrites writes, ChangeViews change, long view, CancellationToken ct) => writes.Change(http, SavedView.Table, view, async (_, _) =>
        {
            await change.Remove(http.User.Access(), view, ct);
            return ApiAnswer.Nothing;
        }, ct)).RequireAuthorization(CustomerPermissions.Read).RequireOfTokens(CustomerPermissions.ShareViews).Writes("removeView", matched: true);
    }

    private static async Task<ViewRecord> Find(HttpContext http, Database database, long view, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return ViewRecord.Of(await SavedView.Find(connection, http.User.Access(), view, ct));
    }
}
