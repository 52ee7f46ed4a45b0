using Huike.Customers.Ledger;
using Huike.Platform.Fields;
using Huike.Platform.Imports;

namespace Huike.Customers.Products;

/// <summary>What a row of a file says of a product.</summary>
/// <param name="Line">As a spreadsheet counts.</param>
/// <param name="Code">Number of the product.</param>
/// <param name="Cost">Null where the row leaves it as it is.</param>
/// <param name="Category">Null where the row leaves it as it is.</param>
/// <param name="Own">Of the firm's own fields those that it doesn't leave as they are.</param>
internal sealed record CostRow(long Line, string Code, decimal? Cost, string? Category, CustomValues Own);

/// <summary>A row that is not taken.</summary>
/// <param name="Line">As a spreadsheet counts.</param>
/// <param name="Code">As far as it could be read.</param>
/// <param name="Why">Text key and what the text shows.</param>
internal sealed record RefusedCost(long Line, string Code, Refusal Why);

/// <summary>Rows of product number, unit cost, category and the firm's own fields, read from a file.</summary>
/// <param name="Rows">Those that can be taken; each product once.</param>
/// <param name="Refused">Those that can't.</param>
internal sealed record CostTable(IReadOnlyList<CostRow> Rows, List<RefusedCost> Refused)
{
    /// <summary>A file with more rows is refused: it is read and written in one piece.</summary>
    public const int MostRows = 20_000;

    private const int LongestCode = 200;

    /// <summary>Reads a file by the titles that ledgers use for number, cost and category of a product, and by those of the firm's own fields.</summary>
    /// <exception cref="ImportException">No table, columns missing, or too many rows.</exception>
    public static async Task<CostTable> Read(string path, OwnColumns own, CancellationToken ct)
    {
        var cells = Cells(path, own);
        var mark = Cell.DecimalMarkOf(cells.SelectMany(row => row.Own.Where(one => one.Key.IsNumeric).Select(one => one.Value).Append(row.Cost)).Where(text => text.Length > 0));
        var votes = new DateOrderVotes();
        foreach (var (field, text) in cells.SelectMany(row => row.Own).Where(one => one.Key.Type == FieldType.Date)) { votes.Add(text); }
        var (rows, refused, seen) = (new List<CostRow>(), new List<RefusedCost>(), new Dictionary<string, long>(StringComparer.Ordinal));
        foreach (var row in cells)
        {
            var amount = row.Cost.Length == 0 ? null : ProductForm.ReadCost(row.Cost, mark);
            var fault = Fault(row, amount, seen);
            var (values, wrong) = fault is null ? await own.Read(row.Own.GetValueOrDefault, votes.Order, mark, null, ct) : (null, fault.Value);
            if (values is null) { refused.Add(new(row.Line, Shortened(row.Code), wrong)); }
            else
            {
                seen[row.Code] = row.Line;
                rows.Add(new(row.Line, row.Code, amount, row.Category.Length > 0 ? row.Category : null, values));
            }
        }
        return new(rows, refused);
    }

    private static List<Typed> Cells(string path, OwnColumns own)
    {
        using var reader = TableReader.Open(path);
        var map = ColumnMap.Find(TableFields.Products.With(FieldRules.Columns(own.Fields)), reader.Header, reader.HasHeader, []);
        var (product, cost, category) = (map["product"], map["cost"], map["category"]);
        var fields = own.Fields.Where(field => map[field.Input] >= 0).ToList();
        if (!reader.HasHeader || product < 0 || (cost < 0 && category < 0 && fields.Count == 0)) { throw new ImportException("products.costs.columns", string.Join(", ", reader.Header)); }
        var cells = new List<Typed>();
        while (reader.Read())
        {
            if (cells.Count == MostRows) { throw new ImportException("products.costs.many", MostRows); }
            var values = fields.Select(field => (Field: field, Text: OwnColumns.Text(reader, map, field))).Where(one => one.Text is not null).ToDictionary(one => one.Field, one => one.Text!);
            cells.Add(new(reader.Line, Cell.NormalKey(reader[product]), Text(reader, cost), Text(reader, category), values));
        }
        return cells;
    }

    private static Refusal? Fault(Typed row, decimal? amount, Dictionary<string, long> seen)
    {
        if (row.Code.Length == 0) { return new("products.costs.codeMissing"); }
        if (row.Code.Length > LongestCode) { return new("load.key.long", LongestCode); }
        if (row.Cost.Length > 0 && amount is null) { return new("products.costs.costWrong", Shortened(row.Cost)); }
        if (row.Category.Length > Product.LongestCategory) { return new("products.category.long"); }
        return seen.TryGetValue(row.Code, out var earlier) ? new("products.costs.twice", earlier) : null;
    }

    private static string Text(TableReader reader, int column) =>
        column < 0 || Cell.IsMissing(reader[column]) ? "" : reader[column].Trim().ToString().Replace("\0", "", StringComparison.Ordinal);

    private static string Shortened(string text) => text.Length <= 40 ? text : text[..40] + "…";

    /// <summary>A row before it is known how the file writes numbers and days.</summary>
    private sealed record Typed(long Line, string Code, string Cost, string Category, Dictionary<CustomField, string> Own);
}
