using System.Globalization;
using System.Text;
using System.Text.Json;
using Huike.Platform;
using Huike.Platform.Calendar;
using Xunit;

namespace Huike.UnitTests.Platform.Calendar;

/// <summary>Lists of holidays against the public ones.</summary>
public sealed class HolidayTests
{
    private static readonly int[] AllYears = [.. Enumerable.Range(2007, 20)];

    private static byte[] Published(int year) => File.ReadAllBytes(SharedFolder.File("cn_holidays", $"{year}.json"));

    [Theory]
    [InlineData(2019, 250)]
    [InlineData(2020, 249)]
    [InlineData(2021, 250)]
    [InlineData(2022, 249)]
    [InlineData(2023, 249)]
    [InlineData(2024, 251)]
    [InlineData(2025, 248)]
    [InlineData(2026, 248)]
    public void A_year_has_as_many_working_days_as_its_published_list_says(int year, int workingDays)
    {
        var lists = AllYears.Select(one => HolidayFile.Read(Published(one))).ToList();
        var time = new WorkingTime(WeeklyHours.Parse("1-5 09:00-18:00"), new SpecialDays(lists.SelectMany(list => list.Days), AllYears.ToHashSet()), TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai"));
        var counted = Days(year).Count(day => time.On(day).Count > 0);
        Assert.Equal(CountedFromTheFiles(year), counted);
        Assert.Equal(workingDays, counted);
        Assert.Equal(new(year, 12, 31), Days(year).Last());
        Assert.Equal(TimeSpan.FromHours(9 * workingDays), time.Between(new(year, 1, 1, 0, 0, 0, TimeSpan.FromHours(8)), new(year + 1, 1, 1, 0, 0, 0, TimeSpan.FromHours(8))));
    }

    [Theory]
    [InlineData(2024)]
    [InlineData(2025)]
    [InlineData(2026)]
    public void The_days_that_come_with_the_program_are_those_of_the_published_list(int year)
    {
        static string Told(SpecialDay day) => $"{day.Day:yyyy-MM-dd} {day.Kind} {day.Name}";
        Assert.Equal(HolidayFile.Read(Published(year)).Days.Select(Told), Notices.Years[year].Select(Told));
    }

    [Fact]
    public void Computed_days_were_free_in_every_published_year()
    {
        var free = AllYears.SelectMany(year => HolidayFile.Read(Published(year)).Days).Where(day => day.Kind == SpecialDayKind.Holiday).Select(day => day.Day).ToHashSet();
        // Before 2014 Spring Festival was free from its eve to the second day.
        Assert.Equal([], AllYears.Where(year => year >= 2014).SelectMany(Statutory.Of).Where(day => !free.Contains(day.Day) && day.Day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday)));
    }

    [Fact]
    public void Of_an_unknown_year_the_law_names_the_days()
    {
        Assert.Equal(["01-01 new-year", "02-05 spring", "02-06 spring", "02-07 spring", "02-08 spring", "04-05 qingming", "05-01 labour", "05-02 labour", "06-09 dragon-boat", "09-15 mid-autumn", "10-01 national", "10-02 national", "10-03 national"],
            Statutory.Of(2027).Select(day => $"{day.Day.ToString("MM-dd", CultureInfo.InvariantCulture)} {day.Name}"));
        // 2028 has a leap fifth month, and Mid-Autumn in 2031 is on 1 October.
        Assert.Equal(("2028-05-28", "2028-10-03"), (On(2028, "dragon-boat"), On(2028, "mid-autumn")));
        Assert.Equal("2031-10-01", On(2031, "mid-autumn"));
        Assert.Empty(Statutory.Of(2100));
        Assert.All(Enumerable.Range(1949, 151), year => Assert.InRange(Statutory.Of(year).Count(), 9, 13));
    }

    [Theory]
    [InlineData("", "calendar.file.unreadable")]
    [InlineData("[]", "calendar.file.unreadable")]
    [InlineData("null", "calendar.file.unreadable")]
    [InlineData("""{"year":2027,"days":[]}""", "calendar.file.unreadable")]
    [InlineData("""{"year":99999,"days":[{"name":"a","date":"2027-01-01","isOffDay":true}]}""", "calendar.file.unreadable")]
    [InlineData("""{"year":2027,"days":[null]}""", "calendar.file.day")]
    [InlineData("""{"year":2027,"days":[{"name":"a","date":"2027-02-30","isOffDay":true}]}""", "calendar.file.day")]
    [InlineData("""{"year":2027,"days":[{"name":"a","date":"2030-01-01","isOffDay":true}]}""", "calendar.file.day")]
    [InlineData("""{"year":2027,"days":[{"name":"a","date":"2027-01-01"}]}""", "calendar.file.day")]
    [InlineData("""{"year":2027,"days":[{"date":"2027-01-01","isOffDay":true}]}""", "calendar.file.day")]
    [InlineData("""{"year":2027,"days":[{"name":"a","date":"2027-01-01","isOffDay":true},{"name":"b","date":"2027-01-01","isOffDay":false}]}""", "calendar.file.day")]
    [InlineData("""{"year":2027,"days":[{"name":"\ud800","date":"2027-01-01","isOffDay":true}]}""", "calendar.file.unreadable")]
    public void What_is_no_list_is_refused(string json, string code) => Assert.Equal(code, Assert.Throws<RuleException>(() => HolidayFile.Read(Encoding.UTF8.GetBytes(json))).Code);

    private static string On(int year, string festival) => Statutory.Of(year).Single(day => day.Name.Split('+').Contains(festival)).Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static IEnumerable<DateOnly> Days(int year) => Enumerable.Range(0, new DateOnly(year, 12, 31).DayOfYear).Select(new DateOnly(year, 1, 1).AddDays);

    private static int CountedFromTheFiles(int year)
    {
        var off = new Dictionary<string, bool>();
        foreach (var one in AllYears)
        {
            foreach (var day in JsonElement.Parse(Published(one)).GetProperty("days").EnumerateArray()) { off[day.GetProperty("date").GetString()!] = day.GetProperty("isOffDay").GetBoolean(); }
        }
        return Days(year).Count(day => off.TryGetValue(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), out var free) ? !free : day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday));
    }
}
