using System.Globalization;
using System.Text.RegularExpressions;

namespace Huike.Platform.Numbering;

/// <summary>How the numbers of a series look: <c>C{0000000}</c>, <c>KH-{yyyy}{MM}-{0000}</c>. The count begins anew with each day, month or year that stands in it.</summary>
public sealed partial record NumberPattern
{
    /// <summary>Longest pattern.</summary>
    public const int Longest = 40;

    private readonly string digits;

    private NumberPattern(string text, string digits) => (Text, this.digits) = (text, digits);

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>Reads a pattern.</summary>
    /// <returns>Null where it is none: one count of 1–12 zeros in braces, any of {yyyy} {yy} {MM} {dd}, letters, digits and <c>- / _ .</c> between; a month needs a year, a day a month.</returns>
    public static NumberPattern? Read(string text)
    {
        if (text.Length is 0 or > Longest || !Whole().IsMatch(text)) { return null; }
        var counts = Count().Matches(text);
        var (year, month, day) = (text.Contains("{yy", StringComparison.Ordinal), text.Contains("{MM}", StringComparison.Ordinal), text.Contains("{dd}", StringComparison.Ordinal));
        return counts.Count != 1 || (month && !year) || (day && !month) ? null : new(text, counts[0].Value);
    }

    /// <summary>What the count belongs to on a day; empty: it goes on for ever.</summary>
    public string PeriodOf(DateOnly day) => Text.Contains("{dd}", StringComparison.Ordinal) ? Of(day, "yyyyMMdd") : Text.Contains("{MM}", StringComparison.Ordinal) ? Of(day, "yyyyMM") : Text.Contains("{yy", StringComparison.Ordinal) ? Of(day, "yyyy") : "";

    /// <summary>A number of the series; a count that outgrows its zeros gets longer.</summary>
    public string Format(DateOnly day, long count) => Text.Replace(digits, count.ToString("D" + (digits.Length - 2).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("{yyyy}", Of(day, "yyyy"), StringComparison.Ordinal).Replace("{yy}", Of(day, "yy"), StringComparison.Ordinal).Replace("{MM}", Of(day, "MM"), StringComparison.Ordinal).Replace("{dd}", Of(day, "dd"), StringComparison.Ordinal);

    private static string Of(DateOnly day, string form) => day.ToString(form, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?:[\p{L}\p{Nd}\-/_.]|\{yyyy\}|\{yy\}|\{MM\}|\{dd\}|\{0{1,12}\})+$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Whole();

    [GeneratedRegex(@"\{0{1,12}\}", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Count();
}
