using FsCheck;
using FsCheck.Fluent;
using Huike.Platform.Calendar;
using Xunit;

namespace Huike.UnitTests.Platform.Calendar;

/// <summary>What holds for every calendar, in zones with and without changes of the clocks.</summary>
public sealed class WorkingTimeLawsTests
{
    private static readonly string[] Zones = ["Asia/Shanghai", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe"];

    private static readonly string[] Weeks =
        ["1-5 09:00-18:00", "1-5 09:00-12:00 13:30-18:00; 6 09:00-12:00", "1-7 22:00-06:00", "1-7 00:00-24:00", "6-7 01:30-02:30", "1-7 00:00-02:00 02:30-03:00 23:30-24:00", "7 02:00-01:59", "1-5 06:00-14:00 14:00-22:00 22:00-06:00"];

    // Around the changes of the clocks in these zones, and around New Year.
    private static readonly DateTimeOffset[] Moments =
        [new(2026, 3, 8, 7, 0, 0, default), new(2026, 11, 1, 6, 0, 0, default), new(2026, 3, 29, 1, 0, 0, default), new(2026, 10, 25, 1, 0, 0, default), new(2026, 4, 4, 15, 0, 0, default), new(2026, 10, 3, 15, 30, 0, default), new(2026, 12, 31, 20, 0, 0, default), new(2027, 6, 9, 0, 0, 0, default)];

    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(1_000);

    private sealed record Case(WorkingTime Time, DateTimeOffset A, DateTimeOffset B, DateTimeOffset C, TimeSpan S, TimeSpan T);

    [Fact]
    public void Between_gives_back_what_add_was_given() => Check.One(Thorough, Prop.ForAll(Cases(), one =>
        one.Time.Between(one.A, one.Time.Add(one.A, one.S)) == one.S && one.Time.Between(one.A, one.Time.Add(one.A, -one.S)) == -one.S));

    [Fact]
    public void Add_is_additive_either_way() => Check.One(Thorough, Prop.ForAll(Cases(), one =>
        one.Time.Add(one.Time.Add(one.A, one.S), one.T) == one.Time.Add(one.A, one.S + one.T) && one.Time.Add(one.Time.Add(one.A, -one.S), -one.T) == one.Time.Add(one.A, -one.S - one.T)));

    [Fact]
    public void Add_is_monotone_in_both() => Check.One(Thorough, Prop.ForAll(Cases(), one =>
        one.Time.Add(one.A, one.S) >= one.A && one.Time.Add(one.A, one.S) <= one.Time.Add(one.A, one.S + one.T)
        && (one.A <= one.B) == (one.A == one.B || one.Time.Add(one.A, one.S) <= one.Time.Add(one.B, one.S) && one.A < one.B)));

    [Fact]
    public void Between_is_additive_and_signed() => Check.One(Thorough, Prop.ForAll(Cases(), one =>
        one.Time.Between(one.A, one.B) + one.Time.Between(one.B, one.C) == one.Time.Between(one.A, one.C) && one.Time.Between(one.A, one.B) == -one.Time.Between(one.B, one.A)));

    [Fact]
    public void One_works_where_the_next_moment_counts() => Check.One(Thorough, Prop.ForAll(Cases(), one =>
    {
        var next = one.Time.NextWorking(one.A);
        return one.Time.IsWorking(one.A) == one.Time.Between(one.A, one.A.AddTicks(1)) > TimeSpan.Zero
            && one.Time.IsWorking(next) && one.Time.Between(one.A, next) == TimeSpan.Zero && (next == one.A) == one.Time.IsWorking(one.A);
    }));

    [Fact]
    public void Counting_minute_by_minute_says_the_same() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(Cases(), one =>
    {
        var (from, until) = (Whole(one.A), Whole(one.A) + TimeSpan.FromMinutes(one.S.Minutes + 60 * (one.S.Hours + 48)));
        return one.Time.Between(from, until) == TimeSpan.FromMinutes(Minutes(one.Time, from, until));
    }));

    private static DateTimeOffset Whole(DateTimeOffset at) => new(at.UtcTicks / TimeSpan.TicksPerMinute * TimeSpan.TicksPerMinute, TimeSpan.Zero);

    /// <summary>By a wall clock that stands still while the others go back.</summary>
    private static int Minutes(WorkingTime time, DateTimeOffset from, DateTimeOffset until)
    {
        var (minutes, wall) = (0, DateTime.MinValue);
        for (var at = from.AddHours(-26); at < until; at = at.AddMinutes(1))
        {
            var shown = TimeZoneInfo.ConvertTime(at, time.Zone).DateTime;
            wall = shown > wall ? shown : wall;
            if (at >= from && Works(time, wall)) { minutes++; }
        }
        return minutes;
    }

    private static bool Works(WorkingTime time, DateTime wall)
    {
        var (day, minute) = (DateOnly.FromDateTime(wall), wall.Hour * 60 + wall.Minute);
        return time.On(day).Any(shift => shift.From <= minute && minute < shift.Until) || time.On(day.AddDays(-1)).Any(shift => minute + 1_440 < shift.Until);
    }

    private static Arbitrary<Case> Cases()
    {
        var moment = from near in Gen.Elements(Moments)
                     from minutes in Gen.Choose(-6_000, 6_000)
                     from ticks in Gen.Elements(0, 0, 1, 599_999_999)
                     select near.AddMinutes(minutes).AddTicks(ticks);
        var span = Gen.Choose(0, 20_000).Select(minutes => TimeSpan.FromMinutes(minutes / 3.0));
        var special = from near in Gen.Elements(Moments)
                      from days in Gen.Choose(-5, 5)
                      from kind in Gen.Elements(Enum.GetValues<SpecialDayKind>())
                      from hours in Gen.Elements("00:00-24:00", "02:15-02:45", "20:00-19:00", "01:00-01:30 05:00-09:00")
                      select new SpecialDay(DateOnly.FromDateTime(near.UtcDateTime).AddDays(days), kind, "") { Hours = kind == SpecialDayKind.OwnHours ? hours : kind == SpecialDayKind.MakeUp ? "6" : "" };
        return (from zone in Gen.Elements(Zones)
                from week in Gen.Elements(Weeks)
                from days in special.ArrayOf()
                from a in moment
                from b in moment
                from c in moment
                from s in span
                from t in span
                select new Case(new(WeeklyHours.Parse(week), new SpecialDays(days), TimeZoneInfo.FindSystemTimeZoneById(zone)), a, b, c, s, t)).ToArbitrary();
    }
}
