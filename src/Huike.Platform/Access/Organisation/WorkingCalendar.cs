using System.Globalization;
using System.Text.RegularExpressions;
using Huike.Platform.Audit;
using Huike.Platform.Data;

namespace Huike.Platform.Access.Organisation;

/// <summary>工作日历: in which hours of the week somebody works.</summary>
/// <param name="Id">Number of the calendar; 1 is the usual one.</param>
/// <param name="Name">As the firm calls it; empty: the usual one, which nobody has named.</param>
/// <param name="Hours">Days (1 Monday – 7 Sunday) and times: <c>1-5 09:00-12:00 13:30-18:00; 6 09:00-12:00</c>, in the firm's zone.</param>
/// <param name="Version">Rises with each change.</param>
public sealed partial record WorkingCalendar(long Id, string Name, string Hours, int Version)
{
    /// <summary>Minutes of the day, from and until, on which one works on a day of the week.</summary>
    /// <exception cref="RuleException"><c>access.calendar.hours</c>: not written as it must be.</exception>
    public IReadOnlyList<(int From, int Until)> On(DayOfWeek day)
    {
        var number = day == DayOfWeek.Sunday ? 7 : (int)day;
        return [.. Parse(Hours).Where(part => number >= part.First && number <= part.Last).SelectMany(part => part.Times).Order()];
    }

    /// <summary>Minutes worked in a week.</summary>
    public int MinutesAWeek => Enum.GetValues<DayOfWeek>().Sum(day => On(day).Sum(time => time.Until - time.From));

    /// <exception cref="RuleException"><c>access.calendar.hours</c>.</exception>
    internal static List<(int First, int Last, List<(int From, int Until)> Times)> Parse(string hours)
    {
        var parts = new List<(int, int, List<(int, int)>)>();
        foreach (var text in hours.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var part = Part().Match(text);
            if (!part.Success) { throw Wrong(text); }
            var times = part.Groups["time"].Captures.Select(time => (From: Minutes(time.Value[..5], text), Until: Minutes(time.Value[^5..], text))).ToList();
            var (first, last) = (part.Groups["first"].Value[0] - '0', (part.Groups["last"].Success ? part.Groups["last"].Value : part.Groups["first"].Value)[0] - '0');
            if (last < first || times.Any(time => time.Until <= time.From) || times.Order().Zip(times.Order().Skip(1)).Any(pair => pair.Second.From < pair.First.Until)) { throw Wrong(text); }
            parts.Add((first, last, times));
        }
        return parts;
    }

    private static int Minutes(string time, string part)
    {
        var (hour, minute) = (int.Parse(time[..2], CultureInfo.InvariantCulture), int.Parse(time[3..], CultureInfo.InvariantCulture));
        return minute < 60 && hour * 60 + minute <= 24 * 60 ? hour * 60 + minute : throw Wrong(part);
    }

    private static RuleException Wrong(string part) => new("access.calendar.hours", part[..Math.Min(part.Length, 40)]);

    [GeneratedRegex("^(?<first>[1-7])(-(?<last>[1-7]))?( (?<time>[0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2}))+$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Part();
}

/// <summary>The firm's calendars, and changes of them.</summary>
internal sealed class WorkingCalendars(Database database, AuditLog audit)
{
    /// <summary>How the audit names calendars.</summary>
    public static readonly AuditedKind Audited = new("calendar", "audit.kind.calendar", "/admin/calendars", "access.calendar.field.");

    private const int Longest = 100;

    /// <summary>All, the usual one first; a firm has a handful.</summary>
    public async Task<List<WorkingCalendar>> All(CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return await connection.Rows("select id, name, hours, version from platform_calendar order by id limit 200", row => new WorkingCalendar(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetInt32(3)), ct);
    }

    /// <summary>Adds a calendar, where its number is 0, or changes one.</summary>
    /// <exception cref="RuleException"><c>access.calendar.hours</c>, <c>access.calendar.name</c>, <c>access.calendar.unknown</c>, <c>access.calendar.stale</c>.</exception>
    public async Task Save(long id, string name, string hours, int version, CancellationToken ct)
    {
        if (name.Length > Longest || (name.Length == 0 && id != 1) || hours.Length > 1_000) { throw new RuleException("access.calendar.name", Longest); }
        WorkingCalendar.Parse(hours);
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (id == 0)
        {
            id = await connection.Number("insert into platform_calendar (name, hours) values (@name, @hours) returning id", ct, ("name", name), ("hours", hours));
            await audit.Write(connection, new("calendar.added") { Kind = Audited.Name, Record = id, Changes = [AuditChange.Is("name", name), AuditChange.Is("hours", hours)] }, ct);
        }
        else
        {
            var old = await connection.First("select name, hours from platform_calendar where id = @id", row => (Name: row.GetString(0), Hours: row.GetString(1)), ct, ("id", id));
            if (old.Hours is null) { throw new RuleException("access.calendar.unknown", id); }
            if (await connection.Run("update platform_calendar set name = @name, hours = @hours, version = version + 1 where id = @id and version = @version", ct, ("id", id), ("name", name), ("hours", hours), ("version", version)) == 0) { throw new RuleException("access.calendar.stale"); }
            await audit.Write(connection, new("calendar.edited") { Kind = Audited.Name, Record = id, Changes = [new("name", old.Name, name), new("hours", old.Hours, hours)] }, ct);
        }
        await transaction.CommitAsync(ct);
    }
}
