using System.Globalization;
using System.Text;
using Huike.Platform.Data;

namespace Huike.Platform.Search;

/// <summary>
/// Words looked for anywhere in a text: within other words too, and letters in either case. Both databases find what <see cref="StringComparison.OrdinalIgnoreCase"/> finds, whatever
/// their collation. For rows that are narrowed down otherwise: no index helps.
/// </summary>
public static class Within
{
    /// <summary>More are not looked for.</summary>
    public const int MostWords = 8;

    /// <summary>The words of what somebody typed; none of nothing.</summary>
    /// <param name="typed">Parted by blanks and by what can't be seen; words after the eighth are ignored.</param>
    public static IReadOnlyList<string> Words(string? typed) =>
        [.. string.Concat((typed ?? "").Select(letter => char.IsControl(letter) ? ' ' : letter)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.OrdinalIgnoreCase).Take(MostWords)];

    /// <summary>The condition that a column contains the word of a parameter that holds <see cref="Pattern"/>.</summary>
    /// <param name="kind">Which database.</param>
    /// <param name="column">SQL of a text; null contains nothing.</param>
    /// <param name="parameter">Its name.</param>
    public static string Sql(DatabaseKind kind, string column, string parameter) => kind == DatabaseKind.Postgres ? $"{column} ~ @{parameter}" : $"{column} glob @{parameter}";

    /// <summary>The word as the database compares it.</summary>
    public static string Pattern(DatabaseKind kind, string word)
    {
        var pattern = new StringBuilder();
        foreach (var rune in word.EnumerateRunes())
        {
            var cases = new[] { Rune.ToLowerInvariant(rune), Rune.ToUpperInvariant(rune) }.Distinct().ToList();
            pattern.Append(cases.Count > 1 ? $"[{string.Concat(cases)}]" : kind == DatabaseKind.Postgres ? Literal(rune) : rune.Value is '*' or '?' or '[' ? $"[{rune}]" : rune.ToString());
        }
        return kind == DatabaseKind.Postgres ? pattern.ToString() : $"*{pattern}*";
    }

    private static string Literal(Rune rune) => rune.IsAscii && !Rune.IsLetterOrDigit(rune) ? string.Create(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}") : rune.ToString();
}
