using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Platform.Access.Records;
using Huike.Platform.Api;
using Huike.Platform.Data;
using Huike.Platform.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Huike.Customers.NextSteps;

/// <summary>A next step as programs read it: its last day is the firm's, and while it is open it was never done.</summary>
internal sealed record NextStepRecord(long Id, string What, DateOnly Due, DateTimeOffset? DoneAt, DateTimeOffset CreatedAt, string CreatedBy);

/// <summary>A new next step.</summary>
/// <param name="What">1–400 characters.</param>
/// <param name="Due">Last day.</param>
internal sealed record NextStepInput(string? What, DateOnly? Due);

/// <summary>Next steps for programs.</summary>
internal static class NextStepApi
{
    private const string Columns = "id, what, due_at, done_at, created_at, created_by";

    public static void MapNextStepApi(this IEndpointRouteBuilder routes)
    {
        var steps = routes.MapApi("customers/{id:long}/next-steps");
        steps.MapGet("/", List).RequireRecord(CustomerPermissions.Records, RecordAction.Read).WithName("listNextSteps").Produces<ApiList<NextStepRecord>>().Takes(new ApiParameter("before") { IsNumber = true });
        steps.MapPost("/", Add).RequireRecord(CustomerPermissions.Records, RecordAction.Edit).Writes<NextStepInput, NextStepRecord>("addNextStep", StatusCodes.Status201Created);
        // Done is done: sent again it changes nothing, so that no version is asked for.
        steps.MapPut("/{step:long}/done", Finish).RequireRecord(CustomerPermissions.Records, RecordAction.Edit).Writes("finishNextStep");
    }

    private static async Task<IResult> List(Database database, SettingsStore settings, long id, CancellationToken ct, long before = long.MaxValue)
    {
        var zone = (await settings.Get<FirmSettings>(ct)).Zone;
        await using var connection = await database.Open(ct);
        var rows = await connection.Rows($"select {Columns} from customers_next_step where customer_id = @id and id < @before order by id desc limit {ApiList.Most + 1}", row => Map(row, zone), ct, ("id", id), ("before", before));
        return TypedResults.Json(ApiList.Of(rows, step => step.Id), ApiAnswer.Json);
    }

    private static Task Add(HttpContext http, ApiWrites writes, Database database, AddNextStep add, SettingsStore settings, long id, CancellationToken ct) => writes.Run(http, async input =>
    {
        var (key, step, zone) = (FormKey.Read(FormKey.New()), input.As<NextStepInput>().Value, (await settings.Get<FirmSettings>(ct)).Zone);
        await add.Run(id, step.What, step.Due?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), FileEndpoints.By(http.User), key, ct);
        await using var connection = await database.Open(ct);
        var made = await connection.First($"select {Columns} from customers_next_step where form_key = @key", row => Map(row, zone), ct, ("key", key.Value));
        return ApiAnswer.Of(made, StatusCodes.Status201Created) with { Location = string.Create(CultureInfo.InvariantCulture, $"/api/customers/{id}/next-steps?before={made!.Id + 1}"), About = new(CustomerPermissions.Records.Name, id) };
    }, ct);

    private static Task Finish(HttpContext http, ApiWrites writes, FinishNextStep finish, long id, long step, CancellationToken ct) => writes.Run(http, async _ =>
    {
        await finish.Run(id, step, ct);
        return ApiAnswer.Nothing;
    }, ct);

    private static NextStepRecord Map(System.Data.Common.DbDataReader row, TimeZoneInfo zone) =>
        new(row.GetInt64(0), row.GetString(1), DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(row.At(2), zone).DateTime), row.AtOrNull(3), row.At(4), row.GetString(5));
}
