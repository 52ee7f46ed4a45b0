using System.Buffers.Binary;
using System.IO.Compression;

namespace Huike.Platform.Imports;

/// <summary>Rows of a delimited text.</summary>
internal sealed class TextTableReader : TableReader
{
    private readonly FileStream _file;
    private readonly DecodedText _text;
    private readonly TextRecords _records;
    private readonly TableFormat _format;
    private readonly long _length;
    private readonly long _unpackedLength;
    private bool _ended;

    internal TextTableReader(FileStream file, bool gzip, TableOptions options)
    {
        _file = file;
        _length = Math.Max(1, file.Length);
        _unpackedLength = gzip ? UnpackedLength(file) : 0;
        _text = new DecodedText(gzip ? new GZipStream(file, CompressionMode.Decompress) : file, options.Encoding);
        var delimiter = options.Delimiter ?? TextDelimiter.Find(_text.Beginning.ToString());
        var header = HeaderRow.Find(FirstRows(new StringReader(_text.Beginning.ToString()), delimiter), options.HeaderRow);
        _records = new TextRecords(_text, delimiter);
        _format = new TableFormat(
            delimiter == TextRecords.Blanks ? TableKind.Blanks : TableKind.Delimited,
            _text.Encoding.WebName, _text.ByteOrderMark, delimiter, header.Row, Sheet: null, gzip);
        while (_records.Row < header.FirstData - 1 && _records.Read())
        {
        }
        Begin(header.Titles, header.Row > 0);
    }

    // The encoding is settled only when the first byte above ASCII has come by.
    public override TableFormat Format => _format with { Encoding = _text.Encoding.WebName.ToUpperInvariant() };

    public override long Line => _records.Row;

    public override double Progress => _ended ? 1 : Math.Min(1, (double)_file.Position / _length);

    protected override int RawFieldCount => _records.Count;

    public override bool Read()
    {
        _ended = !_records.Read();
        if (_ended && _text.BytesRead < _unpackedLength)
        {
            throw new ImportException("imports.file.damaged", Line + 1);
        }
        return !_ended;
    }

    protected override ReadOnlySpan<char> RawField(int column) => _records[column];

    protected override void Dispose(bool disposing) => _text.Dispose();

    /// <summary>The length that gzip keeps in its last four bytes (of the last member, modulo 4 GB); unpacking itself takes a file that was cut for one that ends.</summary>
    private static long UnpackedLength(FileStream file)
    {
        Span<byte> last = stackalloc byte[4];
        file.Position = Math.Max(0, file.Length - last.Length);
        var count = file.ReadAtLeast(last, last.Length, throwOnEndOfStream: false);
        file.Position = 0;
        return count == last.Length ? BinaryPrimitives.ReadUInt32LittleEndian(last) : 0;
    }

    private static List<SampleRow> FirstRows(TextReader sample, char delimiter)
    {
        var records = new TextRecords(sample, delimiter);
        var rows = new List<SampleRow>();
        while (rows.Count < HeaderRow.SampleRows && records.Read())
        {
            var cells = new string[records.Count];
            for (var i = 0; i < cells.Length; i++)
            {
                cells[i] = records[i].Trim().ToString();
            }
            rows.Add(new SampleRow(records.Row, cells));
        }
        return rows;
    }
}
