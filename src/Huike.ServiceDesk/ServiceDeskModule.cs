using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.ServiceDesk;

/// <summary>客户服务: cases, promises, service processes, knowledge, complaints and recovery (H7, H8).</summary>
public static class ServiceDeskModule
{
    /// <summary>Adds the module.</summary>
    public static IServiceCollection AddServiceDesk(this IServiceCollection services) => services;

    /// <summary>Maps the module's pages.</summary>
    public static void MapServiceDesk(this IEndpointRouteBuilder routes)
    {
    }
}
