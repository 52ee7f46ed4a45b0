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
/// <param name="Id">Its number.</param>
/// <param name="Body">What it says; @ and a name mentions a colleague, who is told.</param>
/// <param name="Kind">How one of us spoke with the customer.</param>
/// <param name="Side">From which side.</param>
/// <param name="At">When.</param>
/// <param name="CreatedAt">When it was written.</param>
/// <param name="CreatedBy">Who wrote it.</param>
/// <param name="ReplyTo">Number of the note that it answers; null: none.</param>
/// <param name="Untold">Of one that was just written: mentioned colleagues who may not see the customer and were told nothing.</param>
internal sealed record NoteRecord(long Id, string Body, InteractionKind Kind, InteractionSide Side, DateTimeOffset At, DateTimeOffset CreatedAt, string CreatedBy, long? ReplyTo = null, IReadOnlyList<string>? Untold = null);

/// <summary>A new note.</summary>
/// <param name="Body">1–4,000 characters.</param>
/// <param name="Kind">How one of us spoke with the customer; null: nobody did.</param>
/// <param name="Side">From which side; null: ours.</param>
/// <param name="At">When; null: now.</param>
/// <param name="Tone">How the customer sounded, -2 to 2; null: nobody says.</param>
/// <param name="ReplyTo">Number of the note that it answers, which itself answers none; null: none.</param>
internal sealed record NoteInput(string? Body, InteractionKind? Kind = null, InteractionSide? Side = null, DateTimeOffset? At = null, int? Tone = null, long? ReplyTo = null);

/// <summary>Notes for programs.</summary>
internal static class NoteApi
{
    private const string Columns = "id, body, kind, direction, at, created_at, created_by, reply_to";

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

    /// <summary>One note of a customer; null: none.</summary>
    public static Task<NoteRecord?> Find(System.Data.Common.DbConnection connection, long customerId, long id, CancellationToken ct) =>
        connection.First($"select {Columns} from customers_note where id = @note and customer_id = @id", Map, ct, ("note", id), ("id", customerId));

    private static Task Add(HttpContext http, ApiWrites writes, Database database, AddNote add, long id, CancellationToken ct) => writes.Run(http, async input =>
    {
        var key = FormKey.Read(FormKey.New());
        var said = input.As<NoteInput>().Value;
        var untold = await add.Run(id, new(said.Body, said.Kind ?? InteractionKind.Note, said.Side ?? InteractionSide.None, said.At, Relationships.Bonds.Tones.Read(said.Tone), said.ReplyTo), FileEndpoints.By(http.User), key, ct);
        await using var connection = await database.Open(ct);
        var note = await connection.First($"select {Columns} from customers_note where form_key = @key", Map, ct, ("key", key.Value));
        return ApiAnswer.Of(note! with { Untold = untold.Count > 0 ? [.. untold.Select(who => who.Name)] : null }, StatusCodes.Status201Created) with { Location = string.Create(CultureInfo.InvariantCulture, $"/api/customers/{id}/notes?before={note.Id + 1}"), About = new(CustomerPermissions.Records.Name, id) };
    }, ct);

    private static NoteRecord Map(System.Data.Common.DbDataReader row) => new(row.GetInt64(0), row.GetString(1), (InteractionKind)row.GetInt32(2), (InteractionSide)row.GetInt32(3), row.At(4), row.At(5), row.GetString(6), row.IsDBNull(7) ? null : row.GetInt64(7));
}
