using Microsoft.Extensions.DependencyInjection;

namespace Huike.Platform.Events;

/// <summary>事件: what happened, told after the commit to handlers, nodes and pages (ADR 0015).</summary>
public static class EventsModule
{
    /// <summary>Adds events and their delivery.</summary>
    public static IServiceCollection AddEvents(this IServiceCollection services)
    {
        services.AddSingleton(provider => new EventHandlers(provider.GetServices<RegisteredHandler>()));
        services.AddSingleton<Wire>().AddSingleton<EventLog>().AddSingleton<Deliveries>();
        services.AddHostedService<ListenOnWire>().AddHostedService<DeliverEvents>();
        return services;
    }
}
