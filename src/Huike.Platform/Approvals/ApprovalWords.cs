using Huike.Ui;
using Huike.Ui.Kit;

namespace Huike.Platform.Approvals;

/// <summary>Words and colours of approvals.</summary>
internal static class ApprovalWords
{
    public static string Of<T>(Texts texts, string what, T value) where T : struct, Enum => texts[$"approvals.{what}.{value.ToString().ToLowerInvariant()}"];

    public static Tone ToneOf(ApprovalState state) => state switch
    {
        ApprovalState.Approved => Tone.Good,
        ApprovalState.Rejected => Tone.Bad,
        ApprovalState.SentBack => Tone.Warn,
        ApprovalState.Open => Tone.Info,
        _ => Tone.Neutral,
    };

    public static Tone ToneOf(SeatState state) => state switch
    {
        SeatState.Approved => Tone.Good,
        SeatState.Rejected => Tone.Bad,
        SeatState.SentBack => Tone.Warn,
        SeatState.Due => Tone.Accent,
        _ => Tone.Neutral,
    };
}
