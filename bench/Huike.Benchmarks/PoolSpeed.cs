using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Huike.Customers;
using Huike.Customers.Contracts;
using Huike.Customers.Pools;
using Huike.Platform;
using Huike.Platform.Access.Records;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Data.Migrations;
using Huike.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Huike.Benchmarks;

/// <summary>
/// A thousand people claim from one pool at once, each with quota, history, event and audit, against a bare <c>update … skip locked</c> on the same table; and a dry run over all who are owned.
/// <c>pool --postgres "Host=…;Username=…;Database=postgres" [--customers 1000000] [--people 1000] [--each 5]</c>.
/// </summary>
internal static class PoolSpeed
{
    private const int AtOnce = 64;

    public static async Task Run(string[] args)
    {
        var server = Whole.Of(args, "--postgres", "");
        if (server.Length == 0) { throw new InvalidOperationException("pool needs --postgres"); }
        int Number(string name, string usual) => int.Parse(Whole.Of(args, name, usual), CultureInfo.InvariantCulture);
        var (customers, people, each) = (Number("--customers", "1000000"), Number("--people", "1000"), Number("--each", "5"));
        const string name = "huike_bench_pool";
        var work = Directory.CreateTempSubdirectory("huike-bench-").FullName;
        await ImportSpeed.Sql(server, $"drop database if exists {name} with (force)", $"create database {name}");
        var connection = new NpgsqlConnectionStringBuilder(server) { Database = name, MaxPoolSize = AtOnce + 8, CommandTimeout = 600 }.ToString();
        Console.WriteLine($"Load when it began: {File.ReadAllText("/proc/loadavg").Trim()}; processors: {Environment.ProcessorCount}; {customers:N0} customers in one pool, {people:N0} people\n");
        try
        {
            await using var app = HuikeHost.Build(new() { Provider = "postgres", Connection = connection, Data = work, Urls = "http://127.0.0.1:0" }, builder => builder.Logging.ClearProviders());
            await app.Services.GetRequiredService<Migrator>().Run(CancellationToken.None);
            var database = app.Services.GetRequiredService<Database>();
            await Fill(database, customers, people);
            Console.WriteLine("| what | claims | to exactly one each | beyond the quota | claims/s |\n|---|--:|---|--:|--:|");
            var bare = await Bare(database, people, each);
            var next = await Claims("the next one", app.Services, people, each, _ => []);
            // Everybody wants the same few: of those each goes to one.
            var wanted = await Wanted(database, people / 2);
            await Claims("the same few by all", app.Services, people, each, round => [wanted[round % wanted.Count]]);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\nOf the bare statement's speed: {next / bare:P0}"));
            await DryRun(app.Services, customers);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
            NpgsqlConnection.ClearAllPools();
            await ImportSpeed.Sql(server, $"drop database {name} with (force)");
        }
    }

    private static async Task Fill(Database database, int customers, int people)
    {
        await using var connection = await database.Open(CancellationToken.None);
        await connection.Run("""
            insert into platform_user (user_name, normalized_user_name, email_confirmed, security_stamp, concurrency_stamp, phone_number_confirmed, two_factor_enabled, lockout_enabled, access_failed_count, display_name)
            select 'bench' || i, 'BENCH' || i, false, 'x', 'x', false, false, false, 0, 'bench' || i from generate_series(1, @count) i
            """, CancellationToken.None, ("count", people));
        await connection.Run("insert into customers_pool (name, position, is_open, rules, rules_on, version, created_at, created_by) values ('bench', 0, true, @rules, '2020-01-01', 1, now(), 'x')", CancellationToken.None,
            ("rules", new PoolRules { Quota = 1_000, CoolingDays = 3, Returns = [new(Lack.Contact, 15)] }.Write()));
        await connection.Run("insert into customers_pool_member (pool_id, unit_id, is_admin) values (1, 1, false)", CancellationToken.None);
        await connection.Run("insert into customers_customer (number, name, sort_key, kind, created_at, version, pool_id, pooled_at) select 'K' || i, 'K' || i, 'k' || i, 1, now() - interval '100 days', 1, 1, now() - i * interval '1 second' from generate_series(1, @count) i", CancellationToken.None, ("count", customers));
        await connection.Run("insert into customers_standing select id, 0, 0, 0, 0, 0, 0, 0, 0, created_at, created_at, 1, 1, 1, 0, 0, created_at, 0, 0, 0, 0 from customers_customer", CancellationToken.None);
        await connection.Run("analyze", CancellationToken.None);
    }

