using System.Data.Common;
using Huike.Platform.Data;
using Huike.Platform.Events;

namespace Huike.Platform.Webhooks;

/// <summary>Hears of events in the platform's own way, and writes a message for each endpoint that wants to know: exactly once, as the delivery of the event is marked in the same transaction.</summary>
internal sealed class RecordForWebhooks(IEnumerable<WebhookEvent> events, TimeProvider clock)
{
    /// <summary>Of the handler, and of its words on the wire.</summary>
    public const string Name = "webhooks";

    private readonly Dictionary<string, WebhookEvent> byKind = events.ToDictionary(one => one.Kind);

    public Task Run(string payload, Occurrence occurrence, DbConnection connection, CancellationToken ct) => connection.Run("""
        insert into platform_webhook_delivery (webhook_id, message, kind, body, state, attempts, error, created_at, wait_until)
        select id, @message, @kind, @body, 0, 0, '', @at, @now from platform_webhook where is_on and events like @wanted
        """, ct, ("message", NewMessage()), ("kind", occurrence.Kind), ("body", WebhookEvent.Body(occurrence.Kind, occurrence.At, byKind[occurrence.Kind].Tell(payload))),
        ("at", occurrence.At), ("now", clock.GetUtcNow()), ("wanted", $"% {occurrence.Kind} %"));

    /// <summary>The number that the other side knows a message by, the same at each try.</summary>
    public static string NewMessage() => "msg_" + Guid.CreateVersion7().ToString("N");
}
