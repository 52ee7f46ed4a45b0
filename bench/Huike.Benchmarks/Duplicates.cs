using System.Diagnostics;
using System.Globalization;
using Huike.Customers;
using Huike.Customers.Duplicates;
using Huike.Platform.Access.Roles;
using Huike.Platform.Data;
using Huike.Platform.Data.Migrations;
using Huike.Platform.Jobs;
using Huike.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Huike.Benchmarks;

/// <summary>
/// Finding doubles: what is found of public sets whose doubles are known, <c>duplicates gold [--data ../shared/data]</c>. Learned from the records alone; the same for every set.
/// And how long a whole stock takes on PostgreSQL, and the check before a customer is entered among so many: <c>duplicates stock --connection "Host=…" [--customers 1000000]</c>, in an empty database.
/// </summary>
internal static class Duplicates
{
    public static void Gold(string[] args)
    {
        var sets = new GoldSets((folder, file) => Path.Combine(Whole.Of(args, "--data", "../shared/data"), folder, file));
        Console.WriteLine("| set | pairs there are | compared | found | precision | recall | F1 |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|");
        foreach (var set in new[] { sets.Febrl(1), sets.Febrl(2), sets.Febrl(3), sets.Restaurants(true), sets.Restaurants(false), sets.RestaurantDoubles(), sets.AbtBuy(), sets.GermanNames(), sets.Fake1000() })
        {
            var measured = set.Measure();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {set.Name} | {measured.AllPairs:N0} | {measured.Compared:N0} | {measured.Found:N0} of {measured.Gold:N0} | {measured.Precision:F3} | {measured.Recall:F3} | {measured.F1:F3} |"));
        }
    }

    public static async Task Stock(string[] args)
    {
        var customers = long.Parse(Whole.Of(args, "--customers", "1000000"), CultureInfo.InvariantCulture);
        await using var app = HuikeHost.Build(
            new HostArguments { Provider = "postgres", Connection = Whole.Of(args, "--connection", ""), Data = Directory.CreateTempSubdirectory("huike-bench-").FullName, Urls = "http://127.0.0.1:0" },
            builder => builder.Logging.SetMinimumLevel(LogLevel.Warning));
        await app.Services.GetRequiredService<Migrator>().Run(CancellationToken.None);
        var database = app.Services.GetRequiredService<Database>();
        await Fill(database, customers);
        if (args.Contains("--entry"))
        {
            await Entry(app.Services, database);
            return;
        }
        var watch = Stopwatch.StartNew();
        await using (var scope = app.Services.CreateAsyncScope())
        {
            var worker = scope.ServiceProvider.GetServices<IJobWorker>().Single(worker => worker.Kind == CompareCustomers.KindName);
            var last = 0.0;
            await worker.Run(new Job(0, worker.Kind, "{}", JobState.Running, 0, "", 1, "bench", DateTimeOffset.UnixEpoch, null), share =>
            {
                if (share - last < 0.1) { return; }
                last = share;
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{share:P0} {watch.Elapsed.TotalSeconds:F0} s"));
            }, CancellationToken.None);
        }
        var peak = Process.GetCurrentProcess().PeakWorkingSet64 / 1024 / 1024;
        await using var connection = await database.Open(CancellationToken.None);
        var found = await connection.Number("select count(*) from customers_duplicate", CancellationToken.None);
        var right = await connection.Number("select count(*) from customers_duplicate d join customers_customer a on a.id = d.a_id join customers_customer b on b.id = d.b_id where b.number = 'D' || substr(a.number, 2)", CancellationToken.None);
        var doubles = await connection.Number("select count(*) from customers_customer where number like 'D%'", CancellationToken.None);
        Console.WriteLine("| customers | minutes | peak memory, MB | pairs found | of them made so | of those made |");
        Console.WriteLine("|--:|--:|--:|--:|--:|--:|");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {customers:N0} | {watch.Elapsed.TotalMinutes:F1} | {peak:N0} | {found:N0} | {right:N0} | {doubles:N0} |"));
        Console.WriteLine();
        await Entry(app.Services, database);
    }

