using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Huike.Customers;
using Huike.Platform.Access;
using Huike.Platform.Access.Organisation;
using Huike.Platform.Access.Roles;
using Huike.Platform.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Huike.Benchmarks;

/// <summary>
/// The customer list as page and as JSON over a million customers on PostgreSQL, against a bare endpoint that runs the same statement and writes its rows as JSON, in the same process and run:
/// <c>list --connection "Host=…" [--customers 1000000] [--rows 10000000]</c>. Requests come from wrk over 16 connections; processor time is the program's and the database's together.
/// </summary>
internal static partial class ListSpeed
{
    private const int Rounds = 3;
    private const int Seconds = 6;

    public static async Task Run(string[] args)
    {
        var (app, customers, _) = await BigFirm.Open(args);
        await using var ended = app;
        var database = app.Services.GetRequiredService<Database>();
        if (await Number(database, "select count(*) from customers_standing where documents > 0") == 0) { await BigFirm.Recompute(app); }
        await app.StartAsync();
        await using var bare = await Bare(database);
        using var visitor = await SignIn(app, "admin");
        using var seller = await Seller(app, database, customers);
        var deep = await Deep(visitor.Http, customers / 20);
        var servers = await Servers(database);
        (string Name, string Address)[] cases =
        [
            ("bare: the same statement, 51 rows as JSON", bare.Urls.First() + "/"),
            ("page /customers, 50 rows", app.Urls.First() + "/customers"),
            ("bare: the same statement, 21 rows as JSON", bare.Urls.First() + "/names"),
            ("/api/customers?limit=20&sort=name", app.Urls.First() + "/api/customers?limit=20&sort=name"),
            ($"the same behind row {customers / 20:N0}", app.Urls.First() + "/api/customers?limit=20&sort=name&after=" + deep),
            ("/api/customers/{id}, any of them", app.Urls.First() + $"/api/customers/*{customers}"),
            ("administrator: page by name", app.Urls.First() + "/customers?"),
            ("the same, of a salesperson with 200 of them", app.Urls.First() + "/customers?"),
            ("administrator: page by net sales", app.Urls.First() + "/customers?sort=sales&dir=desc"),
            ("the same, of a salesperson with 200 of them ", app.Urls.First() + "/customers?sort=sales&dir=desc"),
        ];
        var seen = cases.Select(_ => new List<(double PerSecond, double Program, double Database)>()).ToArray();
        // The first rounds warm up program and database.
        for (var round = -2; round < Rounds; round++)
        {
            for (var i = 0; i < cases.Length; i++)
            {
                var figures = await Measure(cases[i].Address, cases[i].Name.Contains("salesperson", StringComparison.Ordinal) ? seller.Cookie : visitor.Cookie, servers);
                if (round >= 0) { seen[i].Add(figures); }
            }
        }
        Console.WriteLine("| request | requests/s | share of the bare one | CPU ms program | CPU ms database | CPU ms together |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|");
        var baseline = 0.0;
        for (var i = 0; i < cases.Length; i++)
        {
            var rate = Median(seen[i].Select(one => one.PerSecond));
            var (program, server) = (Median(seen[i].Select(one => one.Program)), Median(seen[i].Select(one => one.Database)));
            var isBare = cases[i].Name.StartsWith("bare", StringComparison.Ordinal) || cases[i].Name.StartsWith("administrator", StringComparison.Ordinal);
            if (isBare) { baseline = rate; }
            var share = isBare ? "1" : cases[i].Name.Contains("{id}", StringComparison.Ordinal) ? "–" : (rate / baseline).ToString("F2", CultureInfo.InvariantCulture);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {cases[i].Name} | {rate:N0} | {share} | {program:F2} | {server:F2} | {program + server:F2} |"));
        }
    }

    /// <summary>What nobody can undercut in this language: read the rows, write them.</summary>
    private static async Task<WebApplication> Bare(Database database)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var list = new CustomerListSql(database.Kind, new(new CustomerFilter(), CustomerSort.ByName, false, new Viewer([], FieldAccess.Full)), TimeZoneInfo.Utc, null);
        var (usual, descends) = new CustomerFilter().UsualOrder;
        Map("/", list.Rows(usual, descends, false, null, CustomerQuery.UsualLimit + 1));
        Map("/names", list.Rows(CustomerSort.ByName, false, false, null, 21));
        await app.StartAsync();
        return app;

