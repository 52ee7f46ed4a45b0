namespace Huike.Platform.Calendar;

/// <summary>Days in a row of which the same is told.</summary>
/// <param name="First">The first of them.</param>
/// <param name="Last">The last of them.</param>
/// <param name="Same">What is told.</param>
internal sealed record DayRun<T>(DateOnly First, DateOnly Last, T Same)
{
    /// <summary>Puts neighbours together that are alike.</summary>
    /// <param name="days">Rising.</param>
    public static IReadOnlyList<DayRun<T>> Of(IEnumerable<(DateOnly Day, T Same)> days)
    {
        var runs = new List<DayRun<T>>();
        foreach (var (day, same) in days)
        {
            if (runs is [.., var last] && last.Last.AddDays(1) == day && EqualityComparer<T>.Default.Equals(last.Same, same)) { runs[^1] = last with { Last = day }; }
            else { runs.Add(new(day, day, same)); }
        }
        return runs;
    }
}