    /// <summary>The check alone, and a customer added with it, one after the other; against the same statements bare.</summary>
    private static async Task Entry(IServiceProvider services, Database database)
    {
        const int rounds = 300;
        var viewer = new Viewer([], FieldAccess.Full);
        var random = new Random(7);
        var some = new List<CustomerTraits>();
        await using (var connection = await database.Open(CancellationToken.None))
        {
            some.AddRange(await connection.Rows($"select name, phone, address from customers_customer where id % 997 = 3 order by id limit {rounds}", row => new CustomerTraits(row.GetString(0), row.TextOrNull(1), "someone@example.com", null, null, row.TextOrNull(2)), CancellationToken.None));
        }
        var (check, add, bare) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < some.Count; round++)
        {
            await using var scope = services.CreateAsyncScope();
            var find = scope.ServiceProvider.GetRequiredService<FindTwins>();
            var create = scope.ServiceProvider.GetRequiredService<AddCustomer>();
            var began = Stopwatch.GetTimestamp();
            await find.Run(some[round], null, viewer, [], CancellationToken.None);
            check.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            var customer = new NewCustomer("") { Name = some[round].Name!, Phone = "+8615" + random.NextInt64(100_000_000, 999_999_999).ToString(CultureInfo.InvariantCulture), CreatedAt = DateTimeOffset.UnixEpoch, LoadId = 0 };
            await create.Run(new(customer, 0, Guid.CreateVersion7().ToString("N")), null, CancellationToken.None);
            add.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            bare.Add(await Bare(database, some[round], CustomerColumns.SortKey(some[round].Name!, "")));
        }
        Console.WriteLine("| one after the other | median, ms | p99, ms |");
        Console.WriteLine("|---|--:|--:|");
        foreach (var (name, times) in new[] { ("check alone", check), ("customer added, with the check, event and audit", add), ("bare: the check's statements, and the rows of the customer", bare) })
        {
            times.Sort();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {times[times.Count / 2]:F1} | {times[(int)(times.Count * 0.99)]:F1} |"));
        }
    }

    private static async Task<double> Bare(Database database, CustomerTraits traits, string key)
    {
        var began = Stopwatch.GetTimestamp();
        await using var connection = await database.Open(CancellationToken.None);
        foreach (var sql in new[] { "select id from customers_customer where coalesce(phone, '') = @phone", "select customer_id from customers_contact_point where value = @phone", "select id from customers_customer where lower(email) collate \"C\" = @email", "select customer_id from customers_contact_point where value = @email" })
        {
            await connection.Rows(sql, row => row.GetInt64(0), CancellationToken.None, ("phone", traits.Phone ?? ""), ("email", traits.Email ?? ""));
        }
        await connection.Rows("select id, name, phone, email, credit_code, place, address from customers_customer where sort_key = @key or (sort_key >= @from and sort_key < @to) order by sort_key, id limit 200", row => row.GetInt64(0), CancellationToken.None, ("key", key), ("from", key[..(key.Length * 2 / 3)]), ("to", key[..(key.Length * 2 / 3)] + "\uffff"));
        await using var transaction = await connection.BeginTransactionAsync();
        var number = Guid.CreateVersion7().ToString("N");
        var id = await connection.Number("insert into customers_customer (number, name, sort_key, kind, phone, phone_reversed, created_at, version) values (@number, @name, @key, 0, @number, @number, now(), 0) returning id", CancellationToken.None, ("number", number), ("name", traits.Name), ("key", key));
        await connection.Run("insert into customers_standing select @id, 0, 0, 0, 0, 0, 0, 0, 0, 'epoch', 'epoch', 0, 0, 0, 0, 0, 'epoch', 0, 0, 0, 0", CancellationToken.None, ("id", id));
        await connection.Run("insert into customers_search (customer_id, tokens) values (@id, array_to_tsvector(string_to_array(@tokens, ' ')))", CancellationToken.None, ("id", id), ("tokens", new NewCustomer(number) { Name = traits.Name!, CreatedAt = default, LoadId = 0 }.Tokens(Aliases.None)));
        await transaction.CommitAsync();
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    /// <summary>Persons by their names' real sound of few surnames, each with a phone and half with an address; one in fifty twice, with another letter in the name or without the phone.</summary>
    private static async Task Fill(Database database, long customers)
    {
        await using var connection = await database.Open(CancellationToken.None);
        if (await connection.Number("select count(*) from customers_customer", CancellationToken.None) > 0) { return; }
        const string people = """
            insert into customers_customer (number, name, sort_key, kind, phone, phone_reversed, place, address, created_at, version)
            select {0}, nm, nm, 0, phone, reverse(phone), p, addr, now(), 0
            from (select i, {1} as nm, {2} as phone, p, case when i % 2 = 0 then p || (array['人民','中山','解放','建设','和平','新华','长江','东风'])[1 + (h2 % 8)] || '路' || 1 + (h3 % 900) || '号' || 1 + (h1 % 30) || '室' end as addr
                from (select i, h1, h2, h3, (array['上海市浦东新区','北京市海淀区','广州市天河区','深圳市南山区','杭州市西湖区','成都市武侯区','武汉市洪山区','西安市雁塔区'])[1 + (h3 / 1000) % 8] as p,
                        substr('王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗', 1 + h1 % 20, 1) as s, substr('伟芳娜敏静丽强磊军洋勇艳杰涛明超秀兰霞平刚桂英华玉萍红娥玲芬', 1 + h2 % 30, 1) as g1, substr('子雨欣浩宇轩梓涵思怡嘉俊佳琪诗晨博文天佑若曦志远建国小婷雪', 1 + h3 % 30, 1) as g2
                    from (select i, abs(hashint8(i)) as h1, abs(hashint8(i::bigint * 7919 + 1)) as h2, abs(hashint8(i::bigint * 104729 + 2)) as h3 from generate_series(1, {3}) i {4}) n) n) n
            """;
        foreach (var sql in new[]
        {
            string.Format(CultureInfo.InvariantCulture, people, "'K' || i", "s || g1 || g2", "'+86138' || lpad(i::text, 8, '0')", customers - (customers / 50), ""),
            string.Format(CultureInfo.InvariantCulture, people, "'D' || i", "case when i % 100 < 50 then s || g1 || '君' else s || g1 || g2 end", "case when i % 100 < 50 then '+86138' || lpad(i::text, 8, '0') end", customers - (customers / 50), "where i % 49 = 0"),
        }) { await Long(connection, sql); }
        var names = await connection.Rows("select distinct name from customers_customer", row => row.GetString(0), CancellationToken.None);
        await Long(connection, $"update customers_customer c set sort_key = m.key from (values {string.Join(", ", names.Select(name => $"('{name}', '{CustomerColumns.SortKey(name, "")}')"))}) m (name, key) where c.name = m.name");
        await Long(connection, "vacuum analyze customers_customer");
    }

    private static async Task Long(System.Data.Common.DbConnection connection, string sql)
    {
        await using var command = connection.Command(sql);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync();
    }
}
