using System.Data.Common;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.Platform.Events;

/// <summary>A handler as it was registered.</summary>
/// <param name="Name">Stable, as rows know it.</param>
/// <param name="Kinds">Which events it is told of.</param>
/// <param name="Run">Tells it of one.</param>
internal sealed record RegisteredHandler(string Name, IReadOnlyList<string> Kinds, Func<IServiceProvider, string, Occurrence, DbConnection, CancellationToken, Task> Run);

/// <summary>Who is told of what.</summary>
public sealed class EventHandlers
{
    private readonly ILookup<string, RegisteredHandler> byKind;

    internal EventHandlers(IEnumerable<RegisteredHandler> handlers)
    {
        All = [.. handlers];
        byKind = All.SelectMany(handler => handler.Kinds, (handler, kind) => (handler, kind)).ToLookup(pair => pair.kind, pair => pair.handler);
    }

    internal IReadOnlyList<RegisteredHandler> All { get; }

    internal IEnumerable<RegisteredHandler> Of(string kind) => byKind[kind];
}

/// <summary>Registers handlers.</summary>
public static class EventRegistration
{
    /// <summary>Tells a handler of every event of a type that is raised from now on.</summary>
    /// <typeparam name="T">The event.</typeparam>
    /// <typeparam name="THandler">The handler; made for each batch.</typeparam>
    /// <param name="services">The host's services.</param>
    /// <param name="name">Stable name of the handler, without blanks: <c>analytics.recompute</c>; its text is <c>jobs.handler.</c> and the name.</param>
    public static IServiceCollection AddEventHandler<T, THandler>(this IServiceCollection services, string name)
        where T : IEvent
        where THandler : class, IEventHandler<T>
    {
        services.AddScoped<THandler>();
        return services.AddSingleton(new RegisteredHandler(name, [T.Kind], (provider, payload, occurrence, connection, ct) =>
            provider.GetRequiredService<THandler>().Run(JsonSerializer.Deserialize<T>(payload)!, occurrence, connection, ct)));
    }
}
