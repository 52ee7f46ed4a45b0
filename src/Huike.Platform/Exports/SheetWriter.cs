using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Xml;

namespace Huike.Platform.Exports;

/// <summary>The look of a cell; the number is its place in the workbook's styles.</summary>
internal enum SheetStyle
{
    Plain,
    Title,
    Day,
    Instant,
    Money,
    Number,
    Refused,
    RefusedTitle,
}

/// <summary>Writes a workbook row by row, straight into the archive: memory does not grow with the rows, and the stream need not seek.</summary>
/// <remarks>After 1,048,576 rows a further sheet with the same header begins. Strings stand in the cells, so none is ever read as a formula.</remarks>
internal sealed class SheetWriter : IDisposable
{
    internal const int MostRows = 1_048_576;
    private const int LongestText = 32_767;

    private static readonly XmlWriterSettings Settings = new() { Encoding = new UTF8Encoding(false), CheckCharacters = false, CloseOutput = true, NewLineHandling = NewLineHandling.Entitize };

    private readonly ZipArchive _archive;
    private readonly string _name;
    private readonly IReadOnlyList<(string Title, int Width, SheetStyle Style)> _columns;
    private readonly int _mostRows;
    private XmlWriter? _sheet;
    private int _sheets;
    private int _row;

    /// <param name="stream">Where the workbook goes; stays open.</param>
    /// <param name="name">Name of the sheet.</param>
    /// <param name="columns">Titles, widths in characters, and the look of the title.</param>
    /// <param name="mostRows">Rows of a sheet, the header included; less than the format allows only to try it out.</param>
    internal SheetWriter(Stream stream, string name, IReadOnlyList<(string Title, int Width, SheetStyle Style)> columns, int mostRows = MostRows)
    {
        _archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        _name = Sheet.Name(name);
        _columns = columns;
        _mostRows = mostRows;
    }

    /// <summary>Whose copy it is; null: nobody's. Its line is the first row of each sheet, its trace a property of the document.</summary>
    internal CopyMark? Mark { get; init; }

    /// <summary>Begins the first sheet, where no row has begun it; an empty table has its header too.</summary>
    internal void Begin()
    {
        if (_sheet is null) { BeginSheet(); }
    }

    public void Dispose()
    {
        Begin();
        EndSheet();
        Sheet.WriteParts(_archive, _name, _sheets, Mark, Settings);
        _archive.Dispose();
    }

    internal void BeginRow()
    {
        Begin();
        if (_row == _mostRows)
        {
            EndSheet();
            BeginSheet();
        }
        _row++;
        _sheet!.WriteStartElement("row");
    }

    internal void EndRow() => _sheet!.WriteEndElement();

    /// <summary>A cell without a value, so that the ones after it stand in their columns.</summary>
    internal void Nothing() => Empty(SheetStyle.Plain);

    internal void Text(ReadOnlySpan<char> text, SheetStyle style = SheetStyle.Plain)
    {
        if (text.IsEmpty)
        {
            Empty(style);
            return;
        }
        Cell(style, "inlineStr");
        _sheet!.WriteStartElement("is");
        _sheet.WriteStartElement("t");
        _sheet.WriteAttributeString("xml", "space", null, "preserve");
        _sheet.WriteString(Sheet.Allowed(text[..Math.Min(text.Length, LongestText)]));
        _sheet.WriteEndElement();
        _sheet.WriteEndElement();
        _sheet.WriteEndElement();
    }

    internal void Number(decimal number, SheetStyle style) => Value(number.ToString(CultureInfo.InvariantCulture), style);

    /// <param name="at">A date and time as it shall be seen; a spreadsheet knows no zones.</param>
    /// <param name="style">Day or instant.</param>
    internal void Day(DateTime at, SheetStyle style)
    {
        if (at.Year < 1900)
        {
            // Before its first serial day a spreadsheet has only text.
            Text(at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            return;
        }
        Value(at.ToOADate().ToString("R", CultureInfo.InvariantCulture), style);
    }

    private void Value(string value, SheetStyle style)
    {
        Cell(style, null);
        _sheet!.WriteElementString("v", value);
        _sheet.WriteEndElement();
    }

    private void Empty(SheetStyle style)
    {
        Cell(style, null);
        _sheet!.WriteEndElement();
    }

    private void Cell(SheetStyle style, string? type)
    {
        _sheet!.WriteStartElement("c");
        if (style != SheetStyle.Plain)
        {
            _sheet.WriteAttributeString("s", ((int)style).ToString(CultureInfo.InvariantCulture));
        }
        if (type is not null)
        {
            _sheet.WriteAttributeString("t", type);
        }
    }

    private void BeginSheet()
    {
        _sheets++;
        _row = 0;
        _sheet = XmlWriter.Create(_archive.CreateEntry($"xl/worksheets/sheet{_sheets}.xml", CompressionLevel.Fastest).Open(), Settings);
        _sheet.WriteStartElement("worksheet", Sheet.Main);
        var above = Mark is { IsShown: true } ? 2 : 1;
        _sheet.WriteRaw(string.Create(CultureInfo.InvariantCulture, $"<sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"{above}\" topLeftCell=\"A{above + 1}\" activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews>"));
        if (_columns.Count > 0)
        {
            _sheet.WriteStartElement("cols");
            for (var i = 0; i < _columns.Count; i++)
            {
                _sheet.WriteRaw(string.Create(CultureInfo.InvariantCulture, $"<col min=\"{i + 1}\" max=\"{i + 1}\" width=\"{_columns[i].Width}\" customWidth=\"1\"/>"));
            }
            _sheet.WriteEndElement();
        }
        _sheet.WriteStartElement("sheetData");
        if (Mark is { IsShown: true } mark)
        {
            BeginRow();
            Text(mark.Line);
            EndRow();
        }
        BeginRow();
        foreach (var (title, _, style) in _columns)
        {
            Text(title, style);
        }
        EndRow();
    }

    private void EndSheet()
    {
        _sheet!.WriteEndElement();
        _sheet.WriteEndElement();
        _sheet.Close();
        _sheet.Dispose();
    }
}
