using Huike.Platform.Imports;

namespace Huike.Customers.Ledger;

/// <summary>What the head of a document says of all its lines.</summary>
internal sealed record LedgerHead(CellTime At, string Customer, string CustomerName, string? Place, string Currency, string Status);

/// <summary>Documents whose heads stand in one file and whose lines in another, as order systems export them.</summary>
internal sealed class LedgerHeads
{
    private readonly Dictionary<string, LedgerHead> heads = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LedgerHead>.AlternateLookup<ReadOnlySpan<char>> lookup;

    public LedgerHeads() => lookup = heads.GetAlternateLookup<ReadOnlySpan<char>>();

    public LedgerHead? Of(ReadOnlySpan<char> document) => lookup.TryGetValue(document, out var head) ? head : null;

    /// <summary>Takes the row in; the first head of a number counts.</summary>
    /// <returns>Null, or why the row is no head.</returns>
    public Refusal? Add(TableReader row, LedgerColumns columns, LedgerRules rules)
    {
        var document = Cell.NormalKey(row[columns.Document]);
        if (document.Length == 0) { return new("load.document.missing"); }
        if (!Cell.TryDateTime(row[columns.Date], rules.Dates, out var at)) { return new("load.date.unreadable", row[columns.Date].ToString()); }
        heads.TryAdd(document, new(at, Key(row, columns.Customer), Text(row, columns.CustomerName), Place(row, columns.Place), Text(row, columns.Currency), Text(row, columns.Status)));
        return null;
    }

    private static string Key(TableReader row, int column) => column < 0 ? "" : Cell.NormalKey(row[column]);

    private static string Text(TableReader row, int column) => column < 0 || Cell.IsMissing(row[column]) ? "" : row[column].Trim().ToString();

    private static string? Place(TableReader row, int column) => Text(row, column) is { Length: > 0 } place ? place : null;
}
