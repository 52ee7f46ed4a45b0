namespace Huike.Platform.Search;

/// <summary>One way to satisfy a part of a search.</summary>
/// <param name="Token">Letters and digits only, as <see cref="SearchTokens"/> writes them.</param>
/// <param name="IsPrefix">Any token that begins so will do; otherwise only this one.</param>
/// <param name="IsPersonal">Finds phones by parts that a mask hides: not for whoever sees them masked.</param>
public readonly record struct SearchTerm(string Token, bool IsPrefix, bool IsPersonal = false);

/// <summary>What someone typed into a search box, understood: every part must be met by one of its terms.</summary>
public sealed class SearchQuery
{
    private const int MostWords = 12;

    /// <summary>A mask shows as many digits of a phone's end.</summary>
    private const int Shown = 4;

    private const int LeastTail = 4;

    /// <summary>A syllable is no longer, nor a single Han character.</summary>
    private const int LongestBroad = 6;

    private SearchQuery(IReadOnlyList<SearchTerm[]> parts, string? digits) => (Parts, Digits) = (parts, digits);

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
                var core = last ? CompanyName.WithoutLegalForm(runs[i], standsAlone: parts.Count == 0, partly: true) : runs[i].Text;
                // What is nearly nothing but the form is looked for as it stands.
                var isKnown = NameText.Next(core, 0) < core.Length || (core.Length == 0 && parts.Count > 0);
                AddRun(parts, isKnown ? runs[i] with { Text = core } : runs[i]);
            }
        }

        return new SearchQuery(parts, digits: null);
    }

    /// <summary>As whoever sees phones masked may ask: phones are found whole or by the four digits that the mask shows.</summary>
    public SearchQuery WithoutPersonal() => new([.. Parts.Select(part => part.Where(term => !term.IsPersonal).ToArray())], Digits);

    /// <summary>With typing errors in its words of four letters and more; null where it has none.</summary>
    public SearchQuery? WithErrors()
    {
        var isNear = Parts.Select(part => part is [{ IsPrefix: true } word] && SearchTokens.HasNear(word.Token)).ToList();
        return !isNear.Contains(true) ? null
            : new([.. Parts.Select((part, i) => isNear[i] ? [part[0], .. SearchTokens.Neighbours(part[0].Token).Select(near => new SearchTerm(near, IsPrefix: false))] : part.ToArray())], Digits);
    }

    /// <summary>
    /// The parts by which few are found, where the others begin hundred thousands of tokens (何 0863, zhang伟明): a database that gathers all of them finds more quickly by these,
    /// and looks whether the whole is met at what it found. Null where that is no help.
    /// </summary>
    public SearchQuery? Selective()
    {
        var few = Parts.Where(part => part[0].Token is var token && (part.Count > 1 ? token.Count(char.IsAsciiDigit) >= LeastTail : !part[0].IsPrefix && Parts.Count == 2)).Select(part => part.ToArray()).ToList();
        return few.Count > 0 && few.Count < Parts.Count && Parts.Any(IsBroad) ? new(few, Digits) : null;

        static bool IsBroad(IReadOnlyList<SearchTerm> part) => part is [{ IsPrefix: true } begun] && begun.Token.Length <= LongestBroad;
    }

    /// <summary>For <c>MATCH</c> on an FTS5 table, detail=none included. Empty where the query is.</summary>
    /// <param name="inSample">Only among the rows of the sample (<see cref="SearchTokens.Kept"/>).</param>
    public string ToFts5(bool inSample = false) => string.Join(" AND ", Parts.Select(part =>
        "(" + string.Join(" OR ", part.Select(term => $"\"{Marked(term, inSample)}\"{(term.IsPrefix ? "*" : "")}")) + ")"));

    /// <summary>For <c>@@ …::tsquery</c> on a vector made by <c>array_to_tsvector</c>. Empty where the query is.</summary>
    /// <param name="inSample">Only among the rows of the sample (<see cref="SearchTokens.Kept"/>).</param>
    public string ToTsQuery(bool inSample = false) => string.Join(" & ", Parts.Select(part =>
        "(" + string.Join(" | ", part.Select(term => $"'{Marked(term, inSample)}'{(term.IsPrefix ? ":*" : "")}")) + ")"));

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
            parts.Add(run.Text.All(char.IsAsciiDigit) ? Number(run.Text) : run.Text.Any(char.IsAsciiDigit) ? Code(run.Text) : [new SearchTerm(run.Text, IsPrefix: true)]);
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

    private static string Marked(SearchTerm term, bool inSample) => inSample ? SearchTokens.InSample + term.Token : term.Token;

    private static SearchTerm[] Number(string digits)
    {
        List<SearchTerm> terms = [new(digits, IsPrefix: true, IsPersonal: true), new(SearchTokens.Open + digits, IsPrefix: true)];
        if (digits.Length >= 3)
        {
            terms.Add(new(SearchTokens.Backwards(digits), IsPrefix: true, IsPersonal: digits.Length != Shown));
            terms.Add(new(SearchTokens.Open + SearchTokens.Backwards(digits), IsPrefix: true));
        }

        if (digits.Length >= SearchTokens.LeastInner)
        {
            terms.Add(new(SearchTokens.Inner + digits, IsPrefix: true, IsPersonal: true));
            terms.Add(new(digits.TrimStart('0'), IsPrefix: false));
        }

        // Landlines are kept without the 0 before the area code.
        if (digits is ['0', _, ..])
        {
            terms.Add(new(digits[1..], IsPrefix: true, IsPersonal: true));
        }

        return [.. terms.Where(term => term.Token.Length > 0)];
    }

    /// <summary>Letters and digits: a customer number, a credit code, a name such as 3m; or the end of one.</summary>
    private static SearchTerm[] Code(string text)
    {
        SearchTerm[] terms = [new(text, IsPrefix: true), new(SearchTokens.Open + text, IsPrefix: true)];
        return text.Length >= LeastTail ? [.. terms, new(SearchTokens.Open + SearchTokens.Backwards(text), IsPrefix: true)] : terms;
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
