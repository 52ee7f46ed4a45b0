using System.Text;
using System.Text.RegularExpressions;

namespace Huike.Platform.Search;

/// <summary>What of a read address should be looked at.</summary>
public enum AddressDoubt
{
    /// <summary>No division was found.</summary>
    NoDivision = 0,

    /// <summary>Several divisions fit.</summary>
    SeveralDivisions = 1,

    /// <summary>The division goes no further than a province or city.</summary>
    Coarse = 2,

    /// <summary>The name was told by its place alone.</summary>
    Name = 3,

    /// <summary>Nothing follows the division.</summary>
    NoDetail = 4,
}

/// <summary>An address as people paste it, taken apart.</summary>
/// <param name="Name">Whose; null where none is said.</param>
/// <param name="Phone">As it was written; null where none is said.</param>
/// <param name="Postcode">Six digits; null where none is said.</param>
/// <param name="Divisions">The division as deep as it is said; several where the text fits several, none where it fits none.</param>
/// <param name="Detail">What follows the division.</param>
/// <param name="Doubts">What should be looked at.</param>
public sealed record AddressText(string? Name, string? Phone, string? Postcode, IReadOnlyList<Division> Divisions, string Detail, IReadOnlyList<AddressDoubt> Doubts)
{
    private const int Longest = 1_000;
    private const int LongestName = 6;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private static readonly Regex Mobile = new(@"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, Patience);
    private static readonly Regex Landline = new("(?<!\\d)\\(?0\\d{2,3}[-) ]{0,2}\\d{7,8}(?:\\s?[-转]\\s?\\d{1,6})?(?!\\d)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, Patience);
    private static readonly Regex Post = new("(?:邮政编码|邮政編碼|邮编)\\s*:?\\s*(?<of>\\d{6})(?!\\d)|(?<![^\\s])(?<of>\\d{6})(?![^\\s])", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, Patience);
    private static readonly Regex NameLabel = new("(?:收货人姓名|收货人|收件人|联系人|姓名)\\s*:?\\s*(?<of>[^\\s:]{1,30})", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, Patience);
    private static readonly Regex Labels = new("(?:手机号码|手机号|手机|联系电话|联系方式|电话号码|电话|收货地址|收件地址|详细地址|所在地区|公司地址|地址|地区)\\s*:\\s*", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, Patience);
    private static readonly Regex Blanks = new(@"[\s,;、。]+", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, Patience);

    /// <summary>Takes a text apart, in whatever order, width and lines it comes.</summary>
    /// <param name="text">At most a thousand characters of it are read.</param>
    public static AddressText Read(string? text)
    {
        var rest = Normal(text);
        var phone = Take(ref rest, Mobile) ?? Take(ref rest, Landline);
        var postcode = Take(ref rest, Post);
        var name = Take(ref rest, NameLabel);
        var isGuess = name is null;
        var words = Blanks.Split(Labels.Replace(rest, " ")).Where(word => word.Trim(':').Length > 0).Select(word => word.Trim(':')).ToList();
        var (from, until, found) = Place(words);
        // Before the address or behind it, where something short is that is no house.
        if (name is null)
        {
            var at = Enumerable.Range(0, words.Count).Where(i => found is not null && (i < from || i >= until) || found is null && words.Count > 1).FirstOrDefault(i => IsName(words[i]), -1);
            if (at >= 0) { (name, words[at]) = (words[at], ""); }
        }
        var whole = string.Join(' ', words.Skip(from).Where(word => word.Length > 0));
        var detail = found is null ? whole : Joined(words, from)[found.Value.Length..].Trim();
        return Doubting(new(name, phone, postcode, found?.Divisions ?? [], detail, []), isGuess);
    }

    private static AddressText Doubting(AddressText read, bool isGuess)
    {
        var doubts = new List<AddressDoubt>();
        if (read.Divisions.Count == 0) { doubts.Add(AddressDoubt.NoDivision); }
        if (read.Divisions.Count > 1) { doubts.Add(AddressDoubt.SeveralDivisions); }
        if (read.Divisions is [{ Level: < 2 }]) { doubts.Add(AddressDoubt.Coarse); }
        if (read.Name is not null && isGuess) { doubts.Add(AddressDoubt.Name); }
        if (read.Detail.Length == 0) { doubts.Add(AddressDoubt.NoDetail); }
        return read with { Doubts = doubts };
    }

    /// <summary>The words that hold the address: from the one where the deepest division begins; with its end, where a name stands behind it.</summary>
    private static (int From, int Until, (IReadOnlyList<Division> Divisions, int Length)? Found) Place(List<string> words)
    {
        (int From, int Until, (IReadOnlyList<Division> Divisions, int Length)? Found) best = (0, words.Count, null);
        for (var from = 0; from < words.Count; from++)
        {
            var found = DivisionText.Match(Joined(words, from));
            if (found.Length > (best.Found?.Length ?? 0)) { best = (from, words.Count, found); }
        }
        if (best.Found is { } known)
        {
            // Words that the division itself takes, and one more for the house.
            var (until, taken) = (best.From, 0);
            while (until < words.Count && taken < known.Length) { taken += words[until++].Length; }
            best.Until = taken > known.Length ? until : Math.Min(words.Count, until + 1);
        }
        return best;
    }

    private static string Joined(List<string> words, int from) => string.Concat(words.Skip(from));

    private static bool IsName(string word) => word.Length is >= 2 and <= LongestName && word.All(letter => char.IsLetter(letter) && letter > '\u2E7F') && DivisionText.Match(word).Length < word.Length;

    private static string? Take(ref string text, Regex pattern)
    {
        if (pattern.Match(text) is not { Success: true } match) { return null; }
        text = string.Concat(text.AsSpan(0, match.Index), " ", text.AsSpan(match.Index + match.Length));
        return (match.Groups.Values.Skip(1).FirstOrDefault(group => group.Success) ?? match).Value.Trim();
    }

    /// <summary>As it is read: in one width, without half characters, a thousand characters at most.</summary>
    internal static string Normal(string? text)
    {
        var cut = (text ?? "")[..Math.Min(text?.Length ?? 0, Longest)];
        // Half a character at the cut has no normal form.
        if (cut.Length > 0 && char.IsHighSurrogate(cut[^1])) { cut = cut[..^1]; }
        return string.Concat(cut.EnumerateRunes().Where(rune => rune != Rune.ReplacementChar).Select(rune => rune.ToString())).Normalize(NormalizationForm.FormKC);
    }
}
