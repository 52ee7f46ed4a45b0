using System.Collections.Concurrent;

namespace Huike.Platform.Calendar;

/// <summary>
/// 工作时钟: counts working time by weekly shifts, special days and a time zone. What counts is time that really passes: a night shift over the change
/// to summer time is an hour shorter. A shift belongs to the day on which it begins; a boundary that the clocks skip lies where they jump, one that they show twice
/// lies where they show it first. Immutable; the tables of years that were asked for are kept (about half a millisecond each), after that a question is a search.
/// </summary>
public sealed class WorkingTime
{
    /// <summary>Nothing is counted farther than this.</summary>
    public const int MostYears = 10;

    /// <summary>First year that can be asked for.</summary>
    public const int FirstYear = 1970;

    /// <summary>Last year that can be asked for.</summary>
    public const int LastYear = 2080;

    private readonly WeeklyHours week;
    private readonly ConcurrentDictionary<int, WorkingYear> years = new();

    /// <summary>Computes nothing yet.</summary>
    /// <param name="week">The usual week.</param>
    /// <param name="special">Days that differ from it.</param>
    /// <param name="zone">In which days begin and hours are meant.</param>
    public WorkingTime(WeeklyHours week, SpecialDays special, TimeZoneInfo zone) => (this.week, Special, Zone) = (week, special, zone);

    /// <summary>Days that differ from the usual week.</summary>
    public SpecialDays Special { get; }

    /// <summary>In which days begin and hours are meant; results carry its offset.</summary>
    public TimeZoneInfo Zone { get; }

    /// <summary>The shifts that begin on a day, in order; none on a free day.</summary>
    public IReadOnlyList<Shift> On(DateOnly day) => Special.On(day) is { } special ? special.Shifts(week) : week.On(day.DayOfWeek);

    /// <summary>The earliest instant by which so much has been worked since; for a negative time, the latest since which so much has been worked until then.</summary>
    /// <param name="from">Any instant, working or not; itself for no time.</param>
    /// <param name="working">Working time.</param>
    /// <exception cref="RuleException"><c>calendar.count.none</c>: nobody ever works; <c>calendar.count.far</c>: over <see cref="MostYears"/> years away; <c>calendar.count.range</c>: before <see cref="FirstYear"/> or after <see cref="LastYear"/>.</exception>
    public DateTimeOffset Add(DateTimeOffset from, TimeSpan working)
    {
        var year = YearOf(from);
        if (working == TimeSpan.Zero) { return Local(from.UtcTicks); }
        if (working.TotalDays is > MostYears * 366 or < -MostYears * 366) { throw Far(year); }
        return working > TimeSpan.Zero ? Forward(from.UtcTicks, working.Ticks, year - 1) : Backward(from.UtcTicks, -working.Ticks, year);
    }

    /// <summary>Working time from one instant to another; negative where the second is earlier.</summary>
    /// <exception cref="RuleException"><c>calendar.count.far</c>, <c>calendar.count.range</c>.</exception>
    public TimeSpan Between(DateTimeOffset from, DateTimeOffset until)
    {
        if (until < from) { return -Between(until, from); }
        var (first, last) = (YearOf(from), YearOf(until));
        if (last - first > MostYears + 1) { throw new RuleException("calendar.count.far", MostYears); }
        var worked = 0L;
        for (var year = first - 1; year <= last; year++)
        {
            var table = Year(year);
            worked += table.Before(until.UtcTicks) - table.Before(from.UtcTicks);
        }
        return TimeSpan.FromTicks(worked);
    }

    /// <summary>Whether one works at an instant; at the end of a shift no longer.</summary>
    /// <exception cref="RuleException"><c>calendar.count.range</c>.</exception>
    public bool IsWorking(DateTimeOffset at)
    {
        var year = YearOf(at);
        return (Year(year - 1).Next(at.UtcTicks) ?? Year(year).Next(at.UtcTicks)) is { } next && next.From <= at.UtcTicks;
    }

    /// <summary>The instant itself while one works, else the one at which work begins again.</summary>
    /// <exception cref="RuleException"><c>calendar.count.none</c>, <c>calendar.count.range</c>.</exception>
    public DateTimeOffset NextWorking(DateTimeOffset at) => Stretches(at).Select(next => (DateTimeOffset?)next.From).FirstOrDefault() ?? throw Far(YearOf(at));

