using System.Text;

namespace Huike.Customers.VCards;

/// <summary>Reads cards of vCard 2.1, 3.0 and 4.0, of one file or many. A card that can't be understood is told of and left out; the others are read.</summary>
internal sealed class ReadVCards
{
    /// <summary>More cards are not read of one text.</summary>
    public const int Most = 10_000;

    private const int MostProperties = 2_000;

    /// <summary>Bytes one by one, so that each line can be understood in the encoding that it names.</summary>
    private static readonly Encoding Bytes = Encoding.Latin1;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly Encoding Chinese = CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!;

    private readonly List<VCard> cards = [];
    private readonly List<VCardFault> faults = [];
    private readonly List<(string Text, int Number)> lines;
    private int at;

    private ReadVCards(byte[] content) => lines = [.. Lines(Bytes.GetString(Narrow(content)))];

    /// <returns>The cards, and what is wrong with those that are left out.</returns>
    public static (IReadOnlyList<VCard> Cards, IReadOnlyList<VCardFault> Faults) Run(byte[] content)
    {
        var read = new ReadVCards(content);
        read.All();
        return (read.cards, read.faults);
    }

    public static (IReadOnlyList<VCard> Cards, IReadOnlyList<VCardFault> Faults) Run(string text) => Run(Encoding.UTF8.GetBytes(text));

    /// <summary>UTF-16 becomes UTF-8; a mark of the byte order goes.</summary>
    private static byte[] Narrow(byte[] content) => content switch
    {
        [0xEF, 0xBB, 0xBF, ..] => content[3..],
        [0xFF, 0xFE, ..] => Encoding.UTF8.GetBytes(Encoding.Unicode.GetString(content.AsSpan(2))),
        [0xFE, 0xFF, ..] => Encoding.UTF8.GetBytes(Encoding.BigEndianUnicode.GetString(content.AsSpan(2))),
        _ => content,
    };

    private static IEnumerable<(string, int)> Lines(string text)
    {
        var (from, number) = (0, 0);
        while (from < text.Length)
        {
            var end = text.AsSpan(from).IndexOfAny('\r', '\n');
            end = end < 0 ? text.Length : from + end;
            yield return (text[from..end], ++number);
            // Some files went through programs that doubled the CR.
            var feed = end;
            while (feed < text.Length && text[feed] == '\r') { feed++; }
            from = feed < text.Length && text[feed] == '\n' ? feed + 1 : end + 1;
        }
    }

    private void All()
    {
        while (Next() is { } line)
        {
            if (line.Text.Trim().Length == 0) { continue; }
            if (!Is(line.Text, "BEGIN:VCARD"))
            {
                faults.Add(new(line.Number, "cards.fault.begin"));
                // What follows up to the next card is told of once.
                while (at < lines.Count && !Is(lines[at].Text, "BEGIN:VCARD")) { at++; }
                continue;
            }
            if (cards.Count == Most)
            {
                faults.Add(new(line.Number, "cards.fault.many", Most));
                return;
            }
            One(line.Number);
        }
        if (cards.Count == 0 && faults.Count == 0) { faults.Add(new(1, "cards.fault.none")); }
    }

    /// <summary>Reads a card to its end, whether it can be understood or not.</summary>
    private void One(int begin)
    {
        var properties = new List<VCardProperty>();
        VCardFault? fault = null;
        string? version = null;
        while (true)
        {
            if (at >= lines.Count || Is(lines[at].Text, "BEGIN:VCARD"))
            {
                faults.Add(new(begin, "cards.fault.end"));
                return;
            }
            var line = Next()!.Value;
            if (Is(line.Text, "END:VCARD")) { break; }
            if (line.Text.Trim().Length == 0) { continue; }
            if (Property(line, version) is not { } property) { fault ??= new(line.Number, "cards.fault.line", Shown(line.Text)); }
            else if (property.Name == "VERSION") { version = property.Value.Trim(); }
            else if (properties.Count == MostProperties) { fault ??= new(line.Number, "cards.fault.long", MostProperties); }
            else { properties.Add(property); }
        }
        fault ??= version is null or "2.1" or VCard.Three or VCard.Four ? null : new(begin, "cards.fault.version", Shown(version));
        if (fault is not null) { faults.Add(fault); }
        else { cards.Add(new(version == VCard.Four ? VCard.Four : VCard.Three, properties, begin)); }
    }

    /// <summary>The next line with those that go on with it.</summary>
    private (string Text, int Number)? Next()
    {
        if (at >= lines.Count) { return null; }
        var (first, number) = lines[at++];
        var text = new StringBuilder(first);
        var isQuoted = IsQuotedPrintable(first);
        while (at < lines.Count)
        {
            if (isQuoted && text.Length > 0 && text[^1] == '=')
            {
                text.Length--;
                text.Append(lines[at++].Text.TrimStart(' ', '\t'));
            }
            else if (lines[at].Text is [' ' or '\t', ..] more) { text.Append(more.AsSpan(1)); at++; }
            else { break; }
        }
        return (text.ToString(), number);
    }

    private static bool IsQuotedPrintable(string line) => line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon && line[..colon].Contains("QUOTED-PRINTABLE", StringComparison.OrdinalIgnoreCase);

