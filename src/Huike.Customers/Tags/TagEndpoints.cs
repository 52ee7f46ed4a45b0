using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Customers.Parts;
using Huike.Platform.Access.Records;
using Huike.Platform.Api;
using Huike.Platform.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Huike.Customers.Tags;

/// <summary>A customer's tags as programs say them: these and no others.</summary>
/// <param name="Tags">Their names.</param>
internal sealed record TagsInput(IReadOnlyList<string> Tags);

/// <summary>A former name that was learnt of.</summary>
/// <param name="Name">The name.</param>
internal sealed record FormerNameInput(string Name);

/// <summary>Routes of tags and former names, for people and programs.</summary>
internal static class TagEndpoints
{
    public static void MapTags(this IEndpointRouteBuilder routes)
    {
        var edit = routes.MapGroup("/customers/{id:long}").RequireRecord(CustomerPermissions.Records, RecordAction.Edit);
        edit.MapPost("/tags", async (HttpContext http, long id, TagCustomer tags, IFormCollection form, CancellationToken ct) =>
        {
            await tags.Add(FileWriter.Of(http, id), Tag.Read(form["tag"]), ct);
            return Back(id);
        });
        edit.MapPost("/tags/removal", async (HttpContext http, long id, TagCustomer tags, IFormCollection form, CancellationToken ct) =>
        {
            await tags.Remove(FileWriter.Of(http, id), Tag.Read(form["tag"])[0], ct);
            return Back(id);
        });
        edit.MapPost("/former-names", async (HttpContext http, long id, ChangeFormerNames names, IFormCollection form, CancellationToken ct) =>
        {
            await names.Add(FileWriter.Of(http, id), form["name"], ct);
            return Back(id);
        });
        edit.MapPost("/former-names/{former:long}/removal", async (HttpContext http, long id, long former, ChangeFormerNames names, IFormCollection form, CancellationToken ct) =>
        {
            await names.Remove(FileWriter.Of(http, id), former, ct);
            return Back(id);
        });
        MapApi(routes);
    }

    private static void MapApi(IEndpointRouteBuilder routes)
    {
        routes.MapApi("tags").MapGet("/", List).RequireAuthorization(CustomerPermissions.Read).WithName("listTags").Produces<ApiList<string>>();
        routes.MapApi("customers/{id:long}/tags").MapPut("/", Replace).RequireRecord(CustomerPermissions.Records, RecordAction.Edit).Writes<TagsInput, CustomerRecord>("setTags", matched: true);
        var names = routes.MapApi("customers/{id:long}/former-names");
        names.MapGet("/", Names).RequireRecord(CustomerPermissions.Records, RecordAction.Read).WithName("listFormerNames").Produces<ApiList<FormerName>>();
        names.MapPost("/", AddName).RequireRecord(CustomerPermissions.Records, RecordAction.Edit).Writes<FormerNameInput, CustomerRecord>("addFormerName", StatusCodes.Status201Created);
        names.MapDelete("/{former:long}", RemoveName).RequireRecord(CustomerPermissions.Records, RecordAction.Edit).Writes("removeFormerName", matched: true);
    }

    private static async Task<IResult> List(HttpContext http, Database database, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return TypedResults.Json(new ApiList<string>(Viewer.Of(http).SeesInternal ? await Tag.Offered(connection, ct) : [], null), ApiAnswer.Json);
    }

    private static Task Replace(HttpContext http, ApiWrites writes, Database database, TagCustomer tags, long id, CancellationToken ct) => writes.Change(http, CustomerApi.Table, id, async (input, _) =>
    {
        var names = input.As<TagsInput>().Value.Tags ?? [];
        await tags.Replace(FileWriter.Of(http, id), names.Count == 0 ? [] : Tag.Read(string.Join('\n', names)), ct);
        return await CustomerApi.Answer(http, database, id, StatusCodes.Status200OK, ct);
    }, ct);

    private static async Task<IResult> Names(Database database, long id, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return TypedResults.Json(new ApiList<FormerName>(await FormerName.Of(connection, id, ct), null), ApiAnswer.Json);
    }

    private static Task AddName(HttpContext http, ApiWrites writes, Database database, ChangeFormerNames names, long id, CancellationToken ct) => writes.Run(http, async input =>
    {
        await names.Add(FileWriter.Of(http, id), input.As<FormerNameInput>().Value.Name, ct);
        return await CustomerApi.Answer(http, database, id, StatusCodes.Status201Created, ct);
    }, ct);

    private static Task RemoveName(HttpContext http, ApiWrites writes, ChangeFormerNames names, long id, long former, CancellationToken ct) => writes.Change(http, CustomerApi.Table, id, async (_, _) =>
    {
        await names.Remove(FileWriter.Of(http, id), former, ct);
        return ApiAnswer.Nothing;
    }, ct);

    private static RedirectHttpResult Back(long id) => TypedResults.LocalRedirect(string.Create(CultureInfo.InvariantCulture, $"/customers/{id}#marks"));
}
