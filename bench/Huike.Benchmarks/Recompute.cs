using System.Diagnostics;
using System.Globalization;
using Huike.Platform.Data;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.Benchmarks;

/// <summary>
/// Whole recomputation of customer value on PostgreSQL, against the plain aggregate over the same rows in the same run: <c>recompute --connection "Host=…" [--customers 1000000] [--rows 10000000]</c>.
/// </summary>
internal static class Recompute
{
    private const int Runs = 3;

    public static async Task Run(string[] args)
    {
        var (app, customers, rows) = await BigFirm.Open(args);
        await using var ended = app;
        var database = app.Services.GetRequiredService<Database>();
        var plain = new List<double>();
        var whole = new List<double>();
        for (var run = 0; run < Runs; run++)
        {
            plain.Add(await Timed(() => Plain(database)));
            whole.Add(await Timed(() => BigFirm.Recompute(app)));
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"run {run + 1}: aggregate {plain[^1]:F1} s, recomputation {whole[^1]:F1} s"));
        }
        plain.Sort();
        whole.Sort();
        var peak = Process.GetCurrentProcess().PeakWorkingSet64 / 1024 / 1024;
        Console.WriteLine("| customers | lines | plain aggregate, s | whole recomputation, s | ratio | peak memory, MB |");
        Console.WriteLine("|--:|--:|--:|--:|--:|--:|");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {customers:N0} | {rows:N0} | {plain[Runs / 2]:F1} | {whole[Runs / 2]:F1} | {whole[Runs / 2] / plain[Runs / 2]:F1} | {peak:N0} |"));
    }

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
}
