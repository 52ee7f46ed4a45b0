using System.Diagnostics;
using System.Globalization;
using Huike.Analytics.Recomputation;
using Huike.Platform.Data;
using Huike.Platform.Data.Migrations;
using Huike.Web;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.Benchmarks;

/// <summary>
/// Whole recomputation of customer value on PostgreSQL, against the plain aggregate over the same rows in the same run.
/// <c>recompute --connection "Host=…" [--customers 1000000] [--rows 10000000]</c>; the database must be empty or made by an earlier run of the same size.
/// </summary>
internal static class Recompute
{
    private const int Runs = 3;

    public static async Task Run(string[] args)
    {
        var customers = long.Parse(Of(args, "--customers", "1000000"), CultureInfo.InvariantCulture);
        var rows = long.Parse(Of(args, "--rows", "10000000"), CultureInfo.InvariantCulture);
        await using var app = HuikeHost.Build(new HostArguments { Provider = "postgres", Connection = Of(args, "--connection", ""), Data = Directory.CreateTempSubdirectory("huike-bench-").FullName });
        var database = app.Services.GetRequiredService<Database>();
        await app.Services.GetRequiredService<Migrator>().Run(CancellationToken.None);
        await Fill(database, customers, rows);
        var plain = new List<double>();
        var whole = new List<double>();
        for (var run = 0; run < Runs; run++)
        {
            plain.Add(await Timed(() => Plain(database)));
            whole.Add(await Timed(async () =>
            {
                await using var scope = app.Services.CreateAsyncScope();
                await scope.ServiceProvider.GetRequiredService<RecomputeAll>().Run(_ => { }, CancellationToken.None);
            }));
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"run {run + 1}: aggregate {plain[^1]:F1} s, recomputation {whole[^1]:F1} s"));
        }
        plain.Sort();
        whole.Sort();
        var peak = Process.GetCurrentProcess().PeakWorkingSet64 / 1024 / 1024;
        Console.WriteLine("| customers | lines | plain aggregate, s | whole recomputation, s | ratio | peak memory, MB |");
        Console.WriteLine("|--:|--:|--:|--:|--:|--:|");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {customers:N0} | {rows:N0} | {plain[Runs / 2]:F1} | {whole[Runs / 2]:F1} | {whole[Runs / 2] / plain[Runs / 2]:F1} | {peak:N0} |"));
    }

    private static string Of(string[] args, string name, string otherwise) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : otherwise;

    private static async Task<double> Timed(Func<Task> work)
    {
        var started = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>What any program pays that wants one row per customer: read to the end.</summary>
    private static async Task Plain(Database database)
    {
        await using var connection = await database.Open(CancellationToken.None);
        await using var command = connection.Command("select customer_id, sum(amount), count(*), max(at) from customers_transaction group by 1");
        command.CommandTimeout = 0;
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) { _ = reader.GetInt64(0); }
    }

    /// <summary>Customers of whom few buy much, over three years; the same each time.</summary>
    private static async Task Fill(Database database, long customers, long rows)
    {
        await using var connection = await database.Open(CancellationToken.None);
        if (await connection.Number("select count(*) from customers_transaction", CancellationToken.None) == rows) { return; }
        foreach (var sql in new[]
        {
            "select setseed(0.5)",
            $"insert into customers_customer (number, name, sort_key, kind, created_at, version) select 'K' || i, 'K' || i, 'k' || i, 0, now(), 0 from generate_series(1, {customers}) i",
            "insert into customers_product (code, name, category, cost) select 'P' || i, 'P' || i, 'C' || i % 12, 100000 + i * 1000 from generate_series(1, 500) i",
            $"""
            insert into customers_transaction (customer_id, at, document, product_id, quantity, price, amount, is_return, load_id, identity)
            select 1 + floor({customers} * power(random(), 1.7)), timestamptz '2023-01-01' + interval '1 day' * (floor(1095 * random())) + interval '1 minute' * (480 + floor(600 * random())),
                   'D' || i / 2, 1 + floor(500 * random()), 10000 * (case when i % 40 = 0 then -1 else 1 end), 500000,
                   floor(2000000 * random() + 10000) * (case when i % 40 = 0 then -1 else 1 end), i % 40 = 0, 1, i
            from generate_series(1, {rows}) i
            """,
            "analyze",
        })
        {
            await using var command = connection.Command(sql);
            command.CommandTimeout = 0;
            await command.ExecuteNonQueryAsync();
        }
    }
}
