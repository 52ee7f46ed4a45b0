using System.Text;
using System.Text.Unicode;

namespace Huike.Platform.Imports;

/// <summary>The characters of a stream of bytes in an encoding that is found from its beginning, without NUL characters and without a byte order mark.</summary>
/// <remarks>A byte that is not of the encoding is never replaced: everything before it is handed out, then <see cref="DecoderFallbackException"/> is thrown.</remarks>
internal sealed class DecodedText : TextReader
{
    private const int ChunkBytes = 1 << 16;

    private readonly Stream _bytes;
    private readonly bool _given;
    private readonly byte[] _chunk = new byte[ChunkBytes];
    private readonly char[] _chars = new char[ChunkBytes + 16];
    private Decoder? _decoder;
    private int _chunkCount;
    private int _charsAt;
    private int _charsEnd;
    private bool _onlyAscii = true;
    private bool _ended;
    private bool _broken;

    static DecodedText() => System.Text.Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <param name="bytes">Read to its end; disposed with this.</param>
    /// <param name="encoding">Name that overrides what is found; null to find out.</param>
    /// <exception cref="ImportException">Empty, not a text, or an unknown encoding's name.</exception>
    internal DecodedText(Stream bytes, string? encoding)
    {
        _bytes = bytes;
        _given = encoding is not null;
        Fill();
        if (_chunkCount == 0)
        {
            throw new ImportException("imports.file.empty");
        }
        var sample = _chunk.AsSpan(0, _chunkCount);
        var found = TextEncoding.Find(sample, _ended, encoding);
        Encoding = found.Encoding;
        ByteOrderMark = found.MarkLength > 0;
        sample[found.MarkLength..].CopyTo(_chunk);
        _chunkCount -= found.MarkLength;
        _decoder = Encoding.CodePage == Utf8CodePage ? null : Encoding.GetDecoder();
        Decode();
    }

    internal const int Utf8CodePage = 65001;

    internal Encoding Encoding { get; private set; }

    internal bool ByteOrderMark { get; }

    /// <summary>Bytes taken from the stream so far.</summary>
    internal long BytesRead { get; private set; }

    /// <summary>The first characters, at most one chunk of them, without moving on.</summary>
    internal ReadOnlySpan<char> Beginning => _chars.AsSpan(0, _charsEnd);

    public override int Read(Span<char> buffer)
    {
        while (_charsAt == _charsEnd)
        {
            if (_broken)
            {
                throw new DecoderFallbackException();
            }
            if (_ended && _chunkCount == 0)
            {
                return 0;
            }
            Fill();
            Decode();
        }
        var count = Math.Min(buffer.Length, _charsEnd - _charsAt);
        _chars.AsSpan(_charsAt, count).CopyTo(buffer);
        _charsAt += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _bytes.Dispose();
        }
        base.Dispose(disposing);
    }

    private void Fill()
    {
        var count = _bytes.ReadAtLeast(_chunk.AsSpan(_chunkCount), _chunk.Length - _chunkCount, throwOnEndOfStream: false);
        _ended = _chunkCount + count < _chunk.Length;
        _chunkCount += count;
        BytesRead += count;
    }

    private void Decode()
    {
        _charsAt = 0;
        if (_decoder is null)
        {
            DecodeUtf8();
        }
        if (_decoder is not null)
        {
            DecodeOther();
        }
        DropNul();
    }

    private void DecodeUtf8()
    {
        var chunk = _chunk.AsSpan(0, _chunkCount);
        var status = Utf8.ToUtf16(chunk, _chars, out var read, out _charsEnd, replaceInvalidSequences: false, isFinalBlock: _ended);
        if (status == System.Buffers.OperationStatus.InvalidData && _onlyAscii && !_given && !ByteOrderMark)
        {
            // Nothing but ASCII so far means the same in both encodings, so the other one can take over here.
            Encoding = TextEncoding.Chinese;
            _decoder = Encoding.GetDecoder();
            return;
        }
        _broken = status == System.Buffers.OperationStatus.InvalidData;
        _onlyAscii = _onlyAscii && System.Text.Ascii.IsValid(chunk[..read]);
        chunk[read..].CopyTo(_chunk);
        _chunkCount -= read;
    }

    private void DecodeOther()
    {
        _decoder!.Convert(_chunk.AsSpan(0, _chunkCount), _chars, flush: _ended, out var read, out _charsEnd, out _);
        _chunk.AsSpan(read, _chunkCount - read).CopyTo(_chunk);
        _chunkCount -= read;
        var bad = _chars.AsSpan(0, _charsEnd).IndexOf('\uFFFD');
        if (bad >= 0)
        {
            _broken = true;
            _charsEnd = bad;
        }
    }

    private void DropNul()
    {
        var chars = _chars.AsSpan(0, _charsEnd);
        var at = chars.IndexOf('\0');
        if (at < 0)
        {
            return;
        }
        var kept = at;
        for (; at < chars.Length; at++)
        {
            if (chars[at] != '\0')
            {
                chars[kept++] = chars[at];
            }
        }
        _charsEnd = kept;
    }
}
