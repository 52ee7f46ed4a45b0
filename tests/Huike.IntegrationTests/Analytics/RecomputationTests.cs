using System.Globalization;
using System.Text;
using Huike.Analytics.CallToday;
using Huike.Analytics.Facts;
using Huike.Analytics.LifetimeModels;
using Huike.Analytics.Pyramid;
using Huike.Analytics.Recomputation;
using Huike.Analytics.Rfm;
using Huike.Analytics.Stages;
using Huike.Customers.Contracts;
using Huike.Customers.Ledger;
using Huike.Platform.Data;
using Huike.Platform.Jobs;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Huike.IntegrationTests.Analytics;

public sealed class RecomputationTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task What_loads_changed_is_recomputed_to_the_same_as_everything(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind, WithoutRunner);
        await Given.Ledger(app, Ledger(seed: 5, customers: 400, from: "2023-01-01", days: 700));
        await All(app);
        await Given.Ledger(app, Ledger(seed: 6, customers: 40, from: "2024-12-02", days: 21, offset: 380));
        await app.Number("insert into customers_stage_pin (customer_id, stage, reason, until_at, created_at, created_by) select id, 6, 'praise', "
            + (kind == DatabaseKind.Sqlite ? "9999999999999, 1700000000000" : "'2100-01-01', '2024-01-01'") + ", 'anna' from customers_customer where number = 'K7'");
        Assert.Equal(Taken.In, await app.In(services => services.GetRequiredService<RecomputeChanged>().Run(_ => { }, Ct, smallLedger: 0)));
        var changed = await Everything(app);
        await app.In(async services =>
        {
            var known = await services.GetRequiredService<PictureStore>().Get<LedgerPicture>("", Ct);
            await services.GetRequiredService<RecomputeAll>().Run(_ => { }, Ct, known!.Picture.Forecast);
            return 0;
        });
        var whole = await Everything(app);
        Assert.Equal(whole.Standings.Count, changed.Standings.Count);
        foreach (var (one, other) in whole.Standings.Zip(changed.Standings)) { Assert.Equal(one, other); }
        Assert.Equal(whole.Steps, changed.Steps);
        Assert.Equal(whole.Pictures, changed.Pictures);
        Assert.Contains(whole.Standings, one => one.Stage == BuyingStage.Dormant);
        Assert.Contains(whole.Standings, one => one.Stage == BuyingStage.Lost);
        Assert.Single(whole.Standings, one => one.Stage == BuyingStage.Advocate);
        Assert.Contains(whole.Standings, one => one.AtRisk > 0);
    }

    [Theory, OnBothDatabases]
    public async Task An_undone_load_leaves_no_trace_in_standings(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind, WithoutRunner);
        await Given.Ledger(app, Ledger(seed: 5, customers: 50, from: "2024-01-01", days: 300));
        await All(app);
        var before = await Everything(app);
        await Given.Ledger(app, Ledger(seed: 9, customers: 80, from: "2024-05-01", days: 200, offset: 30));
        await All(app);
        Assert.NotEqual(before.Pictures, (await Everything(app)).Pictures);
        var load = await app.Number("select max(id) from customers_load");
        await app.In(async services =>
        {
            var job = await services.GetRequiredService<Loads>().Begin(load, LoadState.Undoing, Ct);
            return (await services.GetRequiredService<JobRunner>().RunUntilDone(job, _ => { }, Ct)).State;
        });
        Assert.Equal(Taken.NeedsWhole, await app.In(services => services.GetRequiredService<RecomputeChanged>().Run(_ => { }, Ct, smallLedger: 0)));
        await All(app);
        var after = await Everything(app);
        Assert.Equal(before.Pictures, after.Pictures);
        Assert.Equal(before.Standings, after.Standings.Where(one => one.Tier != Tier.None));
    }

    [Theory, OnBothDatabases]
    public async Task Who_looks_while_the_first_ledger_is_computed_is_not_told_to_load_one(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind, WithoutRunner);
        await Given.Ledger(app, ("C1", "2026-01-05", "D1", 120m, "P1"));
        using var visitor = await app.Administrator();
        var page = await visitor.Page("/value");
        Assert.Null(page.QuerySelector("main a[href='/imports/new']"));
        Assert.NotNull(page.QuerySelector("main [role=progressbar], main progress"));
    }

    [Theory, OnBothDatabases]
    public async Task A_large_ledgers_standings_come_first_and_its_pictures_follow(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind, WithoutRunner);
        await Given.Ledger(app, Ledger(seed: 5, customers: 200, from: "2023-01-01", days: 700));
        await All(app);
        await Given.Ledger(app, Ledger(seed: 6, customers: 20, from: "2024-12-02", days: 21, offset: 190));
        await app.Number("delete from platform_job where kind = 'analytics.recompute'");
        for (var again = 0; again < 2; again++)
        {
            await app.In(async services =>
            {
                var job = new RecomputationJob(services.GetRequiredService<RecomputeAll>(), services.GetRequiredService<RecomputeChanged>(), services.GetRequiredService<JobQueue>()) { SmallLedger = 0 };
                await job.Run(new Job(1, RecomputationJob.Kind, RecomputationJob.Changed, JobState.Running, 0, "", 1, "anna", default, null), _ => { }, Ct);
                return 0;
            });
        }
        var follows = await app.In(services => services.GetRequiredService<JobQueue>().Newest(RecomputationJob.Kind, 10, Ct));
        Assert.Equal((RecomputationJob.Whole, JobState.Queued), Assert.Single(follows.Select(job => (job.Payload, job.State))));
    }

    [Theory, OnBothDatabases]
    public async Task A_load_asks_for_a_recomputation_and_the_runner_does_it(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        await Given.Ledger(app, ("A", "2025-01-01", "1", 100, "pot"), ("A", "2025-02-01", "2", 50, "pan"), ("B", "2025-02-03", "3", 10, "pot"));
        await Finished(app);
        Assert.Equal(2, await app.Number("select count(*) from customers_standing where tier > 0"));
        Assert.Equal(0, await app.Number("select count(*) from analytics_change"));
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task The_top_fifth_of_online_retail_brings_what_is_known(DatabaseKind kind)
    {
        var files = Enumerable.Range(0, 13).Select(month => Shared("online_retail_uci", $"online_retail_{new DateOnly(2010, 12, 1).AddMonths(month):yyyy-MM}.csv.gz")).ToArray();
        await using var app = await HuikeApp.Start(kind, WithoutRunner);
        await Given.Loaded(app, files);
        await All(app);
        var picture = (await app.In(services => services.GetRequiredService<PictureStore>().Get<PyramidPicture>(Periods.All, Ct)))!.Picture;
        Assert.Equal((4372, 8_300_065.814m), (picture.Customers, picture.Sales));
        Assert.Equal(874, picture.TopSales.Customers);
        Assert.Equal(0.738, picture.TopSales.Share, 0.0005);
        var models = (await app.In(services => services.GetRequiredService<PictureStore>().Get<ModelsPicture>("", Ct)))!.Picture;
        Assert.Equal(ModelUse.LeavingAssumed, models.Use);
        var call = (await app.In(services => services.GetRequiredService<PictureStore>().Get<CallPicture>("", Ct)))!.Picture;
        Assert.InRange(call.Customers, 100, 2500);
    }

    [Theory, OnBothDatabases]
    public async Task The_published_rfm_scores_come_out(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind, WithoutRunner);
        await Given.Loaded(app, [Shared("rfm_reference", "rfm_data_orders.csv")]);
        await All(app);
        var expected = (await File.ReadAllLinesAsync(Shared("rfm_reference", "expected_rfm_published.csv"), Ct)).Skip(1).Select(line => line.Split(','))
            .ToDictionary(cells => WithoutTitles(cells[0].Trim('"')), cells => cells[2]);
        await using var connection = await app.Database.Open(Ct);
        var scores = await connection.Rows("select c.number, s.recency, s.frequency, s.monetary from customers_standing s join customers_customer c on c.id = s.customer_id",
            row => (Number: row.GetString(0), Score: string.Create(CultureInfo.InvariantCulture, $"{row.GetInt16(1)}{row.GetInt16(2)}{row.GetInt16(3)}")), Ct);
        Assert.Equal(expected.Count, scores.Count);
        // One name of the published table was written otherwise in the orders.
        Assert.InRange(scores.Count(score => expected.ContainsKey(score.Number)), expected.Count - 1, expected.Count);
        Assert.DoesNotContain(scores, score => expected.TryGetValue(score.Number, out var published) && published != score.Score);
    }

    /// <summary>The published table writes customers with titles that the orders leave out.</summary>
    private static string WithoutTitles(string name)
    {
        foreach (var title in (string[])["Mr. ", "Mrs. ", "Ms. ", "Miss ", "Dr. "]) { name = name.StartsWith(title, StringComparison.Ordinal) ? name[title.Length..] : name; }
        foreach (var title in (string[])[" DVM", " DDS", " MD", " PhD", " Jr.", " Sr.", " I", " II", " III", " IV", " V"]) { name = name.EndsWith(title, StringComparison.Ordinal) ? name[..^title.Length] : name; }
        return name;
    }

    private static string Shared(string set, string file)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "shared", "data", set, file);
            if (File.Exists(path)) { return path; }
        }
        var named = Path.Combine(Environment.GetEnvironmentVariable("HUIKE_SHARED") ?? "", "data", set, file);
        Assert.SkipUnless(File.Exists(named), $"shared/data/{set}/{file} is not here");
        return named;
    }

    private static void WithoutRunner(WebApplicationBuilder builder)
    {
        foreach (var service in builder.Services.Where(service => service.ServiceType == typeof(IHostedService) && service.ImplementationFactory is not null).ToList()) { builder.Services.Remove(service); }
    }

    private static async Task All(HuikeApp app) => await app.In(async services =>
    {
        await services.GetRequiredService<RecomputeAll>().Run(_ => { }, Ct);
        return 0;
    });

    private static async Task Finished(HuikeApp app)
    {
        for (var i = 0; i < 300; i++)
        {
            if (await app.Number("select count(*) from platform_job where state < 2") == 0) { return; }
            await Task.Delay(100, Ct);
        }
        Assert.Fail("The jobs did not end.");
    }

    private static async Task<Snapshot> Everything(HuikeApp app) => await app.In(async services =>
    {
        var standings = new List<Standing>();
        await foreach (var one in services.GetRequiredService<IStandings>().All(Ct)) { standings.Add(one); }
        await using var connection = await app.Database.Open(Ct);
        var steps = await connection.Rows("select customer_id, since_at, stage from customers_stage order by customer_id, since_at, stage", row => new StageStep(row.GetInt64(0), row.At(1), (BuyingStage)row.GetInt16(2)), Ct);
        var pictures = await connection.Rows("select name, json from analytics_picture where name in (@a, @b, @c, @d) order by name", row => row.GetString(0) + row.GetString(1), Ct,
            ("a", nameof(PyramidPicture) + ".all"), ("b", nameof(RfmPicture)), ("c", nameof(CallPicture)), ("d", nameof(NegativePicture)));
        return new Snapshot(standings, steps, pictures);
    });

    /// <summary>A ledger in which most come back, some stay away, some return goods and some name nobody; the same for the same seed.</summary>
    private static string Ledger(int seed, int customers, string from, int days, int offset = 0)
    {
        var random = new Random(seed);
        var csv = new StringBuilder("customer,date,document,quantity,amount,product\n");
        var (begin, document) = (DateOnly.Parse(from, CultureInfo.InvariantCulture), seed * 1_000_000);
        for (var customer = offset; customer < offset + customers; customer++)
        {
            var rate = 5 + random.Next(60);
            var leaves = days * random.NextDouble() * 1.5;
            for (var day = random.Next(days); day < Math.Min(days, leaves + 20); day += 1 + random.Next(2 * rate))
            {
                var back = random.Next(12) == 0;
                var amount = (back ? -1 : 1) * Math.Round((decimal)(random.NextDouble() * 900) + 1, 2);
                csv.Append(CultureInfo.InvariantCulture, $"{(random.Next(20) == 0 ? "" : "K" + customer)},{begin.AddDays(day):yyyy-MM-dd},{document++},{(back ? -1 : 1)},{amount},P{random.Next(9)}\n");
            }
        }
        return csv.ToString();
    }

    private sealed record Snapshot(List<Standing> Standings, List<StageStep> Steps, List<string> Pictures);
}
