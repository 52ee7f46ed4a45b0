using Huike.Platform.Events;

namespace Huike.Analytics.Contracts;

/// <summary>Customer value was recomputed: standings and pictures are new.</summary>
/// <param name="Whole">From the whole ledger with models fitted anew; false: what loads had touched.</param>
public sealed record ValueRecomputed(bool Whole) : IEvent
{
    /// <inheritdoc/>
    public static string Kind => "analytics.recomputed";

    /// <inheritdoc/>
    public RecordName? About() => null;
}
