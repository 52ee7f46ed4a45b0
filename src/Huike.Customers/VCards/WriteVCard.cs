using System.Text;

namespace Huike.Customers.VCards;

/// <summary>Writes cards as RFC 2426 and RFC 6350 want them: lines of at most 75 bytes, ended by CR and LF.</summary>
internal static class WriteVCard
{
    private const int Longest = 75;

    public static string Run(VCard card)
    {
        var text = new StringBuilder();
        Fold(text, "BEGIN:VCARD");
        Fold(text, "VERSION:" + card.Version);
        foreach (var property in card.Properties) { Fold(text, Line(property)); }
        Fold(text, "END:VCARD");
        return text.ToString();
    }

    private static string Line(VCardProperty property)
    {
        var line = new StringBuilder(property.Group.Length > 0 ? $"{property.Group}.{property.Name}" : property.Name);
        foreach (var (name, value) in property.Parameters)
        {
            // TYPE is a list: its commas separate.
            var quoted = value.AsSpan().ContainsAny(";:") || (name != "TYPE" && value.Contains(',', StringComparison.Ordinal));
            line.Append(';').Append(name).Append('=').Append(quoted ? $"\"{value}\"" : value);
        }
        return line.Append(':').Append(property.Value).ToString();
    }

    /// <summary>No letter is cut in two. What no XML can hold is left out: a card is sent in it.</summary>
    private static void Fold(StringBuilder text, string line)
    {
        var room = Longest;
        foreach (var rune in line.EnumerateRunes())
        {
            if ((Rune.IsControl(rune) && rune.Value != '\t') || rune.Value is 0xFFFE or 0xFFFF) { continue; }
            if (rune.Utf8SequenceLength > room)
            {
                text.Append("\r\n ");
                room = Longest - 1;
            }
            text.Append(rune.ToString());
            room -= rune.Utf8SequenceLength;
        }
        text.Append("\r\n");
    }
}
