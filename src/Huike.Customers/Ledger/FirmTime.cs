namespace Huike.Customers.Ledger;

/// <summary>Turns a ledger's local times into instants; remembers each day's offset, for ledgers go by days.</summary>
/// <param name="zone">The firm's time zone.</param>
internal sealed class FirmTime(TimeZoneInfo zone)
{
    private DateTime day = DateTime.MaxValue;
    private TimeSpan offset;
    private bool changes;

    /// <summary>The instant of a local time. A time that the clock skips counts as standard time; of two equal ones the later is meant.</summary>
    /// <param name="local">Date and time as written.</param>
    /// <param name="written">Offset that the file gives; null means the firm's zone.</param>
    public DateTimeOffset At(DateTime local, TimeSpan? written)
    {
        if (written is { } known) { return new DateTimeOffset(DateTime.SpecifyKind(local, DateTimeKind.Unspecified), known); }
        if (local.Date != day)
        {
            day = local.Date;
            offset = zone.GetUtcOffset(day);
            changes = offset != zone.GetUtcOffset(day.AddDays(1));
        }
        var unspecified = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        return new DateTimeOffset(unspecified, changes ? zone.GetUtcOffset(unspecified) : offset);
    }
}
