using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Access;
using Huike.Platform.Access.Records;
using Huike.Platform.Api;
using Huike.Platform.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Huike.Customers.Pools;

/// <summary>A pool as programs read it; <c>Role</c> is what the caller is to it.</summary>
internal sealed record PoolRecord(long Id, string Name, int Position, bool IsOpen, PoolRole Role, PoolRules Rules, int Version)
{
    public static PoolRecord Of(Pool pool) => new(pool.Id, pool.Name, pool.Position, pool.IsOpen, pool.Role, pool.Rules, pool.Version);
}

/// <summary>A pool as programs write it; people by sign-in name, units by number.</summary>
internal sealed record PoolInput(string? Name, int Position = 0, bool IsOpen = true, PoolRules? Rules = null, IReadOnlyList<string>? People = null, IReadOnlyList<string>? Administrators = null, IReadOnlyList<long>? Units = null)
{
    public PoolDraft Read() => new(Name ?? "", Position, IsOpen, Rules ?? new(), People ?? [], Administrators ?? [], Units ?? []);
}

/// <summary>Whom somebody claims.</summary>
/// <param name="Customers">Numbers; none: the next best ones.</param>
/// <param name="Count">How many of the next best.</param>
internal sealed record ClaimWish(IReadOnlyList<long>? Customers = null, int Count = 1);

/// <summary>Who is put into a pool, and why.</summary>
internal sealed record PutInput(IReadOnlyList<long>? Customers, string? Reason);

/// <summary>Who is given some of those who wait.</summary>
/// <param name="Customers">Numbers.</param>
/// <param name="Owner">Sign-in name.</param>
internal sealed record AssignInput(IReadOnlyList<long>? Customers, string? Owner);

/// <summary>How many it were.</summary>
internal sealed record PoolAnswer(int Done);

/// <summary>Why a customer shall stay for longer.</summary>
internal sealed record ExtensionInput(string? Reason);

/// <summary>How a request ends.</summary>
internal sealed record ExtensionDecision(bool Grants, string? Answer = null);

/// <summary>A request to keep a customer.</summary>
internal sealed record ExtensionRecord(long Id, long Customer, long Pool, int Days, string Reason, ExtensionState State, DateTimeOffset AskedAt, DateOnly? Until, string? DecidedBy, string Answer)
{
    public static ExtensionRecord Of(Extension one) => new(one.Id, one.CustomerId, one.PoolId, one.Days, one.Reason, one.State, one.AskedAt, one.Until, one.DecidedBy, one.Answer);
}

/// <summary>A change of hands.</summary>
internal sealed record HandRecord(long Id, long Customer, string Name, DateTimeOffset At, string By, HandCause Cause, string? From, string? To, string? FromPool, string? ToPool, Lack? Lack, DateOnly? Since, int Days, string Reason)
{
    public static HandRecord Of(Hand hand) => new(hand.Id, hand.CustomerId, hand.Customer, hand.At, hand.By, hand.Cause, hand.From, hand.To, hand.FromPool, hand.ToPool, hand.Lack, hand.Since, hand.Days, hand.Reason);
}

/// <summary>Who goes on a day, and why.</summary>
internal sealed record GoingRecords(IReadOnlyList<GoingDay> Days, IReadOnlyList<Departure> Rows, long? Next);

/// <summary>How many go on a day.</summary>
internal sealed record GoingDay(DateOnly Day, int Count);

