using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Customers.Ledger;
using Huike.Platform;
using Huike.Platform.Data;
using Huike.Platform.Fields;
using Huike.Platform.Imports;
using Huike.Platform.Jobs;
using Huike.Platform.Settings;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Huike.Customers.Imports;

/// <summary>Routes of the loads: list, new, one with its columns, dry run, load, undo.</summary>
internal static class LoadEndpoints
{
    public static void MapLoads(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/imports").RequireAuthorization(CustomerPermissions.Import);
        group.MapGet("/", List);
        group.MapGet("/new", New);
        group.MapGet("/template", (Texts texts) => ListTemplate.Answer(texts));
        group.MapPost("/new", Receive);
        group.MapGet("/{id:long}", Show);
        group.MapGet("/{id:long}/progress", Progress);
        group.MapPost("/{id:long}/plan", Correct);
        group.MapPost("/{id:long}/run", async (Loads loads, long id, [FromForm] string? confirm, CancellationToken ct) => await Begin(loads, id, LoadState.Loading, ct));
        group.MapPost("/{id:long}/undoing", async (Loads loads, long id, [FromForm] string? confirm, CancellationToken ct) => await Begin(loads, id, LoadState.Undoing, ct));
        group.MapPost("/{id:long}/cancel", async (CancelLoad cancel, long id, [FromForm] string? confirm, CancellationToken ct) =>
        {
            await cancel.Run(id, ct);
            return To(id);
        });
        group.MapGet("/{id:long}/refused/{number:int}", Refused);
    }

    private static async Task<IResult> List(HttpContext http, Texts texts, HuikeDb db, JobQueue jobs, SettingsStore settings, Shown<LoadListView> shown, CancellationToken ct, long? before = null)
    {
        var words = await Words(texts, settings, ct);
        var loads = await db.Set<Load>().AsNoTracking().Where(load => before == null || load.Id < before).OrderByDescending(load => load.Id).Take(LoadListView.RowsOfPage + 1).ToListAsync(ct);
        var views = new List<LoadView>();
        foreach (var load in loads.Take(LoadListView.RowsOfPage))
        {
            var view = LoadView.Of(load, null, words);
            views.Add(view.IsRunning ? view with { Job = await jobs.Get(load.JobId!.Value, ct) } : view);
        }
        shown.Value = new(views, loads.Count > LoadListView.RowsOfPage, words);
        return Pages.Show<LoadListPage>(http, texts["load.list.title"]);
    }

    private static IResult New(HttpContext http, Texts texts, ReceiveFiles receive, string kind = "") =>
        Pages.Show<NewLoadPage>(http, texts["load.new.title"], new { Megabytes = receive.LargestMegabytes, Kind = kind });

    private static async Task<IResult> Receive(HttpContext http, Texts texts, ReceiveFiles receive, Loads loads, CancellationToken ct)
    {
        string fault;
        try
        {
            return To(await loads.Create(await receive.Run(http, texts.Language, ct), FileEndpoints.By(http.User), ct));
        }
        catch (RuleException rule)
        {
            fault = texts[rule.Code, [.. rule.Args]];
        }
        catch (ImportException unusable)
        {
            fault = texts[unusable.Code, [.. unusable.Args]];
        }
        catch (BadHttpRequestException large) when (large.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            fault = texts["load.files.large", receive.LargestMegabytes];
        }
        return Pages.Show<NewLoadPage>(http, texts["load.new.title"], new { Megabytes = receive.LargestMegabytes, Fault = fault }, StatusCodes.Status422UnprocessableEntity);
    }

    private static async Task<IResult> Show(HttpContext http, Texts texts, Loads loads, HuikeDb db, JobQueue jobs, SettingsStore settings, FieldBook fields, Shown<LoadView> shown, long id, CancellationToken ct)
    {
        var view = await View(texts, loads, jobs, settings, id, ct);
        shown.Value = view.IsOpen ? Planned(view, view.Request, texts, fields) with { Mappings = await db.Set<SavedMapping>().AsNoTracking().Where(mapping => mapping.Kind == view.Load.Kind).OrderBy(mapping => mapping.Name).Take(100).ToListAsync(ct) } : view;
        return Pages.Show<LoadPage>(http, texts["load.page.title", id]);
    }

