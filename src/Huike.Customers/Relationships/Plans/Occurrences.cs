using System.Data.Common;
using Huike.Platform.Calendar;
using Huike.Platform.Data;
using Huike.Platform.Settings;

namespace Huike.Customers.Relationships.Plans;

/// <summary>A touch that a customer is to get.</summary>
/// <param name="CustomerId">Who.</param>
/// <param name="OwnerId">Who looks after the customer; null: nobody.</param>
/// <param name="From">Day of what it follows.</param>
/// <param name="Language">The owner's; empty: not chosen.</param>
internal sealed record Occurrence(long CustomerId, long? OwnerId, DateOnly From, string Language);

/// <summary>Which touches of the plan are still to be given to whom: of each touch the newest occurrence alone, and none while an earlier one is open.</summary>
internal sealed class Occurrences(RelationshipTypes types, Calendars calendars, SettingsStore settings, TimeProvider clock)
{
    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>Occurrences of a touch, by customer.</summary>
    /// <param name="connection">Reads.</param>
    /// <param name="touch">The touch.</param>
    /// <param name="behind">Customers with higher numbers alone.</param>
    /// <param name="most">At most so many.</param>
    /// <param name="customer">This customer alone; null: all.</param>
    /// <param name="ct">Ends the read.</param>
    public async Task<List<Occurrence>> Of(DbConnection connection, Touch touch, long behind, int most, long? customer, CancellationToken ct)
    {
        var (tables, type) = await types.Sql(connection, ct);
        var zone = (await settings.Get<FirmSettings>(ct)).Zone;
        return await connection.Rows($"""
            select x.id, x.owner_id, x.begun, coalesce(l.language, '') from (
                select c.id, c.owner_id, {From(touch.After)} as begun from {tables}
                where c.id > @behind {(customer is null ? "" : "and c.id = @customer ")}and {type} = @type
                and not exists (select 1 from customers_next_step n where n.customer_id = c.id and n.touch_id = @touch and n.done_at is null)
                and not exists (select 1 from customers_erasure e where e.customer_id = c.id)) x
            left join platform_notice_reader l on l.user_id = x.owner_id where x.begun is not null order by x.id limit {most}
            """, row => new Occurrence(row.GetInt64(0), row.IsDBNull(1) ? null : row.GetInt64(1), Day(row.At(2), zone), row.GetString(3)), ct,
            ("behind", behind), ("customer", customer), ("type", touch.Type), ("touch", touch.Id), ("no", false));
    }

    /// <summary>When it is due: never before today, so that nothing is late from the beginning; null: it is past, or far ahead.</summary>
    /// <param name="touch">The touch.</param>
    /// <param name="occurrence">To whom.</param>
    /// <param name="ahead">Also what is not to be made yet.</param>
    /// <param name="ct">Ends the read.</param>
    public async Task<DateOnly?> Due(Touch touch, Occurrence occurrence, bool ahead, CancellationToken ct)
    {
        var rules = await settings.Get<RelationshipRules>(ct);
        var time = (occurrence.OwnerId is { } owner ? await calendars.OfPerson(owner, ct) : await calendars.Usual(ct)).Time;
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(Now, (await settings.Get<FirmSettings>(ct)).Zone).DateTime);
        var due = touch.Due(occurrence.From, time);
        if (touch.After != TouchAfter.Contact && due < today.AddDays(-rules.DaysForgotten)) { return null; }
        return !ahead && due > today.AddDays(rules.DaysAhead) ? null : due < today ? Touch.Working(today, time) : due;
    }

    private static DateOnly Day(DateTimeOffset at, TimeZoneInfo zone) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime);

    /// <summary>What the touch follows. A task of the plan that is done was a contact, also where nobody wrote what was said.</summary>
    private static string From(TouchAfter after) => after switch
    {
        TouchAfter.Purchase => "(select max(t.at) from customers_transaction t where t.customer_id = c.id and t.is_return = @no)",
        TouchAfter.FirstPurchase => "(select min(t.at) from customers_transaction t where t.customer_id = c.id and t.is_return = @no)",
        _ => """
            (select max(k.at) from (select max(n.at) as at from customers_note n where n.customer_id = c.id and n.kind > 0
                union all select max(d.done_at) from customers_next_step d where d.customer_id = c.id and d.touch_id is not null union all select c.created_at) k)
            """,
    };
}
