using System.Text;

namespace Huike.Customers.VCards;

/// <summary>A line of a card: what it says, as it was written.</summary>
/// <param name="Name">In capitals.</param>
/// <param name="Value">With the escapes of vCard 3 and 4, whatever it came in.</param>
internal sealed record VCardProperty(string Name, string Value)
{
    /// <summary>Ties lines together that belong to each other, as <c>item1</c>; empty for none.</summary>
    public string Group { get; init; } = "";

    public IReadOnlyList<(string Name, string Value)> Parameters { get; init; } = [];

    /// <summary>Where it stood in the text, from 1; 0 for one that we made.</summary>
    public int Line { get; init; }

    /// <summary>What kind of number or address it is, in small letters.</summary>
    public IEnumerable<string> Types => Parameters.Where(one => one.Name == "TYPE").SelectMany(one => one.Value.ToLowerInvariant().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

    public bool IsPreferred => Types.Contains("pref") || this["PREF"] is not null;

    /// <summary>The value without escapes.</summary>
    public string Text => VCardText.Plain(Value);

    /// <summary>Parts between semicolons, without escapes.</summary>
    public IReadOnlyList<string> Parts => [.. VCardText.Split(Value, ';').Select(VCardText.Plain)];

    /// <summary>A parameter's value; null where it has none of the name.</summary>
    public string? this[string parameter] => Parameters.FirstOrDefault(one => one.Name == parameter).Value;

    /// <summary>A line of ours.</summary>
    public static VCardProperty Of(string name, string text, params (string, string)[] parameters) => new(name, VCardText.Escape(text)) { Parameters = parameters };

    /// <summary>A line of ours that has parts.</summary>
    public static VCardProperty Of(string name, IEnumerable<string> parts, params (string, string)[] parameters) => new(name, string.Join(';', parts.Select(VCardText.Escape))) { Parameters = parameters };
}

/// <summary>A card as a file holds it: <see href="https://www.rfc-editor.org/rfc/rfc6350">vCard</see>.</summary>
/// <param name="Version">By which it is to be understood: 3.0 or 4.0; one of 2.1 was brought into the form of 3.0.</param>
/// <param name="Properties">All lines but BEGIN, VERSION and END.</param>
/// <param name="Line">Where it begins in the text, from 1.</param>
internal sealed record VCard(string Version, IReadOnlyList<VCardProperty> Properties, int Line)
{
    public const string Three = "3.0";
    public const string Four = "4.0";

    public IEnumerable<VCardProperty> All(string name) => Properties.Where(one => one.Name == name);

    /// <summary>The text of the first of a name that says something; null: there is none.</summary>
    public string? Text(string name) => All(name).Select(one => one.Text.Trim()).FirstOrDefault(text => text.Length > 0);

    /// <summary>What a person's own words call a line that has a group; null: nothing.</summary>
    public string? LabelOf(VCardProperty property) => property.Group.Length == 0 ? null : All("X-ABLABEL").FirstOrDefault(label => label.Group == property.Group)?.Text;

    /// <summary>The same by the other version, as far as lines are written otherwise there.</summary>
    public VCard As(string version) => version == Version ? this : this with { Version = version, Properties = [.. Properties.Select(one => version == Four ? Embedded(one) : Encoded(one))] };

    /// <summary>Pictures and keys of vCard 3, in the form of vCard 4.</summary>
    private static VCardProperty Embedded(VCardProperty one)
    {
        if (one["ENCODING"]?.ToUpperInvariant() is not ("B" or "BASE64")) { return one; }
        var type = one["TYPE"]?.ToLowerInvariant() ?? "octet-stream";
        var whole = type.Contains('/', StringComparison.Ordinal) ? type : (one.Name is "PHOTO" or "LOGO" ? "image/" : one.Name == "SOUND" ? "audio/" : "application/") + type;
        return one with { Value = $"data:{whole};base64,{one.Value}", Parameters = [.. one.Parameters.Where(parameter => parameter.Name is not ("ENCODING" or "TYPE"))] };
    }

    private static VCardProperty Encoded(VCardProperty one)
    {
        const string mark = ";base64,";
        var at = one.Value.IndexOf(mark, StringComparison.Ordinal);
        if (!one.Value.StartsWith("data:", StringComparison.Ordinal) || at < 0) { return one; }
        var type = one.Value["data:".Length..at];
        return one with { Value = one.Value[(at + mark.Length)..], Parameters = [.. one.Parameters.Where(parameter => parameter.Name != "VALUE"), ("ENCODING", "b"), ("TYPE", type[(type.IndexOf('/', StringComparison.Ordinal) + 1)..].ToUpperInvariant())] };
    }
}

/// <summary>Escapes of values.</summary>
internal static class VCardText
{
    public static string Escape(string text)
    {
        var written = new StringBuilder(text.Length + 8);
        foreach (var letter in text.ReplaceLineEndings("\n"))
        {
            written.Append(letter switch { '\\' => "\\\\", ';' => "\\;", ',' => "\\,", '\n' => "\\n", _ => letter.ToString() });
        }
        return written.ToString();
    }

    /// <summary>Without escapes; one that means nothing stays as it is.</summary>
    public static string Plain(string value)
    {
        if (!value.Contains('\\', StringComparison.Ordinal)) { return value; }
        var plain = new StringBuilder(value.Length);
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] != '\\' || i + 1 == value.Length) { plain.Append(value[i]); continue; }
            i++;
            plain.Append(value[i] switch { 'n' or 'N' => "\n", '\\' or ';' or ',' or ':' => value[i].ToString(), _ => "\\" + value[i] });
        }
        return plain.ToString();
    }

    /// <summary>Parts between marks that are not escaped; the parts keep their escapes.</summary>
    public static IEnumerable<string> Split(string value, char mark)
    {
        var from = 0;
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] == '\\') { i++; }
            else if (value[i] == mark)
            {
                yield return value[from..i];
                from = i + 1;
            }
        }
        yield return value[from..];
    }
}

/// <summary>A card that can't be understood.</summary>
/// <param name="Line">Where, from 1.</param>
/// <param name="Code">Text key of what is wrong and how it is mended.</param>
/// <param name="Args">Values for the text.</param>
internal sealed record VCardFault(int Line, string Code, params IReadOnlyList<object> Args);
