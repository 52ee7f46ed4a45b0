using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using Huike.Platform.Data;
using Huike.Platform.Settings;

namespace Huike.Platform.Calendar;

/// <summary>Which calendar holds for whom: a person's own, else that of the main unit, else of the nearest unit above that has one, else the firm's usual one.
/// Read through a short memory: a change is seen at once on the node where it was made, and within five seconds on others.</summary>
public sealed class Calendars
{
    /// <summary>A firm has a handful.</summary>
    internal const int Most = 200;

    private const int MostDays = 20_000;
    private const int MostKnown = 20_000;

    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(5);

    private readonly Database database;
    private readonly SettingsStore settings;
    private readonly TimeProvider clock;
    private Known? known;

    internal Calendars(Database database, SettingsStore settings, TimeProvider clock) => (this.database, this.settings, this.clock) = (database, settings, clock);

    private sealed record Known(CalendarPicture Picture, DateTimeOffset At)
    {
        public ConcurrentDictionary<(bool Unit, long Id), long> Whose { get; } = new();
    }

    /// <summary>The firm's usual one.</summary>
    public async Task<CalendarInForce> Usual(CancellationToken ct) => (await Now(ct)).Picture.Of(WorkingCalendar.Usual);

    /// <summary>The one of a person; of somebody unknown, the usual one.</summary>
    public Task<CalendarInForce> OfPerson(long userId, CancellationToken ct) => Of(false, userId, ct);

    /// <summary>The one of a unit; of an unknown one, the usual one.</summary>
    public Task<CalendarInForce> OfUnit(long unitId, CancellationToken ct) => Of(true, unitId, ct);

    /// <summary>All of them.</summary>
    internal async Task<CalendarPicture> Read(CancellationToken ct) => (await Now(ct)).Picture;

    /// <summary>The next question reads anew.</summary>
    internal void Forget()
    {
        if (Volatile.Read(ref known) is { } now) { Volatile.Write(ref known, new Known(now.Picture, DateTimeOffset.MinValue)); }
    }

    private async Task<CalendarInForce> Of(bool unit, long id, CancellationToken ct)
    {
        var now = await Now(ct);
        if (!now.Whose.TryGetValue((unit, id), out var calendar))
        {
            await using var connection = await database.OpenForShort(ct);
            calendar = unit ? await OfTree(connection, id, ct) : await OfUser(connection, id, ct);
            if (now.Whose.Count < MostKnown) { now.Whose[(unit, id)] = calendar; }
        }
        return now.Picture.Of(calendar);
    }

    private async Task<Known> Now(CancellationToken ct)
    {
        var (now, at) = (Volatile.Read(ref known), clock.GetUtcNow());
        if (now is not null && at - now.At < Memory) { return now; }
        var picture = await Picture(ct);
        // Clocks that were made keep their tables.
        var next = new Known(now?.Picture.IsLike(picture) == true ? now.Picture : picture, at);
        // Who forgot meanwhile did so because of a write that this picture may lack.
        return ReferenceEquals(Interlocked.CompareExchange(ref known, next, now), now) ? next : new Known(picture, at);
    }

    private async Task<CalendarPicture> Picture(CancellationToken ct)
    {
        var firm = await settings.Get<FirmSettings>(ct);
        var country = (await settings.Get<HolidaySettings>(ct)).In(firm.TimeZone);
        await using var connection = await database.OpenForShort(ct);
        var calendars = await connection.Rows($"select id, name, hours, zone, keeps_holidays, version from platform_calendar order by id limit {Most}",
            row => new WorkingCalendar(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetBoolean(4), row.GetInt32(5)), ct);
        var days = await connection.Rows($"select id, calendar_id, day, kind, name, hours, list_year from platform_special_day order by list_year, day, id limit {MostDays}", Day, ct);
        var years = await connection.Rows("select year, is_list from platform_holiday_year order by year limit 200", row => (row.GetInt32(0), row.GetBoolean(1)), ct);
        return new(calendars, days, years, country, firm.Zone);
    }

    private static SpecialDay Day(DbDataReader row) => new(DateOnly.ParseExact(row.GetString(2), "yyyy-MM-dd", CultureInfo.InvariantCulture), (SpecialDayKind)row.GetInt16(3), row.GetString(4))
    {
        Id = row.GetInt64(0),
        CalendarId = row.IsDBNull(1) ? null : row.GetInt64(1),
        Hours = row.GetString(5),
        ListYear = row.GetInt32(6),
        Source = row.GetInt32(6) == 0 ? SpecialDaySource.Hand : SpecialDaySource.List,
    };

    private static async Task<long> OfUser(DbConnection connection, long id, CancellationToken ct)
    {
        var (own, unit) = await connection.First("select calendar_id, unit_id from platform_user where id = @id", row => (row.GetInt64(0), row.GetInt64(1)), ct, ("id", id));
        return own != WorkingCalendar.OfAbove ? own : await OfTree(connection, unit, ct);
    }

    /// <summary>0 where no unit on the way up has one.</summary>
    private static Task<long> OfTree(DbConnection connection, long unit, CancellationToken ct) => connection.Number("""
        with recursive up (id, parent_id, calendar_id, height) as (
            select id, parent_id, calendar_id, 0 from platform_unit where id = @unit
            union all select u.id, u.parent_id, u.calendar_id, up.height + 1 from platform_unit u join up on u.id = up.parent_id where up.calendar_id = 0 and up.height < 1000)
        select calendar_id from up where calendar_id > 0 order by height limit 1
        """, ct, ("unit", unit));
}
