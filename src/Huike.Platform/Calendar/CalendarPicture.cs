using System.Collections.Concurrent;

namespace Huike.Platform.Calendar;

/// <summary>All calendars as they are kept at a moment, and the clocks made of them. Immutable.</summary>
/// <param name="rows">Calendars, the usual one first.</param>
/// <param name="days">Special days that are kept, rising by year of their list.</param>
/// <param name="years">Years of which something is known beyond what came with the program, and whether it is a list.</param>
/// <param name="country">Whose holidays.</param>
/// <param name="firm">The firm's zone.</param>
internal sealed class CalendarPicture(IReadOnlyList<WorkingCalendar> rows, IReadOnlyList<SpecialDay> days, IReadOnlyList<(int Year, bool IsList)> years, HolidayCountry country, TimeZoneInfo firm)
{
    private readonly ConcurrentDictionary<long, CalendarInForce> clocks = new();

    public IReadOnlyList<WorkingCalendar> Calendars => rows;

    public HolidayCountry Country => country;

    public TimeZoneInfo Firm => firm;

    /// <summary>The one that holds, by number; the usual one where there is none such.</summary>
    public CalendarInForce Of(long id)
    {
        var calendar = rows.FirstOrDefault(calendar => calendar.Id == id) ?? rows[0];
        return clocks.GetOrAdd(calendar.Id, _ => new(calendar, new(WeeklyHours.Kept(calendar.Hours), Days(calendar),
            TimeZoneInfo.TryFindSystemTimeZoneById(calendar.Zone, out var zone) ? zone : firm)));
    }

    /// <summary>Years whose list came with the program or was loaded, rising; the second is whether it was loaded.</summary>
    public IReadOnlyList<(int Year, bool Loaded)> Listed =>
        country == HolidayCountry.None ? [] : [.. Loaded.Select(year => (year, true)).Concat(Notices.Years.Keys.Except(Loaded).Select(year => (year, false))).Order()];

    /// <summary>What lists say and the law where there is none, without what was set by hand.</summary>
    /// <param name="instead">A list to think of in place of the one of its year.</param>
    public SpecialDays Lists((int Year, IReadOnlyList<SpecialDay> Days)? instead = null)
    {
        if (country == HolidayCountry.None) { return SpecialDays.None; }
        var lists = Notices.Years.Where(year => !Loaded.Contains(year.Key) && year.Key != instead?.Year).SelectMany(year => year.Value)
            .Concat(days.Where(day => day.ListYear > 0 && day.ListYear != instead?.Year)).Concat(instead?.Days ?? []).OrderBy(day => day.ListYear);
        return new(lists, Listed.Select(year => year.Year).Concat(instead is { } one ? [one.Year] : []).ToHashSet(), years.Where(year => !year.IsList).Select(year => year.Year).ToHashSet());
    }

    /// <summary>Whether something was said by hand of a day for all calendars.</summary>
    public bool IsByHand(DateOnly day) => days.Any(one => one.ListYear == 0 && one.CalendarId is null && one.Day == day);

    /// <summary>Whether two pictures show the same.</summary>
    public bool IsLike(CalendarPicture other) => rows.SequenceEqual(other.Calendars) && days.SequenceEqual(other.Kept) && years.SequenceEqual(other.Years) && country == other.Country && firm.Equals(other.Firm);

    private IReadOnlyList<SpecialDay> Kept => days;

    private IReadOnlyList<(int Year, bool IsList)> Years => years;

    private HashSet<int> Loaded => [.. years.Where(year => year.IsList).Select(year => year.Year)];

    /// <summary>By hand for all, over lists; by hand for this one, over those.</summary>
    private SpecialDays Days(WorkingCalendar calendar)
    {
        var byHand = days.Where(day => day.ListYear == 0 && (day.CalendarId == calendar.Id || (day.CalendarId is null && calendar.KeepsHolidays))).OrderBy(day => day.CalendarId is not null);
        return calendar.KeepsHolidays ? Lists().With(byHand) : new(byHand);
    }
}
