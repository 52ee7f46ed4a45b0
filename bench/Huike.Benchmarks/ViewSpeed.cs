using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Huike.Customers;
using Huike.Customers.Contracts;
using Huike.Platform.Access.Roles;
using Huike.Platform.Conditions;
using Huike.Platform.Data;
using Huike.Platform.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Huike.Benchmarks;

/// <summary>
/// Saved views over a million customers on PostgreSQL: <c>views --connection "Host=…" [--customers 1000000] [--rows 10000000]</c>. For each view the time of its first page, asked one after the other
/// (after a first time, told apart), and its requests per second as JSON against a bare endpoint that runs the same statement.
/// </summary>
internal static class ViewSpeed
{
    private const int Single = 300;
    private const int Rounds = 1;

    private static readonly (string Name, string Query)[] Views =
    [
        ("tier, one condition", "where=tier:is:gold"),
        ("tier and place, by net sales", "where=all(tier:is:gold,place:has:上海)&sort=sales&dir=desc"),
        ("stage, sales, last purchase, category", "where=all(stage:is:dormant|lost,sales:min:20000,lastAt:min:today-900,category:is:C3)"),
        ("any of two groups nested", "where=any(all(tier:is:platinum,place:has:杭州),all(sales:min:60000,documents:max:9))&sort=contribution&dir=desc"),
        ("the lowest tier, by net sales, largest first", "where=all(tier:is:lead,kind:is:unknown)&sort=sales&dir=desc"),
        ("name holds a rare word, by net sales", "where=all(name:has:超超,remark:empty)&sort=sales&dir=desc"),
        ("nobody's, never contacted, created lately", "where=all(owner:empty,contactedAt:empty,createdAt:within:-3000,openSteps:is:0)"),
        ("meets nobody", "where=all(remark:has:nowhere,sales:min:1)&sort=sales&dir=desc"),
        ("everybody but one place", "where=all(place:not:上海市浦东新区,number:filled)"),
    ];

    public static async Task Run(string[] args)
    {
        var (app, _, _) = await BigFirm.Open(args);
        await using var ended = app;
        var database = app.Services.GetRequiredService<Database>();
        await app.StartAsync();
        using var visitor = await ListSpeed.SignIn(app, "admin");
        var servers = await ListSpeed.Servers(database);
        Console.WriteLine("| view | found | first time | p50 | p99 | page p99 | requests/s | bare | share |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|--:|--:|");
        foreach (var (name, query) in Views)
        {
            using var added = await visitor.Http.PostAsJsonAsync("/api/views", new { name = $"{name} {Stopwatch.GetTimestamp()}", query });
            added.EnsureSuccessStatusCode();
            var id = (await added.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt64();
            var address = string.Create(CultureInfo.InvariantCulture, $"/api/customers?view={id}&limit=50");
            var (first, total) = await Once(visitor.Http, address);
            var times = new List<double>();
            for (var i = 0; i < Single; i++) { times.Add((await Once(visitor.Http, address)).Took); }
            var pages = new List<double>();
            for (var i = 0; i < Single / 3; i++) { pages.Add((await Once(visitor.Http, string.Create(CultureInfo.InvariantCulture, $"/customers?view={id}"), isPage: true)).Took); }
            await using var bare = await Bare(app, database, query);
            var (ours, theirs) = (new List<double>(), new List<double>());
            for (var round = -1; round < Rounds; round++)
            {
                var (a, b) = (await ListSpeed.Measure(app.Urls.First() + address, visitor.Cookie, servers), await ListSpeed.Measure(bare.Urls.First() + "/", "", servers));
                if (round >= 0) { (ours, theirs) = ([.. ours, a.PerSecond], [.. theirs, b.PerSecond]); }
            }
            var (rate, most) = (Part(ours, .5), Part(theirs, .5));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {total} | {first:F0} ms | {Part(times, .5):F1} ms | {Part(times, .99):F1} ms | {Part(pages, .99):F1} ms | {rate:N0} | {most:N0} | {rate / most:F2} |"));
        }
    }

    private static async Task<(double Took, string Total)> Once(HttpClient http, string address, bool isPage = false)
    {
        var from = Stopwatch.GetTimestamp();
        var text = await http.GetStringAsync(address);
        var took = Stopwatch.GetElapsedTime(from).TotalMilliseconds;
        if (isPage) { return (took, ""); }
        var json = JsonElement.Parse(text);
        return (took, json.GetProperty("total").GetInt64().ToString("N0", CultureInfo.InvariantCulture) + (json.GetProperty("more").GetBoolean() ? "+" : ""));
    }

    /// <summary>What nobody can undercut: the conditions as the list would write them, walked or ordered as the database likes best, read and written as JSON.</summary>
    private static async Task<WebApplication> Bare(WebApplication of, Database database, string address)
    {
        var query = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(address);
        var firm = await of.Services.CreateScope().ServiceProvider.GetRequiredService<SettingsStore>().Get<FirmSettings>(CancellationToken.None);
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(TimeProvider.System.GetUtcNow(), firm.Zone).DateTime);
        var viewer = new Viewer([], FieldAccess.Full) { Facts = of.Services.GetRequiredService<FactBook>().Of(CustomerPermissions.Records.Name), UserId = 1 };
        var asked = CustomerQuery.Read(new QueryCollection(query), viewer);
        var where = ConditionSql.Of(asked.Filter.Where, viewer.Facts, viewer.Looks(today, firm.Zone));
        var direction = asked.Descending ? " desc" : "";
        var sql = $"select {CustomerListSql.Columns} from customers_customer c join customers_standing s on s.customer_id = c.id where {where.Sql} order by {string.Join(", ", asked.Sort.Keys.Select(key => key.Sql + direction))}, {asked.Sort.Id}{direction} limit 51";
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapGet("/", http => ListSpeed.Answer(http, database, sql, where.Parameters));
        await app.StartAsync();
        return app;
    }

    private static double Part(List<double> values, double share) => values.Order().ElementAt(Math.Min(values.Count - 1, (int)(values.Count * share)));
}
