using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Huike.Customers.Contracts;
using Huike.Platform.Access;
using Huike.Platform.Data;
using Huike.Platform.Data.Migrations;
using Huike.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Huike.Benchmarks;

/// <summary>
/// Pages that look on: memory of the node for each open stream, and time from a commit on another node to its arrival at each page.
/// Half of the users may see all customers, half their own unit's. The node is a process of its own; commits and streams are this one's.
/// <c>live --postgres "Host=…;Username=…;Database=postgres" [--streams 800] [--events 300]</c>.
/// </summary>
internal static partial class LiveStreams
{
    private const string Password = "correct horse battery";
    private const int Customers = 100;
    private const int OfUser = 20;
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(50);

    public static async Task Run(string[] args)
    {
        var server = Whole.Of(args, "--postgres", "");
        if (server.Length == 0) { throw new InvalidOperationException("live needs --postgres: streams across nodes"); }
        var streams = int.Parse(Whole.Of(args, "--streams", "800"), CultureInfo.InvariantCulture);
        var events = int.Parse(Whole.Of(args, "--events", "300"), CultureInfo.InvariantCulture);
        const string name = "huike_bench_live";
        var work = Directory.CreateTempSubdirectory("huike-bench-").FullName;
        await ImportSpeed.Sql(server, $"drop database if exists {name} with (force)", $"create database {name}");
        var connection = new NpgsqlConnectionStringBuilder(server) { Database = name }.ToString();
        Console.WriteLine($"Load when it began: {File.ReadAllText("/proc/loadavg").Trim()}; processors: {Environment.ProcessorCount}\n");
        using var node = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [.. Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal) ? (string[])[typeof(LiveStreams).Assembly.Location] : [], "live-node", connection, work, streams.ToString(CultureInfo.InvariantCulture)])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        try
        {
            var address = new Uri((await node.StandardOutput.ReadLineAsync())!);
            Console.WriteLine("| pages | watch | memory of the node, MB | KB for each page | arrivals | p50 ms | p99 ms | longest ms |\n|--:|---|--:|--:|--:|--:|--:|--:|");
            var users = new List<HttpClient>();
            for (var user = 0; user * OfUser < streams; user++) { users.Add(await SignedIn(address, user)); }
            foreach (var records in (int[])[Customers, 1]) { await Measure(node, users, connection, work, streams, events, records); }
        }
        finally
        {
            node.Kill();
            await node.WaitForExitAsync();
            Directory.Delete(work, recursive: true);
            NpgsqlConnection.ClearAllPools();
            await ImportSpeed.Sql(server, $"drop database {name} with (force)");
        }
    }

    /// <summary>The node: prints its address, then its memory for each line that it is given.</summary>
    public static async Task Serve(string connection, string work, int streams)
    {
        await using var app = HuikeHost.Build(new() { Provider = "postgres", Connection = connection, Data = work, Urls = "http://127.0.0.1:0" }, Quiet);
        await app.Services.GetRequiredService<Migrator>().Run(CancellationToken.None);
        await Fill(app.Services, streams);
        await app.StartAsync();
        Console.WriteLine(app.Urls.First());
        while (await Console.In.ReadLineAsync() is not null) { Console.WriteLine(GC.GetTotalMemory(forceFullCollection: true)); }
    }

    private static void Quiet(WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        builder.Services.Configure<PasswordHasherOptions>(options => options.IterationCount = 1_000);
    }

    private static async Task Measure(Process node, List<HttpClient> users, string connection, string work, int streams, int events, int records)
    {
        var before = await Memory(node);
        var arrivals = new ConcurrentQueue<(long Event, long At)>();
        using var left = new CancellationTokenSource();
        var open = new List<Task>();
        using var ready = new CountdownEvent(streams);
        for (var i = 0; i < streams; i++) { open.Add(Look(users[i / OfUser], 1 + (i % records), ready, arrivals, left.Token)); }
        ready.Wait(TimeSpan.FromMinutes(1));
        var after = await Memory(node);
        var commits = await Commit(connection, work, events, records);
        await Task.Delay(TimeSpan.FromSeconds(3));
        await left.CancelAsync();
        await Task.WhenAll(open);
        var times = arrivals.Where(one => commits.ContainsKey(one.Event)).Select(one => Stopwatch.GetElapsedTime(commits[one.Event], one.At).TotalMilliseconds).Order().ToArray();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {streams} | {(records == 1 ? "all the same record" : $"{records} records, {streams / records} pages each")} | {after / 1048576.0:F0} | {(after - before) / 1024.0 / streams:F1} | {times.Length:N0} of {events * streams / records:N0} | {times[times.Length / 2]:F1} | {times[times.Length * 99 / 100]:F1} | {times[^1]:F1} |"));
    }

    private static async Task<long> Memory(Process node)
    {
        await node.StandardInput.WriteLineAsync("memory");
        return long.Parse((await node.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
    }

    /// <returns>When each event was committed.</returns>
    private static async Task<IReadOnlyDictionary<long, long>> Commit(string connection, string work, int events, int records)
    {
        // Not started: it commits as another node would, and serves nothing.
        await using var app = HuikeHost.Build(new() { Provider = "postgres", Connection = connection, Data = work, Urls = "http://127.0.0.1:0" }, Quiet);
        var (database, log) = (app.Services.GetRequiredService<Database>(), app.Services.GetRequiredService<Huike.Platform.Events.EventLog>());
        var commits = new Dictionary<long, long>();
        for (var i = 0; i < events; i++)
        {
            await using var open = await database.Open(CancellationToken.None);
            await using var transaction = await open.BeginTransactionAsync();
            await log.Raise(open, new CustomerNoted(1 + (i % records)), CancellationToken.None);
            var id = await open.Number("select max(id) from platform_event", CancellationToken.None);
            // Before the commit returns, as pages may hear of it sooner than this process.
            commits[id] = Stopwatch.GetTimestamp();
            await transaction.CommitAsync();
            await Task.Delay(Between);
        }
        return commits;
    }

    private static async Task Look(HttpClient http, int record, CountdownEvent ready, ConcurrentQueue<(long, long)> arrivals, CancellationToken ct)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri($"/live?watch=customers/{record}", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, ct);
            using var reader = new StreamReader(await answer.EnsureSuccessStatusCode().Content.ReadAsStreamAsync(ct));
            while (await reader.ReadLineAsync(ct) is { } line)
            {
                if (line == "event: hello") { ready.Signal(); }
                else if (EventId().Match(line) is { Success: true } change) { arrivals.Enqueue((long.Parse(change.Groups["id"].Value, CultureInfo.InvariantCulture), Stopwatch.GetTimestamp())); }
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The page is left.
        }
    }

    private static async Task<HttpClient> SignedIn(Uri address, int user)
    {
        var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer(), MaxConnectionsPerServer = OfUser + 1 }) { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
        var token = Token().Match(await http.GetStringAsync(new Uri("/sign-in", UriKind.Relative))).Groups["token"].Value;
        using var form = new FormUrlEncodedContent([new("__RequestVerificationToken", token), new("name", Name(user)), new("password", Password)]);
        using var answer = await http.PostAsync(new Uri("/sign-in", UriKind.Relative), form);
        if (answer.StatusCode != HttpStatusCode.Redirect) { throw new InvalidOperationException($"{Name(user)} could not sign in"); }
        return http;
    }

    private static async Task Fill(IServiceProvider services, int streams)
    {
        await using var scope = services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        await using var connection = await scope.ServiceProvider.GetRequiredService<Database>().Open(CancellationToken.None);
        for (var user = 0; user * OfUser < streams; user++)
        {
            var added = new User { UserName = Name(user), DisplayName = Name(user), UnitId = 1 };
            if (!(await users.CreateAsync(added, Password)).Succeeded) { throw new InvalidOperationException("A user could not be added"); }
            await connection.Run("insert into platform_user_role (user_id, role) values (@user, @role)", CancellationToken.None, ("user", added.Id), ("role", user % 2 == 0 ? "service-desk" : "sales-manager"));
        }
        await connection.Run("insert into customers_customer (number, name, sort_key, kind, created_at, version, unit_id) select 'K' || i, 'K' || i, 'k' || i, 1, now(), 1, 1 from generate_series(1, @count) i", CancellationToken.None, ("count", Customers));
    }

    private static string Name(int user) => string.Create(CultureInfo.InvariantCulture, $"bench{user}");

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"(?<token>[^\"]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Token();

    [GeneratedRegex("\"id\":(?<id>[0-9]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex EventId();
}
