using Huike.Customers.Contracts;
using Huike.Platform.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Huike.Customers.Exports;

/// <summary>An export as programs read it.</summary>
internal sealed record ExportRecord(long Id, string Kind, string Format, string Purpose, string Words, bool Personal, IReadOnlyList<string> Columns, long Rows, long? Made, string By, DateTimeOffset AskedAt, ExportState State, string Rule, string? DecidedBy, int Downloads, DateTimeOffset? DownloadedAt, DateTimeOffset? ExpiresAt)
{
    public static ExportRecord Of(Export one) => new(one.Id, one.Of.Kind, one.IsWorkbook ? "xlsx" : "csv", one.Purpose, one.Words, one.IsPersonal, one.Of.Columns, one.Rows, one.Made, one.By, one.AskedAt, one.State, one.Rule, one.DecidedBy, one.Downloads, one.DownloadedAt, one.ExpiresAt);
}

/// <summary>The log of exports for programs: of the token's user, and everybody's for who may see them.</summary>
internal static class ExportApi
{
    public static void MapExportApi(this IEndpointRouteBuilder routes) => routes.MapApi("exports").MapGet("/", async (HttpContext http, ShowExports show, CancellationToken ct) =>
        TypedResults.Json(ApiList.Of([.. (await show.Read(http, ExportQuery.Read(http.Request.Query), ApiList.Most + 1, ct)).Select(ExportRecord.Of)], one => one.Id), ApiAnswer.Json))
        .RequireAuthorization(CustomerPermissions.Export).WithName("listExports").Produces<ApiList<ExportRecord>>()
        .Takes(new ApiParameter("list"), new ApiParameter("before") { IsNumber = true });
}
