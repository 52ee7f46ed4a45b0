namespace Huike.Customers.Ledger;

/// <summary>One line of a ledger, read and checked; customer and product by their number in the load.</summary>
internal struct LedgerLine
{
    /// <summary>Identity by content: source, every field, and which of equal rows of its file this is.</summary>
    public long Identity;

    /// <summary>-1: names no customer.</summary>
    public int Customer;

    /// <summary>-1: names no product.</summary>
    public int Product;

    public DateTimeOffset At;

    /// <summary>Where the document's number begins in the batch's text, and how long it is.</summary>
    public (int Start, int Length) Document;

    /// <summary>Whole ten-thousandths, like all amounts here; negative for a return.</summary>
    public long Quantity;

    /// <summary>Per unit, as on the document.</summary>
    public long Price;

    /// <summary>In the firm's currency.</summary>
    public long Amount;

    /// <summary>Cost of goods of the line in the firm's currency; null where unknown.</summary>
    public long? Cost;

    public bool IsReturn;

    /// <summary>ISO code where it is not the firm's own.</summary>
    public string? Currency;

    public string? Place;
}

/// <summary>A customer as a ledger or list names one, before it has a file.</summary>
/// <param name="Number">The firm's key.</param>
/// <param name="Name">Empty where the ledger has none.</param>
/// <param name="Place">Where they buy; null where the ledger has none.</param>
internal readonly record struct Party(string Number, string Name, string? Place);

/// <summary>A product as a ledger names one.</summary>
/// <param name="Code">The firm's key.</param>
/// <param name="Name">The code where the ledger has none.</param>
/// <param name="Category">Empty where the ledger has none.</param>
internal readonly record struct Article(string Code, string Name, string Category);

/// <summary>Lines on their way to the database, with the parties and articles that appear in them for the first time.</summary>
internal sealed class LedgerBatch(int size)
{
    // As strings they would live for as long as three batches take to pass, and then be garbage of the kind that is collected late.
    private char[] text = new char[size];
    private int used;
    private (int Start, int Length) kept;
    private (int Start, int Length) told;
    private string document = "";

    public LedgerLine[] Lines { get; } = new LedgerLine[size];

    public int Count { get; set; }

    public List<Party> NewParties { get; } = [];

    public List<Article> NewArticles { get; } = [];

    /// <summary>Share of the files read when the batch was full, in [0, 1].</summary>
    public double Progress { get; set; }

    /// <summary>Keeps a document's number; the lines of a document follow each other in nearly every ledger, and share it.</summary>
    public (int Start, int Length) Keep(ReadOnlySpan<char> number)
    {
        if (number.SequenceEqual(text.AsSpan(kept.Start, kept.Length))) { return kept; }
        if (used + number.Length > text.Length) { Array.Resize(ref text, Math.Max(text.Length * 2, used + number.Length)); }
        number.CopyTo(text.AsSpan(used));
        kept = (used, number.Length);
        used += number.Length;
        return kept;
    }

    /// <summary>The number of a line's document.</summary>
    public string DocumentOf(in LedgerLine line)
    {
        if (line.Document != told) { (told, document) = (line.Document, new string(text, line.Document.Start, line.Document.Length)); }
        return document;
    }

    public void Clear()
    {
        (Count, used, kept, told, document) = (0, 0, default, default, "");
        NewParties.Clear();
        NewArticles.Clear();
    }
}
