using Huike.Platform.Access;
using Huike.Ui;
using Huike.Ui.Kit;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.Platform.Health;

/// <summary>系统状态: what is well and what is not, in plain words (H18).</summary>
public static class HealthModule
{
    internal const string Path = "/admin/health";

    /// <summary>Adds what is looked at, and the page's place.</summary>
    public static IServiceCollection AddSystemHealth(this IServiceCollection services)
    {
        services.AddScoped<SystemHealth>();
        services.AddScoped<IHealthCheck, DatabaseAnswers>().AddScoped<IHealthCheck, SchemaIsCurrent>().AddScoped<IHealthCheck, DiskHasRoom>();
        services.AddScoped<IHealthCheck, WorkIsDone>().AddScoped<IHealthCheck, LettersArrive>().AddScoped<IHealthCheck, WebhooksArrive>().AddScoped<IHealthCheck, NodesLive>();
        services.AddScoped<IHealthCheck, BackupIsFresh>().AddScoped<IHealthCheck, AuditIsWhole>().AddScoped<IHealthCheck, HolidaysAreKnown>();
        services.AddScoped<IHealthCheck, MailGoesOut>().AddScoped<IHealthCheck, ScannerAnswers>().AddScoped<IHealthCheck, AddressIsSafe>();
        services.AddSingleton(new Place("health", "health.title", Path, "heart-pulse", Permissions.Operate, Order: 984, Shortcut: 'y'));
        return services;
    }

    /// <summary>Maps the page.</summary>
    public static void MapSystemHealth(this IEndpointRouteBuilder routes) => routes.MapGet(Path, async (HttpContext http, Texts texts, SystemHealth health, IAuthorizationService authorization, CancellationToken ct) =>
    {
        await health.Read(ct);
        var open = new HashSet<string>();
        foreach (var needs in health.Lines.Select(line => line.Found.Needs).OfType<string>().Distinct())
        {
            if ((await authorization.AuthorizeAsync(http.User, needs)).Succeeded) { open.Add(needs); }
        }
        return Pages.Show<HealthPage>(http, texts["health.title"], new { Open = open });
    }).RequireAuthorization(Permissions.Operate);

    /// <summary>Word, sign and colour of a state.</summary>
    internal static (string Text, string Icon, Tone Tone) Look(HealthState state) => state switch
    {
        HealthState.Good => ("health.state.good", "circle-check", Tone.Good),
        HealthState.Off => ("health.state.off", "circle-help", Tone.Neutral),
        HealthState.Warn => ("health.state.warn", "triangle-alert", Tone.Warn),
        _ => ("health.state.bad", "circle-x", Tone.Bad),
    };
}
