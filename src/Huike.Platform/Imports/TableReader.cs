using System.IO.Compression;

namespace Huike.Platform.Imports;

/// <summary>A row of a table.</summary>
/// <param name="Line">Where it stands, as <see cref="TableReader.Line"/>.</param>
/// <param name="Cells">Texts as they stand in the file.</param>
public sealed record TableRow(long Line, IReadOnlyList<string> Cells);

/// <summary>Reads the rows of a table from a file, forward only, in memory that does not grow with the file.</summary>
/// <remarks>Rows without any text in them are left out, but counted. Not safe for several threads.</remarks>
public abstract class TableReader : IDisposable
{
    /// <summary>First characters of the title of the column that <see cref="RefusedRows"/> puts before the others; readers leave that column out.</summary>
    public const string RefusedMark = "(!)";

    /// <summary>First characters of a row above the header that says whose copy a file is; readers leave that row out.</summary>
    public const string NoteMark = "(c) ";

    private const int LargestUnpackedWorkbook = 512 << 20;

    private string[] _header = [];

    /// <summary>Titles of the columns; their positions "1", "2", … where there is no header or no title.</summary>
    public IReadOnlyList<string> Header => _header;

    /// <summary>The titles come from the file.</summary>
    public bool HasHeader { get; private set; }

    /// <summary>What was found out about the file. The encoding may change while reading, see <see cref="Read"/>.</summary>
    public abstract TableFormat Format { get; }

    /// <summary>Row of the file that is being read, counted from 1 as a spreadsheet shows it: header, notes and empty rows included, a field of several lines within one row.</summary>
    public abstract long Line { get; }

    /// <summary>Number of fields in the row; may differ from the header's.</summary>
    public int FieldCount => Math.Max(0, RawFieldCount - FirstColumn);

    /// <summary>Share of the file that has been read, 0 to 1.</summary>
    public abstract double Progress { get; }

    /// <summary>Text of a field as it stands in the file, valid until the next <see cref="Read"/>; empty beyond the row's end.</summary>
    /// <param name="column">Position from 0.</param>
    public ReadOnlySpan<char> this[int column] => RawField(column + FirstColumn);

    /// <summary>The row, to be kept beyond the next <see cref="Read"/>.</summary>
    public TableRow Row
    {
        get
        {
            var cells = new string[FieldCount];
            for (var i = 0; i < cells.Length; i++) { cells[i] = this[i].ToString(); }
            return new(Line, cells);
        }
    }

    /// <summary>Number of fields in the file's row.</summary>
    protected abstract int RawFieldCount { get; }

    /// <summary>1 where the file is one of refused rows that came back: its first column is ours.</summary>
    protected int FirstColumn { get; private set; }

    /// <summary>Opens a file by its content, whatever its name: gzip, .xlsx, .xls, else text.</summary>
    /// <param name="path">The file; stays open until <see cref="Dispose()"/>.</param>
    /// <param name="options">What is known better; null finds out everything.</param>
    /// <exception cref="ImportException">Empty, unreadable, protected, or not a table.</exception>
    /// <exception cref="IOException">The file does not exist or is in use.</exception>
    public static TableReader Open(string path, TableOptions? options = null)
    {
        options ??= new TableOptions();
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16, FileOptions.SequentialScan);
        try
        {
            var gzip = StartsWith(file, 0x1F, 0x8B);
            if (IsWorkbook(file, gzip))
            {
                return new SheetTableReader(gzip ? Unpacked(Rewound(file)) : Rewound(file), gzip, options);
            }
            return new TextTableReader(Rewound(file), gzip, options);
        }
        catch (InvalidDataException)
        {
            file.Dispose();
            throw new ImportException("imports.file.unreadable");
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Names of a workbook's sheets that hold rows, in their order; none where the file is a text.</summary>
    /// <exception cref="ImportException">Unreadable or protected.</exception>
    public static IReadOnlyList<string> Sheets(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16, FileOptions.SequentialScan);
        try
        {
            var gzip = StartsWith(file, 0x1F, 0x8B);
            if (!IsWorkbook(file, gzip)) { return []; }
            using var workbook = gzip ? Unpacked(Rewound(file)) : Rewound(file);
            return SheetTableReader.Names(workbook);
        }
        catch (Exception fault) when (fault is not (ImportException or OutOfMemoryException or IOException))
        {
            throw new ImportException("imports.file.unreadable");
        }
    }

    /// <summary>Goes to the next row of data.</summary>
    /// <returns>False at the end.</returns>
    /// <remarks>A text that was plain ASCII until here and goes on in other bytes than UTF-8 is taken for GB18030.</remarks>
    /// <exception cref="ImportException">The row is too long, or not in the file's encoding.</exception>
    public abstract bool Read();

    /// <summary>Releases the file.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases the file.</summary>
    /// <param name="disposing">True when called by <see cref="Dispose()"/>.</param>
    protected abstract void Dispose(bool disposing);

    /// <summary>A field of the file's row; empty beyond its end.</summary>
    /// <param name="column">Position from 0 in the file.</param>
    protected abstract ReadOnlySpan<char> RawField(int column);

    /// <summary>Takes over what was found about the header.</summary>
    /// <param name="titles">The header's row, or the widest of the first rows where there is none.</param>
    /// <param name="isHeader">The row is a header.</param>
    protected void Begin(string[] titles, bool isHeader)
    {
        FirstColumn = isHeader && titles[0].StartsWith(RefusedMark, StringComparison.Ordinal) ? 1 : 0;
        _header = [.. titles.Skip(FirstColumn).Select((title, at) => isHeader && title.Length > 0 ? title : $"{at + 1}")];
        HasHeader = isHeader && !(FirstColumn == 1 && _header.Select((title, at) => string.Equals(title, $"{at + 1}", StringComparison.Ordinal)).All(same => same));
    }

    private static FileStream Rewound(FileStream file)
    {
        file.Position = 0;
        return file;
    }

    private static bool IsWorkbook(FileStream file, bool gzip)
    {
        Span<byte> start = stackalloc byte[4];
        using var unpacked = gzip ? new GZipStream(file, CompressionMode.Decompress, leaveOpen: true) : null;
        var count = ((Stream?)unpacked ?? file).ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        return count == 4 && (start.SequenceEqual("PK\u0003\u0004"u8) || start.SequenceEqual<byte>([0xD0, 0xCF, 0x11, 0xE0]));
    }

    private static bool StartsWith(FileStream file, byte first, byte second)
    {
        var found = file.ReadByte() == first && file.ReadByte() == second;
        file.Position = 0;
        return found;
    }

    /// <summary>A workbook is read from several places, so a packed one is unpacked into a file that vanishes when closed.</summary>
    private static FileStream Unpacked(FileStream packed)
    {
        using var gzip = new GZipStream(packed, CompressionMode.Decompress);
        var file = new FileStream(Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        var buffer = new byte[1 << 16];
        for (int count; (count = gzip.Read(buffer)) > 0;)
        {
            if (file.Length + count > LargestUnpackedWorkbook)
            {
                file.Dispose();
                throw new ImportException("imports.sheet.tooLarge", LargestUnpackedWorkbook >> 20);
            }
            file.Write(buffer, 0, count);
        }
        return Rewound(file);
    }
}
