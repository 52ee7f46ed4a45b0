namespace Huike.Platform.Calendar;

/// <summary>工作时间: the shifts of a usual week. Immutable.</summary>
public sealed class WeeklyHours
{
    private const int Days = 7;
    private const int LongestSaid = 40;

    private readonly IReadOnlyList<Shift>[] shifts;

    private WeeklyHours(IReadOnlyList<Shift>[] shifts)
    {
        this.shifts = shifts;
        // Of equally frequent ones the earlier weekday's.
        MakeUp = shifts[..5].GroupBy(day => string.Join(' ', day)).OrderByDescending(group => group.Count()).First().First();
    }

    /// <summary>What one works on most days from Monday to Friday, and so on a make-up day; empty where those days are free.</summary>
    public IReadOnlyList<Shift> MakeUp { get; }

    /// <summary>Minutes worked in a usual week.</summary>
    public int MinutesAWeek => shifts.Sum(day => day.Sum(shift => shift.Until - shift.From));

    /// <summary>The shifts that begin on a day of the week, in order.</summary>
    public IReadOnlyList<Shift> On(DayOfWeek day) => shifts[((int)day + Days - 1) % Days];

    /// <summary>Reads days (1 Monday to 7 Sunday) and times: <c>1-5 09:00-12:00 13:30-18:00; 6 22:00-06:00</c>.</summary>
    /// <param name="text">Parts with semicolons between; empty: nobody works. Full-width marks are understood.</param>
    /// <exception cref="RuleException"><c>calendar.hours.wrong</c>: a part is not written so, or shifts overlap.</exception>
    public static WeeklyHours Parse(string text)
    {
        var read = Kept(text);
        var week = Enumerable.Range(0, Days).SelectMany(day => read.shifts[day].Select(shift => new Shift(shift.From + day * Shift.Day, shift.Until + day * Shift.Day))).ToList();
        // Sunday's night may reach into Monday.
        var next = week.Skip(1).Append(week.Count > 0 ? new(week[0].From + Days * Shift.Day, 0) : default);
        return week.Zip(next).Any(pair => pair.Second.From < pair.First.Until) ? throw Wrong(text) : read;
    }

    /// <summary>Reads what an earlier program may have kept: of shifts that overlap the later one is shorter.</summary>
    internal static WeeklyHours Kept(string text)
    {
        var days = Enumerable.Range(0, Days).Select(_ => new List<Shift>()).ToArray();
        foreach (var part in Plain(text).Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var words = part.Split(' ', 2, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            var (first, last) = words[0] switch
            {
                [>= '1' and <= '7' and var only] => (only, only),
                [>= '1' and <= '7' and var from, '-', >= '1' and <= '7' and var until] when from <= until => (from, until),
                _ => throw Wrong(part),
            };
            if (words.Length < 2) { throw Wrong(part); }
            var times = Times(words[1]);
            for (var day = first - '1'; day <= last - '1'; day++) { days[day].AddRange(times); }
        }
        return new([.. days.Select(own => (IReadOnlyList<Shift>)[.. own.OrderBy(shift => shift.From)])]);
    }

    /// <summary>Reads the times of one day: <c>09:00-12:00 13:30-18:00</c>.</summary>
    /// <returns>One or more, in order.</returns>
    /// <exception cref="RuleException"><c>calendar.hours.wrong</c>.</exception>
    public static IReadOnlyList<Shift> Times(string text)
    {
        var times = Plain(text).Split(' ', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(time => Shift.Read(time) ?? throw Wrong(time)).OrderBy(shift => shift.From).ToList();
        if (times.Count == 0 || times.Zip(times.Skip(1)).Any(pair => pair.Second.From < pair.First.Until)) { throw Wrong(text); }
        return times;
    }

    private static string Plain(string text) => text.Replace('；', ';').Replace('：', ':').Replace('－', '-').Replace('–', '-').Replace('　', ' ');

    private static RuleException Wrong(string part) => new("calendar.hours.wrong", part[..Math.Min(part.Length, LongestSaid)]);
}
