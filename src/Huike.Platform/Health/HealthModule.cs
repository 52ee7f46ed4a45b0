using Huike.Platform.Access;
using Huike.Ui;
using Huike.Ui.Kit;
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
    public static void MapSystemHealth(this IEndpointRouteBuilder routes) => routes.MapGet(Path, async (HttpContext http, Texts texts, SystemHealth health, CancellationToken ct) =>
    {
        await health.Read(ct);
        return Pages.Show<HealthPage>(http, texts["health.title"]);
    }).RequireAuthorization(Permissions.Operate);

    /// <summary>Word and colour of a state.</summary>
    internal static (string Text, Tone Tone) Look(HealthState state) => state switch
    {
        HealthState.Good => ("health.state.good", Tone.Good),
        HealthState.Off => ("health.state.off", Tone.Neutral),
        HealthState.Warn => ("health.state.warn", Tone.Warn),
        _ => ("health.state.bad", Tone.Bad),
    };
}
