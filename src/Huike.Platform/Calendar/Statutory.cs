using System.Collections.Concurrent;
using System.Globalization;

namespace Huike.Platform.Calendar;

/// <summary>法定节假日: the days that the law names (全国年节及纪念日放假办法, as amended in 2013 and 2024), without what the yearly notice adds and takes by make-up days.</summary>
internal static class Statutory
{
    /// <summary>First year under the amendment of 2024: the eve of Spring Festival and 2 May are free too.</summary>
    private const int Amended = 2025;

    private static readonly ChineseLunisolarCalendar Lunar = new();
    private static readonly ConcurrentDictionary<int, Dictionary<DateOnly, SpecialDay>> Years = new();

    /// <summary>The day, where it is one of them.</summary>
    public static SpecialDay? On(DateOnly day) => Table(day.Year).GetValueOrDefault(day);

    /// <summary>Those of a year from 1949 to 2099, in order; none of other years.</summary>
    public static IEnumerable<SpecialDay> Of(int year) => Table(year).Values.OrderBy(day => day.Day);

    private static Dictionary<DateOnly, SpecialDay> Table(int year) => year is < 1949 or > 2099 ? [] : Years.GetOrAdd(year, Compute);

    private static Dictionary<DateOnly, SpecialDay> Compute(int year)
    {
        var days = new Dictionary<DateOnly, SpecialDay>();
        void Add(string name, DateOnly first, int count)
        {
            for (var day = first; day < first.AddDays(count); day = day.AddDays(1))
            {
                days[day] = new(day, SpecialDayKind.Holiday, days.TryGetValue(day, out var other) ? $"{other.Name}+{name}" : name) { Source = SpecialDaySource.Computed };
            }
        }
        Add("new-year", new(year, 1, 1), 1);
        Add("spring", LunarDay(year, 1, 1).AddDays(year >= Amended ? -1 : 0), year >= Amended ? 4 : 3);
        Add("qingming", new(year, 4, Qingming(year)), 1);
        Add("labour", new(year, 5, 1), year >= Amended ? 2 : 1);
        Add("dragon-boat", LunarDay(year, 5, 5), 1);
        Add("national", new(year, 10, 1), 3);
        Add("mid-autumn", LunarDay(year, 8, 15), 1);
        return days;
    }

    /// <summary>A leap month repeats the one before it and shifts all that follow.</summary>
    private static DateOnly LunarDay(int year, int month, int day)
    {
        var leap = Lunar.GetLeapMonth(year);
        return DateOnly.FromDateTime(Lunar.ToDateTime(year, leap > 0 && month >= leap ? month + 1 : month, day, 0, 0, 0, 0));
    }

    /// <summary>Day of April on which the sun reaches 15°, by the usual formula (寿星公式): right from 1949 to 2099 but for two years long past.</summary>
    private static int Qingming(int year) => (year % 100 * 2_422 + (year < 2000 ? 55_900 : 48_100)) / 10_000 - year % 100 / 4;
}
