using Huike.Platform;
using Huike.Platform.Imports;
using Huike.Ui;

namespace Huike.Customers.Ledger;

/// <summary>Cells of a reader's row by field.</summary>
/// <param name="row">At the row.</param>
/// <param name="map">Where the file keeps what.</param>
/// <param name="texts">Language of the reasons.</param>
internal sealed class RowCells(TableReader row, ColumnMap map, Texts texts)
{
    private const int Longest = 500;

    private readonly Dictionary<string, int> columns = map.Matches.ToDictionary(match => match.Field, match => match.Column, StringComparer.Ordinal);

    /// <summary>What the row holds for a field; null where it holds nothing.</summary>
    /// <exception cref="ImportException"><c>load.cell.long</c>.</exception>
    public string? this[string field]
    {
        get
        {
            if (!columns.TryGetValue(field, out var column) || Cell.IsMissing(row[column])) { return null; }
            var text = row[column].Trim();
            return text.Length <= Longest ? text.ToString() : throw new ImportException("load.cell.long", Title(field), Longest);
        }
    }

    /// <summary>Whether the row holds something for one of these.</summary>
    public bool HasAny(params ReadOnlySpan<string> fields)
    {
        foreach (var field in fields)
        {
            if (columns.TryGetValue(field, out var column) && !Cell.IsMissing(row[column])) { return true; }
        }
        return false;
    }

    /// <summary>What a cell is read as; where a rule says no, the row comes back with the cell and the rule's words.</summary>
    /// <exception cref="ImportException"><c>load.cell.wrong</c>.</exception>
    public T Checked<T>(string field, string cell, Func<string, T> read)
    {
        try
        {
            return read(cell);
        }
        catch (RuleException wrong)
        {
            throw new ImportException("load.cell.wrong", Title(field), cell, texts[wrong.Code, [.. wrong.Args]]);
        }
    }

    /// <summary>The value of a choice by the words of either language, or by its name.</summary>
    /// <exception cref="ImportException"><c>load.cell.choice</c>.</exception>
    public T? Choice<T>(string field, string prefix) where T : struct, Enum =>
        this[field] is { } word ? RowWords.Of<T>(word, prefix) ?? throw new ImportException("load.cell.choice", Title(field), word) : null;

    public string Title(string field) => texts[$"load.column.{field}"];
}
