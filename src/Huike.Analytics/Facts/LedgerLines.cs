namespace Huike.Analytics.Facts;

/// <summary>One line of the ledger, as far as worth is concerned. Amounts are whole ten-thousandths.</summary>
internal struct LedgerLine
{
    /// <summary>Unix milliseconds.</summary>
    public long At;

    public long Amount;

    /// <summary>Amount less cost of goods.</summary>
    public long Margin;

    /// <summary>Stands for the document's number: equal where they are.</summary>
    public long Document;

    /// <summary>Place of the customer in <see cref="LedgerLines.CustomerIds"/>; -1: none.</summary>
    public int Customer;

    public bool IsReturn;
}

/// <summary>Lines of the ledger in memory, 40 bytes each, in the order in which the database gave them.</summary>
internal sealed class LedgerLines
{
    // Customers' numbers are handed out one after the other: up to here a table of them is smaller and faster than a dictionary.
    private const int TableLimit = 1 << 26;
    private readonly List<long> customerIds = [];
    private readonly Dictionary<long, int> others = [];
    private LedgerLine[] lines;
    private int[] table = [];

    /// <param name="capacity">How many are likely to come.</param>
    public LedgerLines(int capacity = 1024) => lines = new LedgerLine[capacity];

    public int Count { get; private set; }

    public ReadOnlySpan<LedgerLine> All => lines.AsSpan(0, Count);

    /// <summary>Customers in the order of their first line.</summary>
    public IReadOnlyList<long> CustomerIds => customerIds;

    /// <summary>Latest instant, as Unix milliseconds; the least number where there are no lines.</summary>
    public long LastAt { get; private set; } = long.MinValue;

    /// <summary>Earliest instant, as Unix milliseconds; the greatest number where there are no lines.</summary>
    public long FirstAt { get; private set; } = long.MaxValue;

    /// <summary>Adds a line; its customer's place is filled in.</summary>
    /// <param name="line">Without a customer.</param>
    /// <param name="customer">Whose; null where nobody is named.</param>
    public void Add(LedgerLine line, long? customer)
    {
        if (Count == lines.Length) { Array.Resize(ref lines, checked(lines.Length + Math.Max(1024, lines.Length / 2))); }
        line.Customer = customer is { } id ? PlaceOf(id) : -1;
        lines[Count++] = line;
        LastAt = Math.Max(LastAt, line.At);
        FirstAt = Math.Min(FirstAt, line.At);
    }

    /// <summary>Lines' places grouped by customer: those of customer c are <c>order[starts[c]..starts[c + 1]]</c>. Lines without a customer are left out.</summary>
    public (int[] Order, int[] Starts) ByCustomer()
    {
        var starts = new int[customerIds.Count + 1];
        foreach (ref readonly var line in All)
        {
            if (line.Customer >= 0) { starts[line.Customer + 1]++; }
        }
        for (var i = 1; i < starts.Length; i++) { starts[i] += starts[i - 1]; }
        var order = new int[starts[^1]];
        var next = starts.AsSpan(0, customerIds.Count).ToArray();
        for (var i = 0; i < Count; i++)
        {
            if (lines[i].Customer is >= 0 and var customer) { order[next[customer]++] = i; }
        }
        return (order, starts);
    }

    private int PlaceOf(long id)
    {
        if (id is < 0 or >= TableLimit)
        {
            if (others.TryGetValue(id, out var known)) { return known; }
            others[id] = customerIds.Count;
            customerIds.Add(id);
            return customerIds.Count - 1;
        }
        if (id >= table.Length) { Array.Resize(ref table, (int)Math.Min(TableLimit, Math.Max(1024, id * 2))); }
        if (table[id] == 0)
        {
            customerIds.Add(id);
            table[id] = customerIds.Count;
        }
        return table[id] - 1;
    }
}
