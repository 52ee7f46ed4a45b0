using System.Data.Common;
using Huike.Platform.Events;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Huike.Platform.Webhooks;

/// <summary>Sends what is due, each endpoint in a lane of its own: one that is slow or gone keeps no other waiting.</summary>
internal sealed class SendWebhooks : BackgroundService
{
    /// <summary>How often it looks without being called: for what waits after a failure, and for words that were missed.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);

    private readonly WebhookDeliveries deliveries;
    private readonly ILogger<SendWebhooks> log;
    private readonly SemaphoreSlim bell = new(0);
    private readonly Dictionary<long, Task> lanes = [];

    public SendWebhooks(WebhookDeliveries deliveries, Wire wire, ILogger<SendWebhooks> log)
    {
        (this.deliveries, this.log) = (deliveries, log);
        wire.Listen(word => { if (word is { Kind: WordKind.Delivery, Name: RecordForWebhooks.Name }) { Ring(); } }, Ring);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                foreach (var webhook in await deliveries.Due(stoppingToken))
                {
                    if (lanes.GetValueOrDefault(webhook) is not { IsCompleted: false }) { lanes[webhook] = Serve(webhook, stoppingToken); }
                }
                await bell.WaitAsync(Look, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (DbException gone)
            {
                log.LogError(gone, "Messages of webhooks can't be reached; next try in {Seconds} s", Look.TotalSeconds);
                await Task.Delay(Look, CancellationToken.None);
            }
        }
        await Task.WhenAll(lanes.Values);
    }

    private void Ring()
    {
        if (bell.CurrentCount == 0) { bell.Release(); }
    }

    private async Task Serve(long webhook, CancellationToken stoppingToken)
    {
        try
        {
            while (await deliveries.DoSome(webhook, stoppingToken) > 0)
            {
                // Each round sends some.
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Nothing was taken.
        }
        // The lane must not take the others with it; what it had taken is sent again when the lease is over.
        catch (Exception failure)
        {
            log.LogError(failure, "Messages of webhook {Webhook} can't be sent", webhook);
            await Task.Delay(Look, CancellationToken.None);
        }
    }
}
