using System.Globalization;
using System.Text;

namespace Huike.Platform.Search;

/// <summary>A stretch of a name in one kind of writing: Han characters without gaps, or one word of other letters and digits.</summary>
internal readonly record struct NameRun(bool IsHan, string Text);

/// <summary>Names as people write them, made comparable: half-width, lower case, Latin without accents, marks dropped.</summary>
internal static class NameText
{
    /// <summary>Characters of a name that are looked at; what comes after is ignored, so hostile input stays cheap.</summary>
    internal const int Longest = 400;

    private static readonly Dictionary<char, string> NotDecomposed = new()
    {
        ['ß'] = "ss",
        ['æ'] = "ae",
        ['œ'] = "oe",
        ['ø'] = "o",
        ['đ'] = "d",
        ['ð'] = "d",
        ['ł'] = "l",
        ['þ'] = "th",
        ['ı'] = "i",
    };

    /// <summary>
    /// The runs of a name, in order. Blanks and marks between Han characters vanish (张 伟 is 张伟); between other
    /// words they part. An apostrophe joins (o'brien is obrien, xi'an is xian).
    /// </summary>
    internal static List<NameRun> Runs(string text, int longest = Longest)
    {
        var runs = new List<NameRun>(4);
        var run = new StringBuilder();
        var runIsHan = false;
        var gap = false;
        foreach (var rune in Folded(text, longest).EnumerateRunes())
        {
            var han = IsHan(rune);
            if (!han && !Rune.IsLetterOrDigit(rune))
            {
                gap |= rune.Value is not ('\'' or '’' or '·');
                continue;
            }

            if (run.Length > 0 && (han != runIsHan || (gap && !han)))
            {
                runs.Add(new NameRun(runIsHan, run.ToString()));
                run.Clear();
            }

            runIsHan = han;
            gap = false;
            AppendFolded(run, rune);
        }

        if (run.Length > 0)
        {
            runs.Add(new NameRun(runIsHan, run.ToString()));
        }

        return runs;
    }

    internal static bool IsHan(Rune rune) => rune.Value is (>= 0x3400 and <= 0x9FFF and not (>= 0x4DC0 and <= 0x4DFF))
        or 0x3007 or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x323AF);

    /// <summary>Where the next character begins: two units on for one beyond the first plane.</summary>
    internal static int Next(string text, int at) => at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]) ? at + 2 : at + 1;

    /// <summary>Compatibility forms to plain ones (full-width to half-width, ligatures); unpaired surrogates become U+FFFD.</summary>
    private static string Folded(string text, int longest)
    {
        var cut = text.Length <= longest ? text : text[..longest];
        if (cut.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') >= 0)
        {
            var whole = new StringBuilder(cut.Length);
            foreach (var rune in cut.EnumerateRunes())
            {
                whole.Append(rune.ToString());
            }

            cut = whole.ToString();
        }

        return cut.Normalize(NormalizationForm.FormKC);
    }

    private static void AppendFolded(StringBuilder run, Rune rune)
    {
        var lower = Rune.ToLowerInvariant(rune);
        if (lower.Value < 0x80 || !(lower.Value < 0x250 || lower.Value is >= 0x1E00 and <= 0x1EFF))
        {
            run.Append(lower.ToString());
        }
        else if (NotDecomposed.TryGetValue((char)lower.Value, out var plain))
        {
            run.Append(plain);
        }
        else
        {
            foreach (var c in lower.ToString().Normalize(NormalizationForm.FormD))
            {
                if (CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark)
                {
                    run.Append(c);
                }
            }
        }
    }
}