    private static async Task<IResult> Progress(HttpContext http, Texts texts, Loads loads, JobQueue jobs, SettingsStore settings, Shown<LoadView> shown, long id, CancellationToken ct)
    {
        shown.Value = await View(texts, loads, jobs, settings, id, ct);
        // At its end the whole page has something new to say.
        if (!shown.Value.IsRunning) { http.Response.Headers["HX-Redirect"] = Href(id); }
        return Pages.Fragment<LoadProgress>(http);
    }

    private static async Task<IResult> Correct(HttpContext http, Texts texts, CorrectLoad correct, AddColumns add, Loads loads, JobQueue jobs, SettingsStore settings, FieldBook fields, Shown<LoadView> shown, IFormCollection form, long id, CancellationToken ct)
    {
        try
        {
            await correct.Run(id, form, FileEndpoints.By(http.User), ct);
            if (form["next"] == "fields") { await add.Run(id, form["newField"], http.User, ct); }
            if (form["next"] == "check") { await loads.Begin(id, LoadState.Checking, ct); }
            return To(id);
        }
        catch (ImportException unusable)
        {
            var view = await View(texts, loads, jobs, settings, id, ct);
            shown.Value = Planned(view, view.Request, texts, fields) with { Fault = texts[unusable.Code, [.. unusable.Args]] };
            return Pages.Show<LoadPage>(http, texts["load.page.title", id], status: StatusCodes.Status422UnprocessableEntity);
        }
    }

    private static async Task<IResult> Begin(Loads loads, long id, LoadState phase, CancellationToken ct)
    {
        await loads.Begin(id, phase, ct);
        return To(id);
    }

    private static async Task<IResult> Refused(HttpContext http, Loads loads, LoadFiles files, long id, int number, CancellationToken ct)
    {
        var view = LoadView.Of(await loads.Find(id, ct), null, null!);
        if (view.Outcome is null || number < 1 || number > view.Outcome.RefusedFiles.Count) { return Pages.Error(http, StatusCodes.Status404NotFound); }
        var name = Path.GetFileName(view.Outcome.RefusedFiles[number - 1]);
        var path = Path.Combine(files.Folder, name);
        return File.Exists(path) ? TypedResults.PhysicalFile(path, "application/octet-stream", name) : Pages.Error(http, StatusCodes.Status404NotFound);
    }

    private static async Task<LoadView> View(Texts texts, Loads loads, JobQueue jobs, SettingsStore settings, long id, CancellationToken ct)
    {
        var load = await loads.Find(id, ct);
        return LoadView.Of(load, load.JobId is { } job ? await jobs.Get(job, ct) : null, await Words(texts, settings, ct));
    }

    private static LoadView Planned(LoadView view, LoadRequest request, Texts texts, FieldBook fields)
    {
        LoadPlan? plan = null;
        try
        {
            plan = LoadPlan.Make(request, fields);
            plan.Demand(request.Kind);
            return view with { Plan = plan, Own = fields.Of(CustomerFields.Kind.Name), Keys = LoadPlan.Keys(fields) };
        }
        catch (ImportException unusable)
        {
            return view with { Plan = plan, Fault = texts[unusable.Code, [.. unusable.Args]] };
        }
        catch (IOException)
        {
            return view with { Fault = texts["load.files.gone"] };
        }
    }

    private static async Task<ListWording> Words(Texts texts, SettingsStore settings, CancellationToken ct)
    {
        var firm = await settings.Get<FirmSettings>(ct);
        return new(texts, firm.Currency, firm.Zone);
    }

    private static string Href(long id) => string.Create(CultureInfo.InvariantCulture, $"/imports/{id}");

    private static RedirectHttpResult To(long id) => TypedResults.LocalRedirect(Href(id));
}
