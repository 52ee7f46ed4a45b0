using System.Data.Common;
using System.Globalization;
using Huike.Platform.Data;
using Huike.Platform.Events;
using Huike.Platform.Settings;

namespace Huike.Platform.Webhooks;

/// <summary>A line of the list.</summary>
/// <param name="Webhook">The endpoint.</param>
/// <param name="Waiting">Messages that are to be sent.</param>
/// <param name="Dead">Messages that were put aside.</param>
internal sealed record WebhookLine(Webhook Webhook, long Waiting, long Dead);

/// <summary>One try to deliver a message.</summary>
/// <param name="At">When it began.</param>
/// <param name="Status">Of the answer; null: there was none.</param>
/// <param name="Error">End of a text key; empty: it was delivered.</param>
/// <param name="Took">Null: nothing came of it yet, or the program ended meanwhile.</param>
internal sealed record DeliveryTry(DateTimeOffset At, int? Status, string Error, TimeSpan? Took);

/// <summary>A line of an endpoint's log: a message, and what came of its last try.</summary>
internal sealed record LoggedDelivery(long Id, string Message, string Kind, string Body, DeliveryState State, int Attempts)
{
    /// <summary>Of the answer; null: there was none.</summary>
    public int? Status { get; init; }

    /// <summary>End of a text key; empty: it was delivered, or is under way.</summary>
    public string Error { get; init; } = "";

    public TimeSpan? Took { get; init; }

    /// <summary>When it happened.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Null: it isn't tried any more.</summary>
    public DateTimeOffset? NextAt { get; init; }

    /// <summary>All that are kept, the oldest first.</summary>
    public IReadOnlyList<DeliveryTry> Tries { get; init; } = [];

    /// <summary>Whether somebody may send it again: it isn't under way.</summary>
    public bool IsIdle => State != DeliveryState.Waiting || Error.Length > 0;
}

/// <summary>Reads endpoints and their logs, and holds them for the request.</summary>
internal sealed class WebhookView(Database database, SettingsStore settings, IEnumerable<WebhookEvent> events, Reachable reachable, TimeProvider clock)
{
    private const int RowsOfPage = 50;

    public IReadOnlyList<WebhookLine> Lines { get; private set; } = [];

    /// <summary>The one that is shown; of the list none.</summary>
    public Webhook? Shown { get; private set; }

    public IReadOnlyList<LoggedDelivery> Log { get; private set; } = [];

    /// <summary>Whether the log shows what was put aside alone.</summary>
    public bool OnlyDead { get; private set; }

    /// <summary>Further lines; null where there are none.</summary>
    public string? NextHref { get; private set; }

    /// <summary>What endpoints can be told of.</summary>
    public IReadOnlyList<string> Kinds { get; } = [.. events.Select(one => one.Kind)];

    /// <summary>Whether messages may go without encryption to some networks.</summary>
    public bool MayBePlain => reachable.MayBePlain;

    public DateTimeOffset Now { get; } = clock.GetUtcNow();

    /// <summary>In which moments are told.</summary>
    public TimeZoneInfo Zone { get; private set; } = TimeZoneInfo.Utc;

    /// <param name="after">Numbers after this one.</param>
    /// <param name="ct">Ends the read.</param>
    public async Task ReadList(long after, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var rows = await connection.Rows($"""
            select {Webhook.Columns}, (select count(*) from platform_webhook_delivery d where d.webhook_id = w.id and d.state = 0), (select count(*) from platform_webhook_delivery d where d.webhook_id = w.id and d.state = 2)
            from platform_webhook w where w.id > @after order by w.id limit {RowsOfPage + 1}
            """, row => new WebhookLine(Webhook.Map(row), row.GetInt64(9), row.GetInt64(10)), ct, ("after", after));
        Lines = [.. rows.Take(RowsOfPage)];
        NextHref = rows.Count > RowsOfPage ? string.Create(CultureInfo.InvariantCulture, $"{WebhooksModule.Path}?after={Lines[^1].Webhook.Id}") : null;
    }

    /// <param name="id">The endpoint.</param>
    /// <param name="before">Messages before this number; null: from the newest on.</param>
    /// <param name="onlyDead">Only those that were put aside.</param>
    /// <param name="ct">Ends the read.</param>
    /// <exception cref="RuleException"><c>webhooks.unknown</c>.</exception>
    public async Task ReadOne(long id, long? before, bool onlyDead, CancellationToken ct)
    {
        (OnlyDead, Zone) = (onlyDead, (await settings.Get<FirmSettings>(ct)).Zone);
        await using var connection = await database.Open(ct);
        Shown = await ChangeWebhook.Get(connection, id, ct);
        var rows = await connection.Rows($"""
            select id, message, kind, body, state, attempts, status, error, took, created_at, wait_until from platform_webhook_delivery
            where webhook_id = @id and id < @before{(onlyDead ? " and state = 2" : "")} order by id desc limit {RowsOfPage + 1}
            """, row => new LoggedDelivery(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), (DeliveryState)row.GetInt32(4), row.GetInt32(5))
        {
            Status = row.IsDBNull(6) ? null : row.GetInt32(6),
            Error = row.GetString(7),
            Took = row.IsDBNull(8) ? null : TimeSpan.FromMilliseconds(row.GetInt64(8)),
            At = row.At(9),
            NextAt = row.AtOrNull(10),
        }, ct, ("id", id), ("before", before ?? long.MaxValue));
        var tries = await Tries(connection, rows, ct);
        Log = [.. rows.Take(RowsOfPage).Select(one => one with { Tries = [.. tries[one.Id]] })];
        NextHref = rows.Count > RowsOfPage ? string.Create(CultureInfo.InvariantCulture, $"{Shown.Path}?{(onlyDead ? "show=dead&" : "")}before={Log[^1].Id}") : null;
    }

    private static async Task<ILookup<long, DeliveryTry>> Tries(DbConnection connection, List<LoggedDelivery> of, CancellationToken ct) => (of.Count == 0 ? [] : await connection.Rows(
        $"select delivery_id, at, status, error, took from platform_webhook_try where delivery_id in ({string.Join(',', of.Select(one => one.Id))}) order by delivery_id, id",
        row => (Delivery: row.GetInt64(0), Try: new DeliveryTry(row.At(1), row.IsDBNull(2) ? null : row.GetInt32(2), row.GetString(3), row.IsDBNull(4) ? null : TimeSpan.FromMilliseconds(row.GetInt64(4)))), ct)).ToLookup(one => one.Delivery, one => one.Try);
}