    private VCardProperty? Property((string Text, int Number) line, string? version)
    {
        if (Head(line.Text) is not { } colon) { return null; }
        var head = SplitOutside(Decoded(line.Text[..colon], null), ';');
        var dot = head[0].LastIndexOf('.');
        var name = head[0][(dot + 1)..].Trim().ToUpperInvariant();
        if (name.Length == 0 || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_')) { return null; }
        var parameters = head.Skip(1).Select(Parameter).Where(one => one.Value.Length > 0).ToList();
        var property = new VCardProperty(name, "") { Group = dot > 0 ? head[0][..dot].Trim() : "", Line = line.Number };
        var raw = line.Text[(colon + 1)..];
        if (name == "AGENT" && raw.Trim().Length == 0 && at < lines.Count && Is(lines[at].Text, "BEGIN:VCARD")) { return property with { Value = VCardText.Escape(Agent()) }; }
        return Valued(property, parameters, raw, version is null or "2.1");
    }

    /// <summary>With value and parameters in the form of vCard 3 and 4.</summary>
    private static VCardProperty? Valued(VCardProperty property, List<(string Name, string Value)> parameters, string raw, bool isOld)
    {
        var encoding = parameters.Find(one => one.Name == "ENCODING").Value?.ToUpperInvariant();
        var charset = parameters.Find(one => one.Name == "CHARSET").Value;
        parameters.RemoveAll(one => one.Name == "CHARSET" || (one.Name == "ENCODING" && encoding is not ("B" or "BASE64")));
        if (encoding is "B" or "BASE64")
        {
            parameters = [.. parameters.Select(one => one.Name == "ENCODING" ? (one.Name, "b") : one)];
            return property with { Value = string.Concat(raw.Where(letter => !char.IsWhiteSpace(letter))), Parameters = parameters };
        }
        var value = encoding == "QUOTED-PRINTABLE" ? Decoded(Printable(raw), charset) : Decoded(raw, charset);
        return property with { Value = isOld ? Escaped(value) : value.Replace("\0", "", StringComparison.Ordinal), Parameters = parameters };
    }

    /// <summary>In vCard 2.1 a comma is a comma, and a line end one; a semicolon separates unless it is escaped. Programs escape more than they need.</summary>
    private static string Escaped(string value)
    {
        var written = new StringBuilder(value.Length + 8);
        var text = value.Replace("\0", "", StringComparison.Ordinal).ReplaceLineEndings("\n");
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length && text[i + 1] is ';' or ',' or 'n' or 'N' or '\\') { written.Append(text[i]).Append(text[++i]); }
            else { written.Append(text[i] switch { '\\' => "\\\\", ',' => "\\,", '\n' => "\\n", _ => text[i].ToString() }); }
        }
        return written.ToString();
    }

    /// <summary>A card within a card, of vCard 2.1.</summary>
    private string Agent()
    {
        var text = new StringBuilder();
        var depth = 0;
        while (at < lines.Count)
        {
            var line = lines[at++].Text;
            text.Append(Decoded(line, null)).Append('\n');
            depth += Is(line, "BEGIN:VCARD") ? 1 : Is(line, "END:VCARD") ? -1 : 0;
            if (depth == 0) { break; }
        }
        return text.ToString();
    }

    /// <summary>Where the value begins; null: there is none. Quoted parameters may hold colons.</summary>
    private static int? Head(string line)
    {
        var isQuoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '"') { isQuoted = !isQuoted; }
            else if (line[i] == ':' && !isQuoted) { return i; }
        }
        return line.IndexOf(':', StringComparison.Ordinal) is > 0 and var any ? any : null;
    }

    private static List<string> SplitOutside(string head, char mark)
    {
        var (parts, from, isQuoted) = (new List<string>(), 0, false);
        for (var i = 0; i < head.Length; i++)
        {
            if (head[i] == '"') { isQuoted = !isQuoted; }
            else if (head[i] == mark && !isQuoted)
            {
                parts.Add(head[from..i]);
                from = i + 1;
            }
        }
        parts.Add(head[from..]);
        return parts;
    }

    private static (string Name, string Value) Parameter(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var value = text[(equals + 1)..].Replace("\"", "", StringComparison.Ordinal).Trim();
        // vCard 2.1 leaves out the names of some.
        return equals > 0 ? (text[..equals].Trim().ToUpperInvariant(), value) : (value.ToUpperInvariant() is "QUOTED-PRINTABLE" or "BASE64" or "8BIT" or "7BIT" ? "ENCODING" : "TYPE", value);
    }

    private static string Printable(string raw)
    {
        var text = new StringBuilder(raw.Length);
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] == '=' && i + 2 < raw.Length && char.IsAsciiHexDigit(raw[i + 1]) && char.IsAsciiHexDigit(raw[i + 2]))
            {
                text.Append((char)Convert.ToByte(raw.Substring(i + 1, 2), 16));
                i += 2;
            }
            else { text.Append(raw[i]); }
        }
        return text.ToString();
    }

    /// <summary>Bytes as a text: in the encoding that is named, else UTF-8, else the Chinese one.</summary>
    private static string Decoded(string raw, string? charset)
    {
        var bytes = Bytes.GetBytes(raw);
        if (charset is not null && Named(charset) is { } named) { return named.GetString(bytes); }
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return Chinese.GetString(bytes);
        }
    }

    private static Encoding? Named(string charset)
    {
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(charset) ?? Encoding.GetEncoding(charset);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static bool Is(string line, string word) => line.Trim().Equals(word, StringComparison.OrdinalIgnoreCase);

    private static string Shown(string line) => Decoded(line.Length <= 60 ? line : line[..60], null);
}
