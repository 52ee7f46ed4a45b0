using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace Huike.Platform.Imports;

/// <summary>Cuts a text into rows and fields without making strings of them.</summary>
/// <remarks>
/// Reads RFC 4180 and what people make of it: line ends CR, LF or both, doubled quotation marks, text after a closing mark, a mark that is never
/// closed (then it is an ordinary character and the row ends with its line), ragged rows.
/// </remarks>
internal sealed class TextRecords(TextReader text, char delimiter)
{
    internal const char Blanks = ' ';
    internal const int LongestRow = 1 << 20;

    private const int More = -1;
    private const int Unclosed = -2;
    private const int MostUnclosed = 1000;

    private static readonly SearchValues<char> BlanksAndLineEnds = SearchValues.Create(" \t\u3000\u00A0\r\n");

    private readonly TextReader _text = text;
    private readonly char _delimiter = delimiter;
    private char[] _chars = new char[1 << 16];
    private Field[] _fields = new Field[32];
    private int _start;
    private int _next;
    private int _end;
    private int _unclosed;
    private bool _ended;
    private bool _anyQuoted;

    private enum Form : byte
    {
        Plain,
        Doubled,
        Trailing,
    }

    /// <summary>Row read last, counted from 1, empty ones included.</summary>
    internal long Row { get; private set; }

    internal int Count { get; private set; }

    internal ReadOnlySpan<char> this[int field]
    {
        get
        {
            if ((uint)field >= (uint)Count)
            {
                return default;
            }
            ref var found = ref _fields[field];
            return _chars.AsSpan(found.Start, found.Length);
        }
    }

    /// <summary>Goes to the next row that holds any text.</summary>
    internal bool Read()
    {
        while (ReadRow())
        {
            Row++;
            for (var i = 0; i < Count; i++)
            {
                if (_fields[i].Length > 0 && !this[i].IsWhiteSpace())
                {
                    return true;
                }
            }
        }
        return false;
    }

    private bool ReadRow()
    {
        _start = _next;
        while (true)
        {
            if (_ended && _start == _end)
            {
                // Asked again, the end stays the end.
                _next = _end;
                Count = 0;
                return false;
            }
            var end = Cut(quotes: true);
            if (end == Unclosed || (end == More && _end - _start >= LongestRow))
            {
                end = CutWithoutQuotes();
            }
            if (end >= 0)
            {
                _next = _start + end;
                if (_anyQuoted)
                {
                    Unquote();
                }
                return true;
            }
            Fill();
        }
    }

    private int Cut(bool quotes) => _delimiter == Blanks ? CutBlanks(quotes) : CutDelimited(quotes);

    private int CutWithoutQuotes()
    {
        var end = Cut(quotes: false);
        if (end < 0)
        {
            throw new ImportException("imports.row.tooLong", Row + 1, LongestRow);
        }
        // Each such row was searched to the limit, so a file of nothing else would take for ever.
        if (++_unclosed > MostUnclosed)
        {
            throw new ImportException("imports.row.quotes", Row + 1);
        }
        return end;
    }

    private int CutDelimited(bool quotes)
    {
        var row = _chars.AsSpan(_start, _end - _start);
        Count = 0;
        _anyQuoted = false;
        var at = 0;
        while (true)
        {
            var length = quotes && at < row.Length && row[at] == '"' ? CutQuoted(row, at) : CutPlain(row, at);
            if (length < 0)
            {
                return length;
            }
            at += length;
            if (at == row.Length)
            {
                return _ended ? at : More;
            }
            if (row[at] != _delimiter)
            {
                return AfterLineEnd(row, at);
            }
            at++;
        }
    }

    private int AfterLineEnd(ReadOnlySpan<char> row, int at)
    {
        if (row[at] == '\r')
        {
            if (at + 1 == row.Length && !_ended)
            {
                return More;
            }
            return at + 1 < row.Length && row[at + 1] == '\n' ? at + 2 : at + 1;
        }
        return at + 1;
    }

    /// <returns>Length of the field, or <see cref="More"/>.</returns>
    private int CutPlain(ReadOnlySpan<char> row, int from)
    {
        var length = row[from..].IndexOfAny(_delimiter, '\r', '\n');
        if (length < 0)
        {
            if (!_ended)
            {
                return More;
            }
            length = row.Length - from;
        }
        Add(from, length, Form.Plain);
        return length;
    }

