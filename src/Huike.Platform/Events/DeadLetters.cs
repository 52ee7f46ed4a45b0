using System.Globalization;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Settings;

namespace Huike.Platform.Events;

/// <summary>A delivery that failed too often.</summary>
internal sealed record DeadLetter(long EventId, string Handler, string Kind, DateTimeOffset At, int Attempts, string Error);

/// <summary>死信: deliveries that were put aside; somebody sends them again, or drops them with a reason.</summary>
internal sealed class DeadLetters(Database database, Wire wire, SettingsStore settings, AuditLog audit, TimeProvider clock)
{
    public const string Path = Jobs.JobsModule.Path + "/letters";

    private const int RowsOfPage = 50;
    private const int LongestReason = 400;

    public IReadOnlyList<DeadLetter> Rows { get; private set; } = [];

    /// <summary>Older ones; null where there are none.</summary>
    public string? OlderHref { get; private set; }

    /// <summary>In which moments are told.</summary>
    public TimeZoneInfo Zone { get; private set; } = TimeZoneInfo.Utc;

    /// <summary>Reads a page, newest events first.</summary>
    /// <param name="before">Older than this event, or of it and by handlers before <paramref name="handler"/>; null: from the newest on.</param>
    /// <param name="handler">Name of a handler.</param>
    /// <param name="ct">Ends the read.</param>
    public async Task Read(long? before, string handler, CancellationToken ct)
    {
        Zone = (await settings.Get<FirmSettings>(ct)).Zone;
        await using var connection = await database.Open(ct);
        var rows = await connection.Rows($"""
            select d.event_id, d.handler, e.kind, e.at, d.attempts, d.error from platform_delivery d join platform_event e on e.id = d.event_id
            where d.state = 2 {(before is null ? "" : "and (d.event_id, d.handler) < (@before, @handler)")} order by d.event_id desc, d.handler desc limit {RowsOfPage + 1}
            """, row => new DeadLetter(row.GetInt64(0), row.GetString(1), row.GetString(2), row.At(3), row.GetInt32(4), row.GetString(5)), ct,
            before is null ? [] : [("before", before), ("handler", handler)]);
        Rows = [.. rows.Take(RowsOfPage)];
        OlderHref = rows.Count > RowsOfPage ? string.Create(CultureInfo.InvariantCulture, $"{Path}?before={Rows[^1].EventId}&handler={Uri.EscapeDataString(Rows[^1].Handler)}") : null;
    }

    /// <summary>Tells the handler of the event once more, from the first try on.</summary>
    /// <exception cref="RuleException"><c>jobs.letter.unknown</c>: it was settled meanwhile, or never was.</exception>
    public Task SendAgain(long id, string handler, CancellationToken ct) => Settle(id, handler, DeliveryState.Waiting, "", ct);

    /// <summary>Gives it up.</summary>
    /// <exception cref="RuleException"><c>jobs.letter.reason</c>: 1 to 400 characters; <c>jobs.letter.unknown</c>.</exception>
    public Task Drop(long id, string handler, string reason, CancellationToken ct) =>
        reason.Length is 0 or > LongestReason ? throw new RuleException("jobs.letter.reason", LongestReason) : Settle(id, handler, DeliveryState.Dropped, reason, ct);

    private async Task Settle(long id, string handler, DeliveryState state, string reason, CancellationToken ct)
    {
        await audit.Change(async connection =>
        {
            var again = state == DeliveryState.Waiting;
            var kind = await connection.First("select kind from platform_event where id = @id", row => row.GetString(0), ct, ("id", id));
            var settled = await connection.Run("update platform_delivery set state = @state, attempts = case when @state = 0 then 0 else attempts end, ended_at = @ended where event_id = @id and handler = @handler and state = 2", ct,
                ("state", (int)state), ("ended", again ? null : clock.GetUtcNow()), ("id", id), ("handler", handler));
            if (settled == 0 || kind is null) { throw new RuleException("jobs.letter.unknown"); }
            if (again) { await wire.Tell(connection, new(WordKind.Event, kind, id, id), ct); }
            await wire.Tell(connection, new(WordKind.Delivery, handler, 0, 0), ct);
            return new AuditEntry(again ? "delivery.resent" : "delivery.dropped") { Kind = Jobs.JobsModule.AuditedDeliveries.Name, Record = id, Changes = [AuditChange.Is("handler", handler)], Reason = reason };
        }, ct);
    }
}
