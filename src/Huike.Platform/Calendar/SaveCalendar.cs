using Huike.Platform.Audit;
using Huike.Platform.Data;
using Microsoft.AspNetCore.Http;

namespace Huike.Platform.Calendar;

/// <summary>What somebody filled in about a calendar.</summary>
/// <param name="Name">1 to 100 characters; may be empty for the usual one.</param>
/// <param name="Hours">As <see cref="WeeklyHours.Parse"/> reads them.</param>
/// <param name="Zone">Name of a zone of the system's; empty: the firm's.</param>
/// <param name="KeepsHolidays">Whether holidays hold.</param>
/// <param name="Version">As it was shown.</param>
internal sealed record CalendarInput(string Name, string Hours, string Zone, bool KeepsHolidays, int Version)
{
    public static CalendarInput Read(IFormCollection form) => new(form["name"].ToString().Trim(), form["hours"].ToString().Trim(), form["zone"].ToString().Trim(), form["keepsHolidays"] == "true",
        (int)CalendarForm.Number(form["version"]));

    public static CalendarInput Of(WorkingCalendar calendar) => new(calendar.Name, calendar.Hours, calendar.Zone, calendar.KeepsHolidays, calendar.Version);
}

/// <summary>Adds a calendar, or changes its name, hours and zone.</summary>
internal sealed class SaveCalendar(CalendarChange change)
{
    public const int LongestName = 100;
    public const int LongestHours = 1_000;

    /// <param name="id">0 to add one.</param>
    /// <param name="input">What was filled in.</param>
    /// <param name="ct">Ends the write.</param>
    /// <returns>Its number.</returns>
    /// <exception cref="RuleException"><c>calendar.name.wrong</c>, <c>calendar.hours.wrong</c>, <c>calendar.hours.none</c>, <c>calendar.zone.wrong</c>, <c>calendar.many</c>, <c>calendar.unknown</c>, <c>calendar.stale</c>.</exception>
    public async Task<long> Run(long id, CalendarInput input, CancellationToken ct)
    {
        Demand(id, input);
        (string, object?)[] values = [("id", id), ("name", input.Name), ("hours", input.Hours), ("zone", input.Zone), ("keeps", input.KeepsHolidays), ("version", input.Version)];
        await change.Run(async connection =>
        {
            if (id == 0)
            {
                if (await connection.Number("select count(*) from platform_calendar", ct) >= Calendars.Most) { throw new RuleException("calendar.many", Calendars.Most); }
                id = await connection.Number("insert into platform_calendar (name, hours, zone, keeps_holidays) values (@name, @hours, @zone, @keeps) returning id", ct, values);
                return CalendarChange.Entry("added", id, [.. Told(input).Select(field => AuditChange.Is(field.Field, field.Value))]);
            }
            var old = await connection.First("select name, hours, zone, keeps_holidays, version from platform_calendar where id = @id",
                row => new CalendarInput(row.GetString(0), row.GetString(1), row.GetString(2), row.GetBoolean(3), row.GetInt32(4)), ct, values) ?? throw new RuleException("calendar.unknown", id);
            if (old.Version != input.Version) { throw new RuleException("calendar.stale"); }
            if (old == input) { return null; }
            await connection.Run("update platform_calendar set name = @name, hours = @hours, zone = @zone, keeps_holidays = @keeps, version = version + 1 where id = @id", ct, values);
            return CalendarChange.Entry("edited", id, [.. Told(old).Zip(Told(input), (was, now) => new AuditChange(was.Field, was.Value, now.Value)).Where(one => one.Old != one.New)]);
        }, ct);
        return id;
    }

    private static void Demand(long id, CalendarInput input)
    {
        if (input.Name.Length > LongestName || input.Name.Contains('\0', StringComparison.Ordinal) || (input.Name.Length == 0 && id != WorkingCalendar.Usual)) { throw new RuleException("calendar.name.wrong", LongestName); }
        if (input.Hours.Length > LongestHours) { throw new RuleException("calendar.hours.wrong", "…"); }
        if (WeeklyHours.Parse(input.Hours).MinutesAWeek == 0) { throw new RuleException("calendar.hours.none"); }
        if (input.Zone.Length > 0 && !TimeZones.Knows(input.Zone)) { throw new RuleException("calendar.zone.wrong"); }
    }

    private static (string Field, string Value)[] Told(CalendarInput input) => [("name", input.Name), ("hours", input.Hours), ("zone", input.Zone), ("keepsHolidays", input.KeepsHolidays ? "yes" : "no")];
}
