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
internal sealed record RelationRecord(long Id, string Relation, long? Other, string? Name, DateOnly? Since, DateOnly? Until, string? Note, int Version) : IPartRecord
{
    long? IPartRecord.Id => Id;

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
internal sealed record RelationInput(DateOnly? Since = null, DateOnly? Until = null, string? Note = null)
{
    /// <summary>The time with what was given.</summary>
    public RelationTime On(Relation old, IReadOnlySet<string> given) =>
        RelationTime.Of(given.Contains("since") ? Since : old.Since, given.Contains("until") ? Until : old.Until, given.Contains("note") ? Note : old.Note);
}

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
        routes.MapFileParts<ChangeRelations, NewRelationInput, RelationInput, RelationRecord>("relations", ("Relation", "Relations"));
    }

    /// <summary>The customer of a number; 0: none.</summary>
    private static async Task<long> Number(Database database, string? typed, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return await connection.Number("select coalesce(min(id), 0) from customers_customer where number = @number", ct, ("number", TypedText.Clean(typed)));
    }

    private static RedirectHttpResult Back(long id) => TypedResults.LocalRedirect(string.Create(CultureInfo.InvariantCulture, $"/customers/{id}#relations"));
}
