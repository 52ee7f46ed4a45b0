using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using Huike.Customers;
using Huike.Platform.Access.Roles;
using Huike.Platform.Data;
using Huike.Platform.Data.Migrations;
using Huike.Platform.Search;
using Huike.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Huike.Benchmarks;

/// <summary>
/// Each kind of search in the one box and by the interface, one request after the other, idle and beside 200 new customers a second; processor time of program (with the
/// client, which is in it) and database. Baseline: the interface's statement by itself.
/// <c>find [--connection "Host=…;Database=…"] [--customers 1000000] [--shared ../shared/data] [--queries 200] [--only "kind"] [--explain]</c>; without a connection SQLite.
/// </summary>
internal static class FindSpeed
{
    private const int WritesPerSecond = 200;
    private static readonly Viewer Everyone = new([], FieldAccess.Full);

    public static async Task Run(string[] args)
    {
        var (connection, shared) = (Whole.Of(args, "--connection", ""), Whole.Of(args, "--shared", "../shared/data"));
        var customers = int.Parse(Whole.Of(args, "--customers", connection.Length > 0 ? "1000000" : "100000"), CultureInfo.InvariantCulture);
        var count = int.Parse(Whole.Of(args, "--queries", "200"), CultureInfo.InvariantCulture);
        var work = Whole.Of(args, "--data", Directory.CreateTempSubdirectory("huike-bench-").FullName);
        await using var app = HuikeHost.Build(new HostArguments { Provider = connection.Length > 0 ? "postgres" : "sqlite", Connection = connection.Length > 0 ? connection : null, Data = work, Urls = "http://127.0.0.1:0" }, builder => builder.Logging.ClearProviders());
        await app.Services.GetRequiredService<Migrator>().Run(CancellationToken.None);
        var database = app.Services.GetRequiredService<Database>();
        await FindFirm.Fill(database, shared, customers);
        await app.StartAsync();
        using var admin = await ListSpeed.SignIn(app, "admin");
        using var seller = await ListSpeed.Seller(app, database, customers);
        var kinds = (await Kinds(database, count)).Where(kind => Whole.Of(args, "--only", kind.Name) == kind.Name).ToList();
        if (args.Contains("--explain"))
        {
            foreach (var (name, queries) in kinds) { await Explain(database, name, queries[0]); }
            return;
        }
        // Warm: what runs often is compiled anew in the background.
        foreach (var query in kinds.SelectMany(kind => kind.Queries.Take(20)).Concat(kinds.SelectMany(kind => kind.Queries.Take(20))).Select(Uri.EscapeDataString))
        {
            await Get(admin.Http, "/palette?q=" + query);
            await Get(admin.Http, "/api/customers?limit=20&q=" + query);
        }
        Console.WriteLine($"Load when it began: {File.ReadAllText("/proc/loadavg").Trim()}; processors: {Environment.ProcessorCount}; {customers:N0} customers, {database.Kind}\n");
        Console.WriteLine("| search | for example | box p50 ms | box p99 ms | box CPU ms | of it database | list p50 ms | list p99 ms | list CPU ms | statement bare, CPU ms | ratio | box p99 ms beside writes | list p99 ms beside writes |");
        Console.WriteLine("|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
        var rows = new List<(string Name, string Text, IReadOnlyList<string> Queries, bool IsSellers)>();
        foreach (var (name, queries) in kinds.Concat(kinds.Where(kind => kind.Name is "surname pinyin" or "common word of firms").Select(kind => (kind.Name + ", of a salesperson with 200", kind.Queries))))
        {
            var isSellers = name.Contains("salesperson", StringComparison.Ordinal);
            var http = isSellers ? seller.Http : admin.Http;
            var bare = isSellers ? (Cpu: double.NaN, Database: 0.0) : await Measured(database, queries, query => Bare(database, query));
            var box = await Timed(database, queries, query => Get(http, "/palette?q=" + query));
            var list = await Timed(database, queries, query => Get(http, "/api/customers?limit=20&q=" + query));
            rows.Add((name, string.Create(CultureInfo.InvariantCulture, $"| {name} | {queries[0]} | {box.P50:F1} | {box.P99:F1} | {box.Cpu:F2} | {box.Database:F2} | {list.P50:F1} | {list.P99:F1} | {list.Cpu:F2} | {(isSellers ? "" : string.Create(CultureInfo.InvariantCulture, $"{bare.Cpu:F2}"))} | {(isSellers ? "" : string.Create(CultureInfo.InvariantCulture, $"{list.Cpu / bare.Cpu:F1}"))}"), queries, isSellers));
        }
        using var ending = new CancellationTokenSource();
        var (watch, writes) = (Stopwatch.StartNew(), Write(app, FindFirm.For(shared), ending.Token));
        foreach (var row in rows)
        {
            var http = row.IsSellers ? seller.Http : admin.Http;
            var box = await Timed(database, row.Queries, query => Get(http, "/palette?q=" + query));
            var list = await Timed(database, row.Queries, query => Get(http, "/api/customers?limit=20&q=" + query));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{row.Text} | {box.P99:F1} | {list.P99:F1} |"));
        }
        await ending.CancelAsync();
        var written = await writes;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\nWritten meanwhile: {written / watch.Elapsed.TotalSeconds:F0} customers a second. Load when it ended: {File.ReadAllText("/proc/loadavg").Trim()}"));
    }

    /// <summary>What people type, made from customers that there are.</summary>
    private static async Task<List<(string Name, IReadOnlyList<string> Queries)>> Kinds(Database database, int count)
    {
        await using var connection = await database.Open(CancellationToken.None);
        var random = new Random(7);
        var top = await connection.Number("select max(id) from customers_customer", CancellationToken.None);
        var people = new List<(string Name, string Phone)>();
        var firms = new List<(string Name, string Code)>();
        var others = new List<string>();
        while (people.Count < count * 2 || firms.Count < count || others.Count < count)
        {
            var row = await connection.First("select name, phone, credit_code from customers_customer where id >= @id order by id limit 1", row => (Name: row.GetString(0), Phone: row.TextOrNull(1)!, Code: row.TextOrNull(2)), CancellationToken.None, ("id", random.NextInt64(1, top)));
            if (row.Code is not null) { firms.Add((row.Name, row.Code)); }
            else if (char.IsAsciiLetter(row.Name[0])) { others.Add(row.Name); }
            else { people.Add((row.Name, row.Phone)); }
        }
        var second = await connection.Rows($"select c.name, p.value from customers_contact_point p join customers_customer c on c.id = p.customer_id where p.kind = 0 order by p.id limit {count}", row => row.GetString(0)[..1] + " " + row.GetString(1)[^4..], CancellationToken.None);
        var threes = people.Where(one => one.Name.Length >= 3).Take(count).ToList();
        List<(string, IEnumerable<string>)> kinds =
        [
            ("two characters of a name", people.Select(one => one.Name[..2])),
            ("whole name", threes.Select(one => one.Name)),
            ("given name alone", threes.Select(one => one.Name[^2..])),
            ("one character", people.Select(one => one.Name[..1])),
            ("two characters within a firm", firms.Select(one => one.Name[2..4])),
            ("four characters within a firm", firms.Select(one => one.Name[2..6])),
            ("common word of firms", new[] { "科技", "贸易", "有限", "北京", "电子商务", "网络科技", "上海", "信息技术" }),
            ("two words of firms", firms.Select(one => one.Name[2..4] + " " + one.Name[..2])),
            ("phone, last four", people.Select(one => one.Phone[^4..])),
            ("phone, seven within", people.Select(one => one.Phone[5..12])),
            ("phone, whole", people.Select(one => one.Phone[3..])),
            ("surname and last four of a further phone", second),
            ("credit code", firms.Select(one => one.Code)),
            ("end of a credit code", firms.Select(one => one.Code[^6..])),
            ("surname pinyin", people.Select(one => Pinyin.Full(one.Name[..1]))),
            ("two initials", people.Select(one => Pinyin.Initials(one.Name)[..2])),
            ("three initials", threes.Select(one => Pinyin.Initials(one.Name))),
            ("full pinyin", people.Select(one => Pinyin.Full(one.Name))),
            ("pinyin begun", people.Select(one => Pinyin.Full(one.Name[..1]) + Pinyin.Full(one.Name[1..])[0])),
            ("mixed (zhang三)", people.Select(one => Pinyin.Full(one.Name[..1]) + one.Name[1..])),
            ("Latin, right", others),
            ("Latin, one letter wrong", others.Select(name => name.Remove(name.Length - 3, 1))),
            ("words of notes", Enumerable.Range(0, count).Select(i => $"冰箱{random.Next(10_000)}")),
            ("common word of notes", new[] { "冰箱", "报价", "样品", "quote", "called" }),
            ("nothing found", Enumerable.Range(0, count).Select(i => $"龘{i}qx")),
        ];
        return kinds.ConvertAll(kind => (kind.Item1, (IReadOnlyList<string>)[.. Enumerable.Range(0, count).Select(i => kind.Item2.ElementAt(i % Math.Min(count, kind.Item2.Count())))]));
    }

    private static async Task Get(HttpClient http, string address)
    {
        using var answer = await http.GetAsync(address);
        answer.EnsureSuccessStatusCode();
        await answer.Content.ReadAsByteArrayAsync();
    }

    private static CustomerListSql Statement(Database database, string query) => new(database.Kind, new(new CustomerFilter { Q = query }, CustomerSort.Relevance, false, Everyone), TimeZoneInfo.Utc, null);

    private static async Task Bare(Database database, string query)
    {
        var sql = Statement(database, query);
        await using var connection = await database.Open(CancellationToken.None);
        await using var command = connection.Command(sql.Rows(CustomerSort.Relevance, false, true, null, 21), [.. sql.Parameters]);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            for (var i = 0; i < reader.FieldCount; i++) { reader.GetValue(i); }
        }
    }