    /// <returns>Length of the field with its quotation marks, or <see cref="More"/>, or <see cref="Unclosed"/>.</returns>
    private int CutQuoted(ReadOnlySpan<char> row, int from)
    {
        var closed = AfterClosingMark(row, from + 1, out var form);
        if (closed < 0)
        {
            return closed;
        }
        var rest = row[closed..].IndexOfAny(_delimiter, '\r', '\n');
        if (rest < 0 && !_ended)
        {
            return More;
        }
        var at = rest < 0 ? row.Length : closed + rest;
        if (at == closed)
        {
            Add(from + 1, closed - from - 2, form);
        }
        else
        {
            Add(from, at - from, Form.Trailing);
        }
        return at - from;
    }

    /// <returns>Where what follows the field's closing mark begins, or <see cref="More"/>, or <see cref="Unclosed"/>.</returns>
    private int AfterClosingMark(ReadOnlySpan<char> row, int at, out Form form)
    {
        form = Form.Plain;
        while (true)
        {
            var mark = row[at..].IndexOf('"');
            if (mark < 0)
            {
                return _ended ? Unclosed : More;
            }
            at += mark + 1;
            if (at == row.Length)
            {
                return _ended ? at : More;
            }
            if (row[at] != '"')
            {
                return at;
            }
            form = Form.Doubled;
            at++;
        }
    }

    private int CutBlanks(bool quotes)
    {
        var row = _chars.AsSpan(_start, _end - _start);
        Count = 0;
        _anyQuoted = false;
        for (var at = 0; at < row.Length;)
        {
            if (row[at] is '\r' or '\n')
            {
                return AfterLineEnd(row, at);
            }
            if (row[at] is ' ' or '\t' or '\u3000' or '\u00A0')
            {
                at++;
                continue;
            }
            int length;
            if (quotes && row[at] == '"')
            {
                length = CutQuoted(row, at);
                if (length < 0)
                {
                    return length;
                }
            }
            else
            {
                length = row[at..].IndexOfAny(BlanksAndLineEnds);
                length = length < 0 ? row.Length - at : length;
                Add(at, length, Form.Plain);
            }
            at += length;
        }
        return _ended ? row.Length : More;
    }

    private void Add(int from, int length, Form form)
    {
        if (Count == _fields.Length)
        {
            Array.Resize(ref _fields, _fields.Length * 2);
        }
        _fields[Count++] = new Field(_start + from, length, form);
        _anyQuoted |= form != Form.Plain;
    }

    /// <summary>Undoes doubled marks in place, which only ever shortens.</summary>
    private void Unquote()
    {
        for (var i = 0; i < Count; i++)
        {
            ref var field = ref _fields[i];
            if (field.Form == Form.Plain)
            {
                continue;
            }
            var chars = _chars.AsSpan(field.Start, field.Length);
            var inside = field.Form == Form.Doubled;
            var kept = 0;
            for (var at = inside ? 0 : 1; at < chars.Length; at++)
            {
                if (chars[at] == '"' && (inside || field.Form == Form.Trailing) && at + 1 < chars.Length && chars[at + 1] == '"')
                {
                    at++;
                }
                else if (chars[at] == '"' && field.Form == Form.Trailing)
                {
                    // The closing mark: what follows it is text as it stands.
                    chars[(at + 1)..].CopyTo(chars[kept..]);
                    kept += chars.Length - at - 1;
                    break;
                }
                chars[kept++] = chars[at];
            }
            field = new Field(field.Start, kept, Form.Plain);
        }
    }

    private void Fill()
    {
        if (_start > 0)
        {
            _chars.AsSpan(_start, _end - _start).CopyTo(_chars);
            _end -= _start;
            _start = 0;
        }
        if (_end == _chars.Length)
        {
            Array.Resize(ref _chars, _chars.Length * 2);
        }
        try
        {
            var count = _text.Read(_chars.AsSpan(_end));
            _ended = count == 0;
            _end += count;
        }
        catch (DecoderFallbackException)
        {
            throw new ImportException("imports.encoding.invalid", Row + 1);
        }
        catch (InvalidDataException)
        {
            throw new ImportException("imports.file.damaged", Row + 1);
        }
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Field(int Start, int Length, Form Form);
}
