using System.Data.Common;
using System.Globalization;
using System.Reflection;
using Huike.Platform.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Huike.Platform.Jobs;

/// <summary>A program that runs on this database.</summary>
/// <param name="Name">Name of its machine and number of its process there.</param>
/// <param name="Version">Of the program.</param>
/// <param name="StartedAt">Since when.</param>
/// <param name="SeenAt">Its last sign.</param>
public sealed record Node(string Name, string Version, DateTimeOffset StartedAt, DateTimeOffset SeenAt);

/// <summary>节点: gives a sign that this program runs, and knows which others do.</summary>
internal sealed class NodeRegister(Database database, TimeProvider clock, ILogger<NodeRegister> log) : BackgroundService
{
    /// <summary>Who gave no sign for so long is taken for dead.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(50);

    private const int MostShown = 100;
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Forgotten = TimeSpan.FromDays(1);

    private readonly string id = Guid.CreateVersion7().ToString("N");
    private readonly DateTimeOffset startedAt = clock.GetUtcNow();

    /// <summary>Those that gave a sign within a day, the newest first.</summary>
    public async Task<List<Node>> All(CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return await connection.Rows($"select name, version, started_at, seen_at from platform_node where seen_at > @since order by started_at desc, id limit {MostShown}",
            row => new Node(row.GetString(0), row.GetString(1), row.At(2), row.At(3)), ct, ("since", clock.GetUtcNow() - Forgotten));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Write(Sign, stoppingToken);
                await Task.Delay(Beat, clock, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (DbException gone)
            {
                log.LogWarning(gone, "No sign of this node could be given; next try in {Seconds} s", Beat.TotalSeconds);
                await Task.Delay(Beat, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        await Leave();
    }

    private Task Sign(DbConnection connection, CancellationToken ct) => connection.Run("""
        insert into platform_node (id, name, version, started_at, seen_at) values (@id, @name, @version, @started, @now) on conflict (id) do update set seen_at = excluded.seen_at;
        delete from platform_node where seen_at < @old
        """, ct, ("id", id), ("name", string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName} · {Environment.ProcessId}")), ("version", Version),
        ("started", startedAt), ("now", clock.GetUtcNow()), ("old", clock.GetUtcNow() - Forgotten));

    private async Task Leave()
    {
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2), clock);
            await Write((connection, ct) => connection.Run("delete from platform_node where id = @id", ct, ("id", id)), patience.Token);
        }
        catch (Exception gone) when (gone is DbException or OperationCanceledException)
        {
            log.LogInformation(gone, "The database is gone before this node could say goodbye");
        }
    }

    private async Task Write(Func<DbConnection, CancellationToken, Task> work, CancellationToken ct)
    {
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await work(connection, ct);
    }

    private static string Version => typeof(NodeRegister).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
