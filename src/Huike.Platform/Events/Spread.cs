namespace Huike.Platform.Events;

/// <summary>Spreads pauses, so that what failed together doesn't come back together.</summary>
internal static class Spread
{
    /// <summary>A fifth more or less, the same for the same number: no chance that a test or a reader couldn't repeat.</summary>
    public static TimeSpan Over(TimeSpan pause, long id) => pause * (0.8 + (0.4 * (unchecked((uint)(id * 2_654_435_761) >> 8) % 1_000) / 1_000));
}
