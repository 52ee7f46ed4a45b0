namespace Huike.Platform.Search;

/// <summary>
/// What a customer can be found by, as tokens for FTS5 (unicode61) or <c>array_to_tsvector</c>: every pair of neighbouring Han characters and
/// the last one of a run, full pinyin and initials (from the start, and from where a given name or a company's own name begins),
/// other words, and numbers forwards and backwards. No token holds a blank or a mark. Letters of Bopomofo, which no one types, stand before tokens of a kind.
/// </summary>
public static class SearchTokens
{
    /// <summary>Stands before a number written backwards, for searches by its tail; no one types this letter (Bopomofo er).</summary>
    internal const char Tail = 'ㄦ';

    /// <summary>Stands before what is no phone but has digits: customer numbers, codes, words such as 3m. Whoever sees phones masked searches digits by these.</summary>
    internal const char Open = 'ㄋ';

    /// <summary>Stands before a phone from its second digit on, its third …: searches by seven digits within it.</summary>
    internal const char Inner = 'ㄇ';

    /// <summary>Stands before a word of letters as it is and with each one of its letters left out: searches with typing errors.</summary>
    internal const char Near = 'ㄊ';

    /// <summary>Stands before each token of the sample once more.</summary>
    internal const char InSample = 'ㄅ';

    /// <summary>One in so many is in the sample.</summary>
    internal const int SampleOf = 32;

    /// <summary>Fewer digits are not looked for within a phone.</summary>
    internal const int LeastInner = 7;

    private const int MostCombinations = 4;
    private const int LeastNear = 4;
    private const int MostNear = 24;
    private const int LongestText = 4_000;

    /// <summary>The tokens of one customer, parted by single blanks, each once.</summary>
    /// <param name="name">The name; null or empty: none. Characters after the 400th are ignored.</param>
    /// <param name="phone">A number in any form, best as <see cref="Phone.Normalise"/> gives it; null: none.</param>
    /// <param name="number">The customer number; null: none.</param>
    public static string Of(string? name, string? phone = null, string? number = null) =>
        Of(name is null ? [] : [name], phone is null ? [] : [phone], number is null ? [] : [number]);

    /// <summary>The tokens of one customer with all names (former ones, contacts), phones and numbers (credit code, card) that it goes by.</summary>
    public static string Of(IEnumerable<string> names, IEnumerable<string> phones, IEnumerable<string> numbers)
    {
        var tokens = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            AddName(tokens, name);
        }

        foreach (var phone in phones)
        {
            AddPhone(tokens, National(phone));
        }

        foreach (var number in numbers)
        {
            var written = string.Concat(NameText.Runs(number).Select(run => run.Text));
            if (written.Length is > 0 and <= NameText.Longest)
            {
                tokens.Add(Open + written);
                tokens.Add(Open + Backwards(written));
            }
        }

