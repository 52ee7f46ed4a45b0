using Huike.Customers.Ledger;
using Huike.Platform.Imports;
using Huike.Ui.Kit;

namespace Huike.Customers.Imports;

/// <summary>Text keys and tones of loads.</summary>
internal static class LoadWords
{
    public static string Of(LoadKind kind) => kind == LoadKind.Transactions ? "load.kind.transactions" : "load.kind.customers";

    public static (string Key, Tone Tone) Of(LoadState state) => state switch
    {
        LoadState.Draft => ("load.state.draft", Tone.Neutral),
        LoadState.Checking => ("load.state.checking", Tone.Info),
        LoadState.Checked => ("load.state.checked", Tone.Info),
        LoadState.Loading => ("load.state.loading", Tone.Info),
        LoadState.Done => ("load.state.done", Tone.Good),
        LoadState.Undoing => ("load.state.undoing", Tone.Warn),
        LoadState.Undone => ("load.state.undone", Tone.Neutral),
        _ => ("load.state.failed", Tone.Bad),
    };

    public static (string Key, Tone Tone) Of(MatchStrength strength) => strength switch
    {
        MatchStrength.Given => ("load.match.given", Tone.Accent),
        MatchStrength.Sure => ("load.match.sure", Tone.Good),
        MatchStrength.Likely => ("load.match.likely", Tone.Info),
        _ => ("load.match.guess", Tone.Warn),
    };
}
