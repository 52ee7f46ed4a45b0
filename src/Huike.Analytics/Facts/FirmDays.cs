namespace Huike.Analytics.Facts;

/// <summary>Instants to days of the firm and back. Offsets are looked up once a day, for a lookup each would take longer than the sums. Not for two threads.</summary>
/// <param name="zone">The firm's time zone.</param>
internal sealed class FirmDays(TimeZoneInfo zone)
{
    private const long Day = 86_400_000;
    private const int Epoch = 719_162;

    // Day by UTC → offset in milliseconds, or null on the days when the clock changes.
    private readonly Dictionary<long, long?> offsets = [];
    private long lastDay = long.MinValue;
    private long? lastOffset;

    /// <summary>Day number (<see cref="DateOnly.DayNumber"/>) of an instant.</summary>
    /// <param name="at">Unix milliseconds within the years 1 to 9999.</param>
    public int DayOf(long at)
    {
        var utcDay = Math.DivRem(at, Day, out var rest);
        if (rest < 0) { utcDay--; }
        if (utcDay != lastDay) { Remember(utcDay); }
        var local = at + (lastOffset ?? Offset(at));
        return Epoch + (int)Math.Floor(local / (double)Day);
    }

    /// <summary>The instant at which a day of the firm begins; of two midnights the later, of none the first moment after.</summary>
    public long StartOf(int dayNumber)
    {
        var midnight = DateOnly.FromDayNumber(dayNumber).ToDateTime(TimeOnly.MinValue);
        while (zone.IsInvalidTime(midnight)) { midnight = midnight.AddMinutes(15); }
        return new DateTimeOffset(midnight, zone.GetUtcOffset(midnight)).ToUnixTimeMilliseconds();
    }

    private void Remember(long utcDay)
    {
        if (!offsets.TryGetValue(utcDay, out var offset))
        {
            var (begin, end) = (Offset(utcDay * Day), Offset((utcDay + 1) * Day));
            offset = begin == end ? begin : null;
            offsets[utcDay] = offset;
        }
        lastDay = utcDay;
        lastOffset = offset;
    }

    private long Offset(long at) => (long)zone.GetUtcOffset(DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(at, -62_135_596_800_000, 253_402_300_799_999))).TotalMilliseconds;
}
