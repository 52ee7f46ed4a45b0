using System.Globalization;
using Huike.Platform;
using Huike.Platform.Access.Records;
using Huike.Platform.Data;
using Huike.Platform.Settings;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers.Relationships.Plans;

/// <summary>A contact of the plan that is due.</summary>
/// <param name="Id">Number of the next step.</param>
/// <param name="CustomerId">With whom.</param>
/// <param name="Customer">Name or number.</param>
/// <param name="What">What is to be done.</param>
/// <param name="Due">Last day.</param>
/// <param name="DaysLate">0: in time.</param>
/// <param name="Owner">Who looks after the customer; null: nobody.</param>
internal sealed record DueContact(long Id, long CustomerId, string Customer, string What, DateOnly Due, int DaysLate, string? Owner);

/// <summary>Which contacts are asked for.</summary>
/// <param name="ThisWeek">Those of the next seven days, instead of those that are overdue.</param>
/// <param name="Owner">Of this user's customers alone; null: of everybody's.</param>
/// <param name="After">Number of the last one that was seen; 0: from the beginning.</param>
internal sealed record DueQuery(bool ThisWeek, long? Owner, long After)
{
    /// <summary>Of the request's address; <c>owner=me</c> is the user.</summary>
    /// <exception cref="RuleException"><c>relationship.due.wrong</c>.</exception>
    public static DueQuery Read(HttpContext http, string cursor)
    {
        var (view, owner, after) = (http.Request.Query["view"].ToString(), http.Request.Query["owner"].ToString(), http.Request.Query[cursor].ToString());
        var (of, behind) = (0L, 0L);
        if (view is not ("" or "overdue" or "week") || (after.Length > 0 && !long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out behind))
            || (owner is not ("" or "me") && !long.TryParse(owner, NumberStyles.None, CultureInfo.InvariantCulture, out of))) { throw new RuleException("relationship.due.wrong"); }
        return new(view == "week", owner == "me" ? http.User.Access().UserId : owner.Length > 0 ? of : (long?)null, behind);
    }
}

/// <summary>联系计划 that is due, within the reader's scope, the most overdue first.</summary>
internal sealed class DueContacts(Database database, SettingsStore settings, TimeProvider clock)
{
    public const int Most = 50;

    /// <summary>A page; one more is read than it holds.</summary>
    public async Task<List<DueContact>> Page(DueQuery query, Viewer viewer, CancellationToken ct)
    {
        var zone = (await settings.Get<FirmSettings>(ct)).Zone;
        var now = clock.GetUtcNow();
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        var (from, until) = query.ThisWeek ? (LocalDay.Begin(today, zone), LocalDay.End(today.AddDays(6), zone)) : (DateTimeOffset.UnixEpoch, LocalDay.Begin(today, zone));
        await using var connection = await database.Open(ct);
        return await connection.Rows($"""
            select n.id, c.id, coalesce(nullif(c.name, ''), c.number), n.what, n.due_at, coalesce(nullif(p.display_name, ''), p.user_name)
            from customers_next_step n join customers_customer c on c.id = n.customer_id left join platform_user p on p.id = c.owner_id
            where n.done_at is null and n.touch_id is not null and n.due_at >= @from and n.due_at <= @until and {viewer.Sql("c")}
            {(query.Owner is null ? "" : "and c.owner_id = @of ")}{(query.After == 0 ? "" : "and (n.due_at, n.id) > (select a.due_at, a.id from customers_next_step a where a.id = @after) ")}order by n.due_at, n.id limit {Most + 1}
            """, row =>
        {
            var due = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(row.At(4), zone).DateTime);
            return new DueContact(row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetString(3), due, Math.Max(0, today.DayNumber - due.DayNumber), row.TextOrNull(5));
        }, ct, [("from", from), ("until", until), ("of", query.Owner), ("after", query.After), .. viewer.Parameters]);
    }

    /// <summary>Who looks after customers with such contacts, for choosing.</summary>
    public async Task<List<(long Id, string Name)>> Owners(Viewer viewer, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return await connection.Rows($"""
            select p.id, coalesce(nullif(p.display_name, ''), p.user_name) as shown from platform_user p where p.id in (
                select c.owner_id from customers_next_step n join customers_customer c on c.id = n.customer_id where n.done_at is null and n.touch_id is not null and {viewer.Sql("c")}) order by shown limit 500
            """, row => (row.GetInt64(0), row.GetString(1)), ct, [.. viewer.Parameters]);
    }
}
