namespace Huike.Platform.Calendar;

/// <summary>How a day differs from the usual week.</summary>
public enum SpecialDayKind
{
    /// <summary>休: nobody works.</summary>
    Holiday = 0,

    /// <summary>班, 调休: one works though the week says otherwise, by the hours of a weekday.</summary>
    MakeUp = 1,

    /// <summary>Hours for this day alone.</summary>
    OwnHours = 2,

    /// <summary>A usual day after all, whatever a list of holidays says.</summary>
    Usual = 3,
}

/// <summary>Where a special day is known from.</summary>
public enum SpecialDaySource
{
    /// <summary>Set by hand.</summary>
    Hand = 0,

    /// <summary>A list that was loaded.</summary>
    List = 1,

    /// <summary>The notices that came with the program.</summary>
    Notice = 2,

    /// <summary>Computed from the law, as no notice is known: without make-up days.</summary>
    Computed = 3,
}

/// <summary>特殊日期: a day that the week alone doesn't tell.</summary>
/// <param name="Day">In the calendar's own zone.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Name">As a list or somebody wrote it, or names of festivals (<c>national+mid-autumn</c>).</param>
public sealed record SpecialDay(DateOnly Day, SpecialDayKind Kind, string Name)
{
    /// <summary>Of a make-up day the weekday whose hours hold (1 Monday to 7), empty for those of Monday to Friday; of own hours the times; else empty.</summary>
    public string Hours { get; init; } = "";

    /// <summary>Where it is known from.</summary>
    public SpecialDaySource Source { get; init; }

    /// <summary>Number of its row; 0 for one that came with the program or was computed.</summary>
    public long Id { get; init; }

    /// <summary>The calendar that it is of; null: all that keep holidays.</summary>
    public long? CalendarId { get; init; }

    /// <summary>Year of the list that it came with; 0: by hand.</summary>
    internal int ListYear { get; init; }

    /// <summary>The shifts that begin on it.</summary>
    /// <exception cref="RuleException"><c>calendar.hours.wrong</c>.</exception>
    internal IReadOnlyList<Shift> Shifts(WeeklyHours week) => Kind switch
    {
        SpecialDayKind.Holiday => [],
        SpecialDayKind.OwnHours => WeeklyHours.Times(Hours),
        SpecialDayKind.MakeUp when Hours is [>= '1' and <= '7' and var day] => week.On((DayOfWeek)((day - '0') % 7)),
        // Who works at weekends only does so on this one too.
        SpecialDayKind.MakeUp => week.MakeUp is { Count: > 0 } usual ? usual : week.On(Day.DayOfWeek),
        _ => week.On(Day.DayOfWeek),
    };
}
