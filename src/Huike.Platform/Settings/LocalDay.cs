namespace Huike.Platform.Settings;

/// <summary>The firm's days as instants.</summary>
public static class LocalDay
{
    // Beyond them an instant has no day in every zone; whoever asks for year 1 means "from the beginning".
    private static readonly DateOnly First = DateOnly.MinValue.AddDays(1);
    private static readonly DateOnly Last = DateOnly.MaxValue.AddDays(-2);

    /// <summary>Midnight at which the day begins.</summary>
    public static DateTimeOffset Begin(DateOnly day, TimeZoneInfo zone)
    {
        var local = Within(day).ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(local, zone.GetUtcOffset(local));
    }

    /// <summary>Midnight at which the next day begins.</summary>
    public static DateTimeOffset After(DateOnly day, TimeZoneInfo zone) => Begin(Within(day).AddDays(1), zone);

    /// <summary>The last second of the day.</summary>
    public static DateTimeOffset End(DateOnly day, TimeZoneInfo zone) => After(day, zone).AddSeconds(-1);

    private static DateOnly Within(DateOnly day) => day < First ? First : day > Last ? Last : day;
}
