using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Huike.Platform.Events;

/// <summary>Serves each handler in a lane of its own, woken by the wire: one that is slow or fails keeps no other waiting.</summary>
internal sealed class DeliverEvents : BackgroundService
{
    /// <summary>How often it looks without being called: for what waits after a failure, and for words that were missed.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly Deliveries deliveries;
    private readonly TimeProvider clock;
    private readonly ILogger<DeliverEvents> log;
    private readonly List<(RegisteredHandler Handler, SemaphoreSlim Bell)> lanes;

    public DeliverEvents(EventHandlers handlers, Deliveries deliveries, Wire wire, TimeProvider clock, ILogger<DeliverEvents> log)
    {
        (this.deliveries, this.clock, this.log) = (deliveries, clock, log);
        lanes = [.. handlers.All.Select(handler => (handler, new SemaphoreSlim(0)))];
        wire.Listen(word => Ring(lane => word.Kind == WordKind.Event && lane.Kinds.Contains(word.Name)), () => Ring(_ => true));
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(lanes.Select(lane => Serve(lane.Handler, lane.Bell, stoppingToken)));

    private void Ring(Func<RegisteredHandler, bool> whom)
    {
        foreach (var (_, bell) in lanes.Where(lane => whom(lane.Handler) && lane.Bell.CurrentCount == 0)) { bell.Release(); }
    }

    private async Task Serve(RegisteredHandler handler, SemaphoreSlim bell, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!await deliveries.DoSome(handler, stoppingToken)) { await bell.WaitAsync(Look, stoppingToken); }
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (DbException gone)
            {
                log.LogError(gone, "Deliveries of {Handler} can't be reached; next try in {Seconds} s", handler.Name, Pause.TotalSeconds);
                await Task.Delay(Pause, clock, CancellationToken.None);
            }
        }
    }
}
