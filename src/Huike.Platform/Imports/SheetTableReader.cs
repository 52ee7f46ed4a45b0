using System.Globalization;
using System.IO.Compression;
using ExcelDataReader;
using ExcelDataReader.Exceptions;

namespace Huike.Platform.Imports;

/// <summary>Rows of one sheet of a workbook, as texts: numbers with a decimal point and no noise, days as yyyy-MM-dd, instants as yyyy-MM-dd HH:mm:ss.</summary>
internal sealed class SheetTableReader : TableReader
{
    // A workbook of a full sheet of 1,048,576 rows unpacks to some 400 MB and shrinks about twentyfold.
    private const long LargestUnpacked = 2L << 30;
    private const long LargestSharedTexts = 256L << 20;
    private const long HarmlessUnpacked = 64L << 20;
    private const int LargestRatio = 200;

    private readonly FileStream _file;
    private readonly IExcelDataReader _workbook;
    private readonly Queue<SampleRow> _ahead = new();
    private readonly bool _fillsMerged;
    private SheetMerges _merges = SheetMerges.None;
    private string[] _cells = [];
    private long _row;
    private long _line;

    internal SheetTableReader(FileStream file, bool gzip, TableOptions options)
    {
        _file = file;
        _fillsMerged = options.FillsMerged;
        var isXlsx = CheckSize(file);
        _workbook = Guarded(() => ExcelReaderFactory.CreateReader(file, new ExcelReaderConfiguration { LeaveOpen = false }));
        var sheet = Guarded(() => FindSheet(options.Sheet));
        var header = _merges.Joined(HeaderRow.Find([.. _ahead], options.HeaderRow), [.. _ahead]);
        while (_ahead.TryPeek(out var row) && row.Row < header.FirstData)
        {
            _line = _ahead.Dequeue().Row;
        }
        Format = new TableFormat(isXlsx ? TableKind.Xlsx : TableKind.Xls, "", ByteOrderMark: false, '\0', header.Row, sheet, gzip);
        Begin(header.Titles, header.Row > 0);
    }

    public override TableFormat Format { get; }

    public override long Line => _line;

    public override double Progress => _workbook.RowCount <= 0 ? 0 : Math.Min(1, (double)_line / _workbook.RowCount);

    protected override int RawFieldCount => _cells.Length;

    public override bool Read()
    {
        if (_ahead.TryDequeue(out var row) || Guarded(() => TryRow(out row)))
        {
            _cells = row.Cells;
            _line = row.Row;
            return true;
        }
        return false;
    }

    protected override ReadOnlySpan<char> RawField(int column) => (uint)column < (uint)_cells.Length ? _cells[column] : default(ReadOnlySpan<char>);

    protected override void Dispose(bool disposing)
    {
        _workbook.Dispose();
        _file.Dispose();
    }

    /// <summary>Names of the sheets that hold rows; none where the file is no workbook.</summary>
    internal static IReadOnlyList<string> Names(FileStream file)
    {
        CheckSize(file);
        using var workbook = ExcelReaderFactory.CreateReader(file, new ExcelReaderConfiguration { LeaveOpen = true });
        var names = new List<string>();
        do
        {
            var isFilled = false;
            while (!isFilled && workbook.Read())
            {
                for (var i = 0; i < workbook.FieldCount && !isFilled; i++) { isFilled = Text(workbook.GetValue(i)).Length > 0; }
            }
            if (isFilled) { names.Add(workbook.Name); }
        }
        while (workbook.NextResult());
        return names;
    }

    /// <summary>Goes to the sheet and keeps its first rows, in which the header is looked for.</summary>
    private string FindSheet(string? name)
    {
        var names = new List<string>();
        do
        {
            names.Add(_workbook.Name);
            if (name is not null && !string.Equals(name, _workbook.Name, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }
            _row = 0;
            _merges = SheetMerges.Of(_workbook.MergeCells);
            while (_ahead.Count < HeaderRow.SampleRows && TryRow(out var row))
            {
                _ahead.Enqueue(row);
            }
            if (_ahead.Count > 0)
            {
                return _workbook.Name;
            }
        }
        while (_workbook.NextResult());
        throw name is null ? new ImportException("imports.file.empty") : new ImportException("imports.sheet.unknown", name, string.Join(", ", names));
    }

    private bool TryRow(out SampleRow row)
    {
        while (_workbook.Read())
        {
            _row++;
            var cells = new string[_workbook.FieldCount];
            for (var i = 0; i < cells.Length; i++)
            {
                cells[i] = Text(_workbook.GetValue(i));
            }
            var isFilled = Array.Exists(cells, cell => cell.Length > 0);
            if (_fillsMerged) { _merges.Fill(_row, cells); }
            if (isFilled)
            {
                row = new SampleRow(_row, cells);
                return true;
            }
        }
        row = default;
        return false;
    }

    private static string Text(object? value) => value switch
    {
        null => "",
        string text => text.Trim(),
        double number => Number(number),
        DateTime at when at.Year < 1900 => Rounded(at).ToString("HH:mm:ss", CultureInfo.InvariantCulture),
        DateTime at when at.TimeOfDay == TimeSpan.Zero => at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime at => Rounded(at).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        TimeSpan time => time.ToString(@"hh\:mm\:ss", CultureInfo.InvariantCulture),
        bool flag => flag ? "TRUE" : "FALSE",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    /// <summary>Fifteen digits are what a spreadsheet keeps of a number; those behind are noise of its binary form. Of a longer one the rest is lost, and its power of ten says so.</summary>
    private static string Number(double number) => Math.Abs(number) < 1e15
        ? ((decimal)number).ToString("0.############################", CultureInfo.InvariantCulture)
        : number.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A serial day holds times to some microseconds.</summary>
    private static DateTime Rounded(DateTime at) => new((at.Ticks + (TimeSpan.TicksPerSecond / 2)) / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond);

    /// <summary>Refuses an archive that unpacks to more than a table can need, before anything of it is unpacked.</summary>
    private static bool CheckSize(FileStream file)
    {
        if (file.ReadByte() != 'P')
        {
            file.Position = 0;
            return false;
        }
        file.Position = 0;
        using (var archive = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true))
        {
            long unpacked = 0;
            foreach (var entry in archive.Entries)
            {
                unpacked += entry.Length;
                if (unpacked > LargestUnpacked
                    || (entry.Length > LargestSharedTexts && entry.Name.Equals("sharedStrings.xml", StringComparison.OrdinalIgnoreCase)))
                {
                    throw new ImportException("imports.sheet.tooLarge", LargestUnpacked >> 20);
                }
            }
            if (unpacked > HarmlessUnpacked && unpacked / Math.Max(1, file.Length) > LargestRatio)
            {
                throw new ImportException("imports.sheet.tooLarge", LargestUnpacked >> 20);
            }
        }
        file.Position = 0;
        return true;
    }

    /// <summary>The library meets damaged files with exceptions of every kind.</summary>
    private T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidPasswordException)
        {
            throw new ImportException("imports.sheet.password");
        }
        catch (Exception fault) when (fault is not (ImportException or OutOfMemoryException))
        {
            throw _row > 0 ? new ImportException("imports.file.damaged", _row + 1) : new ImportException("imports.file.unreadable");
        }
    }
}
