using System.Globalization;
using System.Text.Json;
using Huike.Platform.Access;
using Huike.Platform.Access.Sessions;
using Huike.Platform.Api;
using Huike.Platform.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Huike.Platform.Approvals;

/// <summary>A flow by which one can ask.</summary>
internal sealed record FlowRecord(long Id, string Name);

/// <summary>Who decides at a step, by shown name, and what he has done.</summary>
internal sealed record SeatRecord(string Approver, SeatState State);

/// <summary>A step of an approval; without a name where somebody was added.</summary>
internal sealed record StationRecord(string Name, StationMode Mode, IReadOnlyList<SeatRecord> Seats);

/// <summary>An approval as programs read it; people by their shown names. Its subject is <c>request</c> and 0 where it stands for itself; <c>Station</c> is the index of the present step; acts come newest first, at most 500; <c>MayDecide</c> says whether it is the reader's turn, <c>DecidesFor</c> for whom, empty for himself.</summary>
internal sealed record ApprovalRecord(long Id, string Flow, string SubjectKind, long SubjectId, string Title, string Reason, decimal? Amount, string Asker, DateTimeOffset AskedAt, ApprovalState State, int Station,
    IReadOnlyList<StationRecord> Stations, IReadOnlyList<ToldAct> Acts, IReadOnlyList<string> Copied, bool MayDecide, string DecidesFor, int Version);

/// <summary>A new request.</summary>
/// <param name="Flow">Number of the flow.</param>
/// <param name="Title">1 to 200 characters.</param>
/// <param name="Reason">1 to 2,000 characters.</param>
/// <param name="Amount">In the firm's currency, 0 or more.</param>
internal sealed record AskInput(long Flow, string? Title, string? Reason, decimal? Amount = null);

/// <summary>A request as it was mended.</summary>
internal sealed record AskAgainInput(string? Title, string? Reason, decimal? Amount = null);

/// <summary>What can be done with an approval.</summary>
internal enum Decision
{
    Approve = 0,
    Reject = 1,
    SendBack = 2,
    HandOn = 3,
    AddBefore = 4,
    AddAfter = 5,
    Withdraw = 6,
    Comment = 7,
}

/// <summary>One act.</summary>
/// <param name="Decision">What is done.</param>
/// <param name="Comment">Why; has to be given to reject, to send back and to comment.</param>
/// <param name="To">Sign-in name of who is added or gets the place.</param>
/// <param name="Station">Index of the step to send it back to; null: to the asker.</param>
internal sealed record DecisionInput(Decision Decision, string? Comment = null, string? To = null, int? Station = null);

