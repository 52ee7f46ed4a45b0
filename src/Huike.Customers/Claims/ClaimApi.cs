using Huike.Customers.Contracts;
using Huike.Platform.Access.Records;
using Huike.Platform.Api;
using Huike.Platform.Data;
using Huike.Platform.Settings;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Huike.Customers.Claims;

/// <summary>A conflict of claims as programs read it. <c>Customer</c> is null where the reader does not see it, <c>Name</c> what he may know it by; <c>Owner</c> looks after it, or did when it was decided.</summary>
internal sealed record ClaimRecord(long Id, long? Customer, string Name, string Claimant, string? Owner, string Evidence, DateTimeOffset RaisedAt, ClaimOutcome Outcome, string? Reason, DateTimeOffset? DecidedAt, string? DecidedBy)
{
    public static ClaimRecord Of(Claim claim) => new(claim.Id, claim.IsSeen ? claim.CustomerId : null, claim.Customer, claim.Claimant.Name, claim.Owner?.Name, claim.Evidence, claim.RaisedAt, claim.Outcome, claim.Reason.Length > 0 ? claim.Reason : null, claim.DecidedAt, claim.DecidedBy);
}

/// <summary>A page of claims, the newest first.</summary>
/// <param name="Rows">At most fifty.</param>
/// <param name="Next">Sent as <c>before</c> leads on; null on the last page.</param>
internal sealed record ClaimRecords(IReadOnlyList<ClaimRecord> Rows, long? Next);

/// <summary>A claim that is raised.</summary>
/// <param name="Evidence">Why the customer is the claimant's.</param>
internal sealed record ClaimInput(string Evidence);

/// <summary>How a claim ends.</summary>
/// <param name="Outcome">Kept, moved or shared.</param>
/// <param name="Reason">Why.</param>
internal sealed record ClaimDecision(ClaimOutcome Outcome, string? Reason = null);

/// <summary>Conflicts of claims for programs.</summary>
internal static class ClaimApi
{
    public static void MapClaimApi(this IEndpointRouteBuilder routes)
    {
        var claims = routes.MapApi("claims");
        claims.MapGet("/", async (HttpContext http, Database database, Texts texts, SettingsStore settings, CancellationToken ct) =>
        {
            var view = await ClaimEndpoints.List(http, database, await FileEndpoints.Words(texts, settings, ct), ct);
            var rows = view.Rows.Take(ClaimsView.Most).ToList();
            return TypedResults.Json(new ClaimRecords([.. rows.Select(ClaimRecord.Of)], view.Rows.Count > rows.Count ? rows[^1].Id : null), ApiAnswer.Json);
        }).RequireAuthorization(CustomerPermissions.Read).WithName("listClaims").Produces<ClaimRecords>().Takes(new ApiParameter("state"), new("before") { IsNumber = true });
        claims.MapPost("/{claim:long}/decision", (HttpContext http, ApiWrites writes, Database database, DecideClaim decide, long claim, CancellationToken ct) => writes.Run(http, async input =>
        {
            var wanted = input.As<ClaimDecision>().Value;
            await decide.Run(claim, ClaimReader.Of(http), wanted.Outcome, wanted.Reason, ct);
            return ApiAnswer.Of(await Find(http, database, claim, ct));
        }, ct)).RequireAuthorization(CustomerPermissions.Assign).Writes<ClaimDecision, ClaimRecord>("decideClaim");
        routes.MapApi("customers/{id:long}/claims").MapPost("/", (HttpContext http, ApiWrites writes, Database database, RaiseClaim raise, long id, CancellationToken ct) => writes.Run(http, async input =>
        {
            var claim = await raise.Run(id, http.User.Access().UserId, (null, input.As<ClaimInput>().Value.Evidence), FormKey.Read(FormKey.New()), ct);
            return ApiAnswer.Of(await Find(http, database, claim, ct), StatusCodes.Status201Created) with { About = new(CustomerPermissions.Records.Name, id) };
        }, ct)).RequireRecord(CustomerPermissions.Records, RecordAction.Read).RequireAuthorization(CustomerPermissions.Create).Writes<ClaimInput, ClaimRecord>("raiseClaim", StatusCodes.Status201Created);
    }

    private static async Task<ClaimRecord> Find(HttpContext http, Database database, long claim, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return ClaimRecord.Of(await Claim.Find(connection, claim, ClaimReader.Of(http), ct));
    }
}
