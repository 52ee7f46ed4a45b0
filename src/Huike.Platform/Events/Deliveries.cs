using System.Data.Common;
using System.Globalization;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Huike.Platform.Events;

/// <summary>States of a delivery.</summary>
internal enum DeliveryState
{
    /// <summary>To be done, perhaps not before a while.</summary>
    Waiting = 0,

    /// <summary>Done.</summary>
    Done = 1,

    /// <summary>Failed too often; somebody has to look.</summary>
    Dead = 2,

    /// <summary>Given up by somebody.</summary>
    Dropped = 3,
}

/// <summary>
/// Tells handlers of events: some at once, each node others, all in the transaction that marks them as done. Where one fails, all are rolled back and told one by one;
/// the failing one waits, longer each time, and is put aside in the end, with its error.
/// </summary>
internal sealed class Deliveries(Database database, IServiceScopeFactory scopes, Wire wire, CurrentActor actor, TimeProvider clock, ILogger<Deliveries> log)
{
    /// <summary>After so many tries, over half a day, a delivery is put aside.</summary>
    public const int MostAttempts = 8;

    private const int AtOnce = 100;
    private const int LongestError = 2_000;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(6);

    private sealed record Claimed(Occurrence Occurrence, string Payload);

    /// <summary>Does some of what waits for a handler and is due.</summary>
    /// <returns>Whether there may be more.</returns>
    /// <exception cref="DbException">The database can't be reached.</exception>
    public async Task<bool> DoSome(RegisteredHandler handler, CancellationToken ct)
    {
        var claimed = new List<Claimed>();
        try
        {
            await Do(handler, claimed, null, ct);
            return claimed.Count == AtOnce;
        }
        catch (Exception failure) when (claimed.Count > 0 && !ct.IsCancellationRequested)
        {
            if (claimed.Count == 1) { await Miss(claimed[0].Occurrence, failure, ct); }
            else { await OneByOne(handler, claimed, ct); }
            return true;
        }
    }

    /// <summary>How long to wait after a failed try: from five seconds on four times as long each time, up to six hours, a fifth more or less so that not all come back at once.</summary>
    internal static TimeSpan PauseAfter(int attempts, long id)
    {
        var plain = TimeSpan.FromSeconds(5 * Math.Pow(4, attempts - 1));
        return Spread.Over(plain < LongestPause ? plain : LongestPause, id);
    }

    private async Task OneByOne(RegisteredHandler handler, List<Claimed> claimed, CancellationToken ct)
    {
        foreach (var one in claimed)
        {
            try
            {
                await Do(handler, [], one.Occurrence.Id, ct);
            }
            catch (Exception failure) when (!ct.IsCancellationRequested)
            {
                await Miss(one.Occurrence, failure, ct);
            }
        }
    }

    /// <param name="handler">Whom to tell.</param>
    /// <param name="claimed">Takes what was claimed, before it is told.</param>
    /// <param name="only">This event alone; null: whatever is due.</param>
    /// <param name="ct">Ends the work.</param>
    private async Task Do(RegisteredHandler handler, List<Claimed> claimed, long? only, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        claimed.AddRange(await Claim(connection, handler.Name, only, ct));
        if (claimed.Count == 0) { return; }
        patience.CancelAfter(Patience);
        await using (var scope = scopes.CreateAsyncScope())
        {
            foreach (var one in claimed)
            {
                actor.Become(one.Occurrence.By);
                await handler.Run(scope.ServiceProvider, one.Payload, one.Occurrence, connection, patience.Token);
            }
        }
        var ids = string.Join(',', claimed.Select(one => one.Occurrence.Id.ToString(CultureInfo.InvariantCulture)));
        await connection.Run($"update platform_delivery set state = 1, wait_until = null, error = '', ended_at = @now where handler = @handler and event_id in ({ids})", ct, ("now", clock.GetUtcNow()), ("handler", handler.Name));
        await wire.Tell(connection, new(WordKind.Delivery, handler.Name, 0, 0), ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>What another node is at is passed over.</summary>
    private Task<List<Claimed>> Claim(DbConnection connection, string handler, long? only, CancellationToken ct) => connection.Rows($"""
        select e.id, e.at, e.created_by, d.attempts, e.payload, e.kind from platform_delivery d join platform_event e on e.id = d.event_id
        where d.handler = @handler and d.state = 0 and (d.wait_until is null or d.wait_until <= @now){(only is null ? "" : " and d.event_id = @only")}
        order by d.event_id limit {AtOnce}{(database.Kind == DatabaseKind.Postgres ? " for update of d skip locked" : "")}
        """, row => new Claimed(new(row.GetInt64(0), row.At(1), row.GetString(2), handler, row.GetInt32(3)) { Kind = row.GetString(5) }, row.GetString(4)), ct, [("handler", handler), ("now", clock.GetUtcNow()), .. only is null ? [] : ((string, object?)[])[("only", only)]]);

    private async Task Miss(Occurrence one, Exception failure, CancellationToken ct)
    {
        var attempts = one.Attempts + 1;
        var isDead = attempts >= MostAttempts;
        var now = clock.GetUtcNow();
        log.LogWarning(failure, "{Handler} failed at event {Event}, attempt {Attempt}{End}", one.Handler, one.Id, attempts, isDead ? ", the last" : "");
        var said = failure is RuleException rule ? rule.Code : failure.Message;
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // Not where another node was faster.
        await connection.Run("""
            update platform_delivery set state = @state, attempts = @attempts, wait_until = @until, error = @error, ended_at = @ended
            where event_id = @id and handler = @handler and state = 0 and attempts = @before
            """, ct, ("state", isDead ? DeliveryState.Dead : DeliveryState.Waiting), ("attempts", attempts), ("before", one.Attempts), ("until", isDead ? null : now + PauseAfter(attempts, one.Id)),
            ("error", said.Length > LongestError ? said[..LongestError] : said), ("ended", isDead ? now : null), ("id", one.Id), ("handler", one.Handler));
        await wire.Tell(connection, new(WordKind.Delivery, one.Handler, 0, 0), ct);
        await transaction.CommitAsync(ct);
    }
}
