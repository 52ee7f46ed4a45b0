using System.Diagnostics;
using System.Globalization;
using Huike.Customers.BulkChanges;
using Huike.Platform.Access;
using Huike.Platform.Access.Organisation;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Data.Migrations;
using Huike.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Huike.Benchmarks;

/// <summary>
/// A field of 10,000 customers set, an owner, a tag, each undone, with audit, history and events; beside it the same rows written by plain SQL in one statement each:
/// <c>bulk --connection "Host=…"</c> over a million customers on PostgreSQL, <c>bulk --sqlite [--customers 100000]</c>. It measures the work itself, not how long it waits in the queue.
/// </summary>
internal static class BulkSpeed
{
    private const int Changed = 10_000;
    private const int Rounds = 3;

    public static async Task Run(string[] args)
    {
        await using var app = args.Contains("--sqlite") ? await Small(long.Parse(Whole.Of(args, "--customers", "100000"), CultureInfo.InvariantCulture)) : (await BigFirm.Open(args)).App;
        var database = app.Services.GetRequiredService<Database>();
        await Prepare(app);
        var (customers, seen) = (await Number(database, "select count(*) from customers_customer"), new Dictionary<string, List<TimeSpan>>());
        for (var round = -1; round < Rounds; round++)
        {
            // Spread over all of them, others in each round.
            var ids = await Ids(database, customers / Changed, round + 2);
            await Measure("bare: the same rows of a field by plain SQL", () => Bare(database, ids));
            // Nearly all of the large firm have bought, and stay in the books.
            foreach (var (name, wish) in (database.Kind == DatabaseKind.Sqlite ? new (string, BulkWish)[] { ("into the bin", new(BulkVerb.Remove)) } : []).Concat(new (string, BulkWish)[]
            {
                ("a field", new(BulkVerb.Set, "category", string.Create(CultureInfo.InvariantCulture, $"bulk {round}"))), ("an owner", new(BulkVerb.Assign, Owner: round % 2 == 0 ? "anna" : "ben")),
                ("a tag", new(BulkVerb.Tag, Tags: string.Create(CultureInfo.InvariantCulture, $"bulk {round}"))),
            }))
            {
                var bulk = await Chosen(app, ids, wish);
                await Measure(name, () => Done(app, bulk));
                var undo = await In(app, services => services.GetRequiredService<BeginBulk>().Undo(new(1, "admin", false), bulk, CancellationToken.None));
                await Measure(name + ", undone", () => Done(app, undo));
            }

            async Task Measure(string name, Func<Task> work)
            {
                var watch = Stopwatch.StartNew();
                await work();
                if (round >= 0) { (seen.TryGetValue(name, out var known) ? known : seen[name] = []).Add(watch.Elapsed); }
            }
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {Changed:N0} of {customers:N0} customers, {database.Kind} | seconds, median of {Rounds} | most |"));
        Console.WriteLine("|---|--:|--:|");
        foreach (var (name, times) in seen) { Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {times.Order().ElementAt(Rounds / 2).TotalSeconds:F2} | {times.Max().TotalSeconds:F2} |")); }
        var verdict = await app.Services.GetRequiredService<AuditChain>().Verify(null, CancellationToken.None);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\nThe audit has {verdict.Whole:N0} links; fault: {verdict.Fault}."));
    }

    /// <summary>The customer's row, its history, its event and an entry of the audit as they lie in the database, without a chain: one statement each over all of them.</summary>
    private static async Task Bare(Database database, IReadOnlyList<long> ids)
    {
        using var turn = await database.WriteTurn(CancellationToken.None);
        await using var connection = await database.Open(CancellationToken.None);
        await using var transaction = await connection.BeginTransactionAsync();
        var (list, now) = (string.Join(',', ids), ("at", (object?)TimeProvider.System.GetUtcNow()));
        await connection.Run($"insert into customers_change (customer_id, field, old_value, new_value, created_at, created_by) select id, 'category', category, 'bare', @at, 'bare' from customers_customer where id in ({list})", CancellationToken.None, now);
        await connection.Run($"update customers_customer set category = 'bare', version = version + 1 where id in ({list})", CancellationToken.None);
        await connection.Run($"insert into platform_event (kind, payload, record_kind, record_id, at, created_by) select 'bench.bare', '{{}}', 'customers', id, @at, 'bare' from customers_customer where id in ({list})", CancellationToken.None, now);
        // In the place of the audit, whose chain takes no row from outside.
        await connection.Run("create temporary table if not exists bare_audit (at bigint, actor text, action text, record_id bigint, changes text, previous text, hash text, salt text, digest text)", CancellationToken.None);
        await connection.Run($"insert into bare_audit select 0, 'bare', 'customer.edited', id, '[{{\"field\":\"category\",\"old\":\"C1\",\"new\":\"bare\"}}]', '{new string('0', 64)}', '{new string('0', 64)}', '{new string('0', 32)}', '{new string('0', 64)}' from customers_customer where id in ({list})", CancellationToken.None);
        await transaction.CommitAsync();
    }

    private static Task<long> Chosen(WebApplication app, IReadOnlyList<long> ids, BulkWish wish) => In(app, async services =>
    {
        var begin = services.GetRequiredService<BeginBulk>();
        var id = await begin.Choose(new(1, "admin", false), [.. ids], null, CancellationToken.None);
        await begin.Run(new(1, "admin", false), id, wish, CancellationToken.None);
        return id;
    });

    private static Task<long> Done(WebApplication app, long bulk) => In(app, async services =>
    {
        services.GetRequiredService<CurrentActor>().Become("admin");
        await services.GetRequiredService<RunBulk>().Run(bulk, _ => { }, CancellationToken.None);
        return 0L;
    });

    private static async Task<IReadOnlyList<long>> Ids(Database database, long each, int offset)
    {
        await using var connection = await database.Open(CancellationToken.None);
        return await connection.Rows(string.Create(CultureInfo.InvariantCulture, $"select c.id from customers_customer c where c.id % {each} = {offset % each} order by c.id limit {Changed}"), row => row.GetInt64(0), CancellationToken.None);
    }

    private static async Task Prepare(WebApplication app)
    {
        await In(app, async services =>
        {
            var setUp = services.GetRequiredService<SetUpFirm>();
            if (await setUp.IsOpen(CancellationToken.None)) { await setUp.Run("admin", "huike-demo", CancellationToken.None); }
            await services.GetRequiredService<LoadPeople>().Run([new("anna", "Anna", [], ["salesperson"]), new("ben", "Ben", [], ["salesperson"])], "huike-demo", CancellationToken.None);
            return 0L;
        });
    }

    private static async Task<WebApplication> Small(long customers)
    {
        var app = HuikeHost.Build(new HostArguments { Provider = "sqlite", Data = Directory.CreateTempSubdirectory("huike-bench-").FullName, Urls = "http://127.0.0.1:0" }, builder => builder.Logging.SetMinimumLevel(LogLevel.Warning));
        await app.Services.GetRequiredService<Migrator>().Run(CancellationToken.None);
        await using var connection = await app.Services.GetRequiredService<Database>().Open(CancellationToken.None);
        await connection.Run($"""
            insert into customers_customer (number, name, sort_key, kind, phone, phone_reversed, place, category, created_at, version)
            with recursive n (i) as (select 1 union all select i + 1 from n where i < {customers}) select 'K' || i, 'Customer ' || i, 'customer ' || i, 0, '+86138' || i, i || '83168+', 'P' || (i % 8), 'C' || (i % 5), 0, 0 from n
            """, CancellationToken.None);
        await connection.Run("insert into customers_standing select id, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 from customers_customer", CancellationToken.None);
        return app;
    }

    private static async Task<long> Number(Database database, string sql)
    {
        await using var connection = await database.Open(CancellationToken.None);
        return await connection.Number(sql, CancellationToken.None);
    }

    private static async Task<T> In<T>(WebApplication app, Func<IServiceProvider, Task<T>> work)
    {
        await using var scope = app.Services.CreateAsyncScope();
        return await work(scope.ServiceProvider);
    }
}
