using Huike.Platform.Events;
using Huike.Ui;
using Huike.Ui.Kit;

namespace Huike.Platform.Webhooks;

/// <summary>Words of the pages of webhooks.</summary>
internal static class WebhookWords
{
    /// <summary>A kind of event; by its own name where it is none of ours any more.</summary>
    public static string Event(Texts texts, string kind) => texts.Has("webhooks.event." + kind) ? texts["webhooks.event." + kind] : kind;

    public static (string Key, Tone Tone) Of(Webhook webhook) => webhook switch
    {
        { IsOn: false } => ("webhooks.state.off", webhook.Stopped.Length > 0 ? Tone.Bad : Tone.Neutral),
        { FailingSince: not null } => ("webhooks.state.failing", Tone.Warn),
        _ => ("webhooks.state.on", Tone.Good),
    };

    /// <summary>What came of a try, in plain words.</summary>
    /// <param name="texts">Words.</param>
    /// <param name="one">The try.</param>
    /// <param name="isNow">Whether nothing could have come of it yet.</param>
    public static string Of(Texts texts, DeliveryTry one, bool isNow) => one.Took is null ? texts[isNow ? "webhooks.outcome.underWay" : "webhooks.outcome.cut"]
        : $"{texts["webhooks.outcome." + (one.Error.Length > 0 ? one.Error : "done"), one.Status ?? 0]} · {texts["webhooks.milliseconds", (long)one.Took.Value.TotalMilliseconds]}";

    /// <summary>What came of a message's last try, in plain words.</summary>
    public static (string Text, Tone Tone) Of(Texts texts, LoggedDelivery one)
    {
        var tone = one.State switch { DeliveryState.Done => Tone.Good, DeliveryState.Dead => Tone.Bad, _ => Tone.Neutral };
        return one switch
        {
            { State: DeliveryState.Done } => (texts["webhooks.outcome.done", one.Status ?? 0], tone),
            { Error.Length: > 0 } => (texts["webhooks.outcome." + one.Error, one.Status ?? 0], tone is Tone.Neutral ? Tone.Warn : tone),
            { Attempts: > 0 } => (texts["webhooks.outcome.underWay"], tone),
            _ => (texts["webhooks.outcome.waiting"], tone),
        };
    }
}
