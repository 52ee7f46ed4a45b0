using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Access;
using Huike.Platform.Api;
using Huike.Platform.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Huike.Customers.BulkChanges;

/// <summary>What a program wants done to many customers.</summary>
internal sealed record BulkChangeInput
{
    /// <summary>What is done; needed.</summary>
    public BulkVerb? Verb { get; init; }

    /// <summary>Of <c>set</c>: name of the member; the firm's own as <c>custom.name</c>.</summary>
    public string? Field { get; init; }

    /// <summary>Its value as a text; null empties it.</summary>
    public string? Value { get; init; }

    /// <summary>Of <c>assign</c>: sign-in name; null: nobody.</summary>
    public string? Owner { get; init; }

    /// <summary>Of <c>tag</c> and <c>untag</c>.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>Whom; null: those whom the query finds.</summary>
    public IReadOnlyList<long>? Ids { get; init; }

    /// <summary>Conditions as the list of customers takes them: <c>tier=a&amp;place=…</c>; empty: all. Needed where there are no ids.</summary>
    public string? Query { get; init; }
}

/// <summary>A reason for which customers are left out.</summary>
/// <param name="Code">Of the rule.</param>
/// <param name="Count">How many.</param>
internal sealed record BulkReason(string Code, long Count);

/// <summary>A bulk change as programs read it.</summary>
/// <param name="Id">Number.</param>
/// <param name="Finished">Whether it has ended.</param>
/// <param name="Total">How many customers it means.</param>
/// <param name="Done">How many are changed; of a dry run, would be.</param>
/// <param name="Same">With how many there was nothing to do.</param>
/// <param name="LeftOut">How many are left out.</param>
/// <param name="Undoes">The one that it takes back.</param>
/// <param name="UndoneBy">The one that takes it back.</param>
/// <param name="Reasons">Of a dry run: why some would be left out.</param>
internal sealed record BulkRecord(long Id, bool Finished, long Total, long Done, long Same, long LeftOut, long? Undoes = null, long? UndoneBy = null, IReadOnlyList<BulkReason>? Reasons = null)
{
    public static BulkRecord Of(BulkView view) => new(view.Change.Id, view.Change.FinishedAt is not null, view.Counts.All, view.Counts.Done, view.Counts.Same, view.Counts.LeftOut, view.Change.Undoes, view.Change.UndoneBy);
}

/// <summary>What became of one customer.</summary>
/// <param name="Customer">Which.</param>
/// <param name="Code">Why it was left out; null: it was not.</param>
internal sealed record BulkRowRecord(long Customer, string? Code);

/// <summary>A wish that its address says whole.</summary>
internal sealed record NothingMore;

/// <summary>Changes of many customers for programs.</summary>
internal static class BulkApi
{
    public static void MapBulkApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapApi("customers/bulk-change");
        api.MapPost("/", Begin).RequireAuthorization(CustomerPermissions.Read).Writes<BulkChangeInput, BulkRecord>("beginBulkChange", StatusCodes.Status201Created);
        api.MapGet("/{bulk:long}", async (HttpContext http, ShowBulk show, long bulk, CancellationToken ct) => TypedResults.Json(BulkRecord.Of(await show.Read(http, bulk, ct)), ApiAnswer.Json))
            .RequireAuthorization(CustomerPermissions.Read).WithName("readBulkChange").Produces<BulkRecord>();
        api.MapGet("/{bulk:long}/left-out", async (HttpContext http, ShowBulk show, long bulk, CancellationToken ct, long after = 0) =>
        {
            var view = await show.Ended(http, await show.Read(http, bulk, ct), BulkState.LeftOut, after, ct);
            return TypedResults.Json(new ApiList<BulkRowRecord>([.. view.Lines.Select(line => new BulkRowRecord(line.Id, line.Reason?.Split('|')[0]))], view.Next), ApiAnswer.Json);
        }).RequireAuthorization(CustomerPermissions.Read).WithName("listLeftOut").Produces<ApiList<BulkRowRecord>>().Takes(new ApiParameter("after") { IsNumber = true });
        api.MapPost("/{bulk:long}/undo", (HttpContext http, ApiWrites writes, BeginBulk begin, ShowBulk show, long bulk, CancellationToken ct) => writes.Run(http, async _ => await Answer(http, show, await begin.Undo(ShowBulk.Asker(http), bulk, ct), ct), ct))
            .RequireAuthorization(CustomerPermissions.Read).Writes<NothingMore, BulkRecord>("undoBulkChange", StatusCodes.Status201Created);
    }

    private static Task Begin(HttpContext http, ApiWrites writes, BeginBulk begin, ShowBulk show, RunBulk run, CustomerList list, CancellationToken ct) => writes.Run(http, async input =>
    {
        var (wanted, asker) = (input.As<BulkChangeInput>().Value, ShowBulk.Asker(http));
        if (wanted.Verb is not { } verb || verb == BulkVerb.Undo) { throw new RuleException("bulk.verb.wrong"); }
        if (wanted is { Ids: null, Query: null }) { throw new RuleException("bulk.whom"); }
        http.User.Demand(CustomerPermissions.Records.Permission(RunBulk.ActionOf(verb)));
        var wish = new BulkWish(verb, wanted.Field, wanted.Value, wanted.Owner ?? "", wanted.Tags is null ? null : string.Join('\n', wanted.Tags));
        var id = await begin.Choose(asker, wanted.Ids is { } ids ? [.. ids] : await BulkEndpoints.All(http, list, wanted.Query ?? "", ct), null, ct);
        var view = await show.Read(http, id, ct);
        // What is wrong with the wish is said at once, not by the job.
        var preview = await run.Preview(view.Change with { Wish = wish }, ct);
        if (http.Request.Query[ApiWrites.DryRun] == "true")
        {
            return ApiAnswer.Of(new BulkRecord(id, false, view.Counts.All, preview.Counts.Done, preview.Counts.Same, preview.Counts.LeftOut, Reasons: [.. preview.Reasons.Select(one => new BulkReason(one.Reason.Split('|')[0], one.Count))]), StatusCodes.Status201Created);
        }
        await begin.Run(asker, id, wish, ct);
        return await Answer(http, show, id, ct);
    }, ct);

    private static async Task<ApiAnswer> Answer(HttpContext http, ShowBulk show, long id, CancellationToken ct) =>
        ApiAnswer.Of(BulkRecord.Of(await show.Read(http, id, ct)), StatusCodes.Status201Created) with { Location = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"/api/customers/bulk-change/{id}") };
}
