using System.Globalization;
using System.Text;

namespace Huike.Platform.Imports;

/// <summary>Makes values of a table's cells. Nothing here throws on any text, and all of it means the same in every culture.</summary>
public static partial class Cell
{
    private const int Longest = 128;

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Missing =
        new HashSet<string>(
            ["null", "(null)", "n/a", "#n/a", "na", "nan", "none", "nil", "-", "--", "—", "\\n", "#value!", "#ref!", "#null!", "(blank)", "(空白)", "无", "空"],
            StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Nothing but blanks, or one of the words that systems write for "no value": NULL, N/A, #N/A, NaN, -, 无 ….</summary>
    public static bool IsMissing(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        return text.Length == 0 || (text.Length <= 8 && Missing.Contains(text));
    }

    /// <summary>The one form of a key (customer, document, product) however a spreadsheet has spoilt it: without blanks around it, full-width characters as
    /// half-width, "17850.0" and ="17850" as "17850", "1.38E+10" as "13800000000"; empty where it <see cref="IsMissing"/>. Case and leading zeros stay.</summary>
    public static string NormalKey(ReadOnlySpan<char> text)
    {
        Span<char> scratch = stackalloc char[Longest];
        return NormalKey(text, scratch).ToString();
    }

    /// <summary>As <see cref="NormalKey(ReadOnlySpan{char})"/>, without making a string.</summary>
    /// <param name="text">The cell.</param>
    /// <param name="scratch">Holds the answer where it is no part of <paramref name="text"/>; 128 characters do for any key.</param>
    public static ReadOnlySpan<char> NormalKey(ReadOnlySpan<char> text, Span<char> scratch)
    {
        if (text.ContainsAnyInRange('\u0080', '\uFFFF') && text.Length <= scratch.Length)
        {
            text = scratch[..HalfWidth(text, scratch)];
        }
        text = text.Trim();
        if (text.StartsWith("=\"") && text.EndsWith("\"") && text.Length > 2)
        {
            text = text[2..^1].Trim();
        }
        if (IsMissing(text))
        {
            return default;
        }
        if (char.IsAsciiDigit(text[0]) && text.Length <= Longest)
        {
            var point = text.IndexOf('.');
            if (point > 0 && !text[..point].ContainsAnyExceptInRange('0', '9') && point < text.Length - 1)
            {
                if (!text[(point + 1)..].ContainsAnyExcept('0'))
                {
                    return text[..point];
                }
                if (text.IndexOf("E+", StringComparison.OrdinalIgnoreCase) > 0 && Whole(text, scratch, out var written))
                {
                    return scratch[..written];
                }
            }
        }
        return text;
    }

    /// <summary>A number in powers of ten of which not every digit is written (1.38E+10, 4.40301E+17): what it was can't be told any more.</summary>
    public static bool HasLostDigits(ReadOnlySpan<char> text)
    {
        Span<char> scratch = stackalloc char[40];
        if (text.Length > scratch.Length) { return false; }
        ReadOnlySpan<char> plain = scratch[..HalfWidth(text, scratch)];
        plain = plain.Trim();
        var power = plain.IndexOfAny('e', 'E');
        // A code of the firm's own may be 12E4; a spreadsheet writes the sign.
        if (power < 1 || !plain[(power + 1)..].StartsWith('+') || plain[..power].ContainsAnyExcept(DigitsAndPoint) || !int.TryParse(plain[(power + 2)..], NumberStyles.None, CultureInfo.InvariantCulture, out var tens)) { return false; }
        var point = plain[..power].IndexOf('.');
        return tens > (point < 0 ? 0 : power - point - 1);
    }

    /// <summary>The cell holds a number or a date and is therefore no title of a column.</summary>
    internal static bool LooksLikeValue(ReadOnlySpan<char> text) =>
        TryNumber(text, DecimalMark.Point, out _) || TryNumber(text, DecimalMark.Comma, out _) || TryDateTime(text, DateOrder.Unknown, out _);

    /// <summary>Copies with full-width forms (U+FF01–U+FF5E, U+3000) and no-break blanks as ASCII.</summary>
    /// <returns>Characters written: as many as <paramref name="text"/> has, or as <paramref name="target"/> holds.</returns>
    internal static int HalfWidth(ReadOnlySpan<char> text, Span<char> target)
    {
        var count = Math.Min(text.Length, target.Length);
        for (var i = 0; i < count; i++)
        {
            target[i] = text[i] switch
            {
                >= '\uFF01' and <= '\uFF5E' => (char)(text[i] - 0xFEE0),
                '\u3000' or '\u00A0' or '\u202F' or '\uFEFF' or '\u200B' => ' ',
                _ => text[i],
            };
        }
        return count;
    }

    private static bool Whole(ReadOnlySpan<char> text, Span<char> scratch, out int written)
    {
        written = 0;
        return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && decimal.Truncate(number) == number
            && number.TryFormat(scratch, out written, "0", CultureInfo.InvariantCulture);
    }
}
