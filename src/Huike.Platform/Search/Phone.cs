using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Huike.Platform.Search;

/// <summary>What a phone number is, as far as its form tells.</summary>
public enum PhoneKind
{
    /// <summary>手机: 1[3-9] and nine digits. Which carrier has it can't be told since numbers move.</summary>
    Mobile,

    /// <summary>固定电话: area code and 7 or 8 digits.</summary>
    Landline,

    /// <summary>服务号码: 400/800 numbers and short codes such as 95588; nobody to call back.</summary>
    Hotline,

    /// <summary>物联网号码: 13 digits beginning with 1; a device, not a person.</summary>
    Device,

    /// <summary>境外号码: any country but mainland China; only the length is checked.</summary>
    Foreign,
}

/// <summary>A phone number in the form in which it is kept and compared.</summary>
/// <param name="Number">E.164 with plus; hotline short codes and devices have none and keep their digits.</param>
/// <param name="Kind">What it is by its form.</param>
/// <param name="Extension">Digits after 转 or ext., or null.</param>
public readonly record struct PhoneNumber(string Number, PhoneKind Kind, string? Extension);

/// <summary>Phone numbers as people write them: mainland China without a country code, all others with + or 00.</summary>
public static partial class Phone
{
    private const int LongestRaw = 64;

    /// <summary>A kept number for reading. Mainland numbers as people here write them: 138 0013 8000, 010 8888 6666; others as they are kept; empty for none.</summary>
    public static string Shown(string? kept)
    {
        if (kept is null) { return ""; }
        // What nearly all are needs no look at its form.
        if (kept is { Length: 14 } and ['+', '8', '6', '1', >= '3' and <= '9', ..] && !kept.AsSpan(1).ContainsAnyExceptInRange('0', '9')) { return $"{kept.AsSpan(3, 3)} {kept.AsSpan(6, 4)} {kept.AsSpan(10)}"; }
        if (Normalise(kept) is not { Number: ['+', '8', '6', .. var national] } known) { return kept; }
        var area = national[0] is '1' or '2' ? 2 : 3;
        return known.Kind switch
        {
            PhoneKind.Mobile => $"{national[..3]} {national[3..7]} {national[7..]}",
            PhoneKind.Landline => $"0{national[..area]} {national[area..^4]} {national[^4..]}",
            PhoneKind.Hotline => $"{national[..3]} {national[3..6]} {national[6..]}",
            _ => national,
        };
    }

    /// <summary>
    /// Reads one number: full-width digits, blanks, dashes, brackets, signs that nobody sees, +86, 0086 or 86 before it, an extension after it (转802, #802, or -802 where
    /// the number is whole without it), Excel's 1.3800138000E+10 where all eleven digits are there.
    /// </summary>
    /// <returns>Null where the text isn't one number, or where digits were lost (1.38E+10).</returns>
    public static PhoneNumber? Normalise(string raw)
    {
        if (raw.Length is 0 or > LongestRaw || Plain(raw) is not { } text)
        {
            return null;
        }

        return Read(text) ?? (DashedExtension().Match(raw.Normalize(NormalizationForm.FormKC)) is { Success: true } dashed && Normalise(dashed.Groups["number"].Value) is { Kind: PhoneKind.Landline or PhoneKind.Hotline, Extension: null, Number: ['+', ..] } found
            ? found with { Extension = dashed.Groups["digits"].Value } : null);
    }

    private static PhoneNumber? Read(string text)
    {
        var extension = Extension().Match(text);
        var digits = extension.Success ? text[..extension.Index] : text;
        if (digits.StartsWith("00", StringComparison.Ordinal))
        {
            digits = "+" + digits[2..];
        }

        if (digits.StartsWith('+') && !digits.StartsWith("+86", StringComparison.Ordinal))
        {
            return Abroad().IsMatch(digits) ? new PhoneNumber(digits, PhoneKind.Foreign, ExtensionDigits(extension)) : null;
        }

        var found = digits.StartsWith("+86", StringComparison.Ordinal) ? Mainland(digits[3..]) ?? Mainland("0" + digits[3..])
            : Mainland(digits) ?? (digits.StartsWith("86", StringComparison.Ordinal) ? Mainland(digits[2..]) ?? Mainland("0" + digits[2..]) : null);
        return found is { } number ? number with { Extension = ExtensionDigits(extension) } : null;
    }

    /// <summary>All numbers of a cell that holds several, parted by / 、 ; , or line ends, or by blanks where the whole isn't one number.</summary>
    /// <returns>In their order, each once; parts that are no number are left out.</returns>
    public static IReadOnlyList<PhoneNumber> All(string cell)
    {
        var found = new List<PhoneNumber>();
        foreach (var part in cell.Split(['/', '、', ';', '；', ',', '，', '\n', '\r', '|'], StringSplitOptions.RemoveEmptyEntries))
        {
            string[] pieces = Normalise(part.Trim()) is null ? part.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) : [part.Trim()];
            found.AddRange(pieces.Select(Normalise).OfType<PhoneNumber>());
        }

