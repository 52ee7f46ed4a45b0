using System.Data.Common;
using Huike.Platform.Data;
using Huike.Platform.Events;
using Huike.Platform.Jobs;
using Huike.Platform.Webhooks;

namespace Huike.Platform.Health;

/// <summary>How far the work in the background is behind.</summary>
public static class WorkLag
{
    /// <summary>From here on it is worth a warning.</summary>
    public static readonly TimeSpan Noticeable = TimeSpan.FromMinutes(5);

    /// <summary>How long the oldest of what is due waits: jobs, and effects of events. One statement over what is open.</summary>
    public static async Task<TimeSpan> Read(DbConnection connection, DateTimeOffset now, CancellationToken ct)
    {
        var since = await connection.First("""
            select (select min(coalesce(wait_until, created_at)) from platform_job where state = 0 and (wait_until is null or wait_until <= @now)),
                (select coalesce(d.wait_until, e.at) from platform_delivery d join platform_event e on e.id = d.event_id where d.state = 0 and (d.wait_until is null or d.wait_until <= @now) order by d.event_id limit 1)
            """, row => (Job: row.AtOrNull(0), Delivery: row.AtOrNull(1)), ct, ("now", now));
        var oldest = since.Job < since.Delivery || since.Delivery is null ? since.Job : since.Delivery;
        return oldest is { } at && at < now ? now - at : TimeSpan.Zero;
    }
}

/// <summary>Is the work in the background done in time?</summary>
internal sealed class WorkIsDone(Database database, TimeProvider clock) : IHealthCheck
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    public string Title => "health.work";

    public async Task<Finding> Run(CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var lag = await WorkLag.Read(connection, clock.GetUtcNow(), ct);
        var failed = await connection.Number("select count(*) from platform_job where state = 3 and finished_at >= @day", ct, ("day", clock.GetUtcNow().AddDays(-1)));
        var state = lag > Long ? HealthState.Bad : lag > WorkLag.Noticeable || failed > 0 ? HealthState.Warn : HealthState.Good;
        return new(state, "health.work.figure", (long)lag.TotalSeconds, failed) { Do = state == HealthState.Good ? null : "health.work.do", Href = JobsModule.Path };
    }
}

/// <summary>Are there effects or messages that were put aside?</summary>
internal sealed class LettersArrive(Database database) : IHealthCheck
{
    public string Title => "health.letters";

    public async Task<Finding> Run(CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var dead = await connection.Number("select count(*) from platform_delivery where state = 2", ct);
        return new(dead > 0 ? HealthState.Bad : HealthState.Good, "health.letters.figure", dead) { Do = dead > 0 ? "health.letters.do" : null, Href = DeadLetters.Path };
    }
}

/// <summary>Do the webhooks reach their programs?</summary>
internal sealed class WebhooksArrive(Database database) : IHealthCheck
{
    public string Title => "health.webhooks";

    public async Task<Finding> Run(CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var all = await connection.Number("select count(*) from platform_webhook", ct);
        if (all == 0) { return new(HealthState.Off, "health.webhooks.none") { Href = WebhooksModule.Path, Needs = WebhooksModule.Manage }; }
        var stopped = await connection.Number("select count(*) from platform_webhook where stopped <> ''", ct);
        var dead = await connection.Number("select count(*) from platform_webhook_delivery where state = 2", ct);
        var state = stopped > 0 ? HealthState.Bad : dead > 0 ? HealthState.Warn : HealthState.Good;
        return new(state, "health.webhooks.figure", all, stopped, dead) { Do = state == HealthState.Good ? null : "health.webhooks.do", Href = WebhooksModule.Path, Needs = WebhooksModule.Manage };
    }
}

/// <summary>Which nodes run, and did one fall silent?</summary>
internal sealed class NodesLive(NodeRegister nodes, TimeProvider clock) : IHealthCheck
{
    public string Title => "health.nodes";

    public async Task<Finding> Run(CancellationToken ct)
    {
        var all = await nodes.All(ct);
        var silent = all.Count(node => clock.GetUtcNow() - node.SeenAt > NodeRegister.Lease);
        return new(silent > 0 ? HealthState.Warn : HealthState.Good, "health.nodes.figure", all.Count - silent, silent) { Do = silent > 0 ? "health.nodes.do" : null, Href = JobsModule.Path };
    }
}
