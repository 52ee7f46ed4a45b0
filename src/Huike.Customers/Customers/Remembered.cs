using System.Collections.Concurrent;

namespace Huike.Customers;

/// <summary>
/// Figures that cost a pass over many rows: each is remembered for a hundred times as long as it took to find, a minute at most, so that finding them takes a
/// hundredth of the time at worst and a small firm always sees the newest. While one caller finds the new figure, the others get the old one.
/// </summary>
internal sealed class Remembered(TimeProvider clock)
{
    private const int Most = 500;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<string, Entry> entries = new();

    public async Task<T> Get<T>(string key, Func<Task<T>> find)
    {
        if (entries.Count > Most) { entries.Clear(); }
        var entry = entries.GetOrAdd(key, _ => new Entry());
        if (entry.Value is T known && (clock.GetElapsedTime(entry.FoundAt) < entry.Lasts || !await entry.Turn.WaitAsync(0))) { return known; }
        if (entry.Value is null) { await entry.Turn.WaitAsync(); }
        try
        {
            if (entry.Value is T found && clock.GetElapsedTime(entry.FoundAt) < entry.Lasts) { return found; }
            var from = clock.GetTimestamp();
            var value = await find();
            var took = clock.GetElapsedTime(from);
            (entry.Value, entry.FoundAt) = (value, clock.GetTimestamp());
            entry.Lasts = took * 100 < Longest ? took * 100 : Longest;
            return value;
        }
        finally
        {
            entry.Turn.Release();
        }
    }

    private sealed class Entry
    {
        public object? Value { get; set; }

        public long FoundAt { get; set; }

        public TimeSpan Lasts { get; set; }

        public SemaphoreSlim Turn { get; } = new(1, 1);
    }
}