    private static async Task Explain(Database database, string name, string query)
    {
        var sql = Statement(database, query);
        await using var connection = await database.Open(CancellationToken.None);
        await using var command = connection.Command((database.Kind == DatabaseKind.Postgres ? "explain (analyze, buffers, costs off) " : "explain query plan ") + sql.Rows(CustomerSort.Relevance, false, true, null, 21), [.. sql.Parameters]);
        await using var reader = await command.ExecuteReaderAsync();
        Console.WriteLine($"\n== {name}: {query}");
        while (await reader.ReadAsync()) { Console.WriteLine(reader.GetValue(reader.FieldCount - 1)); }
    }

    private static async Task<(double P50, double P99, double Cpu, double Database)> Timed(Database database, IReadOnlyList<string> queries, Func<string, Task> ask)
    {
        var times = new List<double>();
        var (cpu, server) = await Measured(database, queries, async query =>
        {
            var from = Stopwatch.GetTimestamp();
            await ask(Uri.EscapeDataString(query));
            times.Add(Stopwatch.GetElapsedTime(from).TotalMilliseconds);
        });
        // The first rounds warmed up.
        var sorted = times.Skip(times.Count - queries.Count).Order().ToList();
        return (sorted[sorted.Count / 2], sorted[(int)(sorted.Count * 0.99)], cpu, server);
    }

