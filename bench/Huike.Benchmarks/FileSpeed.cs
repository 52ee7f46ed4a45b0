using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using Huike.Platform.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Huike.Benchmarks;

/// <summary>
/// The page of one customer, and a customer entered with the check for duplicates, over a million customers on PostgreSQL: one after the other, and over 16 connections against the very statements
/// that one such request runs, by themselves: <c>file --connection "Host=…" [--customers 1000000] [--rows 10000000] [--singles 1000] [--only page|entry]</c>.
/// </summary>
internal static class FileSpeed
{
    private const int Rounds = 3;
    private const int AtOnce = 16;
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(6);

    public static async Task Run(string[] args)
    {
        var (app, customers, _) = await BigFirm.Open(args);
        await using var ended = app;
        var singles = int.Parse(Whole.Of(args, "--singles", "1000"), CultureInfo.InvariantCulture);
        var database = app.Services.GetRequiredService<Database>();
        if (await Number(database, "select count(*) from customers_standing where documents > 0") == 0) { await BigFirm.Recompute(app); }
        await app.StartAsync();
        using var visitor = await ListSpeed.SignIn(app, "admin");
        Console.WriteLine($"Load when it began: {File.ReadAllText("/proc/loadavg").Trim()}; processors: {Environment.ProcessorCount}; {customers:N0} customers\n");
        Console.WriteLine("| what | p50 ms, single | p99 ms, single | requests/s over 16 | its statements by themselves/s | share |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|");
        var only = Whole.Of(args, "--only", "");
        if (only != "entry") { await Page(app, database, visitor, customers, singles); }
        if (only != "page") { await Entry(database, visitor, singles); }
    }

    private static async Task Page(WebApplication app, Database database, ListSpeed.Visitor visitor, long customers, int singles)
    {
        var random = new Random(3);
        var times = await Timed(singles, async () => (await visitor.Http.GetByteArrayAsync($"/customers/{random.NextInt64(1, customers + 1)}")).LongLength);
        const long one = 777;
        var statements = await StatementLog.Of(database, () => visitor.Http.GetStringAsync($"/customers/{one}"));
        await using var bare = Bare(database, statements, one);
        await bare.StartAsync();
        var servers = await ListSpeed.Servers(database);
        var (pages, alone) = (new List<(double PerSecond, double Program, double Database)>(), new List<(double PerSecond, double Program, double Database)>());
        // A page is much code, which is compiled for good only after half a minute of use.
        for (var round = -6; round < Rounds; round++)
        {
            var page = await ListSpeed.Measure($"{app.Urls.First()}/customers/*{customers}", visitor.Cookie, servers);
            var statement = await ListSpeed.Measure($"{bare.Urls.First()}/*{customers}", "", servers);
            if (round >= 0) { pages.Add(page); alone.Add(statement); }
        }
        Print($"page /customers/{{id}}, {statements.Count} statements", times, pages.ConvertAll(one => one.PerSecond), alone.ConvertAll(one => one.PerSecond));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\nCPU ms of a page: program {Middle(pages, one => one.Program):F2}, database {Middle(pages, one => one.Database):F2}; of its statements by themselves: {Middle(alone, one => one.Program):F2}, {Middle(alone, one => one.Database):F2}"));
    }

    private static async Task Entry(Database database, ListSpeed.Visitor visitor, int singles)
    {
        var made = 0;
        object Next() => new { name = $"{"赵钱孙李"[made % 4]}{"建国立民"[made / 4 % 4]}{made}", phone = $"+86150{Random.Shared.NextInt64(10_000_000, 99_999_999)}", address = $"深圳市南山区科技园路{++made}号", anyway = true };
        async Task<long> Enter()
        {
            using var answer = await visitor.Http.PostAsJsonAsync("/api/customers", Next());
            return answer.IsSuccessStatusCode ? 1 : throw new InvalidOperationException(await answer.Content.ReadAsStringAsync());
        }
        await Enter();
        var times = await Timed(singles, Enter);
        var statements = await StatementLog.Of(database, async () => await Enter());
        var last = await Number(database, "select max(id) from customers_customer");
        var happened = await Number(database, "select max(id) from platform_event");
        var number = (await Text(database, last))!;
        var (entered, alone) = (new List<double>(), new List<double>());
        // Rows of earlier runs are still there.
        var fresh = Math.Max(1_000_000_000, await Number(database, "select max(customer_id) from customers_search"));
        for (var round = -1; round < Rounds; round++)
        {
            var ours = await Throughput(_ => Enter());
            var theirs = await Throughput(async connection =>
            {
                var other = Interlocked.Increment(ref fresh);
                return await StatementLog.Again(connection!, statements, StatementLog.Instead(new Dictionary<string, string> { [number] = $"X{other}" }, new Dictionary<long, long> { [last] = other, [happened] = other }));
            }, database);
            if (round >= 0) { entered.Add(ours); alone.Add(theirs); }
        }
        Print($"POST /api/customers with the check, {statements.Count} statements", times, entered, alone);
    }

    private static void Print(string what, IReadOnlyList<double> times, List<double> ours, List<double> alone)
    {
        var (rate, baseline) = (Middle(ours, one => one), Middle(alone, one => one));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {StatementLog.At(times, 0.5)} | {StatementLog.At(times, 0.99)} | {rate:N0} | {baseline:N0} | {rate / baseline:F2} |"));
    }

    private static double Middle<T>(IReadOnlyList<T> rounds, Func<T, double> of) => rounds.Select(of).Order().ElementAt(rounds.Count / 2);

    /// <summary>An endpoint that does nothing but run the statements for another customer.</summary>
    private static WebApplication Bare(Database database, IReadOnlyList<Logged> statements, long one)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapGet("/{id:long}", async (HttpContext http, long id) =>
        {
            await using var connection = await database.Open(http.RequestAborted);
            return await StatementLog.Again(connection, statements, StatementLog.Instead(new Dictionary<string, string>(), new Dictionary<long, long> { [one] = id }));
        });
        return app;
    }

    private static async Task<List<double>> Timed(int count, Func<Task<long>> work)
    {
        var times = new List<double>();
        // The first ones are compiled while they run.
        for (var i = -count / 2; i < count; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await work();
            if (i >= 0) { times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds); }
        }
        return times;
    }

    private static async Task<double> Throughput(Func<System.Data.Common.DbConnection?, Task<long>> work, Database? database = null)
    {
        var (watch, done) = (Stopwatch.StartNew(), 0L);
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
        {
            await using var connection = database is null ? null : await database.Open(CancellationToken.None);
            // Rows that the statements name are not there; nothing checks it.
            if (connection is not null) { await connection.Run("set session_replication_role = replica", CancellationToken.None); }
            while (watch.Elapsed < Round)
            {
                await work(connection);
                Interlocked.Increment(ref done);
            }
            if (connection is not null) { await connection.Run("set session_replication_role = default", CancellationToken.None); }
        }));
        return done / watch.Elapsed.TotalSeconds;
    }

    private static async Task<long> Number(Database database, string sql)
    {
        await using var connection = await database.Open(CancellationToken.None);
        return await connection.Number(sql, CancellationToken.None);
    }

    private static async Task<string?> Text(Database database, long id)
    {
        await using var connection = await database.Open(CancellationToken.None);
        return await connection.First("select number from customers_customer where id = @id", row => row.GetString(0), CancellationToken.None, ("id", id));
    }
}
