using System.Data.Common;
using Huike.Platform.Data;
using Huike.Platform.Events;

namespace Huike.Platform.Jobs;

/// <summary>The queue of background work, in the same database: a job is asked for in the transaction of its cause.</summary>
public sealed class JobQueue
{
    /// <summary>A worker that gives no sign for this long is taken for dead, and its job is given out again.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);

    internal const string Columns = "id, kind, payload, state, progress, message, attempts, created_by, created_at, finished_at, cancel_at";

    private readonly Database database;
    private readonly Wire wire;
    private readonly TimeProvider clock;

    /// <summary>Wakes who waits for work also where another node was asked for it.</summary>
    public JobQueue(Database database, Wire wire, TimeProvider clock)
    {
        (this.database, this.wire, this.clock) = (database, wire, clock);
        wire.Listen(word => { if (word.Kind == WordKind.JobAdded) { Ring(); } }, Ring);
    }

    /// <summary>Rung when work was added in this process, so that nobody waits for the next poll.</summary>
    internal SemaphoreSlim Bell { get; } = new(0);

    /// <summary>The same for the lane of short work.</summary>
    internal SemaphoreSlim ShortBell { get; } = new(0);

    /// <summary>Wakes whoever waits for work in this process.</summary>
    internal void Ring()
    {
        Bell.Release();
        ShortBell.Release();
    }

    /// <summary>Adds a job in a transaction of its own.</summary>
    /// <returns>Number of the job.</returns>
    public async Task<long> Add(string kind, string payload, string by, bool thisMachineOnly, CancellationToken ct)
    {
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        return await Add(connection, kind, payload, by, thisMachineOnly, ct);
    }

    /// <summary>Adds a job in the caller's transaction.</summary>
    /// <param name="connection">Holds the caller's transaction and, on SQLite, the turn to write.</param>
    /// <param name="kind">Which worker does it.</param>
    /// <param name="payload">JSON for the worker.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="thisMachineOnly">True where the payload names files of this machine.</param>
    /// <param name="ct">Ends the write.</param>
    /// <returns>Number of the job.</returns>
    public async Task<long> Add(DbConnection connection, string kind, string payload, string by, bool thisMachineOnly, CancellationToken ct)
    {
        var id = await connection.Number("""
            insert into platform_job (kind, payload, machine, state, progress, message, attempts, created_at, created_by)
            values (@kind, @payload, @machine, 0, 0, '', 0, @at, @by) returning id
            """, ct, ("kind", kind), ("payload", payload), ("machine", thisMachineOnly ? Environment.MachineName : null), ("at", clock.GetUtcNow()), ("by", by));
        await wire.Tell(connection, new(WordKind.JobAdded, kind, id, id), ct);
        Ring();
        return id;
    }

