using System.Data.Common;
using Huike.Platform.Audit;
using Huike.Platform.Data;

namespace Huike.Platform.Calendar;

/// <summary>A day that a list makes different.</summary>
/// <param name="Day">The day.</param>
/// <param name="Was">What lists or the law said; null: nothing.</param>
/// <param name="Now">What the list says; null: nothing.</param>
/// <param name="ByHand">Something was said of it by hand for all calendars, and still holds.</param>
internal sealed record DayDifference(DateOnly Day, SpecialDay? Was, SpecialDay? Now, bool ByHand);

/// <summary>What a list did, or would do.</summary>
/// <param name="Year">Its year.</param>
/// <param name="Off">Days off in it.</param>
/// <param name="Worked">Make-up days in it.</param>
/// <param name="Differences">Against what held before.</param>
/// <param name="DryRun">True where nothing was written.</param>
internal sealed record HolidayOutcome(int Year, int Off, int Worked, IReadOnlyList<DayDifference> Differences, bool DryRun);

/// <summary>Takes a year's list of holidays from a file, in place of what was known of the year. What was said by hand stays and holds.</summary>
internal sealed class LoadHolidays(CalendarChange change, Calendars calendars, TimeProvider clock, AuditLog audit)
{
    /// <param name="json">The file.</param>
    /// <param name="dryRun">Says what would happen and writes nothing.</param>
    /// <param name="ct">Ends the write.</param>
    /// <exception cref="RuleException"><c>calendar.file.unreadable</c>, <c>calendar.file.day</c>; <c>calendar.file.country</c>: the firm keeps no country's holidays.</exception>
    public async Task<HolidayOutcome> Run(ReadOnlyMemory<byte> json, bool dryRun, CancellationToken ct)
    {
        var (year, days) = HolidayFile.Read(json.Span);
        var picture = await calendars.Read(ct);
        if (picture.Country == HolidayCountry.None) { throw new RuleException("calendar.file.country"); }
        var differences = Compare(picture, year, days);
        var outcome = new HolidayOutcome(year, days.Count(day => day.Kind == SpecialDayKind.Holiday), days.Count(day => day.Kind == SpecialDayKind.MakeUp), differences, dryRun);
        // The same list again says nothing new.
        if (dryRun || (differences.Count == 0 && picture.Listed.Contains((year, true)))) { return outcome; }
        await change.Run(async connection =>
        {
            await Write(connection, year, days, ct);
            return CalendarChange.Entry("list-loaded", 0, AuditChange.Is("year", SaidYear(year)), AuditChange.Is("off", outcome.Off), AuditChange.Is("worked", outcome.Worked),
                AuditChange.Is("changed", differences.Count));
        }, ct);
        return outcome;
    }

    /// <summary>A year is no quantity: it is told without marks between thousands.</summary>
    public static string SaidYear(int year) => year.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private async Task Write(DbConnection connection, int year, IReadOnlyList<SpecialDay> days, CancellationToken ct)
    {
        await connection.Run("delete from platform_special_day where list_year = @year", ct, ("year", year));
        foreach (var day in days)
        {
            await connection.Run("insert into platform_special_day (day, kind, name, hours, list_year) values (@day, @kind, @name, '', @year)", ct,
                ("day", SetDays.Written(day.Day)), ("kind", day.Kind), ("name", day.Name), ("year", year));
        }
        await connection.Run("""
            insert into platform_holiday_year (year, is_list, known_at, known_by) values (@year, @list, @now, @by)
            on conflict (year) do update set is_list = excluded.is_list, known_at = excluded.known_at, known_by = excluded.known_by
            """, ct, ("year", year), ("list", true), ("now", clock.GetUtcNow()), ("by", audit.Who));
    }

    private static List<DayDifference> Compare(CalendarPicture picture, int year, IReadOnlyList<SpecialDay> days)
    {
        var (was, now) = (picture.Lists(), picture.Lists((year, days)));
        return [.. new[] { year - 1, year, year + 1 }.SelectMany(one => was.Of(one).Concat(now.Of(one))).Select(day => day.Day).Distinct().Order()
            .Select(day => new DayDifference(day, was.On(day), now.On(day), picture.IsByHand(day)))
            .Where(day => (day.Was?.Kind, day.Was?.Name) != (day.Now?.Kind, day.Now?.Name))];
    }
}

/// <summary>Says that a year's days are right as they are, though no list was loaded.</summary>
internal sealed class ConfirmYear(CalendarChange change, Calendars calendars, TimeProvider clock, AuditLog audit)
{
    /// <exception cref="RuleException"><c>calendar.year.wrong</c>; <c>calendar.year.isKnown</c>.</exception>
    public async Task Run(int year, CancellationToken ct)
    {
        if (year is < 2000 or > WorkingTime.LastYear) { throw new RuleException("calendar.year.wrong"); }
        if ((await calendars.Read(ct)).Lists().Knows(year)) { throw new RuleException("calendar.year.isKnown", LoadHolidays.SaidYear(year)); }
        await change.Run(async connection =>
        {
            var added = await connection.Run("insert into platform_holiday_year (year, is_list, known_at, known_by) values (@year, @list, @now, @by) on conflict do nothing", ct,
                ("year", year), ("list", false), ("now", clock.GetUtcNow()), ("by", audit.Who));
            return added == 0 ? null : CalendarChange.Entry("year-confirmed", 0, AuditChange.Is("year", LoadHolidays.SaidYear(year)));
        }, ct);
    }
}
