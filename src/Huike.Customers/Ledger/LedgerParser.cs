using Huike.Platform.Imports;

namespace Huike.Customers.Ledger;

/// <summary>A file of a load with its columns found.</summary>
/// <param name="File">The file.</param>
/// <param name="Columns">Where it keeps what.</param>
internal sealed record LedgerFile(LoadFile File, LedgerColumns Columns);

/// <summary>
/// Reads the files of one load, in order, into batches of checked lines. Customers, products and places are kept once, so that memory grows
/// with them and with 8 bytes a row, not with the ledger.
/// </summary>
/// <param name="source">Part of each row's identity.</param>
/// <param name="rules">How cells are understood.</param>
/// <param name="dropDuplicates">Drops all but the first of equal rows of a file.</param>
/// <param name="refuse">Takes each refused row, at the reader, with the reason.</param>
internal sealed class LedgerParser(string source, LedgerRules rules, bool dropDuplicates, Action<TableReader, Refusal> refuse)
{
    private readonly FirmTime time = new(rules.Firm.Zone);
    private readonly RowIdentity identity = new();
    private readonly Interned parties = new();
    private readonly Interned articles = new();
    private readonly Dictionary<string, string> words = new(StringComparer.Ordinal);
    private readonly char[] scratch = new char[3 * 128];
    private Seen seen = new();
    private Dictionary<ulong, int> repeats = [];

    public LedgerTally Tally { get; } = new();

    /// <summary>Distinct customers so far.</summary>
    public int Customers => parties.Count;

    /// <summary>Reads everything.</summary>
    /// <param name="files">In the order given by the user.</param>
    /// <param name="next">Takes a full batch (or null at first) and gives an empty one.</param>
    /// <param name="ct">Ends the reading between rows.</param>
    public void Read(IReadOnlyList<LedgerFile> files, Func<LedgerBatch?, LedgerBatch> next, CancellationToken ct)
    {
        // Lines without dates take them from the heads in the other files, which then are no sales of their own.
        var heads = files.Any(file => file.Columns.IsLinesOnly) ? new LedgerHeads() : null;
        foreach (var file in heads is null ? [] : files.Where(file => file.Columns.CanBeHeads)) { ReadHeads(file, heads!, ct); }
        var ledgers = files.Where(file => heads is null || file.Columns.IsLinesOnly).ToList();
        var batch = next(null);
        for (var i = 0; i < ledgers.Count; i++)
        {
            // Equal rows are counted file by file: loading files one after the other comes to the same as loading them as one.
            seen = new();
            repeats = [];
            using var reader = ledgers[i].File.Open();
            while (reader.Read())
            {
                ct.ThrowIfCancellationRequested();
                Add(reader, ledgers[i].Columns, heads, batch);
                if (batch.Count < batch.Lines.Length) { continue; }
                batch.Progress = (i + reader.Progress) / ledgers.Count;
                batch = next(batch);
            }
        }
        batch.Progress = 1;
        next(batch);
    }

    private void ReadHeads(LedgerFile file, LedgerHeads heads, CancellationToken ct)
    {
        using var reader = file.File.Open();
        while (reader.Read())
        {
            ct.ThrowIfCancellationRequested();
            if (heads.Add(reader, file.Columns, rules) is { } refusal)
            {
                Tally.Rows++;
                Tally.Refused++;
                refuse(reader, refusal);
            }
        }
    }

    private void Add(TableReader reader, LedgerColumns columns, LedgerHeads? heads, LedgerBatch batch)
    {
        Tally.Rows++;
        LedgerRow row = default;
        if (row.Read(reader, columns, rules, heads, scratch) is { } refusal)
        {
            Tally.Refused++;
            refuse(reader, refusal);
            return;
        }
        var at = time.At(row.At.Local, row.At.Offset);
        var content = identity.Begin(source).Add(row.Customer).Add(at.UtcTicks).Add(row.Document).Add(row.Product).Add(row.ProductName).Add(row.Quantity)
            .Add(row.Price).Add(row.Amount).Add(row.Cost ?? long.MinValue).Add(row.Currency).Add(row.Place).End();
        var occurrence = 0;
        if (!seen.Add(content))
        {
            Tally.Duplicates++;
            if (dropDuplicates) { return; }
            occurrence = repeats.GetValueOrDefault(content) + 1;
            repeats[content] = occurrence;
        }
        ref var line = ref batch.Lines[batch.Count++];
        line = new LedgerLine
        {
            Identity = unchecked((long)RowIdentity.Occurrence(content, occurrence)),
            Customer = Customer(row, batch),
            Product = Product(row, batch),
            At = at,
            Document = batch.Keep(row.Document),
            Quantity = row.Quantity,
            Price = row.Price,
            Amount = row.Amount,
            Cost = row.Cost,
            IsReturn = row.IsReturn,
            Currency = row.Currency.IsEmpty || row.Currency.Equals(rules.Firm.Currency, StringComparison.OrdinalIgnoreCase) ? null : Word(row.Currency).ToUpperInvariant(),
            Place = row.Place.IsEmpty ? null : Word(row.Place),
        };
        Tally.Add(row, line);
    }

    private int Customer(in LedgerRow row, LedgerBatch batch)
    {
        if (row.Customer.IsEmpty) { return -1; }
        if (!parties.Add(row.Customer, out var index)) { return index; }
        batch.NewParties.Add(new(parties.Last, Clip(row.CustomerName), row.Place.IsEmpty ? null : Word(row.Place)));
        return index;
    }

    private int Product(in LedgerRow row, LedgerBatch batch)
    {
        var code = row.Product.IsEmpty ? row.ProductName : row.Product;
        if (code.IsEmpty) { return -1; }
        if (!articles.Add(code.Length > 200 ? code[..200] : code, out var index)) { return index; }
        batch.NewArticles.Add(new(articles.Last, row.ProductName.IsEmpty ? articles.Last : Clip(row.ProductName), Clip(row.Category)));
        return index;
    }

    private string Word(ReadOnlySpan<char> text)
    {
        var lookup = words.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(text, out var word)) { return word; }
        word = Clip(text);
        // Places are few; a column that was taken for one by mistake must not fill the memory.
        if (words.Count < 10_000) { words[word] = word; }
        return word;
    }

    private static string Clip(ReadOnlySpan<char> text) => (text.Length > 200 ? text[..200] : text).ToString();
}

/// <summary>Gives each new key the next number.</summary>
internal sealed class Interned
{
    private readonly Dictionary<string, int> numbers = new(StringComparer.Ordinal);

    public int Count => numbers.Count;

    /// <summary>The key that was added last.</summary>
    public string Last { get; private set; } = "";

    /// <returns>True where the key is new.</returns>
    public bool Add(ReadOnlySpan<char> key, out int number)
    {
        var lookup = numbers.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(key, out number)) { return false; }
        number = numbers.Count;
        Last = key.ToString();
        numbers.Add(Last, number);
        return true;
    }
}
