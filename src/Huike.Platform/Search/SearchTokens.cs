namespace Huike.Platform.Search;

/// <summary>
/// What a customer can be found by, as tokens for FTS5 (unicode61) or <c>array_to_tsvector</c>: every pair of neighbouring Han characters and
/// the last one of a run, full pinyin and initials (from the start, and from where a given name or a company's own name begins),
/// other words, and numbers forwards and backwards. No token holds a blank or a mark.
/// </summary>
public static class SearchTokens
{
    /// <summary>Stands before a number written backwards, for searches by its tail; no one types this letter (Bopomofo er).</summary>
    internal const char Tail = 'ㄦ';

    private const int MostCombinations = 4;

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
            AddNumber(tokens, National(phone));
        }

        foreach (var number in numbers)
        {
            AddNumber(tokens, string.Concat(NameText.Runs(number).Select(run => run.Text)));
        }

        return string.Join(' ', tokens);
    }

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
                AddPairs(tokens, text);
            }
            else
            {
                tokens.Add(text);
            }

            spoken.AddRange(Pinyin.Spoken(runs[i] with { Text = text }, person).Select(s => (runs[i].IsHan, s.Readings)));
        }

        AddSounds(tokens, spoken);
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

    private static void AddNumber(HashSet<string> tokens, string number)
    {
        if (number.Length is > 0 and <= NameText.Longest)
        {
            tokens.Add(number);
            tokens.Add(Backwards(number));
        }
    }
}
