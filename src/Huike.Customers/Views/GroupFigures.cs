using System.Globalization;
using Huike.Platform.Conditions;
using Huike.Platform.Data;
using Huike.Platform.Settings;

namespace Huike.Customers.Views;

/// <summary>A group of a list, with what its customers come to.</summary>
/// <param name="Is">Condition that they meet.</param>
/// <param name="Value">As conditions name it; empty: none.</param>
/// <param name="Name">As people call it where the value doesn't say it: a user's, a unit's; null: the value does.</param>
/// <param name="Count">How many.</param>
/// <param name="Sales">Their net sales.</param>
/// <param name="Contribution">Their contribution.</param>
internal sealed record GroupFigure(Condition Is, string Value, string? Name, long Count, decimal Sales, decimal Contribution);

/// <summary>Groups of a list and what it comes to in all, counted in the database. A pass over many rows is remembered for a while.</summary>
internal sealed class GroupFigures(Database database, CustomerList list, Remembered remembered, SettingsStore settings)
{
    /// <summary>Most groups that are shown.</summary>
    public const int Most = 200;

    /// <summary>The groups: of dates the newest first and those without one last, those of a list of choices in its order, others the largest first.</summary>
    /// <param name="query">Of whom.</param>
    /// <param name="fact">What makes the groups.</param>
    /// <param name="period">Of a date, which dates are one group; null: the fact is no date.</param>
    /// <param name="ct">Ends the read.</param>
    public Task<IReadOnlyList<GroupFigure>> Of(CustomerQuery query, Fact fact, DatePeriod? period, CancellationToken ct) => period is { } dated ? Dated(query, fact, dated, ct) : Valued(query, fact, ct);

    private async Task<IReadOnlyList<GroupFigure>> Valued(CustomerQuery query, Fact fact, CancellationToken ct)
    {
        var rows = await remembered.Get($"groups {fact.Name} {list.Key(query)}", async () =>
        {
            await using var connection = await database.Open(ct);
            var (from, parameters) = await From(query, ct);
            var name = fact.Kept switch
            {
                FactKept.User => "(select user_name from platform_user where id = grouped.value)",
                _ => "null",
            };
            var shown = fact.Kept switch
            {
                FactKept.User => "(select coalesce(nullif(display_name, ''), user_name) from platform_user where id = grouped.value)",
                FactKept.Unit => "(select name from platform_unit where id = grouped.value)",
                _ => "null",
            };
            return await connection.Rows($"""
                select value, {name}, {shown}, customers, sales, contribution from (select {fact.Value} as value, count(*) as customers, {Sums("s.sales", "s.contribution")} {from} group by {fact.Value} order by count(*) desc, {fact.Value} limit {Most}) grouped
                """, row => Map(fact, row.IsDBNull(0) ? "" : Convert.ToString(row.GetValue(0), CultureInfo.InvariantCulture)!, row.TextOrNull(1), row.TextOrNull(2), (row.GetInt64(3), row.Amount(4), row.Amount(5))), ct, parameters);
        });
        var order = fact.Choices.Select((choice, i) => (choice.Value, i)).ToDictionary(one => one.Value, one => one.i);
        return order.Count == 0 ? rows : [.. rows.OrderBy(row => order.GetValueOrDefault(row.Value, int.MaxValue))];
    }

    private async Task<IReadOnlyList<GroupFigure>> Dated(CustomerQuery query, Fact fact, DatePeriod period, CancellationToken ct)
    {
        var zone = (await settings.Get<FirmSettings>(ct)).Zone;
        var rows = await remembered.Get($"groups {fact.Name}:{period} {zone.Id} {list.Key(query)}", async () =>
        {
            await using var connection = await database.Open(ct);
            var (from, parameters) = await From(query, ct);
            var month = fact.Kept == FactKept.Instant ? LocalMonth.Sql(connection, fact.Value, zone) : $"substr({fact.Value}, 1, 7)";
            // Those without a date stand first here, so that the limit leaves them.
            return await connection.Rows($"""
                select value, customers, sales, contribution from (
                    select value, count(*) as customers, {Sums("sales", "contribution")} from (
                        select {DatePeriods.Sql(period, "month")} as value, sales, contribution from (select coalesce({month}, '') as month, s.sales as sales, s.contribution as contribution {from}) monthly) dated
                    group by value) grouped
                order by case when value = '' then 0 else 1 end, value desc limit {Most}
                """, row => Map(fact, period, row.GetString(0), (row.GetInt64(1), row.Amount(2), row.Amount(3))), ct, [.. parameters, ("zone", zone.Id)]);
        });
        return [.. rows.OrderBy(row => row.Value.Length == 0)];
    }

    /// <summary>What all of them come to.</summary>
    public Task<(long Count, decimal Sales, decimal Contribution)> Total(CustomerQuery query, CancellationToken ct) => remembered.Get($"total {list.Key(query)}", async () =>
    {
        await using var connection = await database.Open(ct);
        var (from, parameters) = await From(query, ct);
        return await connection.First($"select count(*), {Sums("s.sales", "s.contribution")} {from}", row => (row.GetInt64(0), row.Amount(1), row.Amount(2)), ct, parameters);
    });

    /// <summary>Net sales and contribution of all rows together.</summary>
    public static string Sums(string sales, string contribution) => $"cast(coalesce(sum({sales}), 0) as bigint) as sales, cast(coalesce(sum({contribution}), 0) as bigint) as contribution";

    /// <summary>The tables with the customers who are asked for: files <c>c</c> and standings <c>s</c>.</summary>
    public async Task<(string Sql, (string, object?)[] Parameters)> From(CustomerQuery query, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var sql = await list.Sql(connection, query, ct);
        const string both = "customers_customer c join customers_standing s on s.customer_id = c.id";
        return ($"from {both}{(query.IsWhole ? "" : $" join ({sql.Segment()}) picked on picked.id = c.id")}", [.. sql.Parameters]);
    }

    private static GroupFigure Map(Fact fact, DatePeriod period, string value, (long Count, decimal Sales, decimal Contribution) of) =>
        new(value.Length == 0 ? new FactCondition(fact.Name, FactTest.Empty, "") : DatePeriods.Within(fact, period, value), value, null, of.Count, of.Sales, of.Contribution);

    private static GroupFigure Map(Fact fact, string kept, string? user, string? shown, (long Count, decimal Sales, decimal Contribution) of)
    {
        var value = fact.Kept switch
        {
            FactKept.Code => fact.Choices.FirstOrDefault(choice => choice.Code.ToString(CultureInfo.InvariantCulture) == kept)?.Value ?? "",
            FactKept.User => user ?? "",
            _ => kept,
        };
        // Of codes without a choice there is none of them all.
        Condition condition = value.Length > 0 ? new FactCondition(fact.Name, FactTest.Is, value)
            : fact.Kept == FactKept.Code ? new FactCondition(fact.Name, FactTest.IsNot, string.Join(',', fact.Choices.Select(choice => choice.Value)))
            : new FactCondition(fact.Name, FactTest.Empty, "");
        return new(condition, value, shown, of.Count, of.Sales, of.Contribution);
    }
}
