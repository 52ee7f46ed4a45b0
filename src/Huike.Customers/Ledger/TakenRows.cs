using Huike.Platform.Imports;

namespace Huike.Customers.Ledger;

/// <summary>A customer of a list, with the rows that tell of it.</summary>
internal sealed class TakenCustomer(ListedCustomer listed)
{
    public ListedCustomer Listed { get; set; } = listed;

    public List<TableRow> Rows { get; } = [];
}

/// <summary>What became of some customers of a list.</summary>
/// <param name="Outcome">Counts, of these alone.</param>
/// <param name="Refused">Whose rows come back, and why.</param>
internal sealed record BatchOutcome(LoadOutcome Outcome, IReadOnlyList<(TakenCustomer Customer, Refusal Reason)> Refused);

/// <summary>Gathers the rows of a list by customer until there are enough to be written, and what came of those before.</summary>
internal sealed class TakenRows(Func<IReadOnlyCollection<TakenCustomer>, Task<BatchOutcome>> write, Action<TableReader, TableRow, Refusal> refuse, bool dryRun, bool keepsNames)
{
    private const int BatchSize = 2_000;
    private const int MostSamples = 20;

    private readonly HashSet<string> numbers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string?> names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TakenCustomer> batch = new(StringComparer.Ordinal);
    private LoadOutcome outcome = new();
    private TableReader? reader;
    private string? last;

    public LoadOutcome Outcome => outcome with { Customers = numbers.Count };

    /// <summary>Numbers of the customers who came in so far.</summary>
    public IReadOnlySet<string> Numbers => numbers;

    /// <summary>Goes on with another file, after a <see cref="Flush"/>: rows that come back are told of the file they stand in.</summary>
    public TableReader Begin(TableReader next)
    {
        last = null;
        return reader = next;
    }

    /// <summary>Number of the only customer of this name in the load; null: there is none, or several.</summary>
    public string? NumberOf(string name) => names.GetValueOrDefault(name);

    /// <summary>Number of the customer of the row above; null: that row was refused, or there is none.</summary>
    public string? Above => last;

    /// <summary>Counts the reader's row as refused.</summary>
    public void Refuse(Refusal refusal, bool isOfCustomer)
    {
        outcome = outcome with { Rows = outcome.Rows + 1, Refused = outcome.Refused + 1 };
        if (isOfCustomer) { last = null; }
        refuse(reader!, reader!.Row, refusal);
    }

    /// <summary>Takes the reader's row.</summary>
    /// <returns>Whether earlier rows were written for it.</returns>
    public async Task<bool> Add(ListedCustomer listed)
    {
        outcome = outcome with { Rows = outcome.Rows + 1 };
        var number = listed.Customer.Number;
        last = number;
        if (!listed.IsPartOnly && !numbers.Add(number)) { outcome = outcome with { Duplicates = outcome.Duplicates + 1 }; }
        if (keepsNames && !listed.IsPartOnly && listed.Customer.Name is { Length: > 0 } name) { names[name] = names.TryGetValue(name, out var other) && other != number ? null : number; }
        if (batch.TryGetValue(number, out var known))
        {
            known.Listed = known.Listed.With(listed);
            known.Rows.Add(reader!.Row);
            return false;
        }
        var full = batch.Count >= BatchSize;
        if (full) { await Flush(); }
        batch[number] = new(listed) { Rows = { reader!.Row } };
        return full;
    }

    /// <summary>Whether a customer stood earlier in the load; then it is there by now, but in a dry run.</summary>
    public async Task<bool> Earlier(string number)
    {
        if (numbers.Contains(number) && !dryRun) { await Flush(); }
        return numbers.Contains(number);
    }

    /// <summary>Writes what waits.</summary>
    public async Task Flush()
    {
        if (batch.Count == 0) { return; }
        var (some, refused) = await write(batch.Values);
        foreach (var (customer, reason) in refused)
        {
            foreach (var row in customer.Rows) { refuse(reader!, row, reason); }
        }
        outcome = outcome with
        {
            Accepted = outcome.Accepted + some.Accepted,
            Refused = outcome.Refused + some.Refused,
            Added = outcome.Added + some.Added,
            NewCustomers = outcome.NewCustomers + some.NewCustomers,
            Changed = outcome.Changed + some.Changed,
            Known = outcome.Known + some.Known,
            Skipped = outcome.Skipped + some.Skipped,
            Twins = outcome.Twins + some.Twins,
            TwinsLeftOut = outcome.TwinsLeftOut + some.TwinsLeftOut,
            ChangedSample = [.. outcome.ChangedSample.Concat(some.ChangedSample).Take(MostSamples)],
        };
        batch.Clear();
    }
}
