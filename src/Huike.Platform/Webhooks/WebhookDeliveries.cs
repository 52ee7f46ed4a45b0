using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Events;

namespace Huike.Platform.Webhooks;

/// <summary>
/// Takes messages from their rows, sends them and writes down what came of it. A row is taken by putting its next try behind a lease, in a short transaction of its own:
/// nobody else sends it meanwhile, and what a dead program had taken is sent again when the lease is over, under the same number.
/// </summary>
internal sealed class WebhookDeliveries(Database database, PostOutside outside, WebhookSecrets secrets, Wire wire, AuditLog audit, TimeProvider clock)
{
    /// <summary>An endpoint that failed for so long, with no success between, is switched off.</summary>
    public static readonly TimeSpan LongestFailure = TimeSpan.FromDays(5);

    /// <summary>Tries of a message that are kept, the newest: sent again by hand it may have more than its own.</summary>
    public const int MostKept = 50;

    private const int AtOnce = 4;

    /// <summary>Longer than any try takes.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan LongestAsked = TimeSpan.FromHours(24);

    /// <summary>As Standard Webhooks recommends; after the last of them a message is put aside.</summary>
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), .. new[] { 2, 5, 10, 14, 20, 24 }.Select(hours => TimeSpan.FromHours(hours))];

    /// <summary>A message is tried so often.</summary>
    public static int MostAttempts => Pauses.Length + 1;

    private sealed record Endpoint(Uri Url, IReadOnlyList<string> Secrets);

    private sealed record Message(long Id, string Number, string Body, int Attempts, long Try = 0);

    /// <summary>Endpoints for which something is due.</summary>
    /// <exception cref="DbException">The database can't be reached.</exception>
    public async Task<List<long>> Due(CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return await connection.Rows("""
            select w.id from platform_webhook w
            where w.is_on and exists (select 1 from platform_webhook_delivery d where d.webhook_id = w.id and d.state = 0 and d.wait_until <= @now) order by w.id
            """, row => row.GetInt64(0), ct, ("now", clock.GetUtcNow()));
    }

    /// <summary>Sends some of what is due for an endpoint, side by side.</summary>
    /// <returns>How many; 0: none is due, or it is off.</returns>
    /// <exception cref="DbException">The database can't be reached.</exception>
    public async Task<int> DoSome(long webhook, CancellationToken ct)
    {
        var (endpoint, messages) = await Claim(webhook, ct);
        await Task.WhenAll(messages.Select(message => Do(webhook, endpoint!, message, ct)));
        return messages.Count;
    }

    /// <summary>How long to wait after a failed try; null: it was the last. What the other side asks for holds where it is longer, up to a day.</summary>
    internal static TimeSpan? PauseAfter(int attempts, long id, TimeSpan? asked)
    {
        if (attempts > Pauses.Length) { return null; }
        var pause = Spread.Over(Pauses[attempts - 1], id);
        return asked > pause ? (asked < LongestAsked ? asked : LongestAsked) : pause;
    }

    private async Task<(Endpoint? Endpoint, List<Message> Messages)> Claim(long webhook, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var endpoint = await connection.First("select url, secret, old_secret, old_until from platform_webhook where id = @id and is_on",
            row => new Endpoint(new(row.GetString(0)), row.AtOrNull(3) > now ? [row.GetString(1), row.GetString(2)] : [row.GetString(1)]), ct, ("id", webhook));
        if (endpoint is null) { return (null, []); }
        var messages = await connection.Rows($"""
            with due as materialized (select id from platform_webhook_delivery where webhook_id = @id and state = 0 and wait_until <= @now order by wait_until, id limit {AtOnce}{(database.Kind == DatabaseKind.Postgres ? " for update skip locked" : "")})
            update platform_webhook_delivery set attempts = attempts + 1, error = '', status = null, tried_at = @now, wait_until = @lease where id in (select id from due) returning id, message, body, attempts
            """, row => new Message(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetInt32(3)), ct, ("id", webhook), ("now", now), ("lease", now + Lease));
        messages = await Begun(connection, messages, now, ct);
        await transaction.CommitAsync(ct);
        return (endpoint, messages);
    }

    /// <summary>Writes down that they are tried now: what came of it follows, where the program lives to see it.</summary>
    private static async Task<List<Message>> Begun(DbConnection connection, List<Message> messages, DateTimeOffset now, CancellationToken ct)
    {
        if (messages.Count == 0) { return messages; }
        var ids = string.Join(',', messages.Select(message => message.Id));
        var tries = await connection.Rows($"insert into platform_webhook_try (delivery_id, at, error) select id, @now, '' from platform_webhook_delivery where id in ({ids}) returning delivery_id, id", row => (Delivery: row.GetInt64(0), Id: row.GetInt64(1)), ct, ("now", now));
        await connection.Run($"""
            delete from platform_webhook_try where delivery_id in ({ids})
                and id <= (select newer.id from platform_webhook_try newer where newer.delivery_id = platform_webhook_try.delivery_id order by newer.id desc limit 1 offset {MostKept})
            """, ct);
        var numbers = tries.ToDictionary(one => one.Delivery, one => one.Id);
        return [.. messages.Select(message => message with { Try = numbers[message.Id] })];
    }

    private async Task Do(long webhook, Endpoint endpoint, Message message, CancellationToken ct)
    {
        try
        {
            var seconds = clock.GetUtcNow().ToUnixTimeSeconds();
            var signatures = secrets.Sign(endpoint.Secrets, message.Number, seconds, message.Body);
            var outcome = await outside.Run(endpoint.Url, message.Body,
                [("webhook-id", message.Number), ("webhook-timestamp", seconds.ToString(CultureInfo.InvariantCulture)), ("webhook-signature", signatures)], ct);
            await Settle(webhook, message, outcome, CancellationToken.None);
        }
        catch (CryptographicException)
        {
            await Settle(webhook, message, new(null, "secret", TimeSpan.Zero), CancellationToken.None);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            await GiveBack(message);
        }
    }

    /// <summary>The program stops: whoever is left sends it at once.</summary>
    private async Task GiveBack(Message message)
    {
        using var turn = await database.WriteTurn(CancellationToken.None);
        await using var connection = await database.Open(CancellationToken.None);
        await connection.Run("update platform_webhook_delivery set attempts = attempts - 1, wait_until = @now where id = @id and state = 0 and attempts = @attempts", CancellationToken.None,
            ("now", clock.GetUtcNow()), ("id", message.Id), ("attempts", message.Attempts));
        await connection.Run("delete from platform_webhook_try where id = @try", CancellationToken.None, ("try", message.Try));
    }

    private async Task Settle(long webhook, Message message, Outcome outcome, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var isDone = outcome.Error.Length == 0;
        // What is gone for good isn't tried again.
        var pause = isDone || outcome.Error == "gone" ? null : PauseAfter(message.Attempts, message.Id, outcome.RetryAfter);
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var stopped = await Judge(connection, webhook, outcome, now, ct);
        await connection.Run("""
            update platform_webhook_delivery set state = @state, status = @status, error = @error, took = @took, wait_until = @until, ended_at = @ended
            where id = @id and state = 0 and attempts = @attempts
            """, ct, ("state", isDone ? DeliveryState.Done : pause is null ? DeliveryState.Dead : DeliveryState.Waiting), ("status", outcome.Status), ("error", outcome.Error), ("took", (long)outcome.Took.TotalMilliseconds),
            ("until", pause is null ? null : now + pause), ("ended", pause is null ? now : null), ("id", message.Id), ("attempts", message.Attempts));
        await connection.Run("update platform_webhook_try set status = @status, error = @error, took = @took where id = @try", ct, ("status", outcome.Status), ("error", outcome.Error), ("took", (long)outcome.Took.TotalMilliseconds), ("try", message.Try));
        await wire.Tell(connection, new(WordKind.Delivery, RecordForWebhooks.Name, 0, 0), ct);
        if (stopped is not null) { await audit.Write(connection, stopped, ct); }
        await transaction.CommitAsync(ct);
    }

    /// <summary>What the outcome means for the endpoint.</summary>
    /// <returns>The entry that tells of switching it off; null where it stays as it is.</returns>
    private static async Task<AuditEntry?> Judge(DbConnection connection, long webhook, Outcome outcome, DateTimeOffset now, CancellationToken ct)
    {
        if (outcome.Error.Length == 0)
        {
            await connection.Run("update platform_webhook set failing_since = null where id = @id and failing_since is not null", ct, ("id", webhook));
            return null;
        }
        var since = await connection.First("update platform_webhook set failing_since = coalesce(failing_since, @now) where id = @id returning failing_since", row => row.AtOrNull(0), ct, ("now", now), ("id", webhook));
        var reason = outcome.Error == "gone" ? "gone" : now - since >= LongestFailure ? "failing" : null;
        if (reason is null || await connection.Run("update platform_webhook set is_on = @off, stopped = @reason, version = version + 1 where id = @id and is_on", ct, ("off", false), ("reason", reason), ("id", webhook)) == 0) { return null; }
        return new AuditEntry("webhook.stopped") { Kind = WebhooksModule.Audited.Name, Record = webhook, Changes = [AuditChange.Is("stopped", reason)], Actor = "" };
    }
}