        void Map(string path, string sql) => app.MapGet(path, (HttpContext http) => Answer(http, database, sql));
    }

    /// <summary>Runs a statement and writes its rows as JSON.</summary>
    internal static async Task Answer(HttpContext http, Database database, string sql, params (string, object?)[] parameters)
    {
        await using var connection = await database.Open(http.RequestAborted);
        await using var command = connection.Command(sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(http.RequestAborted);
        http.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter);
        json.WriteStartArray();
        while (await reader.ReadAsync(http.RequestAborted))
        {
            json.WriteStartArray();
            for (var i = 0; i < reader.FieldCount; i++)
            {
                switch (reader.IsDBNull(i) ? null : reader.GetValue(i))
                {
                    case null: json.WriteNullValue(); break;
                    case string text: json.WriteStringValue(text); break;
                    case DateTime at: json.WriteStringValue(at); break;
                    case double real: json.WriteNumberValue(real); break;
                    case var whole: json.WriteNumberValue(Convert.ToInt64(whole, CultureInfo.InvariantCulture)); break;
                }
            }
            json.WriteEndArray();
        }
        json.WriteEndArray();
    }

    /// <summary>Somebody with a salesperson's role who looks after 200 customers, spread over all.</summary>
    internal static async Task<Visitor> Seller(WebApplication app, Database database, long customers)
    {
        await using (var scope = app.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<LoadPeople>().Run([new("seller", "Seller", [], ["salesperson"])], "huike-demo", CancellationToken.None);
        }
        var seller = await Number(database, "select id from platform_user where user_name = 'seller'");
        await Number(database, string.Create(CultureInfo.InvariantCulture, $"update customers_customer set owner_id = {seller}, unit_id = 1 where id % {customers / 200} = 7 and owner_id is null"));
        return await SignIn(app, "seller");
    }

    internal static async Task<Visitor> SignIn(WebApplication app, string name)
    {
        await using (var scope = app.Services.CreateAsyncScope())
        {
            var setUp = scope.ServiceProvider.GetRequiredService<SetUpFirm>();
            if (await setUp.IsOpen(CancellationToken.None)) { await setUp.Run("admin", "huike-demo", CancellationToken.None); }
        }
        var cookies = new CookieContainer();
        var http = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies, AllowAutoRedirect = false }) { BaseAddress = new(app.Urls.First()) };
        var token = Token().Match(await http.GetStringAsync("/sign-in")).Groups["value"].Value;
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["name"] = name, ["password"] = "huike-demo", ["returnUrl"] = "/", ["__RequestVerificationToken"] = token });
        using var answer = await http.PostAsync("/sign-in", form);
        return answer.StatusCode == HttpStatusCode.Redirect ? new(http, cookies.GetCookieHeader(http.BaseAddress)) : throw new InvalidOperationException($"Sign-in: {answer.StatusCode}");
    }

    /// <summary>The cursor behind so many rows by name, found by turning pages.</summary>
    private static async Task<string> Deep(HttpClient http, long rows)
    {
        var cursor = "";
        for (var seen = 0; seen < rows; seen += 200)
        {
            var page = await http.GetFromJsonAsync<JsonElement>($"/api/customers?limit=200&sort=name{(cursor.Length > 0 ? "&after=" + cursor : "")}");
            cursor = page.GetProperty("next").GetString()!;
        }
        return cursor;
    }

    internal static async Task<(double PerSecond, double Program, double Database)> Measure(string address, string cookie, IReadOnlyList<int> servers)
    {
        var script = "";
        if (address.IndexOf('*', StringComparison.Ordinal) is > 0 and var star)
        {
            script = Path.GetTempFileName();
            await File.WriteAllTextAsync(script, $"math.randomseed(1)\nrequest = function() return wrk.format(nil, '{new Uri(address[..star]).AbsolutePath}' .. math.random(1, {address[(star + 1)..]})) end\n");
            address = address[..star];
        }
        var (program, database) = (Process.GetCurrentProcess().TotalProcessorTime, Spent(servers));
        using var wrk = Process.Start(new ProcessStartInfo("wrk", ["-t1", "-c16", $"-d{Seconds}s", "-H", "Cookie: " + cookie, .. script.Length > 0 ? ["-s", script] : Array.Empty<string>(), address]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var output = await wrk.StandardOutput.ReadToEndAsync();
        await wrk.WaitForExitAsync();
        if (script.Length > 0) { File.Delete(script); }
        if (output.Contains("Non-2xx", StringComparison.Ordinal)) { throw new InvalidOperationException(address + "\n" + output); }
        var requests = double.Parse(Requests().Match(output).Groups["value"].Value, CultureInfo.InvariantCulture);
        return (double.Parse(Rate().Match(output).Groups["value"].Value, CultureInfo.InvariantCulture),
            (Process.GetCurrentProcess().TotalProcessorTime - program).TotalMilliseconds / requests, (Spent(servers) - database) * 1000 / requests);
    }

    /// <summary>The database's processes: its first one, whose children serve the connections. Only where it runs on this machine.</summary>
    internal static async Task<IReadOnlyList<int>> Servers(Database database)
    {
        var backend = (int)await Number(database, "select pg_backend_pid()");
        return File.Exists($"/proc/{backend}/stat") ? [Parent(backend)] : throw new InvalidOperationException("The database must run on this machine: its processor time is counted.");
    }

    internal static double Spent(IReadOnlyList<int> servers) => Directory.GetDirectories("/proc").Select(path => int.TryParse(Path.GetFileName(path), out var id) ? id : 0)
        .Where(id => id > 0 && (servers.Contains(id) || servers.Contains(Parent(id)))).Sum(id => Fields(id) is { Length: > 13 } fields ? (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / 100 : 0);

    private static int Parent(int id) => Fields(id) is { Length: > 1 } fields ? int.Parse(fields[1], CultureInfo.InvariantCulture) : 0;

    /// <summary>State, parent and what follows; empty where the process has ended.</summary>
    private static string[] Fields(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return [];
        }
    }

    private static async Task<long> Number(Database database, string sql)
    {
        await using var connection = await database.Open(CancellationToken.None);
        return await connection.Number(sql, CancellationToken.None);
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);

    [GeneratedRegex("""name="__RequestVerificationToken"[^>]*value="(?<value>[^"]+)""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Token();

    [GeneratedRegex("""(?<value>\d+) requests in""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Requests();

    [GeneratedRegex("""Requests/sec:\s+(?<value>[\d.]+)""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Rate();

    internal sealed record Visitor(HttpClient Http, string Cookie) : IDisposable
    {
        public void Dispose() => Http.Dispose();
    }
}