/// <summary>Pools for programs.</summary>
internal static class PoolApi
{
    public static void MapPoolApi(this IEndpointRouteBuilder routes)
    {
        var pools = routes.MapApi("pools");
        pools.MapGet("/", List).RequireAuthorization(PoolPermissions.Use).WithName("listPools").Produces<ApiList<PoolRecord>>();
        pools.MapPost("/", (HttpContext http, ApiWrites writes, SavePool save, Database database, CancellationToken ct) => writes.Run(http, async input =>
            await Answer(http, database, await save.Run(0, null, input.As<PoolInput>().Value.Read(), FormKey.Read(FormKey.New()), ct), StatusCodes.Status201Created, ct), ct)).RequireAuthorization(PoolPermissions.Manage).Writes<PoolInput, PoolRecord>("addPool", StatusCodes.Status201Created);
        pools.MapGet("/leaving", async (HttpContext http, ShowPools show, CancellationToken ct) =>
            TypedResults.Json(new ApiList<Departure>([.. (await show.Going(http, ct)).Select(one => one.Departure).OrderBy(one => one.On).Take(ApiList.Most)], null), ApiAnswer.Json)).RequireAuthorization(PoolPermissions.Use).WithName("listLeaving").Produces<ApiList<Departure>>();
        pools.MapGet("/extensions", async (HttpContext http, Database database, CancellationToken ct) =>
        {
            await using var connection = await database.Open(ct);
            return TypedResults.Json(new ApiList<ExtensionRecord>([.. (await Extension.Waiting(connection, http.User.Access().UserId, await PoolEndpoints.Administered(http, database, ct), ct)).Select(ExtensionRecord.Of)], null), ApiAnswer.Json);
        }).RequireAuthorization(PoolPermissions.Use).WithName("listExtensions").Produces<ApiList<ExtensionRecord>>();
        pools.MapPost("/extensions/{extension:long}/decision", (HttpContext http, ApiWrites writes, Database database, DecideExtension decide, long extension, CancellationToken ct) => writes.Run(http, async input =>
        {
            var wanted = input.As<ExtensionDecision>().Value;
            await decide.Run(extension, http.User.Access().UserId, await PoolEndpoints.Administered(http, database, ct), wanted.Grants, wanted.Answer, ct);
            return ApiAnswer.Of(await Found(database, extension, ct));
        }, ct)).RequireAuthorization(PoolPermissions.Use).Writes<ExtensionDecision, ExtensionRecord>("decideExtension");
        MapOne(pools.MapGroup("/{pool:long}"));
        routes.MapApi("customers/{id:long}/extension").MapPost("/", (HttpContext http, ApiWrites writes, Database database, AskExtension ask, long id, CancellationToken ct) => writes.Run(http, async input =>
            ApiAnswer.Of(await Found(database, await ask.Run(id, http.User.Access().UserId, input.As<ExtensionInput>().Value.Reason, FormKey.Read(FormKey.New()), ct), ct), StatusCodes.Status201Created) with { About = new(CustomerPermissions.Records.Name, id) }, ct))
            .RequireRecord(CustomerPermissions.Records, RecordAction.Edit).Writes<ExtensionInput, ExtensionRecord>("askExtension", StatusCodes.Status201Created);
        routes.MapApi("customers/{id:long}/hands").MapGet("/", async (HttpContext http, Database database, long id, CancellationToken ct) =>
        {
            Viewer.Internal(http);
            await using var connection = await database.Open(ct);
            return TypedResults.Json(new ApiList<HandRecord>([.. (await Hand.Of(connection, id, 200, ct)).Select(HandRecord.Of)], null), ApiAnswer.Json);
        }).RequireRecord(CustomerPermissions.Records, RecordAction.Read).WithName("listHands").Produces<ApiList<HandRecord>>();
    }

