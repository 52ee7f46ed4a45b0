using System.Globalization;
using Huike.Platform.Access.Records;
using Huike.Platform.Data;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Huike.Platform.Files;

/// <summary>Routes of the files of a kind of record.</summary>
public static class FileRoutes
{
    /// <summary>Maps list, upload, content and removal under the record's address, and the same for programs; all by the record's own policy.</summary>
    public static void MapFiles(this IEndpointRouteBuilder routes, FileOwner owner)
    {
        var path = string.Format(CultureInfo.InvariantCulture, owner.Path, "{id:long}") + "/files";
        var files = routes.MapGroup(path);
        files.MapGet("/", (HttpContext http, Texts texts, FileCard card, long id, long before = 0) => Show(http, texts, card, owner, id, before)).RequireFiles(owner, RecordAction.Read);
        files.MapPost("/", (HttpContext http, Texts texts, FileCard card, ReceiveUpload receive, FileStore store, long id, CancellationToken ct) => Add(http, texts, card, receive, store, owner, id, ct)).RequireFiles(owner, RecordAction.Edit);
        files.MapGet("/{file:long}", (HttpContext http, Database database, long id, long file, CancellationToken ct, bool save = false) => Send(http, database, owner, id, file, save, ct)).RequireFiles(owner, RecordAction.Read);
        files.MapPost("/{file:long}/removal", async (FileStore store, long id, long file, IFormCollection form, CancellationToken ct) =>
        {
            await store.Remove(owner, id, file, ct);
            return TypedResults.LocalRedirect(owner.FilesOf(id));
        }).RequireFiles(owner, RecordAction.Edit);
        FileApi.Map(routes, owner);
    }

    /// <summary>The record first: of one that the user may not see it isn't told that it has files.</summary>
    internal static RouteHandlerBuilder RequireFiles(this RouteHandlerBuilder route, FileOwner owner, RecordAction action) => route.RequireRecord(owner.Kind, action)
        .AddEndpointFilter((context, next) => owner.IsSeenBy(context.HttpContext.User) ? next(context) : throw new RuleException("access.record.refused"));

    private static async Task<IResult> Show(HttpContext http, Texts texts, FileCard card, FileOwner owner, long id, long before, string? fault = null, int status = 0)
    {
        await card.Read(owner, id, before, FileStore.Page, fault);
        return Pages.Show<RecordFilesPage>(http, texts["files.title"], status: fault is null ? StatusCodes.Status200OK : status > 0 ? status : StatusCodes.Status422UnprocessableEntity);
    }

    private static async Task<IResult> Add(HttpContext http, Texts texts, FileCard card, ReceiveUpload receive, FileStore store, FileOwner owner, long id, CancellationToken ct)
    {
        try
        {
            await using var received = await receive.Run(http, ct);
            await store.Add(owner, id, received.Files, FormKeys.Read(received.Fields.GetValueOrDefault(FormKeys.Input), "files.key"), http.User.ShownName(), ct);
            return TypedResults.LocalRedirect(owner.AddressOf(id) + "#files");
        }
        catch (RuleException refused) when (refused.Code.StartsWith("files.", StringComparison.Ordinal))
        {
            return await Show(http, texts, card, owner, id, 0, texts[refused.Code, [.. refused.Args]], refused.Status);
        }
    }

    internal static async Task<IResult> Send(HttpContext http, Database database, FileOwner owner, long id, long file, bool save, CancellationToken ct)
    {
        StoredFile found;
        await using (var connection = await database.Open(ct)) { found = await FileStore.Find(connection, owner.Kind, id, file, ct); }
        var tag = new EntityTagHeaderValue($"\"{found.Hash}\"");
        // A browser may keep it, and has to ask each time whether it may still be shown.
        http.Response.Headers.CacheControl = "private, no-cache";
        http.Response.Headers.ETag = tag.ToString();
        if (http.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false))) { return TypedResults.StatusCode(StatusCodes.Status304NotModified); }
        var disposition = new ContentDispositionHeaderValue(save || !FileType.Shows(found.Type) ? "attachment" : "inline");
        disposition.SetHttpFileName(found.Name);
        http.Response.Headers.ContentDisposition = disposition.ToString();
        http.Response.ContentLength = found.Size;
        return TypedResults.Stream(async to =>
        {
            await using var connection = await database.Open(ct);
            await FileStore.Copy(connection, file, to, ct);
        }, found.Type);
    }
}
