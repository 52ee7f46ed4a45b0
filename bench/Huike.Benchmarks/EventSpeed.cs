using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using Huike.Platform.Data;
using Huike.Platform.Data.Migrations;
using Huike.Platform.Events;
using Huike.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using EventLog = Huike.Platform.Events.EventLog;

namespace Huike.Benchmarks;

/// <summary>
/// Events raised and delivered to a handler that writes one row, against the very statements without the program around them: the same inserts into copies of the tables over one connection,
/// and over another, beside it, the same claims of up to 100, effects and marks. Turn by turn in one run.
/// <c>events --postgres "Host=…;Username=…;Database=postgres" [--events 20000] [--single 2000] [--rounds 5]</c>.
/// </summary>
internal static class EventSpeed
{
    private const string Handler = "bench.count";
    private const string Effect = "insert into bench_effect (event_id) values (@event)";
    private const int AtOnce = 100;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(2);

    private sealed record Beat(long Number) : IEvent
    {
        public static string Kind => "bench.beat";

        public RecordName? About() => new("customers", Number);
    }

    private sealed class Count : IEventHandler<Beat>
    {
        public Task Run(Beat happened, Occurrence occurrence, DbConnection connection, CancellationToken ct) => connection.Run(Effect, ct, ("event", occurrence.Id));
    }

    public static async Task Run(string[] args)
    {
        var server = Whole.Of(args, "--postgres", "");
        if (server.Length == 0) { throw new InvalidOperationException("events needs --postgres"); }
        const string name = "huike_bench_events";
        var work = Directory.CreateTempSubdirectory("huike-bench-").FullName;
        await ImportSpeed.Sql(server, $"drop database if exists {name} with (force)", $"create database {name}");
        Console.WriteLine($"Load when it began: {File.ReadAllText("/proc/loadavg").Trim()}; processors: {Environment.ProcessorCount}\n");
        try
        {
            await using var app = HuikeHost.Build(new() { Provider = "postgres", Connection = new NpgsqlConnectionStringBuilder(server) { Database = name }.ToString(), Data = work, Urls = "http://127.0.0.1:0" }, builder =>
            {
                builder.Logging.ClearProviders();
                builder.Services.AddEventHandler<Beat, Count>(Handler);
            });
            await app.Services.GetRequiredService<Migrator>().Run(CancellationToken.None);
            await Copies(app.Services.GetRequiredService<Database>());
            await app.StartAsync();
            Console.WriteLine("| raised | events | ms each, plain SQL | ms each, events | events a second | ratio |\n|---|--:|--:|--:|--:|--:|");
            await Measure(app, "100 in a transaction", Number(args, "--events", "20000"), AtOnce, Number(args, "--rounds", "5"));
            await Measure(app, "one in a transaction", Number(args, "--single", "2000"), 1, Number(args, "--rounds", "5"));
            await app.StopAsync();
        }
        finally
        {
            Directory.Delete(work, recursive: true);
            NpgsqlConnection.ClearAllPools();
            await ImportSpeed.Sql(server, $"drop database {name} with (force)");
        }
    }

    private static async Task Measure(WebApplication app, string how, int events, int together, int rounds)
    {
        var database = app.Services.GetRequiredService<Database>();
        var times = new List<(double Plain, double Ours)>();
        // The first round warms up program and database.
        for (var round = 0; round <= rounds; round++)
        {
            var pair = (await Time(events, () => Task.WhenAll(Insert(database, events, together), Deliver(database, events))), await Time(events, () => Raise(app, database, events, together)));
            if (round > 0) { times.Add(pair); }
        }
        var (plain, ours) = (Median(times.Select(time => time.Plain)), Median(times.Select(time => time.Ours)));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {how} | {events} | {plain:F3} | {ours:F3} | {1_000 / ours:F0} | {Median(times.Select(time => time.Ours / time.Plain)):F2} |"));
    }

