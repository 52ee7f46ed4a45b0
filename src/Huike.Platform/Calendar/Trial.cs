namespace Huike.Platform.Calendar;

/// <summary>A stretch that counting went through.</summary>
/// <param name="From">Its beginning.</param>
/// <param name="Until">Its end.</param>
/// <param name="IsWork">Whether it counted.</param>
/// <param name="Free">Days in it on which no shift begins, the first of them.</param>
internal sealed record TrialStep(DateTimeOffset From, DateTimeOffset Until, bool IsWork, IReadOnlyList<DateOnly> Free);

/// <summary>What became of a time that was added to a moment, step by step in the order of time.</summary>
/// <param name="From">The moment.</param>
/// <param name="Working">The time; may be negative.</param>
/// <param name="Due">What came of it.</param>
/// <param name="Steps">The first of them.</param>
/// <param name="IsCut">Whether there were more.</param>
/// <param name="Unknown">Years on the way that are computed only.</param>
internal sealed record Trial(DateTimeOffset From, TimeSpan Working, DateTimeOffset Due, IReadOnlyList<TrialStep> Steps, bool IsCut, IReadOnlyList<int> Unknown)
{
    private const int MostSteps = 40;
    private const int MostDays = 60;

    /// <exception cref="RuleException">What <see cref="WorkingTime.Add"/> tells.</exception>
    public static Trial Of(WorkingTime time, DateTimeOffset from, TimeSpan working)
    {
        var due = time.Add(from, working);
        var (first, last) = due < from ? (due, from) : (from, due);
        var steps = new List<TrialStep>();
        var at = TimeZoneInfo.ConvertTime(first, time.Zone);
        foreach (var (begin, end) in time.Stretches(first).TakeWhile(stretch => stretch.From < last && steps.Count < MostSteps))
        {
            if (begin > at) { steps.Add(new(at, begin, IsWork: false, Free(time, at, begin))); }
            at = end < last ? end : TimeZoneInfo.ConvertTime(last, time.Zone);
            steps.Add(new(begin, at, IsWork: true, []));
        }
        var isCut = steps.Count >= MostSteps && at < last;
        if (at < last && !isCut) { steps.Add(new(at, TimeZoneInfo.ConvertTime(last, time.Zone), IsWork: false, Free(time, at, last))); }
        return new(TimeZoneInfo.ConvertTime(from, time.Zone), working, due, steps, isCut, time.UnknownYears(first, last));
    }

    private static List<DateOnly> Free(WorkingTime time, DateTimeOffset from, DateTimeOffset until)
    {
        var (first, last) = (DateOnly.FromDateTime(from.Date), DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(until, time.Zone).Date));
        return [.. Enumerable.Range(0, last.DayNumber - first.DayNumber + 1).Select(first.AddDays).Where(day => time.On(day).Count == 0).Take(MostDays)];
    }
}
