using Huike.Platform.Access;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Settings;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.Platform.Calendar;

/// <summary>工作日历: by which promises are counted, and their pages.</summary>
public static class CalendarModule
{
    internal const string Path = "/admin/calendars";

    /// <summary>Adds the calendars.</summary>
    public static IServiceCollection AddCalendar(this IServiceCollection services)
    {
        services.AddSingleton(provider => new Calendars(provider.GetRequiredService<Database>(), provider.GetRequiredService<SettingsStore>(), provider.GetRequiredService<TimeProvider>()));
        services.AddScoped<CalendarChange>().AddScoped<SaveCalendar>().AddScoped<SetDays>().AddScoped<TakeBackDay>().AddScoped<LoadHolidays>().AddScoped<ConfirmYear>().AddScoped<CalendarView>();
        services.AddSettings<HolidaySettings>(Permissions.Organisation).AddSingleton(CalendarChange.Audited).AddSingleton(new AuditedKind(nameof(HolidaySettings), "calendar.holidays.title", Path, "calendar.field.", "calendar."));
        return services;
    }

    /// <summary>Maps the pages.</summary>
    public static void MapCalendar(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup(Path).RequireAuthorization(Permissions.Organisation);
        group.MapGet("/", (HttpContext http, Texts texts, CalendarView view, CancellationToken ct) => List(http, texts, view, null, ct));
        group.MapPost("/", (HttpContext http, Texts texts, CalendarView view, FormAnswer form, SaveCalendar save, IFormCollection posted, CancellationToken ct) =>
        {
            var added = 0L;
            return form.After(async () => added = await save.Run(0, CalendarInput.Read(posted) with { KeepsHolidays = true }, ct), () => At(added), error => List(http, texts, view, error, ct));
        });
        group.MapGet("/{id:long}", (HttpContext http, Texts texts, CalendarView view, long id, CancellationToken ct) => One(http, texts, view, id, null, null, ct));
        group.MapPost("/{id:long}", (HttpContext http, Texts texts, CalendarView view, FormAnswer form, SaveCalendar save, long id, IFormCollection posted, CancellationToken ct) =>
            form.After(() => save.Run(Known(id), CalendarInput.Read(posted), ct), () => At(id), error => One(http, texts, view, id, error, CalendarInput.Read(posted), ct)));
        group.MapPost("/{id:long}/days", (HttpContext http, Texts texts, CalendarView view, FormAnswer form, SetDays set, long id, IFormCollection posted, CancellationToken ct) =>
            form.After(() => set.Run(id, SpecialDayInput.Read(posted), ct), () => At(id, CalendarForm.Day(posted["from"])?.Year), error => One(http, texts, view, id, error, null, ct)));
        group.MapPost("/{id:long}/days/{day:long}/removal", (TakeBackDay take, FormAnswer form, HttpContext http, Texts texts, CalendarView view, long id, long day, IFormCollection posted, CancellationToken ct) =>
            form.After(() => take.Run(day, ct), () => At(id, (int)CalendarForm.Number(posted["year"])), error => One(http, texts, view, id, error, null, ct)));
        group.MapPost("/holidays", Keep);
        group.MapPost("/years", (HttpContext http, Texts texts, CalendarView view, FormAnswer form, ConfirmYear confirm, [FromForm] string? year, CancellationToken ct) =>
            form.After(() => confirm.Run((int)CalendarForm.Number(year), ct), () => Path, error => List(http, texts, view, error, ct)));
        group.MapGet("/lists", async (HttpContext http, Texts texts, CalendarView view, CancellationToken ct) => await Lists(http, texts, view, null, ct));
        group.MapPost("/lists", Load);
    }

    private static string At(long id, int? year = null) => FormattableString.Invariant($"{Path}/{id}") + (year > 0 ? FormattableString.Invariant($"?year={year}") : "");

    private static long Known(long id) => id > 0 ? id : throw new RuleException("calendar.unknown", id);

    private static async Task<IResult> List(HttpContext http, Texts texts, CalendarView view, string? error, CancellationToken ct)
    {
        await view.Read(ct);
        return Pages.Show<CalendarListPage>(http, texts["calendar.list.title"], new { Error = error }, FormAnswer.Status(error));
    }

    private static async Task<IResult> One(HttpContext http, Texts texts, CalendarView view, long id, string? error, CalendarInput? input, CancellationToken ct)
    {
        await view.Read(id, http.Request.Query, input, ct);
        var history = http.User.Holds(Permissions.Audit) ? AuditModule.HistoryOf(CalendarChange.Audited.Name, id) : null;
        return Pages.Show<CalendarPage>(http, CalendarWords.Name(texts, view.Shown.Calendar), new { Error = error, History = history }, FormAnswer.Status(error));
    }

    private static async Task<IResult> Keep(HttpContext http, SettingsStore settings, Calendars calendars, [FromForm] string? country, CancellationToken ct)
    {
        if (!Enum.TryParse<HolidayCountry>(country, out var chosen) || !Enum.IsDefined(chosen)) { throw new RuleException("calendar.holidays.wrong"); }
        await settings.Save(new HolidaySettings { Country = chosen }, http.User.Identity?.Name ?? "", ct);
        calendars.Forget();
        return TypedResults.LocalRedirect(Path);
    }

    private static async Task<IResult> Lists(HttpContext http, Texts texts, CalendarView view, string? error, CancellationToken ct)
    {
        await view.Read(ct);
        return Pages.Show<HolidayListsPage>(http, texts["calendar.lists.title"], new { Error = error }, FormAnswer.Status(error));
    }

    private static async Task<IResult> Load(HttpContext http, Texts texts, CalendarView view, LoadHolidays load, IFormFile? file, [FromForm] string? next, CancellationToken ct)
    {
        try
        {
            if (file is not { Length: > 0 and <= HolidayFile.Largest }) { throw new RuleException("calendar.file.size", HolidayFile.Largest >> 10); }
            using var json = new MemoryStream();
            await file.CopyToAsync(json, ct);
            view.Outcome = await load.Run(json.ToArray(), dryRun: next != "load", ct);
            return await Lists(http, texts, view, null, ct);
        }
        catch (RuleException refused)
        {
            return await Lists(http, texts, view, texts[refused.Code, [.. refused.Args]], ct);
        }
    }
}
