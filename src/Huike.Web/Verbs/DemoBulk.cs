using System.Globalization;
using System.Text.Json;
using Huike.Platform.Data;
using Huike.Platform.Jobs;

namespace Huike.Web.Verbs;

/// <summary>What somebody did to many of the demonstration's customers at once: some got a tag, and some who had been entered by mistake went into the bin. It is done in the background, as it would be from the list.</summary>
internal static class DemoBulk
{
    private const int Mistakes = 7;
    private const int Tagged = 240;

    // As Huike.Customers keeps what is to be done.
    private const int Tag = 2;
    private const int Remove = 4;

    public static async Task Do(IServiceProvider services, string by, CancellationToken ct)
    {
        var (database, jobs, now) = (services.GetRequiredService<Database>(), services.GetRequiredService<JobQueue>(), services.GetRequiredService<TimeProvider>().GetUtcNow());
        var texts = CommandLine.Texts;
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var user = await connection.Number("select id from platform_user where user_name = @by", ct, ("by", by));
        if (user == 0 || await connection.Number("select count(*) from customers_bulk", ct) > 0) { return; }
        var first = await connection.Number("select max(id) from customers_customer", ct) + 1;
        for (var i = 0; i < Mistakes; i++)
        {
            await connection.Run("insert into customers_customer (id, number, name, sort_key, kind, created_at, version) values (@id, @number, @name, @number, 0, @now, 1)", ct,
                ("id", first + i), ("number", string.Create(CultureInfo.InvariantCulture, $"X{i + 1:D4}")), ("name", texts["cli.demo.bulk.mistake", i + 1]), ("now", now));
        }
        await connection.Run($"insert into customers_standing select id, 0, 0, 0, 0, 0, 0, 0, 0, @epoch, @epoch, 0, 0, 0, 0, 0, @epoch, 0, 0, 0, 0 from customers_customer where id >= {first}", ct, ("epoch", DateTimeOffset.UnixEpoch));
        // Ids that were given by hand are not given again.
        if (database.Kind == DatabaseKind.Postgres) { await connection.Number("select setval(pg_get_serial_sequence('customers_customer', 'id'), (select max(id) from customers_customer))", ct); }
        await Begin(new { Verb = Remove }, $"select id from customers_customer where id >= {first}");
        await Begin(new { Verb = Tag, Tags = texts["cli.demo.bulk.tag"] }, $"select id from customers_customer where id < {first} and id % 7 = 3 order by id limit {Tagged}");
        await transaction.CommitAsync(ct);

        async Task Begin(object wish, string whom)
        {
            var id = await connection.Number("insert into customers_bulk (change, user_id, by, created_at) values (@change, @user, @by, @now) returning id", ct, ("change", JsonSerializer.Serialize(wish)), ("user", user), ("by", by), ("now", now));
            await connection.Run($"insert into customers_bulk_row (bulk_id, customer_id, state) select @bulk, id, 0 from ({whom}) chosen", ct, ("bulk", id));
            await connection.Run("update customers_bulk set job_id = @job where id = @bulk", ct, ("bulk", id), ("job", await jobs.Add(connection, "customers.bulk", JsonSerializer.Serialize(new { Bulk = id }), by, thisMachineOnly: false, ct)));
        }
    }
}
