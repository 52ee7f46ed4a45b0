namespace Huike.Platform.Imports;

/// <summary>How the rows of a file are kept.</summary>
public enum TableKind
{
    /// <summary>Text with one delimiter character between fields.</summary>
    Delimited,

    /// <summary>Text with runs of blanks or tabs between fields.</summary>
    Blanks,

    /// <summary>Office Open XML workbook.</summary>
    Xlsx,

    /// <summary>Workbook of Excel 97–2003.</summary>
    Xls,
}

/// <summary>What was found out about a file; shown to whoever loads it, and enough to write rows back in the same form.</summary>
/// <param name="Kind">Text or workbook.</param>
/// <param name="Encoding">Name of the text's encoding, as in <c>UTF-8</c> or <c>GB18030</c>; empty for a workbook.</param>
/// <param name="ByteOrderMark">The text begins with a byte order mark.</param>
/// <param name="Delimiter">Character between fields; a blank for <see cref="TableKind.Blanks"/>, NUL for a workbook.</param>
/// <param name="HeaderRow">Row of the header, counted from 1; 0 where there is none.</param>
/// <param name="Sheet">Name of the sheet that is read; null for text.</param>
/// <param name="Gzip">The file is packed with gzip.</param>
public sealed record TableFormat(
    TableKind Kind, string Encoding, bool ByteOrderMark, char Delimiter, int HeaderRow, string? Sheet, bool Gzip);

/// <summary>What a person knows better than the reader's own findings; null leaves it to the reader.</summary>
public sealed record TableOptions
{
    /// <summary>Encoding of a text, by a name .NET knows, as in <c>GB18030</c>.</summary>
    public string? Encoding { get; init; }

    /// <summary>Delimiter of a text; a blank means runs of blanks.</summary>
    public char? Delimiter { get; init; }

    /// <summary>Row of the header, counted from 1; 0 says that there is none.</summary>
    public int? HeaderRow { get; init; }

    /// <summary>Name of the sheet to read; without it, the first one that holds rows.</summary>
    public string? Sheet { get; init; }

    /// <summary>What merged cells of a workbook hold counts for each row that they reach.</summary>
    public bool FillsMerged { get; init; } = true;
}
