using System.Globalization;

namespace Huike.Platform.Conditions;

/// <summary>A day as conditions write it: yyyy-MM-dd, or counted from today.</summary>
public static class FactDay
{
    internal const int Furthest = 36_500;

    /// <summary>今天.</summary>
    private const string TodayInChinese = "\u4eca\u5929";

    /// <summary>Reads <c>2026-05-01</c>, <c>today</c>, <c>today+7</c>, <c>today-90</c>, and the same with 今天.</summary>
    /// <returns>Null where it is none of these.</returns>
    public static DateOnly? Read(string text, DateOnly today)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) { return day; }
        var rest = text.StartsWith("today", StringComparison.OrdinalIgnoreCase) ? text[5..] : text.StartsWith(TodayInChinese, StringComparison.Ordinal) ? text[2..] : null;
        if (rest is null) { return null; }
        rest = rest.Replace(" ", "", StringComparison.Ordinal).Replace('＋', '+').Replace('－', '-');
        if (rest.Length == 0) { return today; }
        return rest[0] is '+' or '-' && int.TryParse(rest, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var days) && Math.Abs(days) <= Furthest ? today.AddDays(days) : null;
    }

    /// <summary>Month and day as the end of yyyy-MM-dd has them; who was born on 29 February has it on the 28th of other years.</summary>
    public static IReadOnlyList<string> EachYear(DateOnly day)
    {
        var written = day.ToString("-MM-dd", CultureInfo.InvariantCulture);
        return written == "-02-28" && !DateTime.IsLeapYear(day.Year) ? [written, "-02-29"] : [written];
    }
}
