namespace Huike.IntegrationTests;

/// <summary>The real clock, which a test may put forward; timers run in real time.</summary>
internal sealed class MovableClock : TimeProvider
{
    private long ahead;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref ahead));

    /// <summary>Puts the clock forward.</summary>
    public void Advance(TimeSpan span) => Interlocked.Add(ref ahead, span.Ticks);
}
