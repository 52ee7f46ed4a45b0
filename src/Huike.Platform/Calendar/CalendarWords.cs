using Huike.Ui;
using Huike.Ui.Kit;

namespace Huike.Platform.Calendar;

/// <summary>How calendars, days and stretches of time are told on pages.</summary>
internal static class CalendarWords
{
    /// <summary>The usual one may go without a name.</summary>
    public static string Name(Texts texts, WorkingCalendar calendar) => calendar.Name.Length > 0 ? calendar.Name : texts["calendar.usual"];

    /// <summary>Festivals in the reader's language, other names as they were written, in their absence the kind.</summary>
    public static string Name(Texts texts, SpecialDay day) => day.Name.Length == 0 ? texts["calendar.kind." + day.Kind]
        : string.Join(texts["calendar.and"], day.Name.Split('+').Select(name => texts.Has("calendar.festival." + name) ? texts["calendar.festival." + name] : name));

    /// <summary>Weekday, day and minute, at the offset that the value carries.</summary>
    public static string Moment(Texts texts, DateTimeOffset at) => at.ToString(texts["calendar.format.moment"], texts.Culture);

    /// <summary>Weekday and day.</summary>
    public static string Day(Texts texts, DateOnly day) => day.ToString(texts["calendar.format.day"], texts.Culture);

    /// <summary>One day, or the first and the last of several.</summary>
    public static string Days<T>(Texts texts, DayRun<T> run) => run.First == run.Last ? Day(texts, run.First) : texts["calendar.span", Day(texts, run.First), Day(texts, run.Last)];

    /// <summary>From one moment to another; of two on one day the second is an hour alone.</summary>
    public static string Span(Texts texts, DateTimeOffset from, DateTimeOffset until) =>
        texts["calendar.span", Moment(texts, from), from.Date == until.Date ? until.ToString("HH:mm", texts.Culture) : Moment(texts, until)];

    /// <summary>Hours and minutes: 2 h 30 min.</summary>
    public static string Duration(Texts texts, TimeSpan time)
    {
        var (sign, minutes) = (time < TimeSpan.Zero ? "−" : "", (long)Math.Round(time.Duration().TotalMinutes));
        return sign + (minutes % 60 == 0 ? texts["calendar.duration.hours", minutes / 60] : minutes < 60 ? texts["calendar.duration.minutes", minutes] : texts["calendar.duration", minutes / 60, minutes % 60]);
    }

    /// <summary>The shifts of a day: 09:00-12:00, 13:30-18:00.</summary>
    public static string Hours(Texts texts, IReadOnlyList<Shift> shifts) => shifts.Count == 0 ? texts["calendar.free"] : string.Join(", ", shifts);

    /// <summary>Whether one works now, and until or from when.</summary>
    public static string Now(Texts texts, WorkingTime time, DateTimeOffset now)
    {
        var (from, until) = time.Stretches(now).FirstOrDefault();
        return until == default ? texts["calendar.now.never"] : from <= now ? texts["calendar.now.working", Moment(texts, until)] : texts["calendar.now.next", Moment(texts, from)];
    }

    /// <summary>Years as they are told: 2027, 2028.</summary>
    public static string Years(IEnumerable<int> years) => string.Join(", ", years.Select(LoadHolidays.SaidYear));

    /// <summary>Colour of a kind of day.</summary>
    public static Tone ToneOf(SpecialDayKind kind) => kind switch { SpecialDayKind.Holiday => Tone.Bad, SpecialDayKind.MakeUp => Tone.Info, SpecialDayKind.OwnHours => Tone.Accent, _ => Tone.Neutral };
}
