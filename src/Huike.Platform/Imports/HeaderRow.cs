namespace Huike.Platform.Imports;

/// <param name="Row">Row in the file, from 1.</param>
/// <param name="Cells">Its fields, trimmed.</param>
internal readonly record struct SampleRow(long Row, string[] Cells)
{
    internal int Filled => Cells.Count(cell => cell.Length > 0);
}

/// <param name="Row">Row of the header in the file, from 1; 0 where there is none.</param>
/// <param name="FirstData">First row after the header and the notes above it.</param>
/// <param name="Titles">The header, or the first row of data.</param>
internal readonly record struct HeaderRow(int Row, long FirstData, string[] Titles)
{
    internal const int SampleRows = 50;
    private const int MostNotes = 10;
    private const int LongestTitle = 80;

    /// <summary>Finds the header below notes of fewer columns, or that there is none.</summary>
    /// <param name="rows">The first rows that hold text.</param>
    /// <param name="given">What a person says: a row from 1, 0 for none, null to find out.</param>
    internal static HeaderRow Find(IReadOnlyList<SampleRow> rows, int? given)
    {
        if (rows.Count == 0)
        {
            throw new ImportException("imports.file.empty");
        }
        if (given is null && rows.Count > 1 && rows[0].Cells[0].StartsWith(TableReader.NoteMark, StringComparison.Ordinal)) { rows = [.. rows.Skip(1)]; }
        if (given is > 0)
        {
            var row = rows.FirstOrDefault(row => row.Row == given);
            return row.Cells is null ? throw new ImportException("imports.header.none", given) : Header(row);
        }
        // Rows of notes are narrower than those of the table.
        var width = rows.Skip(rows.Count > 3 ? 1 : 0).Select(row => row.Filled).CountBy(filled => filled).MaxBy(pair => (pair.Value, pair.Key)).Key;
        var first = rows.Take(MostNotes).FirstOrDefault(row => row.Filled >= width * 0.6, rows[0]);
        if (given is null && IsHeader(first))
        {
            return Header(first);
        }
        return new HeaderRow(0, first.Row, rows.MaxBy(row => row.Cells.Length).Cells);
    }

    private static HeaderRow Header(SampleRow row) => new((int)row.Row, row.Row + 1, row.Cells);

    private static bool IsHeader(SampleRow row)
    {
        if (row.Cells[0].StartsWith(TableReader.RefusedMark, StringComparison.Ordinal))
        {
            return true;
        }
        var values = row.Cells.Count(cell => Cell.LooksLikeValue(cell) || cell.Length > LongestTitle);
        return values == 0 || row.Cells.Count(TableFields.Knows) >= 2;
    }
}
