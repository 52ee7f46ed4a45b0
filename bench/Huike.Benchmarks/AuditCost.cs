using System.Diagnostics;
using System.Globalization;
using Huike.Customers;
using Huike.Customers.Contracts;
using Huike.Customers.Customers;
using Huike.Customers.Notes;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Data.Migrations;
using Huike.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Huike.Benchmarks;

/// <summary>
/// A write with its entry in the audit against the same write without, turn by turn in one run: a customer edited in two fields and a note added, both statement for statement as the forms do it,
/// and one bare row inserted, which no form does: what an entry costs by itself.
/// <c>audit [--writes 400] [--rounds 7] [--writers 8] [--postgres "Host=…;Username=…;Database=postgres"]</c>.
/// </summary>
internal static class AuditCost
{
    private const int Customers = 1_000;

    public static async Task Run(string[] args)
    {
        var writes = Count(args, "--writes", "400");
        var rounds = Count(args, "--rounds", "7");
        var writers = Count(args, "--writers", "8");
        var work = Directory.CreateTempSubdirectory("huike-bench-").FullName;
        Console.WriteLine($"Load when it began: {File.ReadAllText("/proc/loadavg").Trim()}; processors: {Environment.ProcessorCount}\n");
        Console.WriteLine("| database | write | writers | ms without | ms with audit | ratio |\n|---|---|--:|--:|--:|--:|");
        try
        {
            await Measure("SQLite", new HostArguments { Provider = "sqlite", Data = work }, [1], writes, rounds);
            if (Whole.Of(args, "--postgres", "") is { Length: > 0 } server)
            {
                const string name = "huike_bench_audit";
                await ImportSpeed.Sql(server, $"drop database if exists {name}", $"create database {name}");
                await Measure("PostgreSQL", new HostArguments { Provider = "postgres", Connection = new NpgsqlConnectionStringBuilder(server) { Database = name }.ToString(), Data = work }, [1, writers], writes, rounds);
                await ImportSpeed.Sql(server, $"drop database {name} with (force)");
            }
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static async Task Measure(string database, HostArguments arguments, int[] writers, int writes, int rounds)
    {
        await using var app = HuikeHost.Build(arguments, builder => builder.Logging.ClearProviders());
        await app.Services.GetRequiredService<Migrator>().Run(CancellationToken.None);
        await Fill(app.Services.GetRequiredService<Database>());
        foreach (var (write, work) in new (string, Func<WebApplication, int, bool, Task>)[] { ("customer edited", Edit), ("note added", Note), ("one bare row", Row) })
        {
            foreach (var count in writers)
            {
                var times = new List<(double Without, double With)>();
                // The first round warms up program and database.
                for (var round = 0; round <= rounds; round++)
                {
                    var pair = (await Time(app, work, count, writes, false), await Time(app, work, count, writes, true));
                    if (round > 0) { times.Add(pair); }
                }
                var (without, with) = (Median(times.Select(time => time.Without)), Median(times.Select(time => time.With)));
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {database} | {write} | {count} | {without:F2} | {with:F2} | {Median(times.Select(time => time.With / time.Without)):F2} |"));
            }
        }
    }

    /// <returns>Milliseconds from one finished write to the next.</returns>
    private static async Task<double> Time(WebApplication app, Func<WebApplication, int, bool, Task> work, int writers, int writes, bool audited)
    {
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
        {
            for (var i = writer; i < writes; i += writers) { await work(app, i, audited); }
        })));
        return watch.Elapsed.TotalMilliseconds / writes;
    }

    /// <summary>What <c>EditCustomer</c> does, with the audit or without.</summary>
    private static Task Edit(WebApplication app, int number, bool audited) => InTransaction(app, audited, async connection =>
    {
        var id = 1L + (number % Customers);
        await connection.Run("update customers_customer set version = version where id = @id", CancellationToken.None, ("id", id));
        var (_, old) = (await CustomerColumns.Find(connection, "id", [id], CancellationToken.None))[0];
        await connection.Number("select version from customers_customer where id = @id", CancellationToken.None, ("id", id));
        var word = Guid.CreateVersion7().ToString("N");
        var changes = CustomerColumns.Differences(old, old with { Address = word, Remark = word });
        await CustomerColumns.Update(connection, id, CustomerColumns.With(old, changes.Select(change => (change.Field, change.New))), CancellationToken.None);
        foreach (var (field, before, after) in changes)
        {
            await connection.Run("insert into customers_change (customer_id, field, old_value, new_value, created_at, created_by) values (@id, @field, @old, @new, @at, @by)", CancellationToken.None,
                ("id", id), ("field", field), ("old", before), ("new", after), ("at", TimeProvider.System.GetUtcNow()), ("by", "bench"));
        }
        return Audited.Customer("customer.edited", id, Audited.Fields(changes));
    });

    /// <summary>What <c>AddNote</c> does, with the audit or without.</summary>
    private static async Task Note(WebApplication app, int number, bool audited)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<HuikeDb>();
        var (id, form) = (1L + (number % Customers), FormKey.New());
        if (await db.Set<Note>().Where(note => note.FormKey == form).AnyAsync()) { return; }
        using var turn = await app.Services.GetRequiredService<Database>().WriteTurn(CancellationToken.None);
        await using var transaction = await db.Database.BeginTransactionAsync();
        await CustomerRules.Demand(db, id, CancellationToken.None);
        db.Add(new Note(id, new Huike.Customers.OneVoice.ContactText("called back"), "bench", TimeProvider.System.GetUtcNow(), form));
        await db.SaveChangesAsync();
        await app.Services.GetRequiredService<Huike.Platform.Events.EventLog>().Raise(db.Database.GetDbConnection(), new CustomerNoted(id), CancellationToken.None);
        if (audited) { await app.Services.GetRequiredService<AuditLog>().Write(db.Database.GetDbConnection(), Noted(id), CancellationToken.None); }
        await transaction.CommitAsync();
    }

    private static Task Row(WebApplication app, int number, bool audited) => InTransaction(app, audited, async connection =>
    {
        var id = 1L + (number % Customers);
        await connection.Run("insert into customers_note (customer_id, body, created_at, created_by, form_key) values (@id, 'called back', @at, 'bench', @key)", CancellationToken.None,
            ("id", id), ("at", TimeProvider.System.GetUtcNow()), ("key", FormKey.New()));
        return Noted(id);
    });

    private static AuditEntry Noted(long id) => Audited.Customer("customer.noted", id, [AuditChange.Is("note", "called back")]);

    private static async Task InTransaction(WebApplication app, bool audited, Func<System.Data.Common.DbConnection, Task<AuditEntry>> work)
    {
        var database = app.Services.GetRequiredService<Database>();
        using var turn = await database.WriteTurn(CancellationToken.None);
        await using var connection = await database.Open(CancellationToken.None);
        await using var transaction = await connection.BeginTransactionAsync();
        var entry = await work(connection);
        if (audited) { await app.Services.GetRequiredService<AuditLog>().Write(connection, entry, CancellationToken.None); }
        await transaction.CommitAsync();
    }

    private static async Task Fill(Database database)
    {
        await using var connection = await database.Open(CancellationToken.None);
        await connection.Run("with recursive n (i) as (select 1 union all select i + 1 from n where i < @count) insert into customers_customer (number, name, sort_key, kind, created_at, version) select 'K' || i, 'K' || i, 'k' || i, 1, @at, 1 from n",
            CancellationToken.None, ("count", Customers), ("at", TimeProvider.System.GetUtcNow()));
        var tokens = database.Kind == DatabaseKind.Postgres ? "customer_id, tokens) select id, array_to_tsvector(array[number])" : "rowid, tokens) select id, number";
        await connection.Run($"insert into customers_search ({tokens} from customers_customer", CancellationToken.None);
    }

    private static int Count(string[] args, string option, string otherwise) => int.Parse(Whole.Of(args, option, otherwise), CultureInfo.InvariantCulture);

    private static double Median(IEnumerable<double> values) => values.Order().ToArray() is var sorted ? sorted[sorted.Length / 2] : 0;
}
