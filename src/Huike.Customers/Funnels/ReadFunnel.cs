using Huike.Customers.Stages;
using Huike.Platform.Data;
using Huike.Platform.Settings;

namespace Huike.Customers.Funnels;

/// <summary>A stage of the funnel.</summary>
/// <param name="Stage">Its number.</param>
/// <param name="Now">Customers who stand in it now, pins included.</param>
/// <param name="Entered">Customers who entered it within the period.</param>
/// <param name="Left">Of them, those who left it.</param>
/// <param name="Onward">Of them, those who reached a further stage since.</param>
/// <param name="MedianDays">Median of the days in it, of those who left; null where nobody did.</param>
internal sealed record FunnelRow(int Stage, long Now, long Entered, long Left, long Onward, double? MedianDays)
{
    /// <summary>Who is still in it: how long that will be is not in the median.</summary>
    public long Still => Entered - Left;
}

/// <summary>Counts, conversion and median time per stage, for a segment and a period, computed in the database (H2).</summary>
internal sealed class ReadFunnel(Database database, SettingsStore settings, CustomerList list, Remembered remembered)
{
    private const double Day = 86_400;

    public Task<List<FunnelRow>> Run(StageMachine machine, CustomerQuery segment, FunnelPeriod period, CancellationToken ct) =>
        remembered.Get($"funnel {machine.Name} {FunnelPeriod.Written(period.From)} {FunnelPeriod.Written(period.To)} {segment.Filter.Key} {segment.Viewer.SeesPersonal} {segment.Viewer.Key}", () => Read(machine, segment, period, ct));

    private async Task<List<FunnelRow>> Read(StageMachine machine, CustomerQuery segment, FunnelPeriod period, CancellationToken ct)
    {
        var zone = (await settings.Get<FirmSettings>(ct)).Zone;
        await using var connection = await database.Open(ct);
        var sql = await list.Sql(connection, segment, ct);
        var some = segment.IsWhole ? "1 = 1" : $"customer_id in ({sql.Segment()})";
        (string, object?)[] parameters = [.. sql.Parameters, .. period.Parameters(zone)];
        var now = (await connection.Rows($"select stage, count(*) from {machine.Holding} where {some} group by stage", row => (Stage: (int)row.GetInt16(0), Count: row.GetInt64(1)), ct, parameters)).ToDictionary(row => row.Stage, row => row.Count);
        if (machine == StageMachine.Permission)
        {
            // Who was never reached has no row.
            var all = await connection.Number(segment.IsWhole ? "select count(*) from customers_customer" : $"select count(*) from ({sql.Segment()}) everyone", ct, [.. sql.Parameters]);
            now[0] = all - now.Where(row => row.Key != 0).Sum(row => row.Value);
        }
        var entries = FunnelStep.Entries(machine, some);
        var rows = (await connection.Rows(connection.Kind() == DatabaseKind.Postgres ? OnPostgres(entries) : OnSqlite(entries),
            row => new FunnelRow((int)row.GetInt16(0), 0, row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.IsDBNull(4) ? null : row.GetDouble(4) / Day), ct, parameters)).ToDictionary(row => row.Stage);
        return [.. Enumerable.Range(0, machine.Names.Count).Select(stage => (rows.GetValueOrDefault(stage) ?? new(stage, 0, 0, 0, 0, null)) with { Now = now.GetValueOrDefault(stage) })];
    }

    private static string OnPostgres(string entries) => $"""
        select e.stage, count(*), count(e.until_at), sum(e.is_onward), percentile_cont(0.5) within group (order by extract(epoch from e.until_at - e.since_at)::double precision) filter (where e.until_at is not null) from ({entries}) e group by e.stage
        """;

    /// <summary>The same: the mean of the two in the middle, which are one where their number is odd.</summary>
    private static string OnSqlite(string entries) => $"""
        select stage, count(*), count(until_at), sum(is_onward), avg(case when until_at is not null and place in ((together + 1) / 2, (together + 2) / 2) then (until_at - since_at) / 1000.0 end) from (
            select *, row_number() over (partition by stage, until_at is null order by until_at - since_at) as place, count(*) over (partition by stage, until_at is null) as together from ({entries}) e) ordered group by stage
        """;
}
