using System.Data.Common;
using Huike.Platform.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Huike.Platform.Events;

/// <summary>Hears what is told, on one connection of its own for each node; a broken one is opened again.</summary>
internal sealed class ListenOnWire(Wire wire, Database database, TimeProvider clock, ILogger<ListenOnWire> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (database.Kind == DatabaseKind.Postgres) { await Listen(stoppingToken); }
                else { await Wait(stoppingToken); }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception broken) when (broken is DbException or IOException or TimeoutException)
            {
                log.LogWarning(broken, "The wire to the other nodes is broken; next try in {Seconds} s", Pause.TotalSeconds);
                await Task.Delay(Pause, clock, CancellationToken.None);
            }
        }
    }

    private async Task Listen(CancellationToken ct)
    {
        // Seconds after which a connection that says nothing is asked whether it lives.
        const int ask = 20;
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database.ConnectionString) { Pooling = false, KeepAlive = ask, ApplicationName = "huike wire" }.ToString());
        await connection.OpenAsync(ct);
        connection.Notification += (_, said) =>
        {
            if (Word.Read(said.Payload) is { } word) { wire.Hear(word); }
        };
        await connection.Run($"listen {Wire.Name}", ct);
        wire.Open();
        while (true) { await connection.WaitAsync(ct); }
    }

    private async Task Wait(CancellationToken ct)
    {
        wire.Open();
        while (true)
        {
            foreach (var word in await wire.Committed(ct)) { wire.Hear(word); }
        }
    }
}