    /// <returns>Processor milliseconds of each, together and of the database.</returns>
    private static async Task<(double Cpu, double Database)> Measured(Database database, IReadOnlyList<string> queries, Func<string, Task> ask)
    {
        foreach (var query in queries.Take(20)) { await ask(query); }
        var servers = await Servers(database);
        var (program, server) = (Process.GetCurrentProcess().TotalProcessorTime, ListSpeed.Spent(servers));
        foreach (var query in queries) { await ask(query); }
        var spent = (ListSpeed.Spent(servers) - server) * 1000 / queries.Count;
        return ((Process.GetCurrentProcess().TotalProcessorTime - program).TotalMilliseconds / queries.Count + spent, spent);
    }

    /// <summary>The processes that serve this database's connections; none on SQLite.</summary>
    private static async Task<IReadOnlyList<int>> Servers(Database database)
    {
        if (database.Kind == DatabaseKind.Sqlite) { return []; }
        await using var connection = await database.Open(CancellationToken.None);
        return await connection.Rows("select pid from pg_stat_activity where datname = current_database() and backend_type = 'client backend'", row => row.GetInt32(0), CancellationToken.None);
    }

    private static async Task<int> Write(WebApplication app, FindFirm firm, CancellationToken ct)
    {
        var (watch, written, running) = (Stopwatch.StartNew(), 0, new List<Task>());
        while (!ct.IsCancellationRequested)
        {
            for (; written < watch.Elapsed.TotalSeconds * WritesPerSecond && running.Count < 16; written++)
            {
                var customer = firm.Next(written) with { Number = "" };
                running.Add(Task.Run(async () =>
                {
                    await using var scope = app.Services.CreateAsyncScope();
                    await scope.ServiceProvider.GetRequiredService<AddCustomer>().Run(new(customer, 0, FormKey.New()), null, CancellationToken.None);
                }, CancellationToken.None));
            }
            await Task.Delay(5, CancellationToken.None);
            foreach (var done in running.Where(task => task.IsCompleted)) { await done; }
            running.RemoveAll(task => task.IsCompleted);
        }
        await Task.WhenAll(running);
        return written;
    }
}
