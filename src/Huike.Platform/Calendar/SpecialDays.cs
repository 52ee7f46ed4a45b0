namespace Huike.Platform.Calendar;

/// <summary>The special days of one calendar. Of a year that no list is known of, the statutory days are computed. Immutable.</summary>
public sealed class SpecialDays
{
    private readonly Dictionary<DateOnly, SpecialDay> days = [];
    private readonly IReadOnlySet<int>? listed;
    private readonly IReadOnlySet<int> confirmed;

    /// <summary>Puts them together.</summary>
    /// <param name="days">Of two for the same day the later one holds.</param>
    /// <param name="listed">Years whose list is among the days; null: no lists are waited for, and nothing is computed.</param>
    /// <param name="confirmed">Years without a list of which somebody said that what is known is right.</param>
    public SpecialDays(IEnumerable<SpecialDay> days, IReadOnlySet<int>? listed = null, IReadOnlySet<int>? confirmed = null)
    {
        foreach (var day in days) { this.days[day.Day] = day; }
        (this.listed, this.confirmed) = (listed, confirmed ?? new HashSet<int>());
    }

    /// <summary>No day is special.</summary>
    public static SpecialDays None { get; } = new([]);

    /// <summary>The same with others over them.</summary>
    internal SpecialDays With(IEnumerable<SpecialDay> over) => new(days.Values.Concat(over), listed, confirmed);

    /// <summary>What is special about a day; null: nothing.</summary>
    public SpecialDay? On(DateOnly day) => days.TryGetValue(day, out var special) ? special : listed?.Contains(day.Year) == false ? Statutory.On(day) : null;

    /// <summary>Whether a year's days are known, and not only computed.</summary>
    public bool Knows(int year) => listed is null || listed.Contains(year) || confirmed.Contains(year);

    /// <summary>Those of a year, in order.</summary>
    public IReadOnlyList<SpecialDay> Of(int year) =>
        [.. days.Values.Where(day => day.Day.Year == year).Concat(listed?.Contains(year) == false ? Statutory.Of(year).Where(day => !days.ContainsKey(day.Day)) : []).OrderBy(day => day.Day)];
}