/// <summary>Approvals for programs: each sees and decides what concerns its user.</summary>
internal static class ApprovalApi
{
    private const string Root = "/api/approvals/";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapApi("approval-flows").MapGet("/", Flows).RequireAuthorization(ApprovalsModule.Ask).WithName("listApprovalFlows").Produces<ApiList<FlowRecord>>();
        var approvals = routes.MapApi("approvals");
        approvals.MapPost("/", Ask).RequireAuthorization(ApprovalsModule.Ask).Writes<AskInput, ApprovalRecord>("askApproval", StatusCodes.Status201Created);
        approvals.MapGet("/", List).RequireOfTokens(ApprovalsModule.Ask).WithName("listApprovals").Produces<ApiList<ListedApproval>>().Takes(ApiParameter.Of<ApprovalTab>("of"), new ApiParameter("before") { IsNumber = true });
        var one = approvals.MapGroup("/{id:long}").RequireOfTokens(ApprovalsModule.Ask);
        one.MapGet("/", One).WithName("readApproval").Produces<ApprovalRecord>();
        one.MapPut("/", AskAgain).Writes<AskAgainInput, ApprovalRecord>("askApprovalAgain", matched: true);
        one.MapPost("/decisions", Decide).Writes<DecisionInput, ApprovalRecord>("decideApproval", matched: true);
    }

    private static async Task<IResult> Flows(Database database, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return TypedResults.Json(new ApiList<FlowRecord>([.. (await ApprovalFlow.All(connection, ct)).Where(flow => flow.IsOn).Select(flow => new FlowRecord(flow.Id, flow.Name))], null), ApiAnswer.Json);
    }

    private static async Task<IResult> List(HttpContext http, ApprovalList list, CancellationToken ct, string of = "decide", long before = long.MaxValue)
    {
        var tabs = Enum.GetValues<ApprovalTab>().ToDictionary(JsonName);
        await list.Read(http.User.UserId(), tabs.TryGetValue(of, out var tab) ? tab : throw new RuleException("api.param.wrong", of[..Math.Min(of.Length, 20)], string.Join(", ", tabs.Keys)), before, ct);
        return TypedResults.Json(new ApiList<ListedApproval>(list.Rows, list.Before), ApiAnswer.Json);
    }

    private static async Task<IResult> One(HttpContext http, ApprovalView view, long id, CancellationToken ct)
    {
        var approval = await Read(http, view, id, ct);
        http.Response.Headers.ETag = ApiVersion.Tag(approval.Version);
        return TypedResults.Json(approval, ApiAnswer.Json);
    }

    private static Task Ask(HttpContext http, ApiWrites writes, AskApproval ask, ApprovalView view, CancellationToken ct) => writes.Run(http, async input =>
    {
        var wish = input.As<AskInput>().Value;
        var id = await ask.Run(wish.Flow, ApprovalsModule.Request, 0, Asked(wish.Title, wish.Reason, wish.Amount), http.User.UserId(), FormKeys.New(), ct);
        return await Answer(http, view, id, ct, StatusCodes.Status201Created) with { Location = string.Create(CultureInfo.InvariantCulture, $"{Root}{id}") };
    }, ct);

    private static Task AskAgain(HttpContext http, ApiWrites writes, AskApproval ask, ApprovalView view, long id, CancellationToken ct) => Change(http, writes, view, id, (input, version) =>
    {
        var wish = input.As<AskAgainInput>().Value;
        return ask.Again(id, version, Asked(wish.Title, wish.Reason, wish.Amount), http.User.UserId(), ct);
    }, ct);

    private static Task Decide(HttpContext http, ApiWrites writes, DecideApproval decide, ApprovalView view, long id, CancellationToken ct) => Change(http, writes, view, id, (input, version) =>
    {
        var wish = input.As<DecisionInput>().Value;
        return decide.Run(id, new(JsonName(wish.Decision), version, wish.Comment?.Trim() ?? "", wish.To?.Trim() ?? "", wish.Station), http.User.UserId(), http.User.Holds(ApprovalsModule.Flows), ct);
    }, ct);

    /// <summary>Whoever may not look at it isn't told its version either.</summary>
    private static async Task Change(HttpContext http, ApiWrites writes, ApprovalView view, long id, Func<ApiInput, int, Task> work, CancellationToken ct)
    {
        await Read(http, view, id, ct);
        await writes.Change(http, "platform_approval", id, async (input, version) =>
        {
            await work(input, version);
            return await Answer(http, view, id, ct);
        }, ct);
    }

    private static async Task<ApiAnswer> Answer(HttpContext http, ApprovalView view, long id, CancellationToken ct, int status = StatusCodes.Status200OK)
    {
        var approval = await Read(http, view, id, ct);
        return ApiAnswer.Of(approval, status) with { Version = approval.Version };
    }

    private static async Task<ApprovalRecord> Read(HttpContext http, ApprovalView view, long id, CancellationToken ct)
    {
        await view.Read(id, http.User.UserId(), http.User.Holds(ApprovalsModule.Flows), ct);
        var (of, run) = (view.Shown, view.Shown.Run);
        return new(id, view.Flow, of.SubjectKind, of.SubjectId, of.Asked.Title, of.Asked.Reason, of.Asked.Amount, view.NameOf(of.AskerId), of.AskedAt, run.State, run.At,
            [.. run.Stations.Select(station => new StationRecord(station.Name, station.Mode, [.. station.Seats.Select(seat => new SeatRecord(view.NameOf(seat.UserId), seat.State))]))],
            view.Acts, view.Copied, view.Turn.MayDecide, view.Turn.For, of.Version);
    }

    private static ApprovalAsked Asked(string? title, string? reason, decimal? amount) => new(title?.Trim() ?? "", reason?.Trim() ?? "", amount);

    private static string JsonName<T>(T value) where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
