using System.Globalization;
using System.Text.Json;
using Huike.Ui;

namespace Huike.Platform.Calendar;

/// <summary>
/// A year's list as the public holiday-cn files hold it: <c>{"year": 2026, "days": [{"name": "…", "date": "2026-01-01", "isOffDay": true}]}</c>.
/// Days of the year before and after may be among them: a notice reaches over New Year.
/// </summary>
internal static class HolidayFile
{
    /// <summary>Largest file, in bytes.</summary>
    public const int Largest = 256 << 10;

    private const int MostDays = 200;
    private const int LongestName = 100;

    private static readonly string[] Festivals = ["new-year", "spring", "qingming", "labour", "dragon-boat", "mid-autumn", "national"];

    private sealed record ListedYear(int? Year, List<ListedDay?>? Days);

    private sealed record ListedDay(string? Name, string? Date, bool? IsOffDay);

    /// <exception cref="RuleException"><c>calendar.file.unreadable</c>; <c>calendar.file.day</c>: a day that is none, of another year, or there twice.</exception>
    public static (int Year, IReadOnlyList<SpecialDay> Days) Read(ReadOnlySpan<byte> json)
    {
        var list = Parse(json);
        if (list is not { Year: >= 1990 and <= WorkingTime.LastYear, Days: { Count: > 0 and <= MostDays } }) { throw new RuleException("calendar.file.unreadable"); }
        var days = new SortedDictionary<DateOnly, SpecialDay>();
        foreach (var day in list.Days)
        {
            if (day is not { IsOffDay: { } isOff, Name.Length: <= LongestName } || CalendarForm.Day(day.Date) is not { } on || Math.Abs(on.Year - list.Year.Value) > 1 || day.Name.Contains('\0', StringComparison.Ordinal)
                || !days.TryAdd(on, new(on, isOff ? SpecialDayKind.Holiday : SpecialDayKind.MakeUp, Named(day.Name)) { Source = SpecialDaySource.List, ListYear = list.Year.Value }))
            {
                throw new RuleException("calendar.file.day", day?.Date is { Length: > 0 and < 40 } said ? said : "?");
            }
        }
        return (list.Year.Value, [.. days.Values]);
    }

    private static ListedYear? Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<ListedYear>(json is [0xEF, 0xBB, 0xBF, ..] ? json[3..] : json, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Festivals by their own names, so that they can be told in any language; other names stay.</summary>
    private static string Named(string name)
    {
        var chinese = TextCatalog.For("zh-CN");
        var parts = name.Split('、').Select(part => Festivals.FirstOrDefault(festival => chinese["calendar.festival." + festival] == part)).ToList();
        return parts.Contains(null) ? name : string.Join('+', parts);
    }
}