        return found.Distinct().ToList();
    }

    /// <summary>The number for eyes without the right to see it: 138****8000, 010****5678, ends kept of others. Never more than half of the digits show beyond those.</summary>
    /// <param name="number">A number as kept, or raw.</param>
    public static string Mask(string number)
    {
        var known = Normalise(number);
        var shown = known is { Kind: not PhoneKind.Foreign, Number: ['+', '8', '6', ..] } ? known.Value.Number[3..] : known?.Number ?? number;
        var digits = string.Concat(shown.Where(char.IsAsciiDigit));
        return known?.Kind switch
        {
            PhoneKind.Mobile => $"{digits[..3]}****{digits[^4..]}",
            PhoneKind.Landline => $"0{digits[..AreaLength(digits)]}****{digits[^4..]}",
            PhoneKind.Hotline => digits,
            _ when digits.Length >= 8 => $"{(shown[0] == '+' ? "+" : "")}{digits[..2]}****{digits[^2..]}",
            _ => "****",
        };
    }

    private static PhoneNumber? Mainland(string national)
    {
        if (Mobile().IsMatch(national))
        {
            return new PhoneNumber("+86" + national, PhoneKind.Mobile, null);
        }

        if (Landline().Match(national) is { Success: true } landline)
        {
            return new PhoneNumber("+86" + landline.Groups["number"].Value, PhoneKind.Landline, null);
        }

        return Hotline().IsMatch(national) ? new PhoneNumber(national.Length == 10 ? "+86" + national : national, PhoneKind.Hotline, null)
            : Device().IsMatch(national) ? new PhoneNumber(national, PhoneKind.Device, null)
            : null;
    }

    private static int AreaLength(string digits) => digits[0] == '1' || digits[0] == '2' ? 2 : 3;

    private static string? ExtensionDigits(Match extension) => extension.Success ? extension.Groups["digits"].Value : null;

    /// <summary>Half-width, without the marks people part digits with; null where another character is in it.</summary>
    private static string? Plain(string raw)
    {
        // Unpaired surrogates make Normalize throw, and no number holds any.
        if (raw.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') >= 0)
        {
            return null;
        }

        var text = raw.Normalize(NormalizationForm.FormKC).Trim();
        if (Exponent().IsMatch(text) && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            // Eleven digits or more were written: nothing was rounded away.
            return text.Count(char.IsAsciiDigit) >= 13 && number == decimal.Truncate(number) ? number.ToString("F0", CultureInfo.InvariantCulture) : null;
        }

        text = TrailingZero().Replace(text, "");
        var plain = Marks().Replace(text, "");
        return Allowed().IsMatch(plain) ? plain : null;
    }

    [GeneratedRegex(@"^1[3-9][0-9]{9}$", RegexOptions.None, 1000)]
    private static partial Regex Mobile();

    // Without its 0 an area code is told by two digits, or by three and a whole number of eight; 86 and 400 begin something else.
    [GeneratedRegex(@"^(0|(?=(10|2[0-57-9])[2-9])|(?!86|[48]00)(?=.{11}$))(?<number>(10|2[0-57-9])[2-9][0-9]{6,7}|[3-9][0-9]{2}[2-9][0-9]{6,7})$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Landline();

    [GeneratedRegex(@"^([48]00[0-9]{7}|95[0-9]{3,6}|96[0-9]{3,4}|1[02][0-9]{3}|1[12][0-9])$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Hotline();

    [GeneratedRegex(@"^1[0-9]{12}$", RegexOptions.None, 1000)]
    private static partial Regex Device();

    [GeneratedRegex(@"^\+[1-9][0-9]{6,14}$", RegexOptions.None, 1000)]
    private static partial Regex Abroad();

    [GeneratedRegex(@"(转|轉|#|x|ext|分机):?(?<digits>[0-9]{1,8})$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Extension();

    // Three digits or more: a shorter end is a slip of the pen, not somebody's desk.
    [GeneratedRegex(@"^(?<number>.*[0-9])\s*[\-‐‑–—]\s*(?<digits>[0-9]{3,6})\s*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DashedExtension();

    [GeneratedRegex(@"^[0-9](\.[0-9]+)?E\+?[0-9]{1,2}$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Exponent();

    [GeneratedRegex(@"\.0$", RegexOptions.None, 1000)]
    private static partial Regex TrailingZero();

    [GeneratedRegex(@"[\s\p{Cf}\-‐‑–—―−_()\.'‘’·•]", RegexOptions.None, 1000)]
    private static partial Regex Marks();

    [GeneratedRegex(@"^\+?[0-9]{3,24}((转|轉|#|x|ext|分机):?[0-9]{1,8})?$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Allowed();
}
