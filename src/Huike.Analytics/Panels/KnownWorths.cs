using System.Collections.Concurrent;

namespace Huike.Analytics.Panels;

/// <summary>What the ledgers of customers with very many lines came to, until they are recomputed: adding up tens of thousands of lines for each look at a file would make it slow.</summary>
internal sealed class KnownWorths
{
    private const int ManyLines = 500;
    private const int Most = 500;
    private readonly ConcurrentDictionary<long, (object Of, LedgerWorth Worth)> known = new();

    /// <param name="customerId">Whose.</param>
    /// <param name="of">What it depends on, what was known of something else is forgotten; null: not recomputed yet.</param>
    /// <param name="tally">Adds up.</param>
    public async Task<LedgerWorth> Get(long customerId, object? of, Func<Task<(LedgerWorth Worth, int Lines)>> tally)
    {
        if (known.TryGetValue(customerId, out var one) && one.Of.Equals(of)) { return one.Worth; }
        var (worth, lines) = await tally();
        if (of is not null && lines > ManyLines)
        {
            if (known.Count >= Most) { known.Clear(); }
            known[customerId] = (of, worth);
        }
        return worth;
    }
}
