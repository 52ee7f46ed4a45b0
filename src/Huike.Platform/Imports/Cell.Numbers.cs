using System.Globalization;

namespace Huike.Platform.Imports;

/// <summary>The character between a number's whole part and its fraction.</summary>
public enum DecimalMark
{
    /// <summary>1,234.5</summary>
    Point,

    /// <summary>1.234,5</summary>
    Comma,
}

public static partial class Cell
{
    private static readonly string[] Currencies =
        ["CN¥", "RMB", "CNY", "USD", "EUR", "GBP", "HKD", "JPY", "US$", "HK$", "NT$", "人民币", "美元", "港币", "欧元", "元", "圆", "¥", "￥", "$", "€", "£"];

    /// <summary>Reads a number: digits of any width, thousands in groups of three, a currency's sign or name on either side, a minus before or behind, brackets
    /// for negative, 万 and 亿, percent as a share (12% is 0.12), powers of ten (1.38E+10).</summary>
    /// <param name="text">The cell.</param>
    /// <param name="mark">Decimal mark of the column, see <see cref="DecimalMarkOf"/>.</param>
    /// <param name="number">The value, exact; 0 where it cannot be read.</param>
    /// <returns>False where it is no number, misses, or has over 28 digits.</returns>
    public static bool TryNumber(ReadOnlySpan<char> text, DecimalMark mark, out decimal number)
    {
        if (mark == DecimalMark.Point && TryPlain(text, out number))
        {
            return true;
        }
        number = 0;
        Span<char> scratch = stackalloc char[Longest];
        if (text.Length == 0 || text.Length > Longest)
        {
            return false;
        }
        var rest = scratch[..HalfWidth(text, scratch)].Trim();
        decimal scale = 1;
        var negative = false;
        while (rest.Length > 0 && Peel(ref rest, ref scale, ref negative))
        {
        }
        Span<char> plain = stackalloc char[Longest];
        if (rest.Length == 0 || !char.IsAsciiDigit(rest[0]) && rest[0] is not ('.' or ',') || !Ungrouped(rest, mark, plain, out var length)
            || !decimal.TryParse(plain[..length], NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var found))
        {
            return false;
        }
        try
        {
            number = found * scale * (negative ? -1 : 1);
            return true;
        }
        catch (OverflowException)
        {
            return false;
        }
    }

    /// <summary>Decides a column's decimal mark: a comma where some cell can only be read so (12,5 or 1.234,50) and none only with a point.</summary>
    public static DecimalMark DecimalMarkOf(IEnumerable<string> sample)
    {
        int point = 0, comma = 0;
        foreach (var text in sample)
        {
            var byPoint = TryNumber(text, DecimalMark.Point, out _);
            var byComma = TryNumber(text, DecimalMark.Comma, out _);
            point += byPoint && !byComma ? 1 : 0;
            comma += byComma && !byPoint ? 1 : 0;
        }
        return comma > point ? DecimalMark.Comma : DecimalMark.Point;
    }

    /// <summary>The usual case: digits, perhaps a sign and a point.</summary>
    private static bool TryPlain(ReadOnlySpan<char> text, out decimal number)
    {
        number = 0;
        var negative = text.Length > 1 && text[0] == '-';
        var at = negative ? 1 : 0;
        if (text.Length == at || text.Length - at > 18)
        {
            return false;
        }
        long digits = 0;
        var point = -1;
        for (; at < text.Length; at++)
        {
            var c = text[at];
            if (char.IsAsciiDigit(c))
            {
                digits = (digits * 10) + (c - '0');
            }
            else if (c == '.' && point < 0 && at + 1 < text.Length && at > (negative ? 1 : 0))
            {
                point = at;
            }
            else
            {
                return false;
            }
        }
        number = new decimal((int)digits, (int)(digits >> 32), 0, negative, point < 0 ? (byte)0 : (byte)(text.Length - point - 1));
        return true;
    }

    /// <summary>Takes one sign, bracket, unit or currency off either end.</summary>
    private static bool Peel(ref Span<char> rest, ref decimal scale, ref bool negative)
    {
        switch (rest)
        {
            case ['(', .., ')'] when !negative:
                negative = true;
                rest = rest[1..^1].Trim();
                return true;
            case ['-' or '−' or '－', ..] when !negative:
                negative = true;
                rest = rest[1..].Trim();
                return true;
            case [.., '-' or '−'] when !negative:
                negative = true;
                rest = rest[..^1].Trim();
                return true;
            case ['+', ..]:
                rest = rest[1..].Trim();
                return true;
            case [.., '%'] when scale == 1:
                scale = 0.01m;
                rest = rest[..^1].Trim();
                return true;
            case [.., '万' or '萬'] when scale == 1:
                scale = 10_000;
                rest = rest[..^1].Trim();
                return true;
            case [.., '亿' or '億'] when scale == 1:
                scale = 100_000_000;
                rest = rest[..^1].Trim();
                return true;
            default:
                return PeelCurrency(ref rest);
        }
    }

    private static bool PeelCurrency(ref Span<char> rest)
    {
        foreach (var currency in Currencies)
        {
            if (rest.StartsWith(currency, StringComparison.OrdinalIgnoreCase))
            {
                rest = rest[currency.Length..].Trim();
                return true;
            }
            if (rest.EndsWith(currency, StringComparison.OrdinalIgnoreCase))
            {
                rest = rest[..^currency.Length].Trim();
                return true;
            }
        }
        return false;
    }

    /// <summary>Copies without the marks between thousands, which must stand before groups of three.</summary>
    private static bool Ungrouped(ReadOnlySpan<char> text, DecimalMark mark, Span<char> plain, out int length)
    {
        var (point, group) = mark == DecimalMark.Point ? ('.', ',') : (',', '.');
        length = 0;
        int sinceGroup = -1, whole = 0;
        var inWhole = true;
        foreach (var c in text)
        {
            if (char.IsAsciiDigit(c))
            {
                whole += inWhole ? 1 : 0;
                sinceGroup += inWhole && sinceGroup >= 0 ? 1 : 0;
                plain[length++] = c;
                continue;
            }
            if (inWhole && (c == group || c is ' ' or '\''))
            {
                if (whole == 0 || whole > 3 && sinceGroup < 0 || sinceGroup >= 0 && sinceGroup != 3)
                {
                    return false;
                }
                sinceGroup = 0;
                continue;
            }
            if (c != point && c is not ('e' or 'E' or '+' or '-') || c == point && !inWhole || sinceGroup >= 0 && inWhole && sinceGroup != 3)
            {
                return false;
            }
            inWhole = false;
            plain[length++] = c == point ? '.' : c;
        }
        return !inWhole || sinceGroup is -1 or 3;
    }
}
