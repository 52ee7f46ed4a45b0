using System.Data.Common;
using System.Globalization;
using Huike.Platform.Audit;
using Huike.Platform.Data;

namespace Huike.Customers.Claims;

/// <summary>What one of us did with a customer, as the timeline tells it.</summary>
/// <param name="By">Who.</param>
/// <param name="First">When first.</param>
/// <param name="Last">When last.</param>
/// <param name="Contacts">Calls, visits and the like.</param>
/// <param name="Notes">Notes.</param>
/// <param name="Planned">Next steps that are open.</param>
internal sealed record ClaimTouch(string By, DateTimeOffset First, DateTimeOffset Last, int Contacts, int Notes, int Planned);

/// <summary>Who had the customer first: what the program itself knows of it.</summary>
/// <param name="CreatedAt">When the file was opened.</param>
/// <param name="CreatedBy">Who opened it; null: it came in a load, or before the audit.</param>
/// <param name="Owners">Each time it was given to somebody, with whom, the oldest first.</param>
/// <param name="Touches">Of each who did something with the customer, the earliest first.</param>
/// <param name="FirstPurchaseAt">When the customer first bought; null: never.</param>
/// <param name="LastPurchaseAt">When the customer last bought; null: never.</param>
internal sealed record ClaimEvidence(DateTimeOffset CreatedAt, string? CreatedBy, IReadOnlyList<(DateTimeOffset At, string? To, string By)> Owners, IReadOnlyList<ClaimTouch> Touches, DateTimeOffset? FirstPurchaseAt, DateTimeOffset? LastPurchaseAt)
{
    private const int Most = 50;

    public static async Task<ClaimEvidence> Of(DbConnection connection, long customerId, CancellationToken ct)
    {
        var created = await connection.First("select created_at from customers_customer where id = @id", row => row.At(0), ct, ("id", customerId));
        var by = await connection.First("select actor from platform_audit where record_kind = 'customer' and record_id = @id and action = 'customer.added' order by id limit 1", row => row.GetString(0), ct, ("id", customerId));
        var owners = await connection.Rows($"select at, changes, actor from platform_audit where record_kind = 'customer' and record_id = @id and action in ('customer.added', 'record.assigned') order by id limit {Most}",
            row => (At: row.At(0), To: Owner(row.GetString(1)), By: row.GetString(2)), ct, ("id", customerId));
        var touches = await connection.Rows($"""
            select who, min(at), max(at), sum(contact), sum(note), sum(planned) from (
                select created_by as who, at, case when kind > 0 then 1 else 0 end as contact, case when kind = 0 then 1 else 0 end as note, 0 as planned from customers_note where customer_id = @id
                union all select created_by, created_at, 0, 0, case when done_at is null then 1 else 0 end from customers_next_step where customer_id = @id) done
            where who <> '' group by who order by min(at) limit {Most}
            """, row => new ClaimTouch(row.GetString(0), row.At(1), row.At(2), Count(row, 3), Count(row, 4), Count(row, 5)), ct, ("id", customerId));
        var bought = await connection.First("select first_at, last_at, documents from customers_standing where customer_id = @id", row => (First: row.At(0), Last: row.At(1), Documents: row.GetInt64(2)), ct, ("id", customerId));
        return new(created, by, [.. owners.Where(one => one.To is not null)], touches, bought.Documents > 0 ? bought.First : null, bought.Documents > 0 ? bought.Last : null);
    }

    private static int Count(DbDataReader row, int at) => Convert.ToInt32(row.GetValue(at), CultureInfo.InvariantCulture);

    private static string? Owner(string changes) => AuditChange.Read(changes).FirstOrDefault(change => change.Field == "owner")?.New;
}
