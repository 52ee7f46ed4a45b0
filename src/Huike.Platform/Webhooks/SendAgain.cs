using System.Data.Common;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Events;

namespace Huike.Platform.Webhooks;

/// <summary>Sends messages by hand: one to try an endpoint by, one of the log once more, all that were put aside since a moment.</summary>
internal sealed class SendAgain(AuditLog audit, Wire wire, TimeProvider clock)
{
    /// <summary>Kind of a message that nothing but an administrator caused.</summary>
    public const string Trial = "webhooks.test";

    /// <exception cref="RuleException"><c>webhooks.unknown</c>, <c>webhooks.off</c>.</exception>
    public Task Try(long id, CancellationToken ct) => Change(id, "tried", async connection =>
    {
        if (!(await ChangeWebhook.Get(connection, id, ct)).IsOn) { throw new RuleException("webhooks.off"); }
        var now = clock.GetUtcNow();
        return await connection.Run("""
            insert into platform_webhook_delivery (webhook_id, message, kind, body, state, attempts, error, created_at, wait_until) values (@id, @message, @kind, @body, 0, 0, '', @now, @now)
            """, ct, ("id", id), ("message", RecordForWebhooks.NewMessage()), ("kind", Trial), ("body", WebhookEvent.Body(Trial, now, [])), ("now", now));
    }, ct);

    /// <summary>Under the same number, from the first try on; what waits after a failure is sent now.</summary>
    /// <exception cref="RuleException"><c>webhooks.unknown</c>, <c>webhooks.delivery.moved</c>: it is under way, or gone.</exception>
    public Task One(long id, long delivery, CancellationToken ct) => Change(id, "resent", async connection =>
    {
        var sent = await Again(connection, id, "id = @delivery and (state <> 0 or error <> '')", ("delivery", delivery), ct);
        return sent > 0 ? sent : throw new RuleException("webhooks.delivery.moved");
    }, ct);

    /// <param name="id">The endpoint.</param>
    /// <param name="since">Events of this moment and later.</param>
    /// <param name="ct">Ends the write.</param>
    /// <exception cref="RuleException"><c>webhooks.unknown</c>, <c>webhooks.dead.none</c>.</exception>
    public Task AllDead(long id, DateTimeOffset since, CancellationToken ct) => Change(id, "resent", async connection =>
    {
        var sent = await Again(connection, id, "state = 2 and created_at >= @since", ("since", since), ct);
        return sent > 0 ? sent : throw new RuleException("webhooks.dead.none");
    }, ct);

    private Task<int> Again(DbConnection connection, long id, string which, (string, object?) value, CancellationToken ct) =>
        connection.Run($"update platform_webhook_delivery set state = 0, attempts = 0, error = '', status = null, ended_at = null, wait_until = @now where webhook_id = @id and {which}", ct, ("id", id), ("now", clock.GetUtcNow()), value);

    private Task<bool> Change(long id, string action, Func<DbConnection, Task<int>> work, CancellationToken ct) => audit.Change(async connection =>
    {
        await ChangeWebhook.Get(connection, id, ct);
        var sent = await work(connection);
        await wire.Tell(connection, new(WordKind.Delivery, RecordForWebhooks.Name, 0, 0), ct);
        return ChangeWebhook.Entry(action, id, AuditChange.Is("messages", sent));
    }, ct);
}
