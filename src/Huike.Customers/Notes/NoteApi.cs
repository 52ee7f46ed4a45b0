using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Platform.Access.Records;
using Huike.Platform.Api;
using Huike.Platform.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Huike.Customers.Notes;

/// <summary>A note as programs read it.</summary>
internal sealed record NoteRecord(long Id, string Body, DateTimeOffset CreatedAt, string CreatedBy);

/// <summary>Notes, newest first; <c>before=</c> the last one's id leads on.</summary>
internal sealed record NoteRecords(IReadOnlyList<NoteRecord> Rows, long? Next);

/// <summary>A new note.</summary>
/// <param name="Body">1–4,000 characters.</param>
internal sealed record NoteInput(string? Body);

/// <summary>Notes for programs.</summary>
internal static class NoteApi
{
    private const int Page = 50;

    public static void MapNoteApi(this IEndpointRouteBuilder routes)
    {
        var notes = routes.MapApi("customers/{id:long}/notes");
        notes.MapGet("/", List).RequireRecord(CustomerPermissions.Records, RecordAction.Read).WithName("listNotes").Produces<NoteRecords>().Takes(new ApiParameter("before") { IsNumber = true });
        notes.MapPost("/", Add).RequireRecord(CustomerPermissions.Records, RecordAction.Edit).Writes<NoteInput, NoteRecord>("addNote", StatusCodes.Status201Created);
    }

    private static async Task<IResult> List(Database database, long id, CancellationToken ct, long before = long.MaxValue)
    {
        await using var connection = await database.Open(ct);
        var rows = await connection.Rows($"select id, body, created_at, created_by from customers_note where customer_id = @id and id < @before order by id desc limit {Page + 1}", Map, ct, ("id", id), ("before", before));
        var more = rows.Count > Page;
        if (more) { rows.RemoveAt(Page); }
        return TypedResults.Json(new NoteRecords(rows, more ? rows[^1].Id : null), ApiAnswer.Json);
    }

    private static async Task Add(HttpContext http, ApiWrites writes, Database database, AddNote add, long id, CancellationToken ct)
    {
        var input = await ApiInput.Read(http, ct);
        await writes.Run(http, input, async () =>
        {
            var key = FormKey.Read(FormKey.New());
            await add.Run(id, input.As<NoteInput>().Value.Body, FileEndpoints.By(http.User), key, ct);
            await using var connection = await database.Open(ct);
            var note = await connection.First("select id, body, created_at, created_by from customers_note where form_key = @key", Map, ct, ("key", key.Value));
            return ApiAnswer.Of(note, StatusCodes.Status201Created) with { Location = string.Create(CultureInfo.InvariantCulture, $"/api/customers/{id}/notes?before={note!.Id + 1}") };
        }, ct);
    }

    private static NoteRecord Map(System.Data.Common.DbDataReader row) => new(row.GetInt64(0), row.GetString(1), row.At(2), row.GetString(3));
}
