using System.Globalization;
using Huike.Platform.Access;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Jobs;
using Huike.Platform.Settings;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.Platform.Retention;

/// <summary>保存期限: how long which records are kept, what would go today, and the nightly job that takes it away (H18; PIPL article 19).</summary>
public static class RetentionModule
{
    private const string Path = "/admin/privacy/retention";

    /// <summary>Adds retention, with what the platform itself keeps for a time.</summary>
    public static IServiceCollection AddRetention(this IServiceCollection services)
    {
        services.AddPermissions(PrivacyPermissions.Requests, PrivacyPermissions.Settings);
        services.AddScoped<RetentionJob>().AddScoped<IJobWorker>(provider => provider.GetRequiredService<RetentionJob>());
        foreach (var rows in RowsToKeep.OfPlatform) { services.AddOldRows(rows); }
        services.AddScoped<RetentionRules>();
        services.AddHostedService<NightlyRetention>();
        services.AddSettings<RetentionSettings>(PrivacyPermissions.Settings).AddSingleton(new AuditedKind(nameof(RetentionSettings), "retention.title", Path, "retention.field."));
        services.AddSingleton(new Place("retention", "retention.title", Path, "clock", PrivacyPermissions.Settings, Order: 980, Shortcut: 'n'));
        return services;
    }

    /// <summary>Adds rows of a table that go when they are old.</summary>
    public static IServiceCollection AddOldRows(this IServiceCollection services, RowsToKeep rows) => services.AddScoped<IRetention>(provider => new OldRows(provider.GetRequiredService<Database>(), rows));

    /// <summary>Maps the page.</summary>
    public static void MapRetention(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup(Path).RequireAuthorization(PrivacyPermissions.Settings);
        group.MapGet("/", (HttpContext http, Texts texts, RetentionRules rules, CancellationToken ct, bool? dry = null) => Show(http, texts, rules, dry == true, null, ct));
        group.MapPost("/", Save);
        group.MapPost("/run", async (HttpContext http, RetentionJob job, [FromForm] string? confirm, CancellationToken ct) =>
        {
            await job.Ask(http.User.Identity?.Name ?? "", ct);
            return TypedResults.LocalRedirect(Path);
        });
    }

    private static async Task<IResult> Save(HttpContext http, Texts texts, RetentionRules rules, IFormCollection form, CancellationToken ct)
    {
        try
        {
            await rules.Save(form, http.User.Identity?.Name ?? "", ct);
            return TypedResults.LocalRedirect(Path);
        }
        catch (RuleException refused)
        {
            return await Show(http, texts, rules, false, (form, texts[refused.Code, [.. refused.Args]]), ct);
        }
    }

    private static async Task<IResult> Show(HttpContext http, Texts texts, RetentionRules rules, bool dry, (IFormCollection Form, string Fault)? refused, CancellationToken ct)
    {
        await rules.Read(dry, ct);
        return Pages.Show<RetentionPage>(http, texts["retention.title"], new { refused?.Form, refused?.Fault }, refused is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }
}

/// <summary>A line of the page.</summary>
/// <param name="Kind">Name of the kind.</param>
/// <param name="Period">In force.</param>
/// <param name="Usual">As shipped.</param>
/// <param name="Goes">How many would go today; null where it wasn't asked, or nothing goes by itself.</param>
internal sealed record RetentionRule(string Kind, RetentionPeriod Period, RetentionPeriod Usual, long? Goes);

/// <summary>Reads and saves the rules, and holds them for the request.</summary>
internal sealed class RetentionRules(IEnumerable<IRetention> kinds, SettingsStore settings, JobQueue jobs, TimeProvider clock)
{
    /// <summary>All kinds.</summary>
    public IReadOnlyList<RetentionRule> Rules { get; private set; } = [];

    /// <summary>Whether it was asked what would go.</summary>
    public bool IsDry { get; private set; }

    /// <summary>The hour of the night.</summary>
    public int NightlyHour { get; private set; }

    /// <summary>The last run, under way or ended; null: none yet.</summary>
    public Job? Last { get; private set; }

    /// <summary>In which moments are told.</summary>
    public TimeZoneInfo Zone { get; private set; } = TimeZoneInfo.Utc;

    /// <param name="dry">Counts what would go: a pass over some tables.</param>
    /// <param name="ct">Ends the reading.</param>
    public async Task Read(bool dry, CancellationToken ct)
    {
        var now = await settings.Get<RetentionSettings>(ct);
        var rules = new List<RetentionRule>();
        foreach (var kind in kinds)
        {
            var period = now.Of(kind);
            rules.Add(new(kind.Kind, period, kind.Usual, dry && !period.IsForEver ? await kind.Count(period.Before(clock.GetUtcNow()), ct) : null));
        }
        (Rules, IsDry, NightlyHour, Zone) = (rules, dry, now.NightlyHour, (await settings.Get<FirmSettings>(ct)).Zone);
        Last = (await jobs.Newest(RetentionJob.KindName, 1, ct)).FirstOrDefault();
    }

    /// <exception cref="RuleException"><c>retention.period.wrong</c>, <c>retention.hour.wrong</c>.</exception>
    public async Task Save(IFormCollection form, string by, CancellationToken ct)
    {
        var periods = new Dictionary<string, RetentionPeriod>();
        foreach (var kind in kinds)
        {
            var unit = Enum.TryParse<PeriodUnit>(form[kind.Kind + "Unit"], ignoreCase: true, out var known) && Enum.IsDefined(known) ? known : throw new RuleException("retention.period.wrong", RetentionPeriod.Most);
            if (!int.TryParse(form[kind.Kind], NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count > RetentionPeriod.Most) { throw new RuleException("retention.period.wrong", RetentionPeriod.Most); }
            if (new RetentionPeriod(count, unit) is var period && period != kind.Usual) { periods[kind.Kind] = period; }
        }
        if (!int.TryParse(form["nightlyHour"], NumberStyles.None, CultureInfo.InvariantCulture, out var hour) || hour > 23) { throw new RuleException("retention.hour.wrong"); }
        await settings.Save(await settings.Get<RetentionSettings>(ct) with { Periods = periods, NightlyHour = hour }, by, ct);
    }
}