    private static async Task<double> Bare(Database database, int people, int each)
    {
        var got = new ConcurrentBag<long>();
        var watch = Stopwatch.StartNew();
        await Parallel.ForEachAsync(Enumerable.Range(0, people * each), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, ct) =>
        {
            await using var connection = await database.Open(ct);
            got.Add(await connection.Number("update customers_customer set owner_id = @owner, pool_id = null, pooled_at = null where id = (select id from customers_customer where pool_id = 1 and owner_id is null order by pooled_at, id limit 1 for update skip locked) returning id", ct, ("owner", 1 + (i % people))));
        });
        return Told("bare update … skip locked", got, got.Count, 0, watch.Elapsed);
    }

    private static async Task<double> Claims(string what, IServiceProvider services, int people, int each, Func<int, IReadOnlyList<long>> wanted)
    {
        var (got, refused) = (new ConcurrentBag<long>(), 0);
        var watch = Stopwatch.StartNew();
        await Parallel.ForEachAsync(Enumerable.Range(0, people * each), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, ct) =>
        {
            await using var scope = services.CreateAsyncScope();
            var user = 1 + (i % people);
            scope.ServiceProvider.GetRequiredService<CurrentActor>().Become(string.Create(CultureInfo.InvariantCulture, $"bench{user}"));
            var access = new UserAccess(user, [new(PoolPermissions.Use, RecordScope.All, "bench", new(user, $"bench{user}", [1], [1], IsSelf: true))], new Dictionary<string, Huike.Platform.Access.Roles.FieldAccess>(), new HashSet<string>(), [1], null);
            try
            {
                foreach (var id in (await scope.ServiceProvider.GetRequiredService<ClaimFromPool>().Run(access, new(1, wanted(i), 1, ByValue: false, FormKey.Read(FormKey.New())), ct)).Claimed) { got.Add(id); }
            }
            catch (RuleException gone) when (gone.Code == "pools.gone")
            {
                Interlocked.Increment(ref refused);
            }
        });
        var elapsed = watch.Elapsed;
        await using var connection = await services.GetRequiredService<Database>().Open(CancellationToken.None);
        var beyond = await connection.Number("select count(*) from (select to_id from customers_hand where cause = 1 group by to_id having count(*) > 1000) many", CancellationToken.None);
        return Told($"{what}{(refused > 0 ? $" ({refused:N0} came too late)" : "")}", got, got.Count + refused, beyond, elapsed);
    }

    private static double Told(string what, System.Collections.Concurrent.ConcurrentBag<long> got, int asked, long beyond, TimeSpan elapsed)
    {
        var each = got.Distinct().Count() == got.Count && !got.Contains(0);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {got.Count:N0} | {(each ? "yes" : "NO")} | {beyond} | {asked / elapsed.TotalSeconds:N0} |"));
        return each ? asked / elapsed.TotalSeconds : throw new InvalidOperationException($"{what}: a customer went to two");
    }

    private static async Task<List<long>> Wanted(Database database, int count)
    {
        await using var connection = await database.Open(CancellationToken.None);
        return await connection.Rows($"select id from customers_customer where pool_id = 1 order by pooled_at desc limit {count}", row => row.GetInt64(0), CancellationToken.None);
    }

    /// <summary>All who are owned, over the next five working days.</summary>
    private static async Task DryRun(IServiceProvider services, int customers)
    {
        var database = services.GetRequiredService<Database>();
        await using (var connection = await database.Open(CancellationToken.None))
        {
            await connection.Run("update customers_customer set owner_id = 1 + id % 1000, pool_id = null, pooled_at = null, created_at = now() - (id % 60) * interval '1 day'", CancellationToken.None);
            await connection.Run("vacuum analyze", CancellationToken.None);
        }
        await using var scope = services.CreateAsyncScope();
        await using var open = await database.Open(CancellationToken.None);
        var (pool, today) = (await Pool.Find(open, 1, CancellationToken.None), await scope.ServiceProvider.GetRequiredService<PoolDays>().Today(CancellationToken.None));
        var watch = Stopwatch.StartNew();
        var going = await scope.ServiceProvider.GetRequiredService<Departures>().Of(pool, new(today, today.AddDays(7)), CancellationToken.None);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Dry run over {customers:N0} owned customers, {going.Count:N0} of whom go within a week: {watch.Elapsed.TotalSeconds:F1} s"));
    }
}
