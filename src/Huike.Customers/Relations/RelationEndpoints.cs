using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Customers.Parts;
using Huike.Customers.Tags;
using Huike.Platform;
using Huike.Platform.Access.Records;
using Huike.Platform.Api;
using Huike.Platform.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Huike.Customers.Relations;

/// <summary>A relation as programs read it.</summary>
/// <param name="Id">Number.</param>
/// <param name="Relation">What the other one is to this customer: parent, subsidiary, household, member, referrer, referred, influenced, influencer, employer, employee.</param>
/// <param name="Other">The other customer; null: out of the reader's scope.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Since">First day.</param>
/// <param name="Until">Last day.</param>
/// <param name="Note">A remark.</param>
/// <param name="Version">Grows with each change.</param>
internal sealed record RelationRecord(long Id, string Relation, long? Other, string? Name, DateOnly? Since, DateOnly? Until, string? Note, int Version)
{
    public static RelationRecord Of(Relation relation) => new(relation.Id, relation.Word, relation.OtherId, relation.OtherId is null ? null : relation.Other, relation.Since, relation.Until, relation.Note.Length > 0 ? relation.Note : null, relation.Version);
}

/// <summary>A new relation.</summary>
/// <param name="Relation">What the other one is to this customer.</param>
/// <param name="Other">The other customer.</param>
internal sealed record NewRelationInput(string Relation, long Other)
{
    public DateOnly? Since { get; init; }

    public DateOnly? Until { get; init; }

    public string? Note { get; init; }
}

/// <summary>When and why; only the members that are given count.</summary>
internal sealed record RelationInput(DateOnly? Since = null, DateOnly? Until = null, string? Note = null);

/// <summary>Routes of relations, for people and programs.</summary>
internal static class RelationEndpoints
{
    public static void MapRelations(this IEndpointRouteBuilder routes)
    {
        var edit = routes.MapGroup("/customers/{id:long}/relations").RequireRecord(CustomerPermissions.Records, RecordAction.Edit);
        edit.MapPost("/", async (HttpContext http, long id, ChangeRelations change, Database database, IFormCollection form, CancellationToken ct) =>
        {
            await change.Add(FileWriter.Of(http, id), form["relation"].ToString(), await Number(database, form["number"], ct), RelationTime.Read(form["since"], form["until"], form["note"]), FormKey.Read(form[FormKey.Name]), ct);
            return Back(id);
        });
        edit.MapPost("/{relation:long}", async (HttpContext http, long id, long relation, ChangeRelations change, IFormCollection form, CancellationToken ct) =>
        {
            var version = int.TryParse(form["version"], CultureInfo.InvariantCulture, out var shown) ? shown : 0;
            await change.Change(FileWriter.Of(http, id), relation, version, _ => RelationTime.Read(form["since"], form["until"], form["note"]), ct);
            return Back(id);
        });
        edit.MapPost("/{relation:long}/removal", async (HttpContext http, long id, long relation, ChangeRelations change, IFormCollection form, CancellationToken ct) =>
        {
            await change.Remove(FileWriter.Of(http, id), relation, ct);
            return Back(id);
        });
        var api = routes.MapApi("customers/{id:long}/relations");
        api.MapGet("/", List).RequireRecord(CustomerPermissions.Records, RecordAction.Read).WithName("listRelations").Produces<ApiList<RelationRecord>>();
        api.MapPost("/", Add).RequireRecord(CustomerPermissions.Records, RecordAction.Edit).Writes<NewRelationInput, RelationRecord>("addRelation", StatusCodes.Status201Created);
        api.MapGet("/{relation:long}", One).RequireRecord(CustomerPermissions.Records, RecordAction.Read).WithName("readRelation").Produces<RelationRecord>();
        api.MapPatch("/{relation:long}", Change).RequireRecord(CustomerPermissions.Records, RecordAction.Edit).Writes<RelationInput, RelationRecord>("changeRelation", matched: true);
        api.MapDelete("/{relation:long}", Remove).RequireRecord(CustomerPermissions.Records, RecordAction.Edit).Writes("removeRelation", matched: true);
    }

