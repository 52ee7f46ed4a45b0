using Huike.Customers.Contracts;
using Huike.Platform.Api;
using Huike.Platform.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Huike.Customers.Duplicates;

/// <summary>What one field says of a pair, for programs.</summary>
/// <param name="Field">Its name.</param>
/// <param name="Agreement">How alike the values are, in [0, 1]; null: one is unknown.</param>
/// <param name="Weight">For (above 0) or against (below 0), in bits.</param>
internal sealed record PairReason(string Field, double? Agreement, double Weight);

/// <summary>Two customers who may be the same, as programs read it.</summary>
internal sealed record PairRecord(long Id, double Score, PairState State, long Customer, string CustomerName, long Other, string OtherName, IReadOnlyList<PairReason> Reasons, DateTimeOffset? DecidedAt, string? DecidedBy)
{
    public static PairRecord Of(DuplicatePair pair) => new(pair.Id, pair.Score, pair.State, pair.A.Id, pair.A.Name, pair.B.Id, pair.B.Name, [.. pair.Reasons.Select(reason => new PairReason(reason.Field, reason.Agreement, reason.Weight))], pair.DecidedAt, pair.DecidedBy);
}

/// <summary>A customer who may be the one that a program enters, as the refusal names it. <c>Customer</c> and <c>Name</c> are null where the program may not see it, <c>Likely</c> before anything was learned.</summary>
internal sealed record TwinRecord(long? Customer, string? Name, string? Owner, IReadOnlyList<DuplicateSign> Signs, double? Likely, DuplicateAction Action)
{
    public static TwinRecord Of(Twin twin) => new(twin.Id, twin.Name, twin.Owner, twin.Signs, twin.Probability, twin.Action);
}

/// <summary>A page of pairs, the likeliest first.</summary>
/// <param name="Rows">At most fifty.</param>
/// <param name="Next">Sent as <c>after</c> leads on; null on the last page.</param>
internal sealed record PairRecords(IReadOnlyList<PairRecord> Rows, string? Next);

/// <summary>What is decided of a pair.</summary>
/// <param name="Different">True: the two are not the same; false: nothing is decided any more.</param>
internal sealed record PairInput(bool Different);

/// <summary>Pairs of customers who may be the same, for programs.</summary>
internal static class DuplicateApi
{
    public static void MapDuplicateApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapApi("duplicates");
        api.MapGet("/", List).RequireAuthorization(DuplicatePermissions.Review).WithName("listDuplicates").Produces<PairRecords>().Takes(ApiParameter.Of<PairState>("state"), new("from") { IsNumber = true }, new("after"));
        api.MapGet("/{pair:long}", One).RequireAuthorization(DuplicatePermissions.Review).WithName("readDuplicate").Produces<PairRecord>();
        api.MapPut("/{pair:long}", Decide).RequireAuthorization(DuplicatePermissions.Review).Writes<PairInput, PairRecord>("decideDuplicate", matched: true);
    }

    private static async Task<IResult> List(HttpContext http, DuplicatePairs pairs, CancellationToken ct)
    {
        var asked = http.Request.Query;
        var rows = await pairs.Page(PairQuery.Read(asked["state"], asked["from"], asked["after"]), Viewer.Of(http), ct);
        var shown = rows.Take(DuplicatePairs.Most).ToList();
        return TypedResults.Json(new PairRecords([.. shown.Select(PairRecord.Of)], rows.Count > shown.Count ? PairQuery.Cursor(shown[^1]) : null), ApiAnswer.Json);
    }

    private static async Task<IResult> One(HttpContext http, DuplicatePairs pairs, long pair, CancellationToken ct)
    {
        var found = await pairs.Find(pair, Viewer.Of(http), ct);
        http.Response.Headers.ETag = ApiVersion.Tag(Version(found.State));
        return TypedResults.Json(PairRecord.Of(found), ApiAnswer.Json);
    }

    private static Task Decide(HttpContext http, ApiWrites writes, DuplicatePairs pairs, long pair, CancellationToken ct) => writes.Change(http,
        async connection => await connection.Number("update customers_duplicate set state = state where id = @id returning state + 1", ct, ("id", pair)) is > 0 and var version ? ApiVersion.Tag((int)version) : null,
        async input =>
        {
            await pairs.Decide(pair, input.As<PairInput>().Value.Different, Viewer.Of(http), FileEndpoints.By(http.User), ct);
            var decided = await pairs.Find(pair, Viewer.Of(http), ct);
            return ApiAnswer.Of(PairRecord.Of(decided)) with { Version = Version(decided.State) };
        }, ct);

    private static int Version(PairState state) => (int)state + 1;
}
