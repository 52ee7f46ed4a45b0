using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using Huike.Platform.Data;
using Huike.Platform.Data.Migrations;
using Huike.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Huike.Benchmarks;

/// <summary>
/// The file of a customer with 50,000 entries against that of one with 50, each way of looking at the timeline, in turn within one run:
/// <c>timeline [--connection "Host=…;Database=…"] [--entries 50000] [--requests 40]</c>; without a connection SQLite. The database has to be empty.
/// </summary>
internal static class TimelineSpeed
{
    private const int Few = 50;
    private static readonly DateTimeOffset Start = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly string[] People = ["anna", "ben", "王芳"];

    public static async Task Run(string[] args)
    {
        var connection = Whole.Of(args, "--connection", "");
        var (entries, requests) = (Number(args, "--entries", "50000"), Number(args, "--requests", "40"));
        await using var app = HuikeHost.Build(new HostArguments { Provider = connection.Length > 0 ? "postgres" : "sqlite", Connection = connection.Length > 0 ? connection : null, Data = Directory.CreateTempSubdirectory("huike-bench-").FullName, Urls = "http://127.0.0.1:0" }, builder => builder.Logging.ClearProviders());
        await app.Services.GetRequiredService<Migrator>().Run(CancellationToken.None);
        var database = app.Services.GetRequiredService<Database>();
        await Fill(database, 1, entries);
        await Fill(database, 2, Few);
        await BigFirm.Recompute(app);
        await app.StartAsync();
        using var admin = await ListSpeed.SignIn(app, "admin");
        var middle = Start.AddMinutes(entries / 2).UtcTicks.ToString(CultureInfo.InvariantCulture);
        (string Name, string Query)[] cases =
        [
            ("whole page, with the cards of all modules", ""), ("timeline: newest", "/timeline"), ("timeline: from the middle", "/timeline?before=" + middle), ("one kind: notes", "/timeline?kind=notes"), ("one kind: changes", "/timeline?kind=changes"),
            ("one kind: purchases", "/timeline?kind=purchases"), ("one channel", "/timeline?channel=visit"), ("one person", "/timeline?by=ben"), ("channel and person", "/timeline?channel=visit&by=ben"), ("kind and person", "/timeline?kind=notes&by=ben"),
            ("search: common word", "/timeline?q=%E5%9B%9E%E8%AE%BF"), ("search: word of one entry", "/timeline?q=needle"), ("search: found nowhere", "/timeline?q=nowhere"),
        ];
        Console.WriteLine($"Load when it began: {File.ReadAllText("/proc/loadavg").Trim()}; processors: {Environment.ProcessorCount}; {database.Kind}\n");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| what | {entries:N0} entries, p50 ms | {Few} entries, p50 ms | ratio |"));
        Console.WriteLine("|---|--:|--:|--:|");
        foreach (var (name, query) in cases)
        {
            var (many, few) = (new List<double>(), new List<double>());
            // The first quarter warms up.
            for (var i = -requests / 4; i < requests; i++)
            {
                var (ofMany, ofFew) = (await Timed(admin.Http, "/customers/1" + query), await Timed(admin.Http, "/customers/2" + query));
                if (i < 0) { continue; }
                many.Add(ofMany);
                few.Add(ofFew);
            }
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {Median(many):F1} | {Median(few):F1} | {Median(many) / Median(few):F2} |"));
        }
        Console.WriteLine($"\nLoad when it ended: {File.ReadAllText("/proc/loadavg").Trim()}");
    }

    /// <summary>A fifth each: notes, contacts, next steps, changes, lines of documents; one entry in the middle holds the rare word.</summary>
    private static async Task Fill(Database database, int customer, int entries)
    {
        using var turn = await database.WriteTurn(CancellationToken.None);
        await using var connection = await database.Open(CancellationToken.None);
        await using var transaction = await connection.BeginTransactionAsync();
        await Run(connection, "insert into customers_customer (id, number, name, sort_key, kind, created_at, version) values (@c, @text, @text, @text, 1, @at, 1)", customer, 0, ("text", $"K{customer}"));
        await Run(connection, "insert into customers_standing select @c, 0, 0, 0, 0, 0, 0, 0, 0, @at, @at, 0, 0, 0, 0, 0, @at, 0, 0, 0, 0", customer, 0, ("text", ""));
        for (var i = 0; i < entries; i++)
        {
            var text = $"{(i % 7 == 0 ? "电话回访 " : "Spoke about the winter offer ")}{i}{(i == entries / 2 ? " needle" : "")}";
            await Run(connection, (i % 5) switch
            {
                0 => "insert into customers_note (customer_id, body, kind, direction, at, created_at, created_by, form_key) values (@c, @text, 0, 0, @at, @at, @by, @key)",
                1 => "insert into customers_note (customer_id, body, kind, direction, at, created_at, created_by, form_key) values (@c, @text, @kind, 2, @at, @at, @by, @key)",
                2 => "insert into customers_next_step (customer_id, what, due_at, done_at, created_at, created_by, form_key) values (@c, @text, @at, @at, @at, @by, @key)",
                3 => "insert into customers_change (customer_id, field, old_value, new_value, created_at, created_by) values (@c, 'place', '', @text, @at, @by)",
                _ => "insert into customers_transaction (customer_id, at, document, quantity, price, amount, is_return, load_id, identity) values (@c, @at, @text, 10000, 10000, 10000, @no, 0, @id)",
            }, customer, i, ("text", text));
        }
        await transaction.CommitAsync();
        await connection.Run("analyze", CancellationToken.None);
    }

    private static Task<int> Run(DbConnection connection, string sql, int customer, int i, (string, object?) text) => connection.Run(sql, CancellationToken.None,
        ("c", customer), ("at", Start.AddMinutes(i)), ("by", People[i / 5 % 3]), ("key", $"{customer}-{i}"), ("kind", i / 5 % 5 + 1), ("no", false), ("id", (long)customer * 10_000_000 + i), text);

    private static async Task<double> Timed(HttpClient http, string path)
    {
        var watch = Stopwatch.StartNew();
        using var answer = await http.GetAsync(path);
        answer.EnsureSuccessStatusCode();
        await answer.Content.ReadAsByteArrayAsync();
        return watch.Elapsed.TotalMilliseconds;
    }

    private static int Number(string[] args, string name, string usual) => int.Parse(Whole.Of(args, name, usual), CultureInfo.InvariantCulture);

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
