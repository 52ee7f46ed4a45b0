using System.Data.Common;
using Huike.Customers.OneVoice;
using Huike.Customers.Relations;
using Huike.Customers.Relationships.Bonds;
using Huike.Platform.Data;

namespace Huike.Customers.Relationships.Health;

/// <summary>A fact behind an indicator.</summary>
/// <param name="At">When it was, or was to be.</param>
/// <param name="Kind">What it is: its text is <c>relationship.fact.</c> and this.</param>
/// <param name="Text">What was promised, said, bought; a category, a name.</param>
/// <param name="Other">Another customer whom it leads to; null: the customer's own timeline.</param>
/// <param name="Tone">How the customer sounded; null: nobody said.</param>
internal sealed record HealthFact(DateTimeOffset? At, string Kind, string Text, long? Other = null, int? Tone = null);

/// <summary>Reads what the indicators of one customer are computed from, and the facts one by one.</summary>
internal static class ReadHealth
{
    private const int Most = 50;
    private const string OfCustomer = "customer_id = @id";

    public static async Task<HealthFacts> Facts(DbConnection connection, long customerId, DateTimeOffset now, CancellationToken ct)
    {
        (string, object?)[] values = [("id", customerId), ("now", now), ("since", now.AddYears(-1)), ("no", false)];
        var facts = await connection.First($"""
            select count(case when done_at <= due_at then 1 end), count(case when done_at > due_at then 1 end) from customers_next_step where {OfCustomer} and done_at >= @since
            """, row => new HealthFacts { InTime = row.GetInt32(0), Late = row.GetInt32(1) }, ct, values);
        var overdue = await connection.Rows($"select due_at from customers_next_step where {OfCustomer} and done_at is null and due_at < @now limit 1000", row => row.At(0), ct, values);
        var contacts = await connection.First($"""
            select count(case when direction = 2 then 1 end), count(case when direction = 1 then 1 end), (select max(at) from customers_note where {OfCustomer} and kind > 0) from customers_note where {OfCustomer} and kind > 0 and at >= @since
            """, row => (Ours: row.GetInt32(0), Theirs: row.GetInt32(1), Last: row.AtOrNull(2)), ct, values);
        var tones = await connection.First($"""
            select count(*), coalesce(sum(tone), 0) from (select tone from customers_note where {OfCustomer} and at >= @since and tone is not null union all select tone from customers_moment where {OfCustomer} and at >= @since and tone is not null) t
            """, row => (Count: row.GetInt32(0), Sum: row.GetInt32(1)), ct, values);
        var bought = await Bought(connection, values, ct);
        return facts! with
        {
            Overdue = overdue.Count,
            DaysOverdue = overdue.Sum(due => (int)(now - due).TotalDays),
            Ours = contacts.Ours,
            Theirs = contacts.Theirs,
            DaysSinceContact = contacts.Last is { } last ? Math.Max(0, (int)(now - last).TotalDays) : null,
            Tones = tones.Count,
            ToneSum = tones.Sum,
            HasBought = bought.Ever,
            MonthsBought = Math.Min(12, bought.Months),
            Categories = bought.Categories,
            CategoriesOffered = bought.Offered,
            Given = (int)await connection.Number($"select count(*) from customers_moment where {OfCustomer} and kind = {(int)MomentKind.FavourFromUs}", ct, values),
            Received = (int)await connection.Number($"select (select count(*) from customers_moment where {OfCustomer} and kind = {(int)MomentKind.FavourToUs}) + (select count(*) from customers_relation where other_id = @id and kind = {(int)RelationKind.ReferredBy})", ct, values),
        };
    }

    private static async Task<(bool Ever, int Months, int Categories, int Offered)> Bought(DbConnection connection, (string, object?)[] values, CancellationToken ct)
    {
        var month = connection.Kind() == DatabaseKind.Sqlite ? "strftime('%Y-%m', at / 1000, 'unixepoch')" : "to_char(at at time zone 'UTC', 'YYYY-MM')";
        var ever = await connection.Number($"select 1 from customers_transaction where {OfCustomer} and is_return = @no limit 1", ct, values) == 1;
        var months = await connection.Number($"select count(distinct {month}) from customers_transaction where {OfCustomer} and at >= @since and is_return = @no", ct, values);
        var categories = await connection.Number($"select count(distinct p.category) from customers_transaction t join customers_product p on p.id = t.product_id where t.{OfCustomer} and t.at >= @since and t.is_return = @no and p.category <> ''", ct, values);
        return (ever, (int)months, (int)categories, (int)await connection.Number("select count(distinct category) from customers_product where category <> ''", ct));
    }

    /// <summary>The facts behind an indicator, the newest first.</summary>
    public static Task<List<HealthFact>> Behind(DbConnection connection, Indicator indicator, long customerId, Viewer viewer, DateTimeOffset now, CancellationToken ct) =>
        connection.Rows($"{(indicator switch
        {
            Indicator.Trust => $"select due_at, case when done_at is null then 'overdue' when done_at > due_at then 'late' else 'inTime' end, what, null, null from customers_next_step where {OfCustomer} and (done_at >= @since or done_at is null and due_at < @now) order by due_at desc",
            Indicator.Responsibility => $"select due_at, case when done_at is null then 'overdue' else 'kept' end, what, null, null from customers_next_step where {OfCustomer} and (done_at >= @since or done_at is null and due_at < @now) order by case when done_at is null then 0 else 1 end, due_at desc",
            Indicator.Dependence => $"select max(t.at), 'category', case when p.category = '' then p.name else p.category end, null, null from customers_transaction t join customers_product p on p.id = t.product_id where t.{OfCustomer} and t.at >= @since and t.is_return = @no group by case when p.category = '' then p.name else p.category end order by max(t.at) desc",
            Indicator.Reciprocity => Reciprocity(viewer),
            Indicator.Emotion => $"select at, k, text, null, tone from (select at, 'contact' as k, body as text, tone from customers_note where {OfCustomer} and at >= @since and tone is not null union all select at, 'moment', what, tone from customers_moment where {OfCustomer} and at >= @since and tone is not null) t order by at desc",
            _ => $"select at, case direction when {(int)InteractionSide.Customer} then 'theirs' else 'ours' end, body, null, tone from customers_note where {OfCustomer} and kind > 0 order by at desc",
        })} limit {Most}", row => new HealthFact(row.AtOrNull(0), row.GetString(1), row.GetString(2), row.IsDBNull(3) ? null : row.GetInt64(3), row.IsDBNull(4) ? null : row.GetInt32(4)), ct,
            [("id", customerId), ("now", now), ("since", now.AddYears(-1)), ("no", false), .. viewer.Parameters]);

    /// <summary>Of a customer whom the viewer doesn't see it is told that there is one.</summary>
    private static string Reciprocity(Viewer viewer) => $"""
        select at, k, text, other, null from (
            select at, case kind when {(int)MomentKind.FavourFromUs} then 'favourGiven' else 'favourReceived' end as k, what as text, null as other from customers_moment where {OfCustomer} and kind <> {(int)MomentKind.Delight}
            union all select r.created_at, 'referred', case when {viewer.Sql("c")} then coalesce(nullif(c.name, ''), c.number) else '–' end, case when {viewer.Sql("c")} then c.id end from customers_relation r join customers_customer c on c.id = r.customer_id where r.other_id = @id and r.kind = {(int)RelationKind.ReferredBy}) f order by at desc
        """;
}
