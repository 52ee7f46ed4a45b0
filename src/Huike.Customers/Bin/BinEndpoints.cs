using System.Globalization;
using Huike.Customers.BulkChanges;
using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Access;
using Huike.Platform.Access.Records;
using Huike.Platform.Api;
using Huike.Platform.Data;
using Huike.Platform.Settings;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Huike.Customers.Bin;

/// <summary>A page of the bin.</summary>
/// <param name="Rows">One more than is shown, where there are more.</param>
/// <param name="Q">What was searched for.</param>
/// <param name="Words">How days are written.</param>
internal sealed record BinView(IReadOnlyList<BinnedCustomer> Rows, string Q, ListWording Words)
{
    public const int Most = 50;

    public bool IsFirst { get; init; } = true;

    public bool MayRestore { get; init; }

    public bool MayPurge { get; init; }
}

/// <summary>A customer in the bin, as programs read it.</summary>
internal sealed record BinnedRecord(long Id, string Number, string Name, DateTimeOffset RemovedAt, string RemovedBy);

/// <summary>回收站: its pages and its routes for programs.</summary>
internal static class BinEndpoints
{
    private const int LongestSearch = 100;

    public static void MapBin(this IEndpointRouteBuilder routes)
    {
        var bin = routes.MapGroup(BinnedCustomer.Path).RequireAuthorization(CustomerPermissions.Read);
        bin.MapGet("/", async (HttpContext http, Reader reader, Shown<BinView> shown, Texts texts, CancellationToken ct, string q = "", long? after = null) =>
        {
            shown.Value = await reader.List(http, q, after, ct);
            return Pages.Show<BinPage>(http, texts["customers.bin.title"]);
        }).RequireAuthorization(CustomerPermissions.Delete);
        bin.MapGet("/{binned:long}", async (HttpContext http, Reader reader, Shown<BinView> shown, Texts texts, long binned, CancellationToken ct) =>
        {
            shown.Value = await reader.One(http, binned, ct);
            return Pages.Show<BinnedPage>(http, texts["customers.bin.title"]);
        });
        bin.MapPost("/{binned:long}/restore", async (HttpContext http, RestoreCustomer restore, [FromForm] string? confirm, long binned, CancellationToken ct) =>
        {
            await restore.Run(Viewer.Of(http, RecordAction.Delete), binned, ct);
            return FileEndpoints.Back(binned);
        }).RequireAuthorization(CustomerPermissions.Delete);
        bin.MapPost("/restore", async (HttpContext http, BeginBulk begin, IFormCollection form, CancellationToken ct) =>
        {
            var asker = ShowBulk.Asker(http);
            var id = await begin.Choose(asker, BulkEndpoints.Ids(form), FormKey.Read(form[FormKey.Name]).Value, ct);
            await begin.Run(asker, id, new(BulkVerb.Restore), ct);
            return TypedResults.LocalRedirect(string.Create(CultureInfo.InvariantCulture, $"{BulkChange.Path}/{id}"));
        }).RequireAuthorization(CustomerPermissions.Delete);
        bin.MapPost("/purge", async (HttpContext http, EmptyBin empty, IFormCollection form, CancellationToken ct) =>
        {
            await empty.Run(Viewer.Of(http, RecordAction.Delete), BulkEndpoints.Ids(form), ct);
            return TypedResults.LocalRedirect(BinnedCustomer.Path);
        }).RequireAuthorization(CustomerPermissions.Purge);
        Api(routes.MapApi("customers/bin"));
    }

    private static void Api(IEndpointRouteBuilder api)
    {
        api.MapGet("/", async (HttpContext http, Reader reader, CancellationToken ct, string q = "", long? before = null) =>
        {
            var view = await reader.List(http, q, before, ct);
            var rows = view.Rows.Take(BinView.Most).Select(one => new BinnedRecord(one.Id, one.Number, one.Name, one.RemovedAt, one.RemovedBy)).ToList();
            return TypedResults.Json(new ApiList<BinnedRecord>(rows, view.Rows.Count > BinView.Most ? rows[^1].Id : null), ApiAnswer.Json);
        }).RequireAuthorization(CustomerPermissions.Delete).WithName("listBinned").Produces<ApiList<BinnedRecord>>().Takes(new("q"), new ApiParameter("before") { IsNumber = true });
        api.MapPost("/{binned:long}/restore", (HttpContext http, ApiWrites writes, RestoreCustomer restore, Database database, long binned, CancellationToken ct) => writes.Run(http, async _ =>
        {
            await restore.Run(Viewer.Of(http, RecordAction.Delete), binned, ct);
            return await CustomerApi.Answer(http, database, binned, StatusCodes.Status200OK, ct);
        }, ct)).RequireAuthorization(CustomerPermissions.Delete).Writes<NothingMore, CustomerRecord>("restoreCustomer");
        api.MapPost("/{binned:long}/purge", (HttpContext http, ApiWrites writes, EmptyBin empty, long binned, CancellationToken ct) => writes.Run(http, async _ =>
            await empty.Run(Viewer.Of(http, RecordAction.Delete), [binned], ct) == 0 ? throw new RuleException("customers.customer.unknown", binned) : ApiAnswer.Nothing, ct))
            .RequireAuthorization(CustomerPermissions.Purge).Accepts<NothingMore>("application/json").Writes("purgeCustomer");
    }

    /// <summary>Reads what the bin's pages show.</summary>
    internal sealed class Reader(Database database, SettingsStore settings, Texts texts)
    {
        public async Task<BinView> List(HttpContext http, string q, long? after, CancellationToken ct)
        {
            if (q.Length > LongestSearch || q.Contains('\0', StringComparison.Ordinal)) { throw new RuleException("customers.filter.wrong", "q", q[..Math.Min(q.Length, 20)].Replace("\0", "", StringComparison.Ordinal)); }
            var viewer = Viewer.Of(http, RecordAction.Delete);
            await using var connection = await database.Open(ct);
            var from = after is { } id ? await BinnedCustomer.Find(connection, viewer, id, ct) : null;
            return await View(http, await BinnedCustomer.List(connection, viewer, q.Trim(), from, BinView.Most + 1, ct), q.Trim(), ct) with { IsFirst = after is null };
        }

        /// <summary>One, for whoever saw the customer before.</summary>
        public async Task<BinView> One(HttpContext http, long id, CancellationToken ct)
        {
            await using var connection = await database.Open(ct);
            var binned = await BinnedCustomer.Find(connection, Viewer.Of(http), id, ct) ?? throw new RuleException("customers.customer.unknown", id);
            var may = await BinnedCustomer.Find(connection, Viewer.Of(http, RecordAction.Delete), id, ct) is not null;
            return await View(http, [binned], "", ct) is var view ? view with { MayRestore = view.MayRestore && may, MayPurge = view.MayPurge && may } : null!;
        }

        private async Task<BinView> View(HttpContext http, IReadOnlyList<BinnedCustomer> rows, string q, CancellationToken ct) =>
            new(rows, q, await FileEndpoints.Words(texts, settings, ct)) { MayRestore = http.User.Holds(CustomerPermissions.Delete), MayPurge = http.User.Holds(CustomerPermissions.Purge) };
    }
}
