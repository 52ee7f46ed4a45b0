using System.Data.Common;
using System.Globalization;
using Huike.Platform.Data;
using Huike.Platform.Settings;

namespace Huike.Web.Verbs;

/// <summary>The demo firm's public pools: two regions, each with customers who wait, a history of claims and returns, and some who go back in the next days.</summary>
internal static class DemoPools
{
    private static readonly string[] Regions = ["east", "south"];

    /// <summary>Makes them.</summary>
    public static async Task Open(IServiceProvider services, CancellationToken ct)
    {
        var (database, now) = (services.GetRequiredService<Database>(), services.GetRequiredService<TimeProvider>().GetUtcNow());
        var zone = (await services.GetRequiredService<SettingsStore>().Get<FirmSettings>(ct)).Zone;
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await connection.Number("select count(*) from customers_pool", ct) > 0) { return; }
        for (var i = 0; i < Regions.Length; i++) { await Region(connection, Regions[i], i, (now, zone), ct); }
        await transaction.CommitAsync(ct);
    }

    private static async Task Region(DbConnection connection, string region, int position, (DateTimeOffset Now, TimeZoneInfo Zone) time, CancellationToken ct)
    {
        var (unit, head) = await connection.First("select unit_id, id from platform_user where user_name = @name", row => (row.GetInt64(0), row.GetInt64(1)), ct, ("name", region));
        if (unit == 0) { return; }
        var since = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time.Now, time.Zone).DateTime).AddDays(-60).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var pool = await connection.Number("insert into customers_pool (name, position, is_open, rules, rules_on, version, created_at, created_by) values (@name, @position, @open, @rules, @on, 1, @at, 'admin') returning id", ct,
            ("name", CommandLine.Texts["cli.demo.pool", CommandLine.Texts["cli.demo.unit." + region]]), ("position", position), ("open", true), ("on", since), ("at", time.Now.AddDays(-300)),
            ("rules", """{"shown":2,"quota":5,"capacityOfAll":5000,"coolingDays":5,"protectedDays":10,"warningDays":3,"extensionDays":5,"extensions":1,"leastNote":10,"staysWithStep":true,"stayingTiers":["Platinum","Gold"],"returns":[{"lack":"Contact","days":15}]}"""));
        await connection.Run("insert into customers_pool_member (pool_id, user_id, is_admin) values (@pool, @head, @yes)", ct, ("pool", pool), ("head", head), ("yes", true));
        await connection.Run("insert into customers_pool_member (pool_id, unit_id, is_admin) values (@pool, @unit, @no)", ct, ("pool", pool), ("unit", unit), ("no", false));
        const string hand = "insert into customers_hand (customer_id, at, by, from_id, to_id, from_pool, to_pool, cause, lack, since_on, days, reason)";
        var mine = $"c.owner_id in (select id from platform_user where user_name in ('{region}1', '{region}2'))";
        // Some days each, so that not all of it happened at once.
        for (var day = 1; day <= 12; day++)
        {
            (string, object?)[] values = [("pool", pool), ("given", time.Now.AddDays(-9 - day)), ("claimed", time.Now.AddDays(-23 * day)), ("back", time.Now.AddDays(-2 * day)), ("since", since), ("reason", CommandLine.Texts["cli.demo.pool.reason"])];
            await connection.Run($"{hand} select c.id, @given, 'admin', null, c.owner_id, null, null, 0, null, null, null, '' from customers_customer c where {mine} and c.id % 12 = {day % 12} and c.id % 5 > 0", ct, values);
            await connection.Run($"{hand} select c.id, @claimed, p.user_name, null, c.owner_id, @pool, null, 1, null, null, null, '' from customers_customer c join platform_user p on p.id = c.owner_id where {mine} and c.id % 60 = {day}", ct, values);
            await connection.Run($"{hand} select c.id, @back, 'admin', c.owner_id, null, null, @pool, 2, 0, @since, 15, '' from customers_customer c where {mine} and c.id % 48 = {12 + day}", ct, values);
            await connection.Run($"{hand} select c.id, @back, p.user_name, c.owner_id, null, null, @pool, 3, null, null, null, @reason from customers_customer c join platform_user p on p.id = c.owner_id where {mine} and c.id % 96 = {36 + day} and c.id % 48 <> {12 + day}", ct, values);
        }
        await connection.Run("""
            update customers_customer set owner_id = null, unit_id = null, pool_id = @pool, pooled_at = (select max(h.at) from customers_hand h where h.customer_id = customers_customer.id and h.to_pool = @pool), version = version + 1
            where id in (select customer_id from customers_hand where to_pool = @pool)
            """, ct, ("pool", pool));
        await connection.Run($"""
            insert into customers_pool_extension (customer_id, pool_id, owner_id, days, reason, state, asked_at, answer)
            select c.id, @pool, c.owner_id, 5, @reason, 0, @at, '' from customers_customer c where {mine} and c.id % 12 = 9 order by c.id limit 2
            """, ct, ("pool", pool), ("reason", CommandLine.Texts["cli.demo.pool.extension"]), ("at", time.Now.AddHours(-20)));
    }
}
