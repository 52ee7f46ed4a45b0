using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Customers.Processing;
using Huike.Platform;
using Huike.Platform.Access;
using Huike.Platform.Access.Records;
using Huike.Platform.Data;
using Huike.Platform.Exports;
using Huike.Platform.Settings;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;

namespace Huike.Customers.Exports;

/// <summary>Pages of exports: ask, look where it stands, download, take back; who took what away; whose copy a file is.</summary>
internal static class ExportEndpoints
{
    public const string NewPath = Export.Path + "/new";
    public const string WhosePath = Export.Path + "/whose";
    private const int LargestFound = 64 << 20;
    private const int MostFound = 50;

    public static void MapExports(this IEndpointRouteBuilder routes)
    {
        routes.MapExportRules();
        routes.MapExportApi();
        var mine = routes.MapGroup(Export.Path).RequireAuthorization(CustomerPermissions.Export);
        mine.MapGet("/", (HttpContext http, ShowExports show, Texts texts, CancellationToken ct) => show.List(http, texts, ct));
        mine.MapGet("/new", Ask);
        mine.MapPost("/", Add);
        mine.MapGet("/{export:long}", async (HttpContext http, ShowExports show, Texts texts, long export, CancellationToken ct) => { await show.One(http, export, ct); return Pages.Show<ExportPage>(http, texts["exports.page.title"]); });
        mine.MapGet("/{export:long}/progress", async (HttpContext http, ShowExports show, long export, CancellationToken ct) =>
        {
            // At its end the whole page has something new to say.
            if ((await show.One(http, export, ct)).Export is { State: not ExportState.Making } ended) { http.Response.Headers["HX-Redirect"] = ended.Href; }
            return Pages.Fragment<ExportProgress>(http);
        });
        mine.MapPost("/{export:long}/file", (HttpContext http, DownloadExport download, Texts texts, long export, [FromForm] string? confirm, CancellationToken ct) => download.Run(http, export, texts, ct));
        mine.MapPost("/{export:long}/cancel", async (HttpContext http, MakeExport make, long export, [FromForm] string? confirm, CancellationToken ct) =>
        {
            await make.Cancel(export, http.User.Access().UserId, ct);
            return To(export);
        });
        var all = routes.MapGroup(Export.Path).RequireAuthorization(CustomerPermissions.Exports);
        all.MapGet("/whose", (HttpContext http, Texts texts, Shown<FoundCopies> shown) => { shown.Value = new([], IsAsked: false, null); return Pages.Show<WhosePage>(http, texts["exports.whose.title"]); });
        all.MapPost("/whose", Whose);
    }

    /// <summary>Where a list is asked for.</summary>
    public static string New(ExportOf of, string? purpose) =>
        QueryHelpers.AddQueryString(NewPath + (of.Query.Length > 0 ? "?" + of.Query : ""), (KeyValuePair<string, string?>[])[new("of", of.Kind), new("why", purpose), new("columns", of.Columns.Count > 0 ? string.Join('.', of.Columns) : null)]);

    private static async Task<IResult> Ask(HttpContext http, PlanExport plans, Register register, Texts texts, Shown<NewExport> shown, CancellationToken ct)
    {
        if (http.Request.Query["of"].Count == 0) { return TypedResults.LocalRedirect(Export.Path); }
        var kind = plans.Of(http.Request.Query["of"]);
        var of = await kind.Asked(http, http.Request.Query, ct);
        string? why = http.Request.Query["why"].ToString() is { Length: > 0 } said ? said : http.Request.Query[kind.PurposeField].ToString() is { Length: > 0 } chosen ? chosen : http.Request.Cookies[TakeExport.LastPurpose];
        var purposes = await register.InUse(ct);
        shown.Value = new(await plans.Run(of, purposes.Exists(one => one.Code == why) ? why : null, http.User.Access(), texts, ct), purposes, why);
        return Pages.Show<NewExportPage>(http, texts["exports.new.title"]);
    }

    private static async Task<IResult> Add(HttpContext http, PlanExport plans, BeginExport begin, Register register, Database database, IFormCollection form, Texts texts, Shown<NewExport> shown, CancellationToken ct)
    {
        var kind = plans.Of(form["of"]);
        var of = new ExportOf(kind.Kind, form["list"].ToString(), form["columns"].ToString().Split('.', StringSplitOptions.RemoveEmptyEntries));
        var purpose = await register.Demand(form["why"], ct);
        var plan = await plans.Run(of, purpose.Code, http.User.Access(), texts, ct);
        var wish = new ExportWish(http.User.Access().UserId, http.User.ShownName(), purpose, form["words"].ToString().Trim(), kind.IsWorkbook && form["format"] != "csv", FormKey.Read(form[FormKey.Name]).Value);
        try
        {
            await using var batch = await database.Begin(ct);
            var id = await begin.Ask(plan, wish, texts, ct);
            await batch.Commit(ct);
            return To(id);
        }
        catch (RuleException no) when (no.Code is "exports.words" or "exports.words.missing" or "exports.nobody" or "approvals.noApprover")
        {
            // What was typed stays, with what can be done instead.
            shown.Value = new(plan, await register.InUse(ct), purpose.Code) { Words = wish.Words, Fault = no.Code == "approvals.noApprover" ? texts["exports.noApprover"] : texts[no.Code, [.. no.Args]] };
            return Pages.Show<NewExportPage>(http, texts["exports.new.title"], status: StatusCodes.Status422UnprocessableEntity);
        }
    }

    private static async Task<IResult> Whose(HttpContext http, Database database, SettingsStore settings, Texts texts, IFormCollection form, Shown<FoundCopies> shown, CancellationToken ct)
    {
        var found = CopyMark.Find(System.Text.Encoding.UTF8.GetBytes(form["text"].ToString())).ToList();
        foreach (var file in form.Files)
        {
            if (file.Length > LargestFound) { throw new RuleException("exports.whose.large", LargestFound >> 20); }
            using var kept = new MemoryStream();
            await file.CopyToAsync(kept, ct);
            found.AddRange(CopyMark.Find(kept.ToArray()));
        }
        await using var connection = await database.Open(ct);
        var (sql, traces) = ValueTable.Of(connection.Kind(), "text", found.Distinct().Take(MostFound).Select(trace => (object?[])[trace]));
        var exports = await Export.List(connection, $"trace in (select column1 from {sql} v)", MostFound, ct, traces);
        shown.Value = new(exports, IsAsked: true, await FileEndpoints.Words(texts, settings, ct));
        return Pages.Show<WhosePage>(http, texts["exports.whose.title"]);
    }

    private static RedirectHttpResult To(long id) => TypedResults.LocalRedirect(string.Create(CultureInfo.InvariantCulture, $"{Export.Path}/{id}"));
}

/// <summary>What is about to be asked for.</summary>
internal sealed record NewExport(ExportPlan Plan, IReadOnlyList<Purpose> Purposes, string? Why)
{
    /// <summary>What the asker added.</summary>
    public string Words { get; init; } = "";

    /// <summary>Why it was not taken; null: nobody tried.</summary>
    public string? Fault { get; init; }
}

/// <summary>Exports whose copies were found.</summary>
internal sealed record FoundCopies(IReadOnlyList<Export> Exports, bool IsAsked, ListWording? Words);
