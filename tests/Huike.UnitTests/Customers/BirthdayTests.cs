using System.Globalization;
using Huike.Customers.People;
using Huike.Platform;

namespace Huike.UnitTests.Customers;

/// <summary>Birthdays by the solar and the lunar calendar.</summary>
public sealed class BirthdayTests
{
    [Theory]
    [InlineData(false, 5, 12, false, "2026-05-12", "2026-05-12")]
    [InlineData(false, 5, 12, false, "2026-05-13", "2027-05-12")]
    [InlineData(false, 2, 29, false, "2026-02-01", "2026-02-28")]
    [InlineData(false, 2, 29, false, "2028-02-01", "2028-02-29")]
    [InlineData(true, 1, 1, false, "2026-01-01", "2026-02-17")]
    [InlineData(true, 8, 15, false, "2025-10-07", "2026-09-25")]
    [InlineData(true, 8, 15, false, "2026-09-26", "2027-09-15")]
    // Eve of the new year: of 30 days in one year, of 29 in the next.
    [InlineData(true, 12, 30, false, "2024-01-01", "2024-02-09")]
    [InlineData(true, 12, 30, false, "2025-01-01", "2025-01-28")]
    // 2020 had a leap fourth month; other years keep it in the fourth.
    [InlineData(true, 4, 1, false, "2020-01-30", "2020-04-23")]
    [InlineData(true, 4, 1, true, "2020-01-30", "2020-05-23")]
    [InlineData(true, 4, 1, true, "2021-01-01", "2021-05-12")]
    [InlineData(true, 6, 1, false, "2025-02-01", "2025-06-25")]
    [InlineData(true, 6, 1, true, "2025-02-01", "2025-07-25")]
    public void The_next_one_is_the_day_on_which_it_is_kept(bool lunar, int month, int day, bool leap, string from, string next)
    {
        var birthday = new Birthday(lunar ? BirthCalendar.Lunar : BirthCalendar.Solar, null, month, day, leap);
        Assert.Equal(Day(next), birthday.Next(Day(from)));
    }

    [Fact]
    public void Each_day_of_two_centuries_is_somebodys_next_birthday()
    {
        var calendar = new ChineseLunisolarCalendar();
        for (var day = new DateOnly(1902, 1, 1); day.Year < 2100; day = day.AddDays(1))
        {
            var at = day.ToDateTime(TimeOnly.MinValue);
            var (year, index) = (calendar.GetYear(at), calendar.GetMonth(at));
            var leap = calendar.GetLeapMonth(year);
            var month = Birthday.LunarMonth(day)!.Value;
            Assert.Equal(leap > 0 && index >= leap ? index - 1 : index, month);
            var birthday = Birthday.Read(BirthCalendar.Lunar, year, month, calendar.GetDayOfMonth(at), leap == index && leap > 0)!;
            Assert.Equal(day, birthday.Next(day));
            Assert.Equal(day, Birthday.Read(BirthCalendar.Solar, null, day.Month, day.Day, false)!.Next(day));
        }
    }

    [Theory]
    [InlineData(false, null, 2, 30, false)]
    [InlineData(false, 2025, 2, 29, false)]
    [InlineData(false, null, 13, 1, false)]
    [InlineData(false, null, null, 1, false)]
    [InlineData(false, 1990, null, null, false)]
    [InlineData(false, 1899, 1, 1, false)]
    [InlineData(true, null, 1, 31, false)]
    [InlineData(true, 2024, 12, 30, false)]
    [InlineData(true, 2024, 4, 1, true)]
    public void A_day_that_never_was_is_refused(bool lunar, int? year, int? month, int? day, bool leap) =>
        Assert.Equal("customers.birthday.wrong", Assert.Throws<RuleException>(() => Birthday.Read(lunar ? BirthCalendar.Lunar : BirthCalendar.Solar, year, month, day, leap)).Code);

    [Fact]
    public void Beyond_what_the_calendar_is_known_for_there_is_none() => Assert.Null(new Birthday(BirthCalendar.Lunar, null, 1, 1, false).Next(new(2150, 1, 1)));

    private static DateOnly Day(string text) => DateOnly.Parse(text, CultureInfo.InvariantCulture);
}