    /// <summary>The day that lies so many working days after another: a day counts where a shift begins on it.</summary>
    /// <param name="day">Isn't counted itself.</param>
    /// <param name="count">0 or more.</param>
    /// <exception cref="RuleException"><c>calendar.count.none</c>, <c>calendar.count.far</c>, <c>calendar.count.range</c>.</exception>
    public DateOnly AddDays(DateOnly day, int count)
    {
        if (day.Year is < FirstYear or > LastYear) { throw Range(); }
        var end = day.AddDays(MostYears * 366);
        for (var (at, left) = (day, count); ; at = at.AddDays(1))
        {
            if (at != day && On(at).Count > 0) { left--; }
            if (left <= 0) { return at; }
            if (at >= end) { throw Far(day.Year); }
        }
    }

    /// <summary>The years from one instant to another whose days are computed only, as no list of theirs is known: what was counted over them may change.</summary>
    public IReadOnlyList<int> UnknownYears(DateTimeOffset from, DateTimeOffset until) =>
        [.. Enumerable.Range(YearOf(from), Math.Max(0, YearOf(until) - YearOf(from)) + 1).Where(year => !Special.Knows(year))];

    /// <summary>What is worked from an instant on, stretch by stretch, for <see cref="MostYears"/> years; the first may have begun before and is cut.</summary>
    internal IEnumerable<(DateTimeOffset From, DateTimeOffset Until)> Stretches(DateTimeOffset from)
    {
        var first = YearOf(from);
        var at = from.UtcTicks;
        for (var year = first - 1; year <= first + MostYears; year++)
        {
            var table = Year(year);
            while (table.Next(at) is { } next)
            {
                yield return (Local(Math.Max(next.From, from.UtcTicks)), Local(next.Until));
                at = next.Until;
            }
        }
    }

    /// <summary>The instant at which the clocks first show a time; where they skip it, the one at which they jump.</summary>
    internal static DateTimeOffset At(DateTime local, TimeZoneInfo zone)
    {
        // Between them lies one change at most, whatever the offset.
        var (before, after) = (zone.GetUtcOffset(Utc(local.AddDays(-1))), zone.GetUtcOffset(Utc(local.AddDays(1))));
        for (var time = local; before != after; time = time.AddMinutes(1))
        {
            foreach (var offset in (ReadOnlySpan<TimeSpan>)[before > after ? before : after, before > after ? after : before])
            {
                if (zone.GetUtcOffset(Utc(time - offset)) == offset) { return new(time, offset); }
            }
        }
        return new(local, before);
    }

    private DateTimeOffset Forward(long from, long left, int year)
    {
        for (var last = year + 1 + MostYears; year <= last; year++)
        {
            var table = Year(year);
            var done = table.Before(from);
            if (left <= table.Total - done) { return Local(table.Earliest(done + left)); }
            left -= table.Total - done;
        }
        throw Far(year - MostYears);
    }

    private DateTimeOffset Backward(long from, long left, int year)
    {
        for (var last = year - MostYears; year >= last; year--)
        {
            var table = Year(year);
            var done = table.Before(from);
            if (left <= done) { return Local(table.Latest(done - left)); }
            left -= done;
        }
        throw Far(year + 1);
    }

    private WorkingYear Year(int year) => years.GetOrAdd(year, Table);

    private WorkingYear Table(int year)
    {
        var (from, until) = (new List<long>(), new List<long>());
        var last = long.MinValue;
        // The night of New Year's Eve may meet other hours on the first morning.
        for (var day = new DateOnly(year, 1, 1).AddDays(-1); day.Year <= year; day = day.AddDays(1))
        {
            foreach (var shift in On(day))
            {
                var midnight = day.ToDateTime(TimeOnly.MinValue);
                var (begin, end) = (Math.Max(last, At(midnight.AddMinutes(shift.From), Zone).UtcTicks), At(midnight.AddMinutes(shift.Until), Zone).UtcTicks);
                if (end <= begin) { continue; }
                last = end;
                if (day.Year < year) { continue; }
                from.Add(begin);
                until.Add(end);
            }
        }
        return new([.. from], [.. until]);
    }

    private RuleException Far(int year) =>
        Enumerable.Range(year - 1, 3).All(near => Year(near).Total == 0) ? new("calendar.count.none") : new("calendar.count.far", MostYears);

    private int YearOf(DateTimeOffset at) => at.UtcDateTime.Year is >= FirstYear and <= LastYear ? TimeZoneInfo.ConvertTime(at, Zone).Year : throw Range();

    private static RuleException Range() => new("calendar.count.range", $"{FirstYear}", $"{LastYear}");

    private DateTimeOffset Local(long ticks) => TimeZoneInfo.ConvertTime(new DateTimeOffset(ticks, TimeSpan.Zero), Zone);

    private static DateTime Utc(DateTime time) => DateTime.SpecifyKind(time, DateTimeKind.Utc);
}
