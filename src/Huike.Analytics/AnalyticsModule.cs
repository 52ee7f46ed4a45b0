using Huike.Analytics.Contracts;
using Huike.Analytics.Facts;
using Huike.Analytics.Recomputation;
using Huike.Customers.Contracts;
using Huike.Platform.Access;
using Huike.Platform.Jobs;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.Analytics;

/// <summary>客户价值: pyramid, stages, retention, lifetime value (H2, H3, H17).</summary>
public static class AnalyticsModule
{
    /// <summary>Adds the module.</summary>
    public static IServiceCollection AddAnalytics(this IServiceCollection services)
    {
        services.AddPermissions(AnalyticsPermissions.Read, AnalyticsPermissions.Settings);
        services.AddSingleton<PictureStore>().AddSingleton<ReadLedger>().AddSingleton<ChangeLog>().AddSingleton<TouchedLedger>();
        services.AddSingleton<ILedgerListener>(provider => provider.GetRequiredService<ChangeLog>());
        services.AddScoped<RecomputeAll>().AddScoped<RecomputeChanged>().AddScoped<IJobWorker, RecomputationJob>();
        services.AddHostedService<NightlyRecomputation>();
        return services;
    }

    /// <summary>Maps the module's pages.</summary>
    public static void MapAnalytics(this IEndpointRouteBuilder routes)
    {
    }
}
