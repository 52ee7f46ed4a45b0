using System.Globalization;
using System.Text;

namespace Huike.Statistics.Matching;

/// <summary>Texts as they are compared: without case, accents, full-width forms and punctuation, and cut into words.</summary>
public static class Words
{
    /// <summary>The text folded: NFKC, lower case, without accents, runs of anything but letters and digits as one blank; empty for one that holds neither.</summary>
    /// <param name="text">Any text; null is empty.</param>
    public static string Fold(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) { return ""; }
        if (!text.IsNormalized(NormalizationForm.FormKD)) { text = Whole(text).Normalize(NormalizationForm.FormKD); }
        var folded = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            if (char.IsLetterOrDigit(letter)) { folded.Append(char.ToLowerInvariant(letter)); }
            else if (letter is not ('\'' or '\u2019') && folded.Length > 0 && folded[^1] != ' ' && CharUnicodeInfo.GetUnicodeCategory(letter) != UnicodeCategory.NonSpacingMark) { folded.Append(' '); }
        }
        return folded.ToString().TrimEnd();
    }

    /// <summary>Letters and digits of the folded text without blanks between: an identifier as it is compared.</summary>
    /// <param name="text">Any text; null is empty.</param>
    public static string Join(string? text) => Fold(text).Replace(" ", "", StringComparison.Ordinal);

    /// <summary>The words of a folded text: what stands between blanks, a run of Chinese characters as its pairs of neighbours (a single one as itself).</summary>
    /// <param name="folded">What <see cref="Fold"/> made.</param>
    public static IEnumerable<string> Of(string folded)
    {
        ArgumentNullException.ThrowIfNull(folded);
        var start = 0;
        for (var i = 0; i <= folded.Length; i++)
        {
            if (i < folded.Length && folded[i] != ' ' && (i == start || IsChinese(folded[i]) == IsChinese(folded[start]))) { continue; }
            if (i > start && IsChinese(folded[start]) && i - start > 1)
            {
                for (var j = start; j < i - 1; j++) { yield return folded.Substring(j, 2); }
            }
            else if (i > start) { yield return folded[start..i]; }
            start = i < folded.Length && folded[i] == ' ' ? i + 1 : i;
        }
    }

    /// <summary>Whether a letter is a Chinese character of the basic plane.</summary>
    /// <param name="letter">Any.</param>
    public static bool IsChinese(char letter) => letter is >= '\u3400' and <= '\u9fff' or >= '\uf900' and <= '\ufaff';

    /// <summary>Half of a surrogate pair can't be normalised.</summary>
    private static string Whole(string text) => text.Any(char.IsSurrogate) ? new string([.. text.Where(letter => !char.IsSurrogate(letter))]) : text;
}
