using System.Globalization;
using System.Net.Mime;
using System.Text;
using Huike.Platform.Access.Records;
using Huike.Platform.Api;
using Huike.Platform.Data;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Huike.Platform.Files;

/// <summary>Files of a kind of record for programs. A file never changes: its <c>ETag</c> is the hash of its bytes.</summary>
internal static class FileApi
{
    public static void Map(IEndpointRouteBuilder routes, FileOwner owner)
    {
        var files = routes.MapApi(string.Format(CultureInfo.InvariantCulture, owner.Path, "{id:long}").TrimStart('/') + "/files");
        var noun = char.ToUpperInvariant(owner.Kind.Audited[0]) + owner.Kind.Audited[1..] + "File";
        files.MapGet("/", (Database database, long id, CancellationToken ct, long before = 0) => List(database, owner, id, before, ct)).RequireFiles(owner, RecordAction.Read)
            .WithName($"list{noun}s").Produces<ApiList<StoredFile>>().Takes(new ApiParameter("before") { IsNumber = true });
        files.MapPost("/", (HttpContext http, AddFile add, long id, CancellationToken ct) => add.Run(http, owner, id, ct)).RequireFiles(owner, RecordAction.Edit)
            .WithName($"add{noun}").Accepts<Stream>(MediaTypeNames.Application.Octet).Produces<StoredFile>(StatusCodes.Status201Created).WithMetadata(new ApiWriteRoute(Matched: false)).Takes(new ApiParameter("name") { IsRequired = true });
        var one = files.MapGroup("/{file:long}");
        one.MapGet("/", (HttpContext http, Database database, long id, long file, CancellationToken ct) => One(http, database, owner, id, file, ct)).RequireFiles(owner, RecordAction.Read).WithName($"read{noun}").Produces<StoredFile>();
        one.MapGet("/content", (HttpContext http, Database database, long id, long file, CancellationToken ct) => FileRoutes.Send(http, database, owner, id, file, save: true, ct)).RequireFiles(owner, RecordAction.Read)
            .WithName($"download{noun}").Produces<Stream>(StatusCodes.Status200OK, MediaTypeNames.Application.Octet);
        one.MapDelete("/", (HttpContext http, ApiWrites writes, FileStore store, long id, long file, CancellationToken ct) => Remove(http, writes, store, owner, id, file, ct)).RequireFiles(owner, RecordAction.Edit).Writes($"remove{noun}", matched: true);
    }

    private static string Tag(StoredFile file) => $"\"{file.Hash}\"";

    private static async Task<IResult> List(Database database, FileOwner owner, long id, long before, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return TypedResults.Json(ApiList.Of(await FileStore.List(connection, owner.Kind, id, before, ApiList.Most + 1, ct), file => file.Id), ApiAnswer.Json);
    }

    private static async Task<IResult> One(HttpContext http, Database database, FileOwner owner, long id, long file, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var found = await FileStore.Find(connection, owner.Kind, id, file, ct);
        http.Response.Headers.ETag = Tag(found);
        return TypedResults.Json(found, ApiAnswer.Json);
    }

    private static Task Remove(HttpContext http, ApiWrites writes, FileStore store, FileOwner owner, long id, long file, CancellationToken ct) =>
        writes.Change(http, async connection => Tag(await FileStore.Find(connection, owner.Kind, id, file, ct)), async _ =>
        {
            await store.Remove(owner, id, file, ct);
            return ApiAnswer.Nothing;
        }, ct);
}

/// <summary>Keeps a file that a program sent: looked into and scanned before the transaction that keeps it.</summary>
internal sealed class AddFile(ReceiveUpload receive, FileStore store, ApiWrites writes, Database database)
{
    /// <exception cref="RuleException">As <see cref="ReceiveUpload.Body"/> and <see cref="ApiWrites.Run(HttpContext, Func{ApiInput, Task{ApiAnswer}}, CancellationToken)"/>.</exception>
    public async Task Run(HttpContext http, FileOwner owner, long id, CancellationToken ct)
    {
        await using var received = await receive.Body(http, http.Request.Query["name"].ToString(), ct);
        await writes.Run(http, new ApiInput(Encoding.UTF8.GetBytes(received.Hash)), async _ =>
        {
            var key = FormKeys.New();
            await store.Add(owner, id, [received], key, http.User.ShownName(), ct);
            await using var connection = await database.Open(ct);
            var file = await FileStore.Find(connection, owner.Kind, id, await connection.Number("select id from platform_file where form_key = @key", ct, ("key", key)), ct);
            return ApiAnswer.Of(file, StatusCodes.Status201Created) with
            {
                Location = string.Create(CultureInfo.InvariantCulture, $"/api{owner.FilesOf(id)}/{file.Id}"),
                About = new(owner.Kind.Name, id),
            };
        }, ct);
    }
}
