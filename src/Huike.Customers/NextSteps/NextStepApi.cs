using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Access.Records;
using Huike.Platform.Api;
using Huike.Platform.Data;
using Huike.Platform.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Huike.Customers.NextSteps;

/// <summary>A next step as programs read it: its last day is the firm's, and while it is open it was never done.</summary>
internal sealed record NextStepRecord(long Id, string What, DateOnly Due, DateTimeOffset? DoneAt, DateTimeOffset CreatedAt, string CreatedBy)
{
    /// <summary>A step changes once, when it is done.</summary>
    public int Version => DoneAt is null ? Open : Done;

    internal const int Open = 1;
    internal const int Done = 2;
}

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
        steps.MapGet("/{step:long}", One).RequireRecord(CustomerPermissions.Records, RecordAction.Read).WithName("readNextStep").Produces<NextStepRecord>();
        steps.MapPut("/{step:long}/done", Finish).RequireRecord(CustomerPermissions.Records, RecordAction.Edit).Writes("finishNextStep", matched: true);
    }

    private static async Task<IResult> List(Database database, SettingsStore settings, long id, CancellationToken ct, long before = long.MaxValue)
    {
        var zone = (await settings.Get<FirmSettings>(ct)).Zone;
        await using var connection = await database.Open(ct);
        var rows = await connection.Rows($"select {Columns} from customers_next_step where customer_id = @id and id < @before order by id desc limit {ApiList.Most + 1}", row => Map(row, zone), ct, ("id", id), ("before", before));
        return TypedResults.Json(ApiList.Of(rows, step => step.Id), ApiAnswer.Json);
    }

    private static async Task<IResult> One(HttpContext http, Database database, SettingsStore settings, long id, long step, CancellationToken ct)
    {
        var zone = (await settings.Get<FirmSettings>(ct)).Zone;
        await using var connection = await database.Open(ct);
        var found = await connection.First($"select {Columns} from customers_next_step where id = @step and customer_id = @id", row => Map(row, zone), ct, ("step", step), ("id", id)) ?? throw new RuleException("customers.step.unknown");
        http.Response.Headers.ETag = ApiVersion.Tag(found.Version);
        return TypedResults.Json(found, ApiAnswer.Json);
    }

    private static Task Add(HttpContext http, ApiWrites writes, Database database, AddNextStep add, SettingsStore settings, long id, CancellationToken ct) => writes.Run(http, async input =>
    {
        var (key, step, zone) = (FormKey.Read(FormKey.New()), input.As<NextStepInput>().Value, (await settings.Get<FirmSettings>(ct)).Zone);
        await add.Run(id, step.What, step.Due?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), FileEndpoints.By(http.User), key, ct);
        await using var connection = await database.Open(ct);
        var made = await connection.First($"select {Columns} from customers_next_step where form_key = @key", row => Map(row, zone), ct, ("key", key.Value));
        return ApiAnswer.Of(made, StatusCodes.Status201Created) with { Location = string.Create(CultureInfo.InvariantCulture, $"/api/customers/{id}/next-steps/{made!.Id}"), Version = made.Version, About = new(CustomerPermissions.Records.Name, id) };
    }, ct);

    private static Task Finish(HttpContext http, ApiWrites writes, FinishNextStep finish, long id, long step, CancellationToken ct)
    {
        var version = 0;
        return writes.Change(http, async connection =>
        {
            version = (int)await connection.Number($"update customers_next_step set done_at = done_at where id = @step and customer_id = @id returning case when done_at is null then {NextStepRecord.Open} else {NextStepRecord.Done} end", ct, ("step", step), ("id", id));
            return version == 0 ? null : ApiVersion.Tag(version);
        }, async _ =>
        {
            if (version != NextStepRecord.Done) { await finish.Run(id, step, ct); }
            return ApiAnswer.Nothing;
        }, ct);
    }

    private static NextStepRecord Map(System.Data.Common.DbDataReader row, TimeZoneInfo zone) =>
        new(row.GetInt64(0), row.GetString(1), DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(row.At(2), zone).DateTime), row.AtOrNull(3), row.At(4), row.GetString(5));
}
