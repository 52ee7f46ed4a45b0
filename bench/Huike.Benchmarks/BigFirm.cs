using System.Globalization;
using Huike.Analytics.Recomputation;
using Huike.Platform.Data;
using Huike.Platform.Data.Migrations;
using Huike.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Huike.Benchmarks;

/// <summary>A firm of a million customers on PostgreSQL, the same each time: few buy much, over three years.</summary>
internal static class BigFirm
{
    /// <summary>The program over the database of <c>--connection</c>, which must be empty or made by an earlier run of the same size (<c>--customers</c>, <c>--rows</c>).</summary>
    public static async Task<(WebApplication App, long Customers, long Rows)> Open(string[] args)
    {
        var customers = long.Parse(Whole.Of(args, "--customers", "1000000"), CultureInfo.InvariantCulture);
        var rows = long.Parse(Whole.Of(args, "--rows", "10000000"), CultureInfo.InvariantCulture);
        var app = HuikeHost.Build(
            new HostArguments { Provider = "postgres", Connection = Whole.Of(args, "--connection", ""), Data = Directory.CreateTempSubdirectory("huike-bench-").FullName, Urls = "http://127.0.0.1:0" },
            builder => builder.Logging.SetMinimumLevel(LogLevel.Warning));
        await app.Services.GetRequiredService<Migrator>().Run(CancellationToken.None);
        await Fill(app.Services.GetRequiredService<Database>(), customers, rows);
        return (app, customers, rows);
    }

    /// <summary>Recomputes everything.</summary>
    public static async Task Recompute(WebApplication app)
    {
        await using var scope = app.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<RecomputeAll>().Run(_ => { }, CancellationToken.None);
    }

    private static async Task Fill(Database database, long customers, long rows)
    {
        await using var connection = await database.Open(CancellationToken.None);
        if (await connection.Number("select count(*) from customers_transaction", CancellationToken.None) == rows) { return; }
        foreach (var sql in new[]
        {
            "select setseed(0.5)",
            $"""
            insert into customers_customer (number, name, sort_key, kind, phone, phone_reversed, place, category, created_at, version)
            select 'K' || i, s.name[a] || g.name[b] || g.name[c], s.pinyin[a] || ' ' || g.pinyin[b] || ' ' || g.pinyin[c], 0, '+86138' || lpad(i::text, 8, '0'), reverse('+86138' || lpad(i::text, 8, '0')),
                   p.name[1 + i % 8], 'C' || i % 5, now(), 0
            from (select i, 1 + (random() * 9)::int a, 1 + (random() * 15)::int b, 1 + (random() * 15)::int c from generate_series(1, {customers}) i) n,
                 (select string_to_array('王李张刘陈杨赵黄周吴', null) as name, array['wang','li','zhang','liu','chen','yang','zhao','huang','zhou','wu'] as pinyin) s,
                 (select string_to_array('伟芳娜敏静丽强磊军洋勇艳杰涛明超', null) as name, array['wei','fang','na','min','jing','li','qiang','lei','jun','yang','yong','yan','jie','tao','ming','chao'] as pinyin) g,
                 (select array['上海市浦东新区','北京市海淀区','广州市天河区','深圳市南山区','杭州市西湖区','成都市武侯区','武汉市洪山区','西安市雁塔区'] as name) p
            """,
            "insert into customers_standing select id, 0, 0, 0, 0, 0, 0, 0, 0, 'epoch', 'epoch', 0, 0, 0, 0, 0, 'epoch', 0, 0, 0, 0 from customers_customer",
            "insert into customers_product (code, name, category, cost) select 'P' || i, 'P' || i, 'C' || i % 12, 100000 + i * 1000 from generate_series(1, 500) i",
            $"""
            insert into customers_transaction (customer_id, at, document, product_id, quantity, price, amount, is_return, load_id, identity)
            select 1 + floor({customers} * power(random(), 1.7)), timestamptz '2023-01-01' + interval '1 day' * (floor(1095 * random())) + interval '1 minute' * (480 + floor(600 * random())),
                   'D' || i / 2, 1 + floor(500 * random()), 10000 * (case when i % 40 = 0 then -1 else 1 end), 500000,
                   floor(2000000 * random() + 10000) * (case when i % 40 = 0 then -1 else 1 end), i % 40 = 0, 1, i
            from generate_series(1, {rows}) i
            """,
            "vacuum analyze",
        })
        {
            await using var command = connection.Command(sql);
            command.CommandTimeout = 0;
            await command.ExecuteNonQueryAsync();
        }
    }
}
