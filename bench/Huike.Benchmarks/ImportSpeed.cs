using System.Globalization;
using Huike.Platform.Data;
using Huike.Seed;
using Huike.Web;
using Npgsql;

namespace Huike.Benchmarks;

/// <summary>
/// Loading a ledger against the database's own loader into the same table with the same indexes, in one run, turn by turn.
/// <c>import [--rows 1000000] [--runs 3] [--postgres "Host=…;Username=…"] [--memory]</c>; needs sqlite3 and psql on the path.
/// </summary>
internal static class ImportSpeed
{
    private static readonly string Program = typeof(HuikeHost).Assembly.Location;

    public static async Task Run(string[] args)
    {
        var rows = long.Parse(Whole.Of(args, "--rows", "1000000"), CultureInfo.InvariantCulture);
        var runs = int.Parse(Whole.Of(args, "--runs", "3"), CultureInfo.InvariantCulture);
        var postgres = Whole.Of(args, "--postgres", "");
        var work = Directory.CreateTempSubdirectory("huike-bench-").FullName;
        try
        {
            if (args.Contains("--memory"))
            {
                Console.WriteLine("| rows | CPU s | peak MB |\n|--:|--:|--:|");
                foreach (var size in new[] { 100_000L, 1_000_000, 5_000_000 }) { await Memory(work, size); }
                return;
            }
            Console.WriteLine("| database | rows | Huike rows/s | own loader rows/s | ratio | Huike CPU s | Huike peak MB |\n|---|--:|--:|--:|--:|--:|--:|");
            var ledger = Ledger(work, rows);
            await Compare("SQLite", ledger, runs, run => LoadSqlite(work, ledger.Path, run), run => OwnSqlite(work, run));
            if (postgres.Length > 0) { await Compare("PostgreSQL", ledger, runs, run => LoadPostgres(work, postgres, ledger.Path, run), run => OwnPostgres(work, postgres, run)); }
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static (string Path, long Rows) Ledger(string work, long rows)
    {
        var files = new LedgerFiles(Path.Combine(work, rows.ToString(CultureInfo.InvariantCulture)), isChinese: false);
        return (files.Transactions, files.Write(new Firm(1, new FirmSize((int)Math.Max(1_000, rows / 20), 3, rows), new DateOnly(2026, 11, 20))));
    }

    private static async Task Compare(string name, (string Path, long Rows) ledger, int runs, Func<int, Task<(double Wall, double Cpu, double Peak)>> ours, Func<int, Task<double>> own)
    {
        (double Wall, double Cpu, double Peak) best = (double.MaxValue, 0, 0);
        var other = double.MaxValue;
        for (var run = 0; run < runs; run++)
        {
            var mine = await ours(run);
            best = mine.Wall < best.Wall ? mine : best;
            other = Math.Min(other, await own(run));
        }
        Print(name, ledger.Rows, best, other);
    }

    private static async Task Memory(string work, long size)
    {
        var ledger = Ledger(work, size);
        var (_, cpu, peak) = await LoadSqlite(work, ledger.Path, 0);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {ledger.Rows:N0} | {cpu:F1} | {peak:F0} |"));
        Directory.Delete(Path.Combine(work, "data0"), recursive: true);
        File.Delete(ledger.Path);
    }

    private static void Print(string name, long rows, (double Wall, double Cpu, double Peak) ours, double own) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"| {name} | {rows:N0} | {rows / ours.Wall:N0} | {rows / own:N0} | {own / ours.Wall:F2} | {ours.Cpu:F1} | {ours.Peak:F0} |"));

    private static Task<(double, double, double)> LoadSqlite(string work, string ledger, int run) => Load(work, ledger, ["--data", Path.Combine(work, $"data{run}")]);

    /// <summary>Loads into a database whose tables are there already, as they are for its own loader: a dry run of a line makes them.</summary>
    private static async Task<(double, double, double)> Load(string work, string ledger, string[] where)
    {
        var line = Path.Combine(work, "line.csv");
        await File.WriteAllTextAsync(line, "customer,date,amount\nK1,2026-01-01,1\n");
        await Whole.Run("dotnet", [Program, "import", "transactions", line, "--dry-run", "--json", .. where]);
        return await Whole.Run("dotnet", [Program, "import", "transactions", ledger, "--json", .. where]);
    }

    /// <summary>What was just loaded goes out as CSV and, by the database's own loader, into an empty table with the same indexes.</summary>
    private static async Task<double> OwnSqlite(string work, int run)
    {
        var (from, csv, to) = (Path.Combine(work, $"data{run}", "huike.db"), Path.Combine(work, "own.csv"), Path.Combine(work, "own.db"));
        File.Delete(to);
        await Whole.Run("sqlite3", [from], $".mode csv\n.output {csv}\nselect * from customers_transaction;\n.output {csv}.sql\nselect sql || ';' from sqlite_master where tbl_name = 'customers_transaction' and sql is not null;\n");
        // Quoted by the CSV mode: unquote the statements.
        var schema = (await File.ReadAllTextAsync(csv + ".sql")).Replace("\"\"", "\u0001", StringComparison.Ordinal).Replace("\"", "", StringComparison.Ordinal).Replace('\u0001', '"');
        await Whole.Run("sqlite3", [to], "PRAGMA journal_mode = WAL;\n" + schema);
        var (wall, _, _) = await Whole.Run("sqlite3", [to], $".mode csv\n.import {csv} customers_transaction\n");
        Directory.Delete(Path.Combine(work, $"data{run}"), recursive: true);
        return wall;
    }

    private static async Task<(double, double, double)> LoadPostgres(string work, string postgres, string ledger, int run)
    {
        await Sql(postgres, $"drop database if exists huike_bench_{run}", $"create database huike_bench_{run}");
        return await Load(work, ledger, ["--data", Path.Combine(work, "pg"), "--provider", "postgres", "--connection", Named(postgres, run)]);
    }

    private static async Task<double> OwnPostgres(string work, string postgres, int run)
    {
        var csv = Path.Combine(work, "own-pg.csv");
        var connection = new NpgsqlConnectionStringBuilder(Named(postgres, run));
        string[] psql = ["-h", connection.Host!, "-p", connection.Port.ToString(CultureInfo.InvariantCulture), "-U", connection.Username!, "-d", connection.Database!, "-q", "-v", "ON_ERROR_STOP=1"];
        await Whole.Run("psql", psql, $"\\copy customers_transaction to '{csv}' csv\ncreate table own (like customers_transaction including all);\ncheckpoint;\n");
        var (wall, _, _) = await Whole.Run("psql", psql, $"\\copy own from '{csv}' csv\n");
        await Sql(postgres, $"drop database huike_bench_{run}");
        return wall;
    }

    private static string Named(string postgres, int run) => new NpgsqlConnectionStringBuilder(postgres) { Database = $"huike_bench_{run}" }.ConnectionString;

    internal static async Task Sql(string postgres, params string[] statements)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(postgres) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        foreach (var statement in statements) { await connection.Run(statement, CancellationToken.None); }
    }
}