    private static void MapOne(RouteGroupBuilder one)
    {
        one.MapGet("/", async (HttpContext http, Database database, long pool, CancellationToken ct) =>
        {
            var found = await Pool(http, database, pool, ct);
            http.Response.Headers.ETag = ApiVersion.Tag(found.Version);
            return TypedResults.Json(PoolRecord.Of(found), ApiAnswer.Json);
        }).RequireAuthorization(PoolPermissions.Use).WithName("readPool").Produces<PoolRecord>();
        one.MapPut("/", (HttpContext http, ApiWrites writes, SavePool save, Database database, long pool, CancellationToken ct) => writes.Change(http, "customers_pool", pool, async (input, version) =>
        {
            await save.Run(pool, version, input.As<PoolInput>().Value.Read(), FormKey.Read(FormKey.New()), ct);
            return await Answer(http, database, pool, StatusCodes.Status200OK, ct);
        }, ct)).RequireAuthorization(PoolPermissions.Manage).Writes<PoolInput, PoolRecord>("changePool", matched: true);
        one.MapGet("/customers", Customers).RequireAuthorization(PoolPermissions.Use).WithName("listPoolCustomers").Produces<CustomerRecords>().Takes([new("q"), new("place"), new("category"), new("sort", [.. CustomerSort.All.Select(sort => sort.Name)]), new("dir", ["asc", "desc"]), new("limit") { IsNumber = true }, .. ApiParameter.Cursors]);
        one.MapPost("/customers", (HttpContext http, ApiWrites writes, PutIntoPool put, long pool, CancellationToken ct) => writes.Run(http, async input =>
            input.As<PutInput>().Value is var wanted ? ApiAnswer.Of(new PoolAnswer(await put.Run(http.User.Access(), pool, wanted.Customers ?? [], wanted.Reason, ct))) : ApiAnswer.Nothing, ct)).RequireAuthorization(PoolPermissions.Use).Writes<PutInput, PoolAnswer>("putIntoPool");
        one.MapPost("/claims", (HttpContext http, ApiWrites writes, ClaimFromPool claim, ShowPools show, long pool, CancellationToken ct) => writes.Run(http, async input =>
        {
            var wanted = input.As<ClaimWish>().Value;
            return ApiAnswer.Of(await claim.Run(http.User.Access(), new(pool, wanted.Customers ?? [], wanted.Count, await show.SeesValue(http, pool, ct), FormKey.Read(FormKey.New())), ct));
        }, ct)).RequireAuthorization(PoolPermissions.Use).Writes<ClaimWish, PoolCatch>("claimFromPool");
        one.MapPost("/assignments", (HttpContext http, ApiWrites writes, PutIntoPool put, long pool, CancellationToken ct) => writes.Run(http, async input =>
            input.As<AssignInput>().Value is var wanted ? ApiAnswer.Of(new PoolAnswer(await put.Assign(http.User.Access(), pool, wanted.Customers ?? [], wanted.Owner?.Trim() ?? "", ct))) : ApiAnswer.Nothing, ct)).RequireAuthorization(PoolPermissions.Use).Writes<AssignInput, PoolAnswer>("assignFromPool");
        one.MapGet("/going", async (HttpContext http, PlanPool plan, long pool, CancellationToken ct) =>
        {
            var view = await plan.Read(http, pool, null, ct);
            return TypedResults.Json(new GoingRecords([.. view.Days.Select(one => new GoingDay(one.Day, one.Count))], [.. view.Rows.Select(row => row.Departure)], view.Next), ApiAnswer.Json);
        }).RequireAuthorization(PoolPermissions.Use).WithName("listGoing").Produces<GoingRecords>().Takes(new ApiParameter("days") { IsNumber = true }, new("day"), new("owner") { IsNumber = true }, new("after") { IsNumber = true });
        one.MapGet("/history", async (HttpContext http, ShowHands show, HandList hands, long pool, CancellationToken ct) =>
            TypedResults.Json(ApiList.Of([.. (await hands.Page(await show.Find(http, pool, ct), HandQuery.Read(http.Request.Query), (Viewer.InternalOrNobody(http), http.User.Access().UserId), ct)).Select(HandRecord.Of)], hand => hand.Id), ApiAnswer.Json))
            .RequireAuthorization(PoolPermissions.Use).WithName("listPoolHistory").Produces<ApiList<HandRecord>>().Takes(ApiParameter.Of<HandCause>("cause"), new("person") { IsNumber = true }, new("bought"), new("since"), new("until"), new("before") { IsNumber = true });
    }

    private static async Task<IResult> List(HttpContext http, Database database, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return TypedResults.Json(new ApiList<PoolRecord>([.. (await Pools.Pool.Of(connection, http.User.Access(), ct)).Select(PoolRecord.Of)], null), ApiAnswer.Json);
    }

    private static async Task Customers(HttpContext http, Database database, CustomerList list, long pool, CancellationToken ct)
    {
        var viewer = (await Pool(http, database, pool, ct)).Viewer(http);
        var page = await list.Page(CustomerQuery.Read(http.Request.Query, viewer), ct);
        http.Response.ContentType = "application/json; charset=utf-8";
        CustomerJson.Write(http.Response.BodyWriter, page, viewer);
        await http.Response.BodyWriter.FlushAsync(ct);
    }

    private static async Task<Pool> Pool(HttpContext http, Database database, long pool, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return await Pools.Pool.Demand(connection, http.User.Access(), pool, PoolRole.Member, ct);
    }

    private static async Task<ApiAnswer> Answer(HttpContext http, Database database, long pool, int status, CancellationToken ct)
    {
        var found = await Pool(http, database, pool, ct);
        return ApiAnswer.Of(PoolRecord.Of(found), status) with { Version = found.Version, Location = status == StatusCodes.Status201Created ? string.Create(CultureInfo.InvariantCulture, $"/api/pools/{pool}") : null };
    }

    private static async Task<ExtensionRecord> Found(Database database, long id, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return ExtensionRecord.Of(await Extension.Find(connection, id, ct) ?? throw new RuleException("pools.extension.unknown"));
    }
}
