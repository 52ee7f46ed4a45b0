using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Customers.People;
using Huike.Platform.Data;
using Huike.Platform.Notifications;

namespace Huike.Customers.Notices;

/// <summary>Tells owners some days ahead of the birthdays of their customers' contacts, of each once.</summary>
internal sealed class TellBirthdays(Database database, NoticeLog notices)
{
    public const string Kind = "customers.birthday";

    /// <summary>Time to send something.</summary>
    private const int DaysAhead = 3;

    private const int AtOnce = 500;

    /// <param name="today">In the firm's zone.</param>
    /// <param name="ct">Ends the work.</param>
    public async Task Run(DateOnly today, CancellationToken ct)
    {
        var until = today.AddDays(DaysAhead);
        // A leap month's birthdays, and those of a 30th that isn't, are kept in a month of the same number.
        int[] solar = [today.Month, until.Month], lunar = [Birthday.LunarMonth(today) ?? 0, Birthday.LunarMonth(until) ?? 0];
        for (var last = 0L; ;)
        {
            using var turn = await database.WriteTurn(ct);
            await using var connection = await database.Open(ct);
            await using var transaction = await connection.BeginTransactionAsync(ct);
            var some = await connection.Rows($"""
                select t.id, t.customer_id, c.owner_id, p.birth_calendar, p.birth_month, p.birth_day, p.birth_leap from customers_person p join customers_post t on t.person_id = p.id join customers_customer c on c.id = t.customer_id
                where t.id > @last and c.owner_id is not null and (p.birth_calendar = 0 and p.birth_month in (@solar0, @solar1) or p.birth_calendar = 1 and p.birth_month in (@lunar0, @lunar1)) order by t.id limit {AtOnce}
                """, row => (Id: row.GetInt64(0), Customer: row.GetInt64(1), Owner: row.GetInt64(2), Birthday: new Birthday((BirthCalendar)row.GetInt16(3), null, row.GetInt16(4), row.GetInt16(5), row.GetBoolean(6))), ct,
                ("last", last), ("solar0", solar[0]), ("solar1", solar[1]), ("lunar0", lunar[0]), ("lunar1", lunar[1]));
            foreach (var one in some)
            {
                if (one.Birthday.Next(today) is not { } day || day > until) { continue; }
                await notices.Tell(connection, new Notice(Kind, one.Owner, "customers.notice.birthday", string.Create(CultureInfo.InvariantCulture, $"{Kind}/{one.Id}/{day:yyyy-MM-dd}")) { About = new(CustomerPermissions.Records.Name, one.Customer), Args = [day], ToActorToo = true }, ct);
            }
            await transaction.CommitAsync(ct);
            if (some.Count < AtOnce) { return; }
            last = some[^1].Id;
        }
    }
}
