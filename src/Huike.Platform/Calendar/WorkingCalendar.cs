namespace Huike.Platform.Calendar;

/// <summary>工作日历: in which hours somebody works.</summary>
/// <param name="Id">Number of the calendar; 1 is the usual one of the firm.</param>
/// <param name="Name">As the firm calls it; empty: the usual one, which nobody has named.</param>
/// <param name="Hours">Days (1 Monday to 7 Sunday) and times: <c>1-5 09:00-12:00 13:30-18:00; 6 09:00-12:00</c>.</param>
/// <param name="Zone">Name of the time zone in which they are meant; empty: the firm's.</param>
/// <param name="KeepsHolidays">Whether holidays are free and make-up days are worked; a hotline that is always there keeps none.</param>
/// <param name="Version">Rises with each change.</param>
public sealed record WorkingCalendar(long Id, string Name, string Hours, string Zone, bool KeepsHolidays, int Version)
{
    /// <summary>The firm's usual one.</summary>
    public const long Usual = 1;

    /// <summary>In place of a calendar's number: that of the unit, or of the one above it.</summary>
    public const long OfAbove = 0;
}

/// <summary>The calendar that holds for somebody.</summary>
/// <param name="Calendar">As it is kept.</param>
/// <param name="Time">Counts by it.</param>
public sealed record CalendarInForce(WorkingCalendar Calendar, WorkingTime Time);
