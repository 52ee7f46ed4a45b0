namespace Huike.Platform.Search;

/// <summary>One way to satisfy a part of a search.</summary>
/// <param name="Token">Letters and digits only, as <see cref="SearchTokens"/> writes them.</param>
/// <param name="IsPrefix">Any token that begins so will do; otherwise only this one.</param>
public readonly record struct SearchTerm(string Token, bool IsPrefix);

/// <summary>What someone typed into a search box, understood: every part must be met by one of its terms.</summary>
public sealed class SearchQuery
{
    private const int MostWords = 12;

    private SearchQuery(List<SearchTerm[]> parts, string? digits) => (Parts, Digits) = (parts, digits);

    /// <summary>All must be met, each by any of its terms. Empty: nothing to search by.</summary>
    public IReadOnlyList<IReadOnlyList<SearchTerm>> Parts { get; }

    /// <summary>Where the whole text is a number of three digits or more: those digits without +86, for a range over phones, their tails and customer numbers; otherwise null.</summary>
    public string? Digits { get; }

    /// <summary>Nothing in the text can be searched by.</summary>
    public bool IsEmpty => Parts.Count == 0;

    /// <summary>
    /// Understands Han text (any part of a name, from one character), pinyin and initials (zhangw, zw, zhang三), other words by their beginning, and numbers by
    /// beginning or tail. Words parted by blanks are looked for each by itself. The legal form at the end of a company's name, whole or begun, is left out.
    /// </summary>
    public static SearchQuery Parse(string text)
    {
        var cut = text.Length <= NameText.Longest ? text : text[..NameText.Longest];
        if (WholeNumber(cut) is { } digits)
        {
            return new SearchQuery([Number(digits)], digits);
        }

        var parts = new List<SearchTerm[]>();
        var words = cut.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        foreach (var word in words.Take(MostWords))
        {
            var runs = NameText.Runs(word);
            for (var i = 0; i < runs.Count; i++)
            {
                var last = i == runs.Count - 1;
                var run = last ? runs[i] with { Text = CompanyName.WithoutLegalForm(runs[i], standsAlone: parts.Count == 0, partly: true) } : runs[i];
                AddRun(parts, run);
            }
        }

        return new SearchQuery(parts, digits: null);
    }

    /// <summary>For <c>MATCH</c> on an FTS5 table, detail=none included. Empty where the query is.</summary>
    public string ToFts5() => string.Join(" AND ", Parts.Select(part =>
        "(" + string.Join(" OR ", part.Select(term => $"\"{term.Token}\"{(term.IsPrefix ? "*" : "")}")) + ")"));

    /// <summary>For <c>@@ …::tsquery</c> on a vector made by <c>array_to_tsvector</c>. Empty where the query is.</summary>
    public string ToTsQuery() => string.Join(" & ", Parts.Select(part =>
        "(" + string.Join(" | ", part.Select(term => $"'{term.Token}'{(term.IsPrefix ? ":*" : "")}")) + ")"));

    /// <summary>Whether tokens made by <see cref="SearchTokens.Of(string?, string?, string?)"/> meet the query; no database needed. An empty query is met by none.</summary>
    public bool Matches(string tokens)
    {
        var all = tokens.Split(' ');
        return !IsEmpty && Parts.All(part => part.Any(term => Array.Exists(all, token =>
            term.IsPrefix ? token.StartsWith(term.Token, StringComparison.Ordinal) : string.Equals(token, term.Token, StringComparison.Ordinal))));
    }

    private static void AddRun(List<SearchTerm[]> parts, NameRun run)
    {
        if (run.Text.Length == 0)
        {
            return;
        }

        if (!run.IsHan)
        {
            parts.Add(run.Text.Length >= 3 && run.Text.All(char.IsAsciiDigit) ? Number(run.Text) : [new SearchTerm(run.Text, IsPrefix: true)]);
            return;
        }

        var at = 0;
        var second = NameText.Next(run.Text, 0);
        if (second >= run.Text.Length)
        {
            parts.Add([new SearchTerm(run.Text, IsPrefix: true)]);
        }

        for (; second < run.Text.Length; at = second, second = NameText.Next(run.Text, second))
        {
            parts.Add([new SearchTerm(run.Text[at..NameText.Next(run.Text, second)], IsPrefix: false)]);
        }
    }

    private static SearchTerm[] Number(string digits)
    {
        SearchTerm[] terms = [new SearchTerm(digits, IsPrefix: true), new SearchTerm(SearchTokens.Backwards(digits), IsPrefix: true)];
        // Landlines are kept without the 0 before the area code.
        return digits is ['0', _, ..] ? [.. terms, new SearchTerm(digits[1..], IsPrefix: true)] : terms;
    }

    /// <summary>The digits of a text that is one number, however it is written (138-0013 8000, ＋86 138…), or null.</summary>
    private static string? WholeNumber(string text)
    {
        if (Phone.Normalise(text) is not null)
        {
            return SearchTokens.National(text);
        }

        var digits = new List<char>(text.Length);
        foreach (var c in text)
        {
            var plain = c is >= '０' and <= '９' ? (char)(c - '０' + '0') : c;
            if (char.IsAsciiDigit(plain))
            {
                digits.Add(plain);
            }
            else if (!char.IsWhiteSpace(plain) && plain is not ('+' or '＋' or '-' or '－' or '(' or ')' or '（' or '）' or '.'))
            {
                return null;
            }
        }

        return digits.Count >= 3 ? string.Concat(digits) : null;
    }
}
