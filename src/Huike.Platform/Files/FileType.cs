using System.IO.Compression;
using System.Text.Unicode;

namespace Huike.Platform.Files;

/// <summary>A kind of file that is taken, known by its content: the ending of a name is only what somebody says.</summary>
/// <param name="Media">Media type under which it is given out.</param>
/// <param name="Endings">Endings of names that it may have.</param>
/// <param name="IsShown">Whether a browser may show it by itself; others are given out to be saved.</param>
/// <param name="Fits">Whether the content, seekable and at its begin, is of this kind.</param>
internal sealed record FileType(string Media, IReadOnlyList<string> Endings, bool IsShown, Func<Stream, bool> Fits)
{
    private const int Head = 4_096;

    private static readonly string[] Texts = ["txt", "csv", "log"];

    private static readonly IReadOnlyList<FileType> All =
    [
        new("image/png", ["png"], true, Begins([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A])),
        new("image/jpeg", ["jpg", "jpeg"], true, Begins([0xFF, 0xD8, 0xFF])),
        new("image/gif", ["gif"], true, Begins("GIF8"u8.ToArray())),
        new("image/webp", ["webp"], true, Riff("WEBP")),
        new("image/heic", ["heic", "heif"], false, Box("heic", "heix", "mif1", "msf1")),
        new("application/pdf", ["pdf"], true, Begins("%PDF-"u8.ToArray())),
        new("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ["docx"], false, Packed("word/document.xml")),
        new("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ["xlsx"], false, Packed("xl/workbook.xml")),
        new("application/vnd.openxmlformats-officedocument.presentationml.presentation", ["pptx"], false, Packed("ppt/presentation.xml")),
        new("audio/wav", ["wav"], false, Riff("WAVE")),
        new("audio/mpeg", ["mp3"], false, content => Begins("ID3"u8.ToArray())(content) || Begins([0xFF, 0xFB])(content) || Begins([0xFF, 0xF3])(content)),
        new("video/mp4", ["mp4", "m4a", "mov"], false, Box("isom", "iso2", "mp41", "mp42", "avc1", "M4A ", "qt  ", "MSNV", "dash")),
        new("text/plain; charset=utf-8", [.. Texts], true, content => IsText(content) && IsUtf8(content)),
        new("text/plain; charset=gb18030", [.. Texts], true, IsText),
    ];

    /// <summary>All endings that are taken, for file choosers: <c>.png,.jpg…</c></summary>
    public static string Accepted { get; } = string.Join(',', All.SelectMany(type => type.Endings).Distinct().Select(ending => "." + ending));

    /// <summary>What a file is.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="content">Seekable; stands at its begin afterwards.</param>
    /// <exception cref="RuleException"><c>files.ending</c>: no such files are taken; <c>files.content</c>: it isn't what its ending says.</exception>
    public static FileType Of(string name, Stream content)
    {
        var ending = Path.GetExtension(name).TrimStart('.').ToLowerInvariant();
        var types = All.Where(type => type.Endings.Contains(ending)).ToList();
        if (types.Count == 0) { throw new RuleException("files.ending", name, Accepted.Replace(",.", " ", StringComparison.Ordinal)[1..]); }
        var type = types.Find(type => type.Fits(content)) ?? throw new RuleException("files.content", name, ending);
        content.Position = 0;
        return type;
    }

    /// <summary>Whether a browser may show files of a media type by itself.</summary>
    public static bool Shows(string media) => All.Any(type => type.Media == media && type.IsShown);

    private static Func<Stream, bool> Begins(byte[] signature) => content => Start(content, signature.Length).SequenceEqual(signature);

    private static Func<Stream, bool> Riff(string form) => content => Start(content, 12) is { Length: 12 } head && head.AsSpan(0, 4).SequenceEqual("RIFF"u8) && Latin(head, 8) == form;

    /// <summary>Of the family of ISO media files: the first box is <c>ftyp</c> and names a brand.</summary>
    private static Func<Stream, bool> Box(params string[] brands) => content => Start(content, 12) is { Length: 12 } head && Latin(head, 4) == "ftyp" && brands.Contains(Latin(head, 8));

    /// <summary>A packed office document with its main part and without macros.</summary>
    private static Func<Stream, bool> Packed(string part) => content =>
    {
        if (!Begins("PK\u0003\u0004"u8.ToArray())(content)) { return false; }
        try
        {
            using var archive = new ZipArchive(content, ZipArchiveMode.Read, leaveOpen: true);
            return archive.GetEntry("[Content_Types].xml") is not null && archive.GetEntry(part) is not null && !archive.Entries.Any(entry => entry.Name.Equals("vbaProject.bin", StringComparison.OrdinalIgnoreCase));
        }
        catch (InvalidDataException)
        {
            return false;
        }
    };

    private static bool IsText(Stream content) => Start(content, Head) is { Length: > 0 } head && !head.Any(one => one < 0x20 && one is not (0x09 or 0x0A or 0x0C or 0x0D or 0x1B));

    /// <summary>Whether the begin is UTF-8; a letter that the end of what is looked at cuts in two counts as whole.</summary>
    private static bool IsUtf8(Stream content) => Start(content, Head) is var head && Enumerable.Range(0, Math.Min(4, head.Length)).Any(cut => Utf8.IsValid(head.AsSpan(0, head.Length - cut)));

    private static string Latin(byte[] bytes, int from) => System.Text.Encoding.Latin1.GetString(bytes, from, 4);

    private static byte[] Start(Stream content, int length)
    {
        content.Position = 0;
        var buffer = new byte[length];
        return buffer[..content.ReadAtLeast(buffer, length, throwOnEndOfStream: false)];
    }
}