    /// <summary>The customer of a number; 0: none.</summary>
    private static async Task<long> Number(Database database, string? typed, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return await connection.Number("select coalesce(min(id), 0) from customers_customer where number = @number", ct, ("number", TypedText.Clean(typed)));
    }

    private static async Task<IResult> List(HttpContext http, Database database, long id, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return TypedResults.Json(new ApiList<RelationRecord>([.. (await Relation.Of(connection, id, Viewer.Of(http), ct)).Select(RelationRecord.Of)], null), ApiAnswer.Json);
    }

    private static async Task<IResult> One(HttpContext http, Database database, long id, long relation, CancellationToken ct)
    {
        var found = await Find(http, database, id, relation, ct);
        http.Response.Headers.ETag = ApiVersion.Tag(found.Version);
        return TypedResults.Json(found, ApiAnswer.Json);
    }

    private static Task Add(HttpContext http, ApiWrites writes, Database database, ChangeRelations change, long id, CancellationToken ct) => writes.Run(http, async input =>
    {
        var wanted = input.As<NewRelationInput>().Value;
        var relation = await change.Add(FileWriter.Of(http, id), wanted.Relation, wanted.Other, RelationTime.Read(Text(wanted.Since), Text(wanted.Until), wanted.Note), FormKey.Read(FormKey.New()), ct);
        return await Answer(http, database, id, relation, StatusCodes.Status201Created, ct) with { Location = string.Create(CultureInfo.InvariantCulture, $"/api/customers/{id}/relations/{relation}") };
    }, ct);

    private static Task Change(HttpContext http, ApiWrites writes, Database database, ChangeRelations change, long id, long relation, CancellationToken ct) => OnOne(http, writes, id, relation, async input =>
    {
        var (wanted, given) = input.As<RelationInput>();
        await change.Change(FileWriter.Of(http, id), relation, null, old => RelationTime.Read(Text(given.Contains("since") ? wanted.Since : old.Since), Text(given.Contains("until") ? wanted.Until : old.Until), given.Contains("note") ? wanted.Note : old.Note), ct);
        return await Answer(http, database, id, relation, StatusCodes.Status200OK, ct);
    }, ct);

    private static Task Remove(HttpContext http, ApiWrites writes, ChangeRelations change, long id, long relation, CancellationToken ct) => OnOne(http, writes, id, relation, async _ =>
    {
        await change.Remove(FileWriter.Of(http, id), relation, ct);
        return ApiAnswer.Nothing;
    }, ct);

    /// <summary>It is both sides'.</summary>
    private static Task OnOne(HttpContext http, ApiWrites writes, long id, long relation, Func<ApiInput, Task<ApiAnswer>> work, CancellationToken ct) => writes.Change(http, async connection =>
    {
        await connection.Run("update customers_customer set version = version where id = @id", ct, ("id", id));
        var version = await connection.Number("select version from customers_relation where id = @relation and @id in (customer_id, other_id)", ct, ("relation", relation), ("id", id));
        return version == 0 ? null : ApiVersion.Tag((int)version);
    }, work, ct);

    private static async Task<ApiAnswer> Answer(HttpContext http, Database database, long id, long relation, int status, CancellationToken ct)
    {
        var found = await Find(http, database, id, relation, ct);
        return ApiAnswer.Of(found, status) with { Version = found.Version, About = new(CustomerPermissions.Records.Name, id) };
    }

    private static async Task<RelationRecord> Find(HttpContext http, Database database, long id, long relation, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return (await Relation.Of(connection, id, Viewer.Of(http), ct)).Find(known => known.Id == relation) is { } found ? RelationRecord.Of(found) : throw new RuleException("customers.relation.gone") { Status = StatusCodes.Status404NotFound };
    }

    private static string? Text(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static RedirectHttpResult Back(long id) => TypedResults.LocalRedirect(string.Create(CultureInfo.InvariantCulture, $"/customers/{id}#relations"));
}
