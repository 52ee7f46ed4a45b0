using System.Data.Common;
using System.Globalization;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Microsoft.AspNetCore.Http;

namespace Huike.Platform.Calendar;

/// <summary>What somebody filled in about special days.</summary>
/// <param name="From">First day, as a form sends it.</param>
/// <param name="Until">Last day; empty: the first one.</param>
/// <param name="Kind">What they are.</param>
/// <param name="Name">At most 100 characters; may be empty.</param>
/// <param name="Hours">Of a make-up day the weekday, of own hours the times.</param>
/// <param name="ForAll">For all calendars that keep holidays.</param>
internal sealed record SpecialDayInput(string From, string Until, SpecialDayKind Kind, string Name, string Hours, bool ForAll)
{
    public static SpecialDayInput Read(IFormCollection form) => new(form["from"].ToString(), form["until"].ToString(),
        Enum.TryParse<SpecialDayKind>(form["kind"], out var kind) && Enum.IsDefined(kind) ? kind : throw new RuleException("calendar.day.kind"),
        form["name"].ToString().Trim(), kind switch { SpecialDayKind.OwnHours => form["hours"].ToString().Trim(), SpecialDayKind.MakeUp => form["weekday"].ToString(), _ => "" }, form["scope"] == "all");

    /// <exception cref="RuleException"><c>calendar.day.wrong</c>, <c>calendar.day.name</c>, <c>calendar.hours.wrong</c>.</exception>
    public (DateOnly From, DateOnly Until) Demand()
    {
        if (CalendarForm.Day(From) is not { } from || (Until.Length > 0 ? CalendarForm.Day(Until) : from) is not { } until || until < from || until >= from.AddDays(SetDays.Most)) { throw new RuleException("calendar.day.wrong", SetDays.Most); }
        if (Name.Length > SetDays.LongestName || Name.Contains('\0', StringComparison.Ordinal)) { throw new RuleException("calendar.day.name", SetDays.LongestName); }
        if (Kind == SpecialDayKind.OwnHours && (Hours.Length > SetDays.LongestHours || WeeklyHours.Times(Hours).Count == 0)) { throw new RuleException("calendar.hours.wrong", "…"); }
        if (Kind == SpecialDayKind.MakeUp && Hours is not ("" or [>= '1' and <= '7'])) { throw new RuleException("calendar.day.kind"); }
        return (from, until);
    }
}

/// <summary>Says by hand what some days are; what was said of them before is gone.</summary>
internal sealed class SetDays(CalendarChange change)
{
    /// <summary>Days at once.</summary>
    public const int Most = 62;

    public const int LongestName = 100;
    public const int LongestHours = 100;

    /// <param name="id">The calendar on whose page it was filled in.</param>
    /// <param name="input">What was filled in.</param>
    /// <param name="ct">Ends the write.</param>
    /// <exception cref="RuleException"><c>calendar.unknown</c>, and what <see cref="SpecialDayInput.Demand"/> tells.</exception>
    public Task Run(long id, SpecialDayInput input, CancellationToken ct)
    {
        var (from, until) = input.Demand();
        return change.Run(async connection =>
        {
            if (await connection.Number("select count(*) from platform_calendar where id = @id", ct, ("id", id)) == 0) { throw new RuleException("calendar.unknown", id); }
            for (var day = from; day <= until; day = day.AddDays(1)) { await Write(connection, input.ForAll ? null : id, day, input, ct); }
            var told = from == until ? Written(from) : $"{Written(from)} – {Written(until)}";
            return CalendarChange.Entry("days-set", input.ForAll ? 0 : id, AuditChange.Is("day", told), AuditChange.Is("kind", input.Kind), AuditChange.Is("dayName", input.Name), AuditChange.Is("dayHours", input.Hours));
        }, ct);
    }

    public static string Written(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static async Task Write(DbConnection connection, long? calendar, DateOnly day, SpecialDayInput input, CancellationToken ct)
    {
        (string, object?)[] values = [("calendar", calendar ?? 0), ("day", Written(day)), ("kind", input.Kind), ("name", input.Name), ("hours", input.Hours)];
        await connection.Run("delete from platform_special_day where day = @day and coalesce(calendar_id, 0) = @calendar and list_year = 0", ct, values);
        await connection.Run("insert into platform_special_day (calendar_id, day, kind, name, hours, list_year) values (nullif(@calendar, 0), @day, @kind, @name, @hours, 0)", ct, values);
    }
}

/// <summary>Takes back what was said by hand of a day: lists and the week hold again.</summary>
internal sealed class TakeBackDay(CalendarChange change)
{
    /// <param name="day">Number of the special day.</param>
    /// <param name="ct">Ends the write.</param>
    /// <exception cref="RuleException"><c>calendar.day.unknown</c>: there is none such by hand.</exception>
    public Task Run(long day, CancellationToken ct) => change.Run(async connection =>
    {
        var (calendar, on) = await connection.First("delete from platform_special_day where id = @id and list_year = 0 returning coalesce(calendar_id, 0), day", row => (row.GetInt64(0), row.GetString(1)), ct, ("id", day));
        return on is null ? throw new RuleException("calendar.day.unknown") : CalendarChange.Entry("day-taken-back", calendar, new AuditChange("day", on, null));
    }, ct);
}