    /// <summary>Adds a job in a transaction of its own, unless one like it waits that has not begun.</summary>
    public async Task AddUnlessWaiting(string kind, string payload, string by, CancellationToken ct)
    {
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await AddUnlessWaiting(connection, kind, payload, by, ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>Adds a job in the caller's transaction, unless one like it waits that has not begun: it will see what the caller wrote.</summary>
    /// <param name="connection">Holds the caller's transaction and, on SQLite, the turn to write.</param>
    /// <param name="kind">Which worker does it.</param>
    /// <param name="payload">JSON for the worker.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="ct">Ends the write.</param>
    public async Task AddUnlessWaiting(DbConnection connection, string kind, string payload, string by, CancellationToken ct)
    {
        // The update holds the waiting job, so that nobody begins it before the caller's commit.
        var waiting = await connection.Rows("update platform_job set payload = payload where kind = @kind and payload = @payload and state = 0 returning id", row => row.GetInt64(0), ct,
            ("kind", kind), ("payload", payload));
        if (waiting.Count == 0) { await Add(connection, kind, payload, by, thisMachineOnly: false, ct); }
    }

    /// <summary>One job, or null where there is none of that number.</summary>
    public async Task<Job?> Get(long id, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return await connection.First($"select {Columns} from platform_job where id = @id", Map, ct, ("id", id));
    }

    /// <summary>Newest jobs of a kind first.</summary>
    /// <param name="kind">Kind of job.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="ct">Ends the read.</param>
    public async Task<List<Job>> Newest(string kind, int limit, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return await connection.Rows($"select {Columns} from platform_job where kind = @kind order by id desc limit {limit}", Map, ct, ("kind", kind));
    }

    /// <summary>
    /// Takes the oldest open job for one of these kinds, unless another of its kind is being done: loads and recomputations are done one after the other.
    /// </summary>
    internal async Task<Job?> Claim(IReadOnlyList<string> kinds, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // One claimer at a time: the condition on other jobs of the kind is read and acted on under this lock.
        if (database.Kind == DatabaseKind.Postgres) { await connection.Run("select pg_advisory_xact_lock(4242002)", ct); }
        var names = string.Join(", ", kinds.Select((_, i) => $"@kind{i}"));
        var job = await connection.First($"""
            update platform_job set state = 1, attempts = attempts + 1, started_at = @now, lease_until = @until
            where id = (
                select id from platform_job open
                where state < 2 and kind in ({names}) and (machine is null or machine = @machine) and (state = 0 and (wait_until is null or wait_until <= @now) or lease_until < @now)
                  and not exists (select 1 from platform_job other where other.state = 1 and other.kind = open.kind and other.lease_until >= @now)
                order by id limit 1)
            returning {Columns}
            """, Map, ct, [("now", now), ("until", now + Lease), ("machine", Environment.MachineName), .. kinds.Select((kind, i) => ($"kind{i}", (object?)kind))]);
        if (job is not null) { await Tell(connection, job.Id, ct); }
        await transaction.CommitAsync(ct);
        return job;
    }

    /// <summary>Takes back a job that was never begun, in the caller's transaction; any other that is open is asked to stop.</summary>
    /// <returns>Whether it was taken back; null: it has ended.</returns>
    public async Task<bool?> Cancel(DbConnection connection, long id, CancellationToken ct)
    {
        var isTaken = await connection.Run("update platform_job set state = 4, finished_at = @now, wait_until = null where id = @id and state = 0 and attempts = 0", ct, ("id", id), ("now", clock.GetUtcNow())) > 0;
        var isAsked = !isTaken && await connection.Run("update platform_job set cancel_at = coalesce(cancel_at, @now) where id = @id and state < 2", ct, ("id", id), ("now", clock.GetUtcNow())) > 0;
        await Tell(connection, id, ct);
        return isTaken || isAsked ? isTaken : null;
    }

    /// <summary>Says that the worker lives, and how far it is.</summary>
    /// <returns>Whether the job is to be stopped.</returns>
    internal async Task<bool> Renew(long id, double progress, CancellationToken ct)
    {
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        var isStopping = await connection.Number("update platform_job set progress = @progress, lease_until = @until where id = @id and state = 1 returning case when cancel_at is null then 0 else 1 end", ct,
            ("progress", progress), ("until", clock.GetUtcNow() + Lease), ("id", id)) == 1;
        await Tell(connection, id, ct);
        return isStopping;
    }

    /// <summary>Closes the job, or puts it back into the queue where the program is stopping.</summary>
    internal async Task Finish(long id, JobState state, string message, CancellationToken ct)
    {
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await connection.Run($"update platform_job set state = @state, message = @message, lease_until = null, {(state == JobState.Done ? "progress = 1, " : "")}finished_at = @at where id = @id", ct,
            ("state", state), ("message", message), ("at", state == JobState.Queued ? null : clock.GetUtcNow()), ("id", id));
        await Tell(connection, id, ct);
    }

    /// <summary>Puts the job back into the queue, not to be tried again before a while has passed.</summary>
    internal async Task Postpone(long id, TimeSpan pause, string message, CancellationToken ct)
    {
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await connection.Run("update platform_job set state = 0, message = @message, lease_until = null, wait_until = @until where id = @id", ct,
            ("message", message), ("until", clock.GetUtcNow() + pause), ("id", id));
        await Tell(connection, id, ct);
    }

    /// <summary>Changes a job by hand, and wakes whoever may do it now.</summary>
    /// <returns>0 where it isn't as the statement asks any more.</returns>
    internal async Task<int> Move(DbConnection connection, long id, string kind, string sql, CancellationToken ct)
    {
        var moved = await connection.Run(sql, ct, ("id", id), ("now", clock.GetUtcNow()));
        await wire.Tell(connection, new(WordKind.JobAdded, kind, id, id), ct);
        Ring();
        return moved;
    }

    /// <summary>Tells whoever looks on that the job went on.</summary>
    private Task Tell(DbConnection connection, long id, CancellationToken ct) => wire.Tell(connection, new(WordKind.Job, "-", id, id), ct);

    internal static Job Map(DbDataReader row) => new(row.GetInt64(0), row.GetString(1), row.GetString(2), (JobState)row.GetInt32(3), row.GetDouble(4),
        row.GetString(5), row.GetInt32(6), row.GetString(7), row.At(8), row.AtOrNull(9))
    { IsStopping = !row.IsDBNull(10) };
}
