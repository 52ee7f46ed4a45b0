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
