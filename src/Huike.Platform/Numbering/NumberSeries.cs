using System.Data.Common;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Settings;

namespace Huike.Platform.Numbering;

/// <summary>A kind of record whose numbers come from a series.</summary>
/// <param name="Name">Stable: <c>customers</c>.</param>
/// <param name="TextKey">What they are called, several of them.</param>
/// <param name="Pattern">As long as the firm hasn't chosen another.</param>
/// <param name="Start">SQL of the first count: above those of a firm that was there before the series.</param>
public sealed record NumberedKind(string Name, string TextKey, string Pattern, string Start = "select 1");

/// <summary>A series as it stands.</summary>
/// <param name="Kind">Whose.</param>
/// <param name="Pattern">In force.</param>
/// <param name="Next">What the next record would get.</param>
public sealed record SeriesState(NumberedKind Kind, string Pattern, string Next);

/// <summary>
/// 编号: gives each record the next number of its series. The count is held by the writer's transaction: no two get the same number, and a transaction that
/// comes to nothing leaves no gap. On PostgreSQL writers of the same kind wait for each other from here to their commit.
/// </summary>
public sealed class NumberSeries(SettingsStore settings, AuditLog audit, IEnumerable<NumberedKind> kinds, TimeProvider clock)
{
    /// <summary>Takes the next number.</summary>
    /// <param name="connection">Holds the caller's transaction and, on SQLite, the turn to write.</param>
    /// <param name="kind">Whose.</param>
    /// <param name="isTaken">Whether a record has a number already, given by hand.</param>
    /// <param name="ct">Ends the write.</param>
    public async Task<string> Next(DbConnection connection, NumberedKind kind, Func<string, Task<bool>> isTaken, CancellationToken ct)
    {
        var today = await Today(ct);
        var (pattern, period, count) = await Hold(connection, kind, ct);
        if (pattern.PeriodOf(today) is var now && now != period) { (period, count) = (now, now.Length > 0 ? 1 : count); }
        string number;
        do { number = pattern.Format(today, count++); } while (await isTaken(number));
        await connection.Run("update platform_number set period = @period, next = @next where kind = @kind", ct, ("period", period), ("next", count), ("kind", kind.Name));
        return number;
    }

    /// <summary>All series, without taking a number; a number that was given by hand shows only when its turn comes.</summary>
    public async Task<IReadOnlyList<SeriesState>> All(DbConnection connection, CancellationToken ct)
    {
        var today = await Today(ct);
        var known = (await connection.Rows("select kind, pattern, period, next from platform_number", row => (Kind: row.GetString(0), Pattern: row.GetString(1), Period: row.GetString(2), Next: row.GetInt64(3)), ct)).ToDictionary(row => row.Kind);
        var states = new List<SeriesState>();
        foreach (var kind in kinds)
        {
            var there = known.TryGetValue(kind.Name, out var row);
            var pattern = NumberPattern.Read(there ? row.Pattern : kind.Pattern)!;
            var begins = pattern.PeriodOf(today) is { Length: > 0 } now && (!there || now != row.Period);
            states.Add(new(kind, pattern.Text, pattern.Format(today, begins ? 1 : there ? row.Next : await connection.Number(kind.Start, ct))));
        }
        return states;
    }

    /// <summary>Chooses how the numbers of a kind look from now on; the count goes on.</summary>
    /// <exception cref="RuleException"><c>numbers.kind.unknown</c>, <c>numbers.pattern.wrong</c>.</exception>
    public Task Choose(string kind, string text, CancellationToken ct)
    {
        var known = kinds.FirstOrDefault(one => one.Name == kind) ?? throw new RuleException("numbers.kind.unknown", kind);
        var pattern = NumberPattern.Read(text) ?? throw new RuleException("numbers.pattern.wrong", NumberPattern.Longest);
        return audit.Change(async connection =>
        {
            var (old, _, _) = await Hold(connection, known, ct);
            if (old.Text == pattern.Text) { return null; }
            await connection.Run("update platform_number set pattern = @pattern where kind = @kind", ct, ("pattern", pattern.Text), ("kind", kind));
            return new("numbers.chosen") { Kind = NumberingModule.Audited.Name, Changes = [AuditChange.Is("series", kind), new("pattern", old.Text, pattern.Text)] };
        }, ct);
    }

    private static async Task<(NumberPattern Pattern, string Period, long Next)> Hold(DbConnection connection, NumberedKind kind, CancellationToken ct)
    {
        const string hold = "update platform_number set kind = kind where kind = @kind returning pattern, period, next";
        var held = await connection.Rows(hold, Map, ct, ("kind", kind.Name));
        if (held.Count == 0)
        {
            await connection.Run($"insert into platform_number (kind, pattern, period, next) values (@kind, @pattern, '', ({kind.Start})) on conflict do nothing", ct, ("kind", kind.Name), ("pattern", kind.Pattern));
            held = await connection.Rows(hold, Map, ct, ("kind", kind.Name));
        }
        return held[0];
    }

    private static (NumberPattern, string, long) Map(DbDataReader row) => (NumberPattern.Read(row.GetString(0))!, row.GetString(1), row.GetInt64(2));

    private async Task<DateOnly> Today(CancellationToken ct) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(clock.GetUtcNow(), (await settings.Get<FirmSettings>(ct)).Zone).DateTime);
}
