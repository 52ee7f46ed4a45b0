using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Customers.OneVoice;
using Huike.Platform.Access.Records;
using Huike.Platform.Api;
using Huike.Platform.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Huike.Customers.Notes;

/// <summary>A note as programs read it.</summary>
internal sealed record NoteRecord(long Id, string Body, InteractionKind Kind, InteractionSide Side, DateTimeOffset At, DateTimeOffset CreatedAt, string CreatedBy);

/// <summary>A new note.</summary>
/// <param name="Body">1–4,000 characters.</param>
/// <param name="Kind">How one of us spoke with the customer; null: nobody did.</param>
/// <param name="Side">From which side; null: ours.</param>
/// <param name="At">When; null: now.</param>
/// <param name="Tone">How the customer sounded, -2 to 2; null: nobody says.</param>
internal sealed record NoteInput(string? Body, InteractionKind? Kind = null, InteractionSide? Side = null, DateTimeOffset? At = null, int? Tone = null);

/// <summary>Notes for programs.</summary>
internal static class NoteApi
{
    private const string Columns = "id, body, kind, direction, at, created_at, created_by";

    public static void MapNoteApi(this IEndpointRouteBuilder routes)
    {
        var notes = routes.MapApi("customers/{id:long}/notes");
        notes.MapGet("/", List).RequireRecord(CustomerPermissions.Records, RecordAction.Read).WithName("listNotes").Produces<ApiList<NoteRecord>>().Takes(new ApiParameter("before") { IsNumber = true });
        notes.MapPost("/", Add).RequireRecord(CustomerPermissions.Records, RecordAction.Edit).Writes<NoteInput, NoteRecord>("addNote", StatusCodes.Status201Created);
    }

    private static async Task<IResult> List(Database database, long id, CancellationToken ct, long before = long.MaxValue)
    {
        await using var connection = await database.Open(ct);
        var rows = await connection.Rows($"select {Columns} from customers_note where customer_id = @id and id < @before order by id desc limit {ApiList.Most + 1}", Map, ct, ("id", id), ("before", before));
        return TypedResults.Json(ApiList.Of(rows, note => note.Id), ApiAnswer.Json);
    }

    private static Task Add(HttpContext http, ApiWrites writes, Database database, AddNote add, long id, CancellationToken ct) => writes.Run(http, async input =>
    {
        var key = FormKey.Read(FormKey.New());
        var said = input.As<NoteInput>().Value;
        await add.Run(id, new(said.Body, said.Kind ?? InteractionKind.Note, said.Side ?? InteractionSide.None, said.At, Relationships.Bonds.Tones.Read(said.Tone)), FileEndpoints.By(http.User), key, ct);
        await using var connection = await database.Open(ct);
        var note = await connection.First($"select {Columns} from customers_note where form_key = @key", Map, ct, ("key", key.Value));
        return ApiAnswer.Of(note, StatusCodes.Status201Created) with { Location = string.Create(CultureInfo.InvariantCulture, $"/api/customers/{id}/notes?before={note!.Id + 1}"), About = new(CustomerPermissions.Records.Name, id) };
    }, ct);

    private static NoteRecord Map(System.Data.Common.DbDataReader row) => new(row.GetInt64(0), row.GetString(1), (InteractionKind)row.GetInt32(2), (InteractionSide)row.GetInt32(3), row.At(4), row.At(5), row.GetString(6));
}
