using System.IO.Compression;
using System.Text;
using Huike.Platform.Exports;

namespace Huike.Platform.Imports;

/// <summary>Writes refused rows back in the form of the file they came in, behind a first column that says what is wrong; corrected, the file loads as it is.</summary>
/// <remarks>A text keeps delimiter, encoding, byte order mark and gzip (an encoding that cannot hold Chinese becomes UTF-8 with a mark); .xls becomes .xlsx. Nothing is kept in memory.</remarks>
public sealed class RefusedRows : IDisposable
{
    private readonly Stream? _packed;
    private readonly DelimitedWriter? _text;
    private readonly SheetWriter? _sheet;

    /// <param name="stream">Where the file goes; stays open.</param>
    /// <param name="source">The file that the rows are read from.</param>
    /// <param name="title">Title of the first column, the text <c>load.refused.title</c>; begins with <see cref="TableReader.RefusedMark"/>, which is put before it if not.</param>
    public RefusedRows(Stream stream, TableReader source, string title)
    {
        title = title.StartsWith(TableReader.RefusedMark, StringComparison.Ordinal) ? title : $"{TableReader.RefusedMark} {title}";
        var format = source.Format;
        _packed = format.Gzip ? new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true) : null;
        if (format.Kind is TableKind.Xlsx or TableKind.Xls)
        {
            _sheet = new SheetWriter(_packed ?? stream, format.Sheet ?? "", [(title, 60, SheetStyle.RefusedTitle), .. source.Header.Select(name => (name, 16, SheetStyle.Title))]);
            return;
        }
        _text = new DelimitedWriter(new StreamWriter(_packed ?? stream, EncodingOf(format), 1 << 16, leaveOpen: true), format.Delimiter);
        _text.Field(title);
        foreach (var name in source.Header)
        {
            _text.Field(name);
        }
        _text.EndRow();
    }

    /// <summary>Rows written so far.</summary>
    public long Count { get; private set; }

    /// <summary>Ending of the file's name that fits its form: <c>.csv</c>, <c>.tsv</c>, <c>.txt</c> or <c>.xlsx</c>, with <c>.gz</c> where it is packed.</summary>
    public static string Extension(TableFormat format) =>
        (format.Kind, format.Delimiter) switch
        {
            (TableKind.Xlsx or TableKind.Xls, _) => ".xlsx",
            (TableKind.Blanks, _) => ".txt",
            (_, '\t') => ".tsv",
            _ => ".csv",
        } + (format.Gzip ? ".gz" : "");

    /// <summary>Writes a row as it stood.</summary>
    /// <param name="row">The refused row.</param>
    /// <param name="reason">What is wrong and how to mend it, in the user's language.</param>
    public void Add(TableRow row, string reason)
    {
        Count++;
        if (_sheet is not null)
        {
            _sheet.BeginRow();
            _sheet.Text(reason, SheetStyle.Refused);
            foreach (var cell in row.Cells) { _sheet.Text(cell); }
            _sheet.EndRow();
            return;
        }
        _text!.Field(reason);
        foreach (var cell in row.Cells) { _text.Field(cell); }
        _text.EndRow();
    }

    /// <summary>Completes the file.</summary>
    public void Dispose()
    {
        _sheet?.Dispose();
        _text?.Dispose();
        _packed?.Dispose();
    }

    private static Encoding EncodingOf(TableFormat format) => format.Encoding switch
    {
        "UTF-8" => new UTF8Encoding(format.ByteOrderMark),
        "UTF-16" => new UnicodeEncoding(bigEndian: false, format.ByteOrderMark),
        "UTF-16BE" => new UnicodeEncoding(bigEndian: true, format.ByteOrderMark),
        "GB18030" or "GBK" or "GB2312" => TextEncoding.Chinese,
        _ => new UTF8Encoding(encoderShouldEmitUTF8Identifier: true),
    };
}
