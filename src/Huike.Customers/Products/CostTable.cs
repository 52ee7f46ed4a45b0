using Huike.Customers.Ledger;
using Huike.Platform.Imports;

namespace Huike.Customers.Products;

/// <summary>What a row of a file says of a product.</summary>
/// <param name="Line">As a spreadsheet counts.</param>
/// <param name="Code">Number of the product.</param>
/// <param name="Cost">Null where the row leaves it as it is.</param>
/// <param name="Category">Null where the row leaves it as it is.</param>
internal sealed record CostRow(long Line, string Code, decimal? Cost, string? Category);

/// <summary>A row that is not taken.</summary>
/// <param name="Line">As a spreadsheet counts.</param>
/// <param name="Code">As far as it could be read.</param>
/// <param name="Why">Text key and what the text shows.</param>
internal sealed record RefusedCost(long Line, string Code, Refusal Why);

/// <summary>Rows of product number, unit cost and category, read from a file.</summary>
/// <param name="Rows">Those that can be taken; each product once.</param>
/// <param name="Refused">Those that can't.</param>
internal sealed record CostTable(IReadOnlyList<CostRow> Rows, List<RefusedCost> Refused)
{
    /// <summary>A file with more rows is refused: it is read and written in one piece.</summary>
    public const int MostRows = 20_000;

    private const int LongestCode = 200;

    /// <summary>Reads a file by the titles that ledgers use for number, cost and category of a product.</summary>
    /// <exception cref="ImportException">No table, columns missing, or too many rows.</exception>
    public static CostTable Read(string path)
    {
        using var reader = TableReader.Open(path);
        var columns = ColumnMap.Find(TableFields.Transactions, reader.Header, reader.HasHeader, []);
        var (product, cost, category) = (columns["product"], columns["cost"], columns["category"]);
        if (!reader.HasHeader || product < 0 || (cost < 0 && category < 0)) { throw new ImportException("products.costs.columns", string.Join(", ", reader.Header)); }
        var cells = new List<(long Line, string Code, string Cost, string Category)>();
        while (reader.Read())
        {
            if (cells.Count == MostRows) { throw new ImportException("products.costs.many", MostRows); }
            cells.Add((reader.Line, Cell.NormalKey(reader[product]), Text(reader, cost), Text(reader, category)));
        }
        var mark = Cell.DecimalMarkOf(cells.Select(row => row.Cost).Where(text => text.Length > 0));
        var (rows, refused, seen) = (new List<CostRow>(), new List<RefusedCost>(), new Dictionary<string, long>(StringComparer.Ordinal));
        foreach (var (line, code, typed, named) in cells)
        {
            var amount = typed.Length == 0 ? null : ProductForm.ReadCost(typed, mark);
            if (Fault(code, typed, amount, named, seen) is { } fault) { refused.Add(new(line, Shortened(code), fault)); }
            else
            {
                seen[code] = line;
                rows.Add(new(line, code, amount, named.Length > 0 ? named : null));
            }
        }
        return new(rows, refused);
    }

    private static Refusal? Fault(string code, string typed, decimal? amount, string category, Dictionary<string, long> seen)
    {
        if (code.Length == 0) { return new("products.costs.codeMissing"); }
        if (code.Length > LongestCode) { return new("load.key.long", LongestCode); }
        if (typed.Length > 0 && amount is null) { return new("products.costs.costWrong", Shortened(typed)); }
        if (category.Length > Product.LongestCategory) { return new("products.category.long"); }
        return seen.TryGetValue(code, out var earlier) ? new("products.costs.twice", earlier) : null;
    }

    private static string Text(TableReader reader, int column) =>
        column < 0 || Cell.IsMissing(reader[column]) ? "" : reader[column].Trim().ToString().Replace("\0", "", StringComparison.Ordinal);

    private static string Shortened(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
