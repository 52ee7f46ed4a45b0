using System.Globalization;
using Huike.Platform;
using Huike.Platform.Calendar;
using Xunit;

namespace Huike.UnitTests.Platform.Calendar;

public sealed class WorkingTimeTests
{
    private const string Plain = "1-5 09:00-18:00";
    private const string WithLunch = "1-5 09:00-12:00 13:30-18:00";
    private const string Nights = "1-7 22:00-06:00";

    /// <summary>With the notices that came with the program; later years are computed.</summary>
    internal static WorkingTime In(string zone, string hours, params SpecialDay[] byHand) =>
        new(WeeklyHours.Parse(hours), new SpecialDays(Notices.Years.Values.SelectMany(year => year).Concat(byHand), Notices.Years.Keys.ToHashSet()), TimeZoneInfo.FindSystemTimeZoneById(zone));

    private static WorkingTime Anywhere(string zone, string hours) => new(WeeklyHours.Parse(hours), SpecialDays.None, TimeZoneInfo.FindSystemTimeZoneById(zone));

    private static DateTimeOffset At(string local, WorkingTime time) => WorkingTime.At(DateTime.ParseExact(local, "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), time.Zone);

    private static string Local(DateTimeOffset at) => at.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    [Theory]
    [InlineData(Plain, "2026-11-20 17:00", 120, "2026-11-23 10:00")] // Friday evening
    [InlineData(Plain, "2026-11-21 17:00", 120, "2026-11-23 11:00")] // Saturday
    [InlineData(Plain, "2026-11-20 17:00", 60, "2026-11-20 18:00")] // done as the shift ends, not when the next begins
    [InlineData(Plain, "2026-11-21 17:00", 0, "2026-11-21 17:00")]
    [InlineData(WithLunch, "2026-11-23 11:00", 120, "2026-11-23 14:30")]
    [InlineData(WithLunch, "2026-11-23 12:30", 30, "2026-11-23 14:00")]
    [InlineData(Plain, "2025-09-26 17:00", 120, "2025-09-28 10:00")] // a Sunday that is worked
    [InlineData(Plain, "2025-09-30 17:00", 120, "2025-10-09 10:00")] // eight days of National Day and Mid-Autumn
    [InlineData(Plain, "2025-10-10 17:00", 120, "2025-10-11 10:00")] // a Saturday that is worked
    [InlineData(Plain, "2026-12-31 17:00", 120, "2027-01-04 10:00")] // 1 January is computed, the weekend follows
    [InlineData(Nights, "2026-11-20 05:00", 120, "2026-11-20 23:00")]
    [InlineData("1-5 22:00-06:00", "2026-11-21 05:00", 120, "2026-11-23 23:00")] // Friday's night ends on Saturday
    [InlineData("1-7 00:00-24:00", "2026-11-21 17:00", 600, "2026-11-22 03:00")]
    [InlineData(Plain, "2026-11-23 09:30", -30, "2026-11-23 09:00")]
    [InlineData(Plain, "2026-11-23 09:30", -60, "2026-11-20 17:30")]
    [InlineData(Plain, "2025-10-09 10:00", -120, "2025-09-30 17:00")]
    [InlineData("1-5 09:00-18:00; 6 09:00-12:00", "2025-10-11 17:00", 30, "2025-10-11 17:30")] // works on Saturday's make-up day as from Monday to Friday
    public void Working_time_is_added_over_nights_weekends_lunch_and_holidays(string hours, string from, int minutes, string due)
    {
        var time = In("Asia/Shanghai", hours);
        Assert.Equal(due, Local(time.Add(At(from, time), TimeSpan.FromMinutes(minutes))));
    }

    [Theory]
    [InlineData("Europe/Berlin", "2026-03-28 22:00", 7)]
    [InlineData("Europe/Berlin", "2026-10-24 22:00", 9)]
    [InlineData("America/New_York", "2026-03-07 22:00", 7)]
    [InlineData("America/New_York", "2026-10-31 22:00", 9)]
    [InlineData("Australia/Lord_Howe", "2026-10-03 22:00", 7.5)]
    [InlineData("Australia/Lord_Howe", "2026-04-04 22:00", 8.5)]
    [InlineData("Asia/Shanghai", "2026-03-28 22:00", 8)]
    public void A_night_over_a_change_of_the_clocks_is_as_long_as_it_is(string zone, string from, double hours)
    {
        var time = Anywhere(zone, Nights);
        Assert.Equal(TimeSpan.FromHours(hours), time.Between(At(from, time), At(from, time).AddHours(12)));
        Assert.Equal("06:00", Local(time.Add(At(from, time), TimeSpan.FromHours(hours)))[11..]);
    }

    [Fact]
    public void A_boundary_that_the_clocks_skip_lies_where_they_jump_and_one_shown_twice_where_it_is_first()
    {
        var berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        Assert.Equal(new(2026, 3, 29, 3, 0, 0, TimeSpan.FromHours(2)), WorkingTime.At(new(2026, 3, 29, 2, 30, 0), berlin));
        Assert.Equal(new(2026, 10, 25, 2, 30, 0, TimeSpan.FromHours(2)), WorkingTime.At(new(2026, 10, 25, 2, 30, 0), berlin));
        var samoa = TimeZoneInfo.FindSystemTimeZoneById("Pacific/Apia");
        Assert.Equal(new(2011, 12, 31, 0, 0, 0, TimeSpan.FromHours(14)), WorkingTime.At(new(2011, 12, 30, 9, 0, 0), samoa));
    }

    [Theory]
    [InlineData("2026-11-23 08:59", false, "2026-11-23 09:00")]
    [InlineData("2026-11-23 09:00", true, "2026-11-23 09:00")]
    [InlineData("2026-11-23 12:00", false, "2026-11-23 13:30")]
    [InlineData("2026-11-23 18:00", false, "2026-11-24 09:00")]
    [InlineData("2026-09-30 18:00", false, "2026-10-08 09:00")]
    public void One_works_from_the_beginning_of_a_shift_until_its_end(string at, bool works, string next)
    {
        var time = In("Asia/Shanghai", WithLunch);
        Assert.Equal((works, next), (time.IsWorking(At(at, time)), Local(time.NextWorking(At(at, time)))));
    }

    [Fact]
    public void Days_can_have_hours_of_their_own_be_free_or_usual_after_all()
    {
        var time = In("Asia/Shanghai", "1-5 09:00-18:00; 6 10:00-12:00",
            new(new(2026, 11, 23), SpecialDayKind.OwnHours, "") { Hours = "08:00-10:00 14:00-15:00" }, new(new(2026, 11, 24), SpecialDayKind.Holiday, "Outing"),
            new(new(2026, 10, 1), SpecialDayKind.Usual, ""), new(new(2026, 11, 29), SpecialDayKind.MakeUp, "") { Hours = "6" });
        Assert.Equal([180, 0, 540, 120, 0], new DateOnly[] { new(2026, 11, 23), new(2026, 11, 24), new(2026, 10, 1), new(2026, 11, 29), new(2026, 11, 22) }.Select(day => time.On(day).Sum(shift => shift.Until - shift.From)));
    }

    [Fact]
    public void What_can_not_be_counted_is_said_so()
    {
        var never = Anywhere("Asia/Shanghai", "");
        var rarely = Anywhere("Asia/Shanghai", "1 09:00-09:01");
        var now = new DateTimeOffset(2026, 11, 22, 0, 0, 0, TimeSpan.Zero);
        static string Code(Action count) => Assert.Throws<RuleException>(count).Code;
        Assert.Equal("calendar.count.none", Code(() => never.Add(now, TimeSpan.FromMinutes(1))));
        Assert.Equal("calendar.count.none", Code(() => never.Add(now, TimeSpan.FromMinutes(-1))));
        Assert.Equal("calendar.count.none", Code(() => never.NextWorking(now)));
        Assert.Equal("calendar.count.none", Code(() => never.AddDays(new(2026, 11, 22), 1)));
        Assert.Equal("calendar.count.far", Code(() => rarely.Add(now, TimeSpan.FromHours(100))));
        Assert.Equal("calendar.count.far", Code(() => rarely.Add(now, TimeSpan.FromHours(-100))));
        Assert.Equal("calendar.count.far", Code(() => rarely.Add(now, TimeSpan.MinValue)));
        Assert.Equal("calendar.count.far", Code(() => rarely.Add(now, TimeSpan.MaxValue)));
        Assert.Equal("calendar.count.far", Code(() => rarely.Between(now, now.AddYears(20))));
        Assert.Equal("calendar.count.range", Code(() => rarely.Add(DateTimeOffset.MaxValue, TimeSpan.Zero)));
        Assert.Equal("calendar.count.range", Code(() => rarely.Between(DateTimeOffset.MinValue, now)));
        Assert.Equal("calendar.count.range", Code(() => rarely.AddDays(DateOnly.MaxValue, 1)));
        Assert.Equal(TimeSpan.Zero, never.Between(now, now.AddYears(3)));
    }

    [Fact]
    public void An_unknown_year_works_and_is_named()
    {
        var time = In("Asia/Shanghai", Plain);
        Assert.Equal([2027], time.UnknownYears(At("2026-12-31 17:00", time), At("2027-01-04 10:00", time)));
        Assert.Empty(time.UnknownYears(At("2026-12-30 17:00", time), At("2026-12-31 10:00", time)));
        // Spring Festival of 2027: from the eve, 5 February, to 8 February.
        Assert.Equal("2027-02-09 10:00", Local(time.Add(At("2027-02-04 17:00", time), TimeSpan.FromHours(2))));
    }

    [Theory]
    [InlineData("1-5 09:00-18:00", 45 * 60)]
    [InlineData(" 1-5  09:00-12:00  13:30-18:00 ; 6 09:00-12:00;", 40 * 60 + 30)]
    [InlineData("1-5 09：00–12：00；6 09:00-12:00", 18 * 60)]
    [InlineData("1-7 00:00-24:00", 168 * 60)]
    [InlineData("1-7 22:00-06:00", 56 * 60)]
    [InlineData("", 0)]
    public void Weekly_hours_are_read_as_one_types_them(string text, int minutes) => Assert.Equal(minutes, WeeklyHours.Parse(text).MinutesAWeek);

    [Theory]
    [InlineData("8 09:00-18:00")]
    [InlineData("5-1 09:00-18:00")]
    [InlineData("1-5")]
    [InlineData("1-5 09:00")]
    [InlineData("1-5 09:00-09:00")]
    [InlineData("1-5 24:00-09:00")]
    [InlineData("1-5 09:60-10:00")]
    [InlineData("1-5 25:00-26:00")]
    [InlineData("1-5 09:00-18:00; 3 10:00-11:00")]
    [InlineData("1-7 22:00-06:00 05:00-07:00")]
    [InlineData("7 22:00-06:00; 1 05:00-07:00")]
    [InlineData("1-5 ٠٩:٠٠-18:00")]
    [InlineData("\uD800 09:00-18:00")]
    public void Wrong_hours_are_refused(string text) => Assert.Equal("calendar.hours.wrong", Assert.Throws<RuleException>(() => WeeklyHours.Parse(text)).Code);
}
