using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Access.Records;
using Huike.Platform.Api;
using Huike.Platform.Data;
using Huike.Platform.Settings;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Huike.Customers.Claims;

/// <summary>A page of claims, the newest first.</summary>
/// <param name="Rows">One more than is shown, where there are more.</param>
/// <param name="IsOpen">Those that wait, or those that ended.</param>
/// <param name="Before">Number from which on older ones are shown; null: from the newest on.</param>
/// <param name="Words">How days are written.</param>
internal sealed record ClaimsView(IReadOnlyList<Claim> Rows, bool IsOpen, long? Before, ListWording Words)
{
    public const int Most = 50;
}

/// <summary>One claim, and what is known of it.</summary>
/// <param name="Claim">The claim.</param>
/// <param name="Evidence">Null where the reader does not see the customer.</param>
/// <param name="IsClaimant">The reader raised it.</param>
/// <param name="Words">How days are written.</param>
internal sealed record ClaimView(Claim Claim, ClaimEvidence? Evidence, bool IsClaimant, ListWording Words);

/// <summary>The form in which a claim is raised.</summary>
/// <param name="Token">Names the customer.</param>
/// <param name="Named">What the claimant calls the customer.</param>
/// <param name="Key">The form's key.</param>
internal sealed record NewClaimView(string Token, string Named, string Key);

/// <summary>Routes of conflicts of claims, for people and programs.</summary>
internal static class ClaimEndpoints
{
    public const string Path = "/claims";

    public static string One(long id) => string.Create(CultureInfo.InvariantCulture, $"{Path}/{id}");

    public static void MapClaims(this IEndpointRouteBuilder routes)
    {
        var claims = routes.MapGroup(Path).RequireAuthorization(CustomerPermissions.Read);
        claims.MapGet("/", async (HttpContext http, Database database, Texts texts, SettingsStore settings, Shown<ClaimsView> shown, CancellationToken ct) =>
        {
            shown.Value = await List(http, database, await FileEndpoints.Words(texts, settings, ct), ct);
            return Pages.Show<ClaimListPage>(http, texts["claims.list.title"]);
        });
        claims.MapGet("/{claim:long}", Show);
        claims.MapPost("/{claim:long}", async (HttpContext http, Database database, DecideClaim decide, IFormCollection form, long claim, CancellationToken ct) =>
        {
            await using var batch = await database.Begin(ct);
            await decide.Run(claim, ClaimReader.Of(http), TypedText.Chosen<ClaimOutcome>(form["outcome"], "claims.outcome.wrong"), form["reason"], ct);
            await batch.Commit(ct);
            return TypedResults.LocalRedirect(One(claim));
        });
        claims.MapGet("/new", (HttpContext http, Texts texts, RaiseClaim raise, Shown<NewClaimView> shown) =>
        {
            // Nobody is led here without saying whom it is about.
            if (http.Request.Query["claim"].ToString() is not { Length: > 0 } token) { return (IResult)TypedResults.LocalRedirect(Path); }
            raise.Customer(token, http.User.Access().UserId);
            shown.Value = new(token, http.Request.Query["named"].ToString(), FormKey.New());
            return Pages.Show<NewClaimPage>(http, texts["claims.raise.title"]);
        }).RequireAuthorization(CustomerPermissions.Create);
        claims.MapPost("/", async (HttpContext http, RaiseClaim raise, IFormCollection form, CancellationToken ct) =>
        {
            var user = http.User.Access().UserId;
            return TypedResults.LocalRedirect(One(await raise.Run(raise.Customer(form["claim"], user), user, (form["named"], form["evidence"]), FormKey.Read(form[FormKey.Name]), ct)));
        }).RequireAuthorization(CustomerPermissions.Create);
        // Whoever sees the customer needs no token.
        routes.MapPost("/customers/{id:long}/claims", async (HttpContext http, RaiseClaim raise, IFormCollection form, long id, CancellationToken ct) =>
            TypedResults.LocalRedirect(One(await raise.Run(id, http.User.Access().UserId, (null, form["evidence"]), FormKey.Read(form[FormKey.Name]), ct)))).RequireRecord(CustomerPermissions.Records, RecordAction.Read).RequireAuthorization(CustomerPermissions.Create);
        routes.MapClaimApi();
    }

    /// <summary>Those that the request's user raised, that are on his customers, or that he decides.</summary>
    public static async Task<ClaimsView> List(HttpContext http, Database database, ListWording words, CancellationToken ct)
    {
        var (state, before) = (http.Request.Query["state"].ToString(), http.Request.Query["before"].ToString());
        if (state is not ("" or "open" or "ended") || (before.Length > 0 && !long.TryParse(before, NumberStyles.None, CultureInfo.InvariantCulture, out _))) { throw new RuleException("claims.filter.wrong"); }
        var (isOpen, last) = (state != "ended", before.Length > 0 ? long.Parse(before, CultureInfo.InvariantCulture) : (long?)null);
        var reader = ClaimReader.Of(http);
        await using var connection = await database.Open(ct);
        var rows = await connection.Rows($"{Claim.Select(reader.Sees.Sql("c"), reader.Decides.Sql("c"))} where k.outcome {(isOpen ? "= 0" : "> 0")}{(last is null ? "" : " and k.id < @before")} and {reader.Sql} order by k.id desc limit {ClaimsView.Most + 1}",
            Claim.Map, ct, [.. reader.Parameters, ("before", last ?? 0)]);
        return new(rows, isOpen, last, words);
    }

    private static async Task<IResult> Show(HttpContext http, Database database, Texts texts, SettingsStore settings, Shown<ClaimView> shown, long claim, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var reader = ClaimReader.Of(http);
        var found = await Claim.Find(connection, claim, reader, ct);
        var evidence = found.IsSeen && reader.Sees.SeesInternal ? await ClaimEvidence.Of(connection, found.CustomerId, ct) : null;
        shown.Value = new(found, evidence, found.Claimant.Id == reader.UserId, await FileEndpoints.Words(texts, settings, ct));
        return Pages.Show<ClaimPage>(http, texts["claims.claim.title"]);
    }
}
