using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.Analytics;

/// <summary>Facts, pyramid, lifetime value.</summary>
public static class AnalyticsModule
{
    /// <summary>Adds the module.</summary>
    public static IServiceCollection AddAnalytics(this IServiceCollection services) => services;

    /// <summary>Maps the module's pages.</summary>
    public static void MapAnalytics(this IEndpointRouteBuilder routes)
    {
    }
}
