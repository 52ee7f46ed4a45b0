using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Customers.Exports;
using Huike.Platform;
using Huike.Platform.Access;
using Huike.Platform.Access.Records;
using Huike.Platform.Data;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Huike.Customers.Pools;

/// <summary>Pages of pools.</summary>
internal static class PoolEndpoints
{
    public const string Path = "/pools";
    public const string LeavingPath = Path + "/leaving";
    public const string ExtensionsPath = Path + "/extensions";

    public static void MapPools(this IEndpointRouteBuilder routes)
    {
        routes.MapPoolApi();
        var pools = routes.MapGroup(Path).RequireAuthorization(PoolPermissions.Use);
        pools.MapGet("/", (HttpContext http, ShowPools show, CancellationToken ct) => show.List(http, ct));
        pools.MapGet("/leaving", (HttpContext http, ShowPools show, CancellationToken ct) => show.Leaving(http, ct));
        pools.MapGet("/extensions", (HttpContext http, ShowPools show, CancellationToken ct) => show.Extensions(http, ct));
        pools.MapPost("/extensions/{extension:long}", async (HttpContext http, DecideExtension decide, Database database, long extension, IFormCollection form, CancellationToken ct) =>
        {
            await decide.Run(extension, http.User.Access().UserId, await Administered(http, database, ct), form["grants"] == "true", form["answer"], ct);
            return TypedResults.LocalRedirect(ExtensionsPath);
        });
        var one = pools.MapGroup("/{pool:long}");
        one.MapGet("/", (HttpContext http, ShowPools show, long pool, CancellationToken ct) => show.One(http, pool, null, ct));
        one.MapGet("/customers/{customer:long}", (HttpContext http, ShowPools show, long pool, long customer, CancellationToken ct) => show.Pooled(http, pool, customer, ct));
        one.MapPost("/claims", Claim);
        one.MapPost("/assignments", Assign);
        one.MapGet("/going", (HttpContext http, PlanPool plan, long pool, CancellationToken ct) => plan.Show(http, pool, null, ct));
        one.MapGet("/history", (HttpContext http, ShowHands show, long pool, CancellationToken ct) => show.History(http, pool, ct));
        one.MapGet("/history/export", (HttpContext http, TakeExport take, CancellationToken ct) => take.Run(http, ExportedHands.Name, ct)).RequireAuthorization(CustomerPermissions.Export);
        one.MapGet("/figures", (HttpContext http, ShowHands show, long pool, CancellationToken ct) => show.Figures(http, pool, ct));
        MapForms(routes);
        routes.MapGroup("/customers/{id:long}").RequireRecord(CustomerPermissions.Records, RecordAction.Read).RequireAuthorization(PoolPermissions.Use).MapPost("/pool", async (HttpContext http, PutIntoPool put, Texts texts, long id, IFormCollection form, CancellationToken ct) =>
        {
            var pool = long.TryParse(form["pool"], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
            await put.Run(http.User.Access(), pool, [id], form["reason"], ct);
            return TypedResults.LocalRedirect(Of(pool));
        });
        routes.MapGroup("/customers/{id:long}").RequireRecord(CustomerPermissions.Records, RecordAction.Edit).MapPost("/extension", async (HttpContext http, AskExtension ask, Database database, long id, IFormCollection form, CancellationToken ct) =>
        {
            await using var batch = await database.Begin(ct);
            await ask.Run(id, http.User.Access().UserId, form["reason"], FormKey.Read(form[FormKey.Name]), ct);
            await batch.Commit(ct);
            return FileEndpoints.Back(id);
        });
    }

    public static string Of(long pool) => string.Create(CultureInfo.InvariantCulture, $"{Path}/{pool}");

    /// <summary>Pools that the request's user administers.</summary>
    public static async Task<List<Pool>> Administered(HttpContext http, Database database, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return (await Pool.Of(connection, http.User.Access(), ct)).FindAll(pool => pool.Role == PoolRole.Administrator);
    }

    private static void MapForms(IEndpointRouteBuilder routes)
    {
        var manage = routes.MapGroup(Path).RequireAuthorization(PoolPermissions.Manage);
        manage.MapGet("/new", (HttpContext http, EditPool edit, CancellationToken ct) => edit.Show(http, 0, null, null, ct));
        manage.MapPost("/new", (HttpContext http, EditPool edit, IFormCollection form, CancellationToken ct) => edit.Save(http, 0, form, ct));
        manage.MapGet("/{pool:long}/settings", (HttpContext http, EditPool edit, long pool, CancellationToken ct) => edit.Show(http, pool, null, null, ct));
        manage.MapPost("/{pool:long}/settings", (HttpContext http, EditPool edit, long pool, IFormCollection form, CancellationToken ct) => edit.Save(http, pool, form, ct));
        // Tries rules that are being written; nothing is kept of it.
        manage.MapPost("/{pool:long}/going", (HttpContext http, PlanPool plan, EditPool edit, long pool, IFormCollection form, CancellationToken ct) =>
            edit.Tried(http, pool, form, () => plan.Show(http, pool, form, ct), ct));
        manage.MapPost("/{pool:long}/gathering", async (ReturnToPools work, Database database, long pool, [Microsoft.AspNetCore.Mvc.FromForm] string? confirm, CancellationToken ct) =>
        {
            Pool found;
            await using (var connection = await database.Open(ct)) { found = await Pool.Find(connection, pool, ct); }
            await work.Gather(found, ct);
            return TypedResults.LocalRedirect(Of(pool));
        });
    }

    private static async Task<IResult> Claim(HttpContext http, ClaimFromPool claim, ShowPools show, Texts texts, long pool, IFormCollection form, CancellationToken ct)
    {
        try
        {
            var count = int.TryParse(form["count"], NumberStyles.None, CultureInfo.InvariantCulture, out var typed) ? typed : 1;
            var caught = await claim.Run(http.User.Access(), new(pool, Chosen(form), count, await show.SeesValue(http, pool, ct), FormKey.Read(form[FormKey.Name])), ct);
            return caught is { Claimed: [var only], Gone.Count: 0 } ? TypedResults.LocalRedirect(string.Create(CultureInfo.InvariantCulture, $"/customers/{only}"))
                : TypedResults.LocalRedirect(string.Create(CultureInfo.InvariantCulture, $"{Of(pool)}?done={caught.Claimed.Count}&gone={caught.Gone.Count}"));
        }
        catch (RuleException refused) when (refused.Code is "pools.gone" or "pools.none" or "pools.quota" or "pools.capacity" or "pools.cooling" or "pools.closed" or "pools.many")
        {
            return await show.One(http, pool, texts[refused.Code, [.. refused.Args]], ct);
        }
    }

    private static async Task<RedirectHttpResult> Assign(HttpContext http, PutIntoPool put, long pool, IFormCollection form, CancellationToken ct)
    {
        await put.Assign(http.User.Access(), pool, Chosen(form), form["owner"].ToString().Trim(), ct);
        return TypedResults.LocalRedirect(Of(pool));
    }

    private static List<long> Chosen(IFormCollection form) => [.. form["customer"].Select(text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : throw new RuleException("customers.customer.unknown", 0))];
}