    /// <summary>From the first event that is raised to the last that was delivered.</summary>
    private static async Task Raise(WebApplication app, Database database, int events, int together)
    {
        var log = app.Services.GetRequiredService<EventLog>();
        foreach (var some in Enumerable.Range(1, events).Select(number => new Beat(number)).Chunk(together))
        {
            await using var writing = await database.Open(CancellationToken.None);
            await using var transaction = await writing.BeginTransactionAsync();
            await log.RaiseAll(writing, some, CancellationToken.None);
            await transaction.CommitAsync();
        }
        await using var connection = await database.Open(CancellationToken.None);
        while (await connection.Number("select count(*) from (select 1 from platform_delivery where handler = @handler and state = 0 limit 1) t", CancellationToken.None, ("handler", Handler)) > 0) { await Task.Delay(Look); }
    }

    /// <summary>What <see cref="EventLog"/> writes.</summary>
    private static async Task Insert(Database database, int events, int together)
    {
        var plain = string.Join(", ", Enumerable.Range(0, together).Select(i => string.Create(CultureInfo.InvariantCulture, $"(@kind, @payload{i}, 'customers', @record{i}, @at, '')")));
        foreach (var some in Enumerable.Range(1, events).Chunk(together))
        {
            await using var connection = await database.Open(CancellationToken.None);
            await using var transaction = await connection.BeginTransactionAsync();
            var ids = await connection.Rows($"insert into bench_event (kind, payload, record_kind, record_id, at, created_by) values {plain} returning id", row => row.GetInt64(0), CancellationToken.None,
                [("kind", Beat.Kind), ("at", TimeProvider.System.GetUtcNow()), .. some.SelectMany((number, i) => new (string, object?)[] { ($"payload{i}", $"{{\"Number\":{number}}}"), ($"record{i}", (long)number) })]);
            await connection.Run($"insert into bench_delivery (event_id, handler, state, attempts, error) values {string.Join(", ", ids.Select((_, i) => $"(@event{i}, @handler, 0, 0, '')"))}", CancellationToken.None,
                [("handler", Handler), .. ids.Select((id, i) => ($"event{i}", (object?)id))]);
            await transaction.CommitAsync();
        }
    }

    /// <summary>What a lane of a handler does.</summary>
    private static async Task Deliver(Database database, int events)
    {
        for (var done = 0; done < events;)
        {
            await using var connection = await database.Open(CancellationToken.None);
            await using var transaction = await connection.BeginTransactionAsync();
            var ids = await connection.Rows($"""
                select e.id, e.at, e.created_by, d.attempts, e.payload, e.kind from bench_delivery d join bench_event e on e.id = d.event_id
                where d.handler = @handler and d.state = 0 and (d.wait_until is null or d.wait_until <= @now) order by d.event_id limit {AtOnce} for update of d skip locked
                """, row => row.GetInt64(0), CancellationToken.None, ("handler", Handler), ("now", TimeProvider.System.GetUtcNow()));
            foreach (var id in ids) { await connection.Run(Effect, CancellationToken.None, ("event", id)); }
            if (ids.Count > 0)
            {
                await connection.Run($"update bench_delivery set state = 1, wait_until = null, error = '', ended_at = @now where handler = @handler and event_id in ({string.Join(',', ids)})", CancellationToken.None,
                    ("now", TimeProvider.System.GetUtcNow()), ("handler", Handler));
            }
            await transaction.CommitAsync();
            done += ids.Count;
            if (ids.Count == 0) { await Task.Delay(Look); }
        }
    }

    private static async Task Copies(Database database)
    {
        await using var connection = await database.Open(CancellationToken.None);
        await connection.Run("""
            create table bench_effect (event_id bigint not null);
            create table bench_event (like platform_event including all);
            create table bench_delivery (like platform_delivery including all);
            alter table bench_delivery add foreign key (event_id) references bench_event (id) on delete cascade
            """, CancellationToken.None);
    }

    private static async Task<double> Time(int events, Func<Task> work)
    {
        var watch = Stopwatch.StartNew();
        await work();
        return watch.Elapsed.TotalMilliseconds / events;
    }

    private static int Number(string[] args, string option, string otherwise) => int.Parse(Whole.Of(args, option, otherwise), CultureInfo.InvariantCulture);

    private static double Median(IEnumerable<double> values) => values.Order().ToArray() is var sorted ? sorted[sorted.Length / 2] : 0;
}
