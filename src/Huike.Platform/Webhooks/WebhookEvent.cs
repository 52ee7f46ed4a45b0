using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Huike.Platform.Events;

namespace Huike.Platform.Webhooks;

/// <summary>An event that programs outside may hear of.</summary>
/// <param name="Kind">As in the rows, and as <c>type</c> of the message.</param>
/// <param name="Tell">From the payload of the event's row to <c>data</c>: numbers and names of fields, as events hold no values of persons.</param>
internal sealed record WebhookEvent(string Kind, Func<string, JsonObject> Tell)
{
    public static WebhookEvent Of<T>(Func<T, string?> address) where T : IEvent => new(T.Kind, payload =>
    {
        var happened = JsonSerializer.Deserialize<T>(payload)!;
        var told = JsonSerializer.SerializeToNode(happened, JsonSerializerOptions.Web)!.AsObject();
        told["api"] = address(happened);
        return told;
    });

    /// <summary>The message, as it is signed and sent.</summary>
    public static string Body(string type, DateTimeOffset at, JsonObject told) => new JsonObject
    {
        ["type"] = type,
        ["timestamp"] = at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        ["data"] = told,
    }.ToJsonString();
}
