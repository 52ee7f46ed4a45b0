namespace Huike.Platform.Settings;

/// <summary>The firm's days as instants.</summary>
public static class LocalDay
{
    /// <summary>Midnight at which the day begins.</summary>
    public static DateTimeOffset Begin(DateOnly day, TimeZoneInfo zone)
    {
        var local = day.ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(local, zone.GetUtcOffset(local));
    }

    /// <summary>The last second of the day.</summary>
    public static DateTimeOffset End(DateOnly day, TimeZoneInfo zone) => Begin(day.AddDays(1), zone).AddSeconds(-1);
}
