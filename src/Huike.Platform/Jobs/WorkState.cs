using System.Data.Common;
using Huike.Platform.Data;
using Huike.Platform.Events;
using Huike.Platform.Settings;
using Microsoft.Extensions.Hosting;

namespace Huike.Platform.Jobs;

/// <summary>How the work of one kind stands, read from its rows.</summary>
/// <param name="Name">Kind of the jobs, or name of the handler.</param>
/// <param name="LastDoneAt">When something of it ended well; null: never, or too long ago to be kept.</param>
/// <param name="Done">Ended well in the last 24 hours.</param>
/// <param name="Failed">Ended badly in the last 24 hours.</param>
/// <param name="Waiting">Waits, or is being done.</param>
/// <param name="OldestAt">Since when the oldest of these waits; null: none does.</param>
/// <param name="NextAt">Not before this moment is something tried that failed before; null: nothing waits for a moment.</param>
public sealed record WorkLine(string Name, DateTimeOffset? LastDoneAt, long Done, long Failed, long Waiting, DateTimeOffset? OldestAt, DateTimeOffset? NextAt)
{
    /// <summary>What went wrong last, as a text key or the machine's words; null: nothing that is kept.</summary>
    public string? Error { get; init; }

    /// <summary>When that was; null: what waits still fails.</summary>
    public DateTimeOffset? ErrorAt { get; init; }
}

/// <summary>What the page of jobs shows. It keeps no counts of its own: after a crash it says what the rows say.</summary>
internal sealed class WorkState(Database database, IEnumerable<IJobWorker> workers, EventHandlers handlers, IEnumerable<IHostedService> hosted, SettingsStore settings, TimeProvider clock)
{
    public IReadOnlyList<WorkLine> Jobs { get; private set; } = [];

    public IReadOnlyList<WorkLine> Handlers { get; private set; } = [];

    /// <summary>Deliveries that were put aside, of all handlers.</summary>
    public long Dead { get; private set; }

    /// <summary>Kinds of job that are asked for by the clock, and when next.</summary>
    public IReadOnlyList<(string Kind, DateTimeOffset At)> Schedules { get; private set; } = [];

    public DateTimeOffset Now { get; private set; }

    /// <summary>In which moments are told.</summary>
    public TimeZoneInfo Zone { get; private set; } = TimeZoneInfo.Utc;

    public async Task Read(CancellationToken ct)
    {
        (Now, Zone) = (clock.GetUtcNow(), (await settings.Get<FirmSettings>(ct)).Zone);
        await using (var connection = await database.Open(ct))
        {
            var kinds = await connection.Rows("select distinct kind from platform_job where state < 2 limit 200", row => row.GetString(0), ct);
            var told = await connection.Rows("select distinct handler from platform_delivery where state = 0 limit 200", row => row.GetString(0), ct);
            Jobs = await Lines(connection, workers.Select(worker => worker.Kind).Union(kinds), Job, ct);
            Handlers = await Lines(connection, handlers.All.Select(handler => handler.Name).Union(told), Handler, ct);
            Dead = await connection.Number("select count(*) from platform_delivery where state = 2", ct);
        }
        var schedules = new List<(string, DateTimeOffset)>();
        foreach (var nightly in hosted.OfType<Nightly>()) { schedules.Add((nightly.Kind, await nightly.Next(ct))); }
        Schedules = [.. schedules.OrderBy(one => one.Item2)];
    }

    private static async Task<List<WorkLine>> Lines(DbConnection connection, IEnumerable<string> names, Func<DbConnection, string, CancellationToken, Task<WorkLine>> line, CancellationToken ct)
    {
        var lines = new List<WorkLine>();
        foreach (var name in names.Order(StringComparer.Ordinal)) { lines.Add(await line(connection, name, ct)); }
        return lines;
    }

    private async Task<WorkLine> Job(DbConnection connection, string kind, CancellationToken ct)
    {
        var line = await connection.First("""
            select (select max(finished_at) from platform_job where kind = @name and state = 2 and finished_at is not null),
                (select count(*) from platform_job where kind = @name and state = 2 and finished_at >= @day), (select count(*) from platform_job where kind = @name and state = 3 and finished_at >= @day),
                (select count(*) from platform_job where kind = @name and state < 2), (select min(created_at) from platform_job where kind = @name and state < 2),
                (select min(wait_until) from platform_job where kind = @name and state = 0)
            """, Map(kind), ct, ("name", kind), ("day", Now.AddDays(-1)));
        var waits = await connection.First("select message from platform_job where kind = @name and state < 2 and message <> '' order by id desc limit 1", row => row.GetString(0), ct, ("name", kind));
        var failed = await connection.First("select message, finished_at from platform_job where kind = @name and state = 3 and finished_at is not null order by finished_at desc limit 1", Error, ct, ("name", kind));
        return line! with { Error = waits ?? failed.Message, ErrorAt = waits is null ? failed.At : null };
    }

    private async Task<WorkLine> Handler(DbConnection connection, string handler, CancellationToken ct)
    {
        var line = await connection.First("""
            select (select max(ended_at) from platform_delivery where handler = @name and state = 1 and ended_at is not null),
                (select count(*) from platform_delivery where handler = @name and state = 1 and ended_at >= @day), (select count(*) from platform_delivery where handler = @name and state = 2 and ended_at >= @day),
                (select count(*) from platform_delivery where handler = @name and state = 0),
                (select e.at from platform_delivery d join platform_event e on e.id = d.event_id where d.handler = @name and d.state = 0 order by d.event_id limit 1),
                (select min(wait_until) from platform_delivery where handler = @name and state = 0)
            """, Map(handler), ct, ("name", handler), ("day", Now.AddDays(-1)));
        var waits = await connection.First("select error from platform_delivery where handler = @name and state = 0 and attempts > 0 order by event_id desc limit 1", row => row.GetString(0), ct, ("name", handler));
        var dead = await connection.First("select error, ended_at from platform_delivery where handler = @name and state = 2 and ended_at is not null order by ended_at desc limit 1", Error, ct, ("name", handler));
        return line! with { Error = waits ?? dead.Message, ErrorAt = waits is null ? dead.At : null };
    }

    private static (string? Message, DateTimeOffset? At) Error(DbDataReader row) => (row.GetString(0), row.At(1));

    private static Func<DbDataReader, WorkLine> Map(string name) => row => new(name, row.AtOrNull(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.AtOrNull(4), row.AtOrNull(5));
}
