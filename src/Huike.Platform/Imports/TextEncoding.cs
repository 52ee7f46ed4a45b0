using System.Text;
using System.Text.Unicode;

namespace Huike.Platform.Imports;

/// <summary>Finds the encoding of a text from its first bytes.</summary>
internal static class TextEncoding
{
    /// <summary>GB18030 holds GBK and GB2312 whole.</summary>
    internal static Encoding Chinese => Encoding.GetEncoding("GB18030");

    /// <param name="sample">The first bytes.</param>
    /// <param name="whole">The sample is the whole text; otherwise its last character may be cut.</param>
    /// <param name="name">Overrides what would be found, but for a byte order mark to skip.</param>
    internal static (Encoding Encoding, int MarkLength) Find(ReadOnlySpan<byte> sample, bool whole, string? name)
    {
        (Encoding Encoding, int MarkLength) marked = sample switch
        {
            [0xEF, 0xBB, 0xBF, ..] => (Encoding.UTF8, 3),
            [0xFF, 0xFE, ..] => (Encoding.Unicode, 2),
            [0xFE, 0xFF, ..] => (Encoding.BigEndianUnicode, 2),
            [0x84, 0x31, 0x95, 0x33, ..] => (Chinese, 4),
            _ => (Encoding.UTF8, 0),
        };
        if (name is not null)
        {
            var named = Named(name);
            return (named, marked.MarkLength > 0 && marked.Encoding.CodePage == named.CodePage ? marked.MarkLength : 0);
        }
        if (marked.MarkLength > 0)
        {
            return marked;
        }
        if (WideEncoding(sample) is { } wide)
        {
            return (wide, 0);
        }
        RefuseBinary(sample);
        return (IsUtf8(sample, whole) ? Encoding.UTF8 : Narrow(sample), 0);
    }

    private static Encoding Named(string name)
    {
        try
        {
            return Encoding.GetEncoding(name.Trim());
        }
        catch (ArgumentException)
        {
            throw new ImportException("imports.encoding.unknown", name);
        }
    }

    /// <summary>UTF-16 without a mark: in a table, most characters are ASCII, so every second byte is nought.</summary>
    private static Encoding? WideEncoding(ReadOnlySpan<byte> sample)
    {
        int even = 0, odd = 0;
        for (var i = 0; i + 1 < sample.Length; i += 2)
        {
            even += sample[i] == 0 ? 1 : 0;
            odd += sample[i + 1] == 0 ? 1 : 0;
        }
        var pairs = sample.Length / 2;
        return pairs < 2 ? null
            : odd > pairs * 0.4 && even < pairs * 0.05 ? Encoding.Unicode
            : even > pairs * 0.4 && odd < pairs * 0.05 ? Encoding.BigEndianUnicode
            : null;
    }

    private static void RefuseBinary(ReadOnlySpan<byte> sample)
    {
        var control = 0;
        foreach (var value in sample)
        {
            control += value < 0x20 && value is not ((byte)'\t' or (byte)'\n' or (byte)'\r') ? 1 : 0;
        }
        if (control > 8 && control > sample.Length / 20)
        {
            throw new ImportException("imports.file.notTable");
        }
    }

    private static bool IsUtf8(ReadOnlySpan<byte> sample, bool whole)
    {
        // A character cut by the sample's end is no fault: at most its first three bytes are there.
        for (var cut = 0; cut <= (whole ? 0 : 3) && cut < sample.Length; cut++)
        {
            if (Utf8.IsValid(sample[..^cut]))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>In Chinese text bytes above ASCII come in twos and more, in Western text they stand alone.</summary>
    private static Encoding Narrow(ReadOnlySpan<byte> sample)
    {
        int alone = 0, together = 0;
        for (var i = 0; i < sample.Length; i++)
        {
            var from = i;
            while (i < sample.Length && sample[i] >= 0x80)
            {
                i++;
            }
            alone += i - from == 1 ? 1 : 0;
            together += i - from > 1 ? 1 : 0;
        }
        return alone > together * 2 ? Encoding.GetEncoding(1252) : Chinese;
    }
}
