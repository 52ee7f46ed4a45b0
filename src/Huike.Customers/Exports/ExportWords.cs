using Huike.Ui;
using Huike.Ui.Kit;

namespace Huike.Customers.Exports;

/// <summary>Exports in words.</summary>
internal static class ExportWords
{
    public static string State(Texts texts, Export export) => texts["exports.state." + CustomerFilter.Kebab(export.State)];

    public static Tone ToneOf(ExportState state) => state switch
    {
        ExportState.Ready or ExportState.Taken => Tone.Good,
        ExportState.Waiting or ExportState.Making => Tone.Warn,
        ExportState.Refused or ExportState.Failed => Tone.Bad,
        _ => Tone.Neutral,
    };
}