        return string.Join(' ', tokens);
    }

    /// <summary>The tokens of running text, such as a note: pairs of Han characters, words, numbers forwards and backwards. Characters after the 4,000th are ignored.</summary>
    public static string OfText(string text)
    {
        var tokens = new HashSet<string>(StringComparer.Ordinal);
        foreach (var run in NameText.Runs(text, LongestText))
        {
            if (run.IsHan)
            {
                AddPairs(tokens, run.Text);
                continue;
            }

            var word = run.Text.Length <= NameText.Longest ? run.Text : run.Text[..NameText.Longest];
            tokens.Add(word);
            if (word.Any(char.IsAsciiDigit))
            {
                tokens.Add(Backwards(word));
            }
        }

        return string.Join(' ', tokens);
    }

    /// <summary>
    /// The tokens as a row of this id keeps them. One row in <see cref="SampleOf"/> keeps them twice: a search that finds enough in the sample needs not gather the hundred
    /// thousands that a common word has (<see cref="SearchQuery.ToTsQuery"/>).
    /// </summary>
    public static string Kept(long id, string tokens) =>
        id % SampleOf == 0 && tokens.Length > 0 ? $"{tokens} {InSample}{tokens.Replace(" ", " " + InSample, StringComparison.Ordinal)}" : tokens;

    /// <summary>Whether typing errors in it are looked for: letters alone, neither few nor very many.</summary>
    internal static bool HasNear(string word) => word.Length is >= LeastNear and <= MostNear && word.All(char.IsLetter) && !word.EnumerateRunes().Any(NameText.IsHan);

    /// <summary>
    /// The word as it is and with each of its letters left out. Two words of which one has a letter wrong, too many, too few or two of them changed about share one of these.
    /// </summary>
    internal static IEnumerable<string> Neighbours(string word) =>
        Enumerable.Range(0, word.Length).Select(i => Near + word.Remove(i, 1)).Prepend(Near + word).Distinct();

    /// <summary>The number as people here type it: digits only, +86 away (a landline then begins with its area code, without 0).</summary>
    internal static string National(string phone)
    {
        var e164 = Phone.Normalise(phone)?.Number ?? phone;
        var digits = string.Concat(e164.Where(char.IsAsciiDigit));
        return e164.StartsWith("+86", StringComparison.Ordinal) ? digits[2..] : digits;
    }

    internal static string Backwards(string number)
    {
        Span<char> turned = stackalloc char[Math.Min(number.Length, NameText.Longest) + 1];
        turned[0] = Tail;
        for (var i = 1; i < turned.Length; i++)
        {
            turned[i] = number[^i];
        }

        return new string(turned);
    }

    private static void AddName(HashSet<string> tokens, string name)
    {
        var runs = NameText.Runs(name);
        var person = Pinyin.IsPerson(runs);
        var spoken = new List<(bool IsHan, string[] Readings)>();
        for (var i = 0; i < runs.Count; i++)
        {
            var text = i == runs.Count - 1 ? CompanyName.WithoutLegalForm(runs[i], standsAlone: i == 0, partly: false) : runs[i].Text;
            if (text.Length == 0)
            {
                continue;
            }

            if (runs[i].IsHan)
            {
                // With the legal form: somebody may type its end (限公司).
                AddPairs(tokens, runs[i].Text);
            }
            else
            {
                tokens.Add(text);
                if (HasNear(text))
                {
                    tokens.UnionWith(Neighbours(text));
                }
                else if (text.Any(char.IsAsciiDigit))
                {
                    tokens.Add(Open + text);
                }
            }

            spoken.AddRange(Pinyin.Spoken(runs[i] with { Text = text }, person).Select(s => (runs[i].IsHan, s.Readings)));
        }

        AddSounds(tokens, spoken);
        if (person && spoken.Count > 2)
        {
            // The surname in full and the given name by its initials, as people type on a keyboard: zhangwm.
            tokens.UnionWith(spoken[0].Readings.Select(surname => surname + string.Concat(spoken.Skip(1).Select(one => one.Readings[0][..NameText.Next(one.Readings[0], 0)]))));
        }
    }

    /// <summary>Every pair, and the last character alone: one character is then found as the beginning of a token.</summary>
    private static void AddPairs(HashSet<string> tokens, string han)
    {
        for (var at = 0; at < han.Length;)
        {
            var second = NameText.Next(han, at);
            tokens.Add(second < han.Length ? han[at..NameText.Next(han, second)] : han[at..]);
            at = second;
        }
    }

    private static void AddSounds(HashSet<string> tokens, List<(bool IsHan, string[] Readings)> spoken)
    {
        // A short name from each of its characters on (given names); a long one after a place of two or three, where a company's own name begins.
        var starts = spoken.Count <= 4 ? spoken.Count : Math.Min(4, spoken.Count);
        for (var start = 0; start < starts; start++)
        {
            if (start == 1 && spoken.Count > 4)
            {
                continue;
            }

            foreach (var (full, initials) in Pinyin.Combine(start == 0 ? spoken : spoken[start..], start == 0 ? MostCombinations : 2))
            {
                tokens.Add(full);
                // A single initial is the beginning of its syllable anyway.
                if (initials.Length > 1)
                {
                    tokens.Add(initials);
                }
            }
        }
    }

    private static void AddPhone(HashSet<string> tokens, string digits)
    {
        if (digits.Length is 0 or > NameText.Longest)
        {
            return;
        }

        tokens.Add(digits);
        tokens.Add(Backwards(digits));
        // Its last seven are its tail.
        for (var at = 1; at < digits.Length - LeastInner; at++)
        {
            tokens.Add(Inner + digits[at..]);
        }
    }
}
