using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace Huike.Platform.Exports;

/// <summary>水印: whose copy a file is.</summary>
/// <param name="Trace">HK and 12 hexadecimal digits, of this copy alone.</param>
/// <param name="Line">What people read; begins with <see cref="Imports.TableReader.NoteMark"/>.</param>
/// <param name="IsShown">Whether the line is the file's first row.</param>
public sealed partial record CopyMark(string Trace, string Line, bool IsShown)
{
    internal const string Part = "docProps/core.xml";
    private const int LargestPart = 4 << 20;

    /// <summary>The traces in a file that was found, or in a piece of its text: as people read them, as properties of a workbook, or told by the marks of a delimited text. Of a file that is none of these, nothing.</summary>
    /// <param name="file">Its beginning; a workbook whole.</param>
    public static IReadOnlyList<string> Find(byte[] file)
    {
        if (file is [(byte)'P', (byte)'K', ..]) { return InWorkbook(file); }
        var text = Encoding.UTF8.GetString(file);
        return [.. InText(text).Concat(TraceBits.Find(text)).Distinct()];
    }

    private static IEnumerable<string> InText(string text) => Written().Matches(text).Select(match => match.Value);

    private static IReadOnlyList<string> InWorkbook(byte[] file)
    {
        try
        {
            using var archive = new ZipArchive(new MemoryStream(file), ZipArchiveMode.Read);
            var found = new List<string>();
            foreach (var entry in archive.Entries.Where(entry => entry.FullName is Part or "xl/sharedStrings.xml" or "xl/worksheets/sheet1.xml"))
            {
                // Whatever it says of its size: what is packed can be of any.
                using var reader = new StreamReader(entry.Open(), Encoding.UTF8);
                var buffer = new char[LargestPart];
                found.AddRange(InText(new(buffer, 0, reader.ReadBlock(buffer))));
            }
            return [.. found.Distinct()];
        }
        catch (Exception broken) when (broken is InvalidDataException or IOException)
        {
            return [];
        }
    }

    [GeneratedRegex("HK[0-9A-F]{12}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Written();
}

/// <summary>A trace as bits that marks around fields of a delimited text tell which need none: any reader takes the same text from it.</summary>
internal static class TraceBits
{
    // A stretch that a table's own habits don't make, the trace, and a sum by which chance is told from it.
    private const ulong Begin = 0b1110_1011_1001_0001;
    private const int BeginLength = 16;
    private const int TraceLength = 48;
    private const int SumLength = 16;
    private const int Length = BeginLength + TraceLength + SumLength;
    private const int MostFields = 200_000;

    public static bool[] Of(string trace)
    {
        var number = ulong.Parse(trace.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return [.. Bits(Begin, BeginLength), .. Bits(number, TraceLength), .. Bits(Sum(number), SumLength)];
    }

    public static IEnumerable<string> Find(string text)
    {
        var bits = Read(text);
        // It begins anew where it ends: of any stretch that is as long, what is missing before it stands behind it.
        var windows = Enumerable.Range(0, Math.Max(0, bits.Count - Length + 1)).Select(at => bits.GetRange(at, Length));
        return windows.Where((_, at) => at % Length == 0).SelectMany(window => Enumerable.Range(0, Length).Select(turn => Told([.. window[turn..], .. window[..turn]])))
            .Concat(windows.Select(Told)).OfType<string>().Distinct();
    }

    private static string? Told(List<bool> bits)
    {
        if (Number(bits, 0, BeginLength) != Begin) { return null; }
        var number = Number(bits, BeginLength, TraceLength);
        return Number(bits, BeginLength + TraceLength, SumLength) == Sum(number) ? "HK" + number.ToString("X12", CultureInfo.InvariantCulture) : null;
    }

    private static ulong Sum(ulong number) => (number ^ (number >> 16) ^ (number >> 32) ^ 0x5A17) & 0xFFFF;

    private static IEnumerable<bool> Bits(ulong number, int count) => Enumerable.Range(0, count).Select(i => ((number >> (count - 1 - i)) & 1) == 1);

    private static ulong Number(List<bool> bits, int at, int count)
    {
        var number = 0UL;
        for (var i = at; i < at + count; i++) { number = (number << 1) | (bits[i] ? 1UL : 0); }
        return number;
    }

    /// <summary>Of each field that needs no marks and isn't empty, whether it has them.</summary>
    private static List<bool> Read(string text)
    {
        var bits = new List<bool>();
        for (var at = text.StartsWith('\ufeff') ? 1 : 0; at < text.Length && bits.Count < MostFields;)
        {
            var (isMarked, needs, begin) = (text[at] == '"', false, at);
            if (isMarked)
            {
                for (at++; at < text.Length && (text[at] != '"' || (at + 1 < text.Length && text[at + 1] == '"')); at++)
                {
                    if (text[at] is '"') { at++; needs = true; }
                    else if (text[at] is ',' or '\r' or '\n') { needs = true; }
                }
                at++;
            }
            while (at < text.Length && text[at] is not (',' or '\r' or '\n')) { at++; }
            if (!needs && at - begin > (isMarked ? 2 : 0) && !text.AsSpan(begin, Math.Min(at - begin, 5)).TrimStart('"').StartsWith(Imports.TableReader.NoteMark)) { bits.Add(isMarked); }
            while (at < text.Length && text[at] is '\r' or '\n') { at++; }
            if (at < text.Length && text[at] == ',') { at++; }
        }
        return bits;
    }
}
