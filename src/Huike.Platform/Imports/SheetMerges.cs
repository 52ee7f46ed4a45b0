using ExcelDataReader;

namespace Huike.Platform.Imports;

/// <summary>Merged cells of a sheet: a spreadsheet keeps their text in the first one alone, people mean it for each of them.</summary>
/// <param name="ranges">By their first row, rows and columns from 0.</param>
internal sealed class SheetMerges(IReadOnlyList<CellRange> ranges)
{
    private readonly List<(CellRange Range, string Text)> _open = [];
    private int _next;

    public static SheetMerges None { get; } = new([]);

    public static SheetMerges Of(CellRange[]? ranges) => ranges is { Length: > 0 } ? new([.. ranges.OrderBy(range => range.FromRow)]) : None;

    /// <summary>Puts into the cells of a row what merged cells that began above hold. Rows come in their order.</summary>
    /// <param name="row">From 1.</param>
    /// <param name="cells">The row's own texts.</param>
    public void Fill(long row, string[] cells)
    {
        var at = row - 1;
        _open.RemoveAll(one => one.Range.ToRow < at);
        foreach (var (range, text) in _open)
        {
            if (range.FromColumn < cells.Length && cells[range.FromColumn].Length == 0) { cells[range.FromColumn] = text; }
        }
        for (; _next < ranges.Count && ranges[_next].FromRow <= at; _next++)
        {
            var range = ranges[_next];
            // Notes above a table are merged over its whole width: across, only a header's groups count.
            if (range.FromRow == at && range.ToRow > at && range.FromColumn < cells.Length && cells[range.FromColumn].Length > 0) { _open.Add((range, cells[range.FromColumn])); }
        }
    }

    /// <summary>A header of two rows as one: what is merged over both stands for itself, a group that is merged across goes before each of its columns.</summary>
    public HeaderRow Joined(HeaderRow header, IReadOnlyList<SampleRow> rows)
    {
        if (header.Row == 0 || new[] { header.Row, header.Row - 1 }.FirstOrDefault(IsUpper) is not (> 0 and var top)) { return header; }
        var groups = Groups(top);
        var (above, below) = (CellsOf(top), CellsOf(top + 1));
        var titles = new string[Math.Max(above.Length, below.Length)];
        for (var i = 0; i < titles.Length; i++)
        {
            var (upper, lower) = (At(above, i), At(below, i));
            var group = groups.Find(range => range.FromColumn <= i && i <= range.ToColumn) is { } over ? At(above, over.FromColumn) : "";
            titles[i] = lower.Length == 0 ? upper : lower.StartsWith(group, StringComparison.Ordinal) ? lower : group + lower;
        }
        return new(top + 1, top + 2, titles);

        string[] CellsOf(int row) => rows.FirstOrDefault(one => one.Row == row).Cells ?? [];
    }

    private bool IsUpper(int row) => Groups(row).Count > 0 && ranges.Any(range => range.FromRow == row - 1 && range.ToRow == row);

    private List<CellRange> Groups(int row) => [.. ranges.Where(range => range.FromRow == row - 1 && range.FromRow == range.ToRow && range.ToColumn > range.FromColumn)];

    private static string At(string[] cells, int i) => i < cells.Length ? cells[i] : "";
}
