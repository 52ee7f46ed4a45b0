using Huike.Customers.Erasures;
using Huike.Platform.Data;
using Huike.Platform.Retention;

namespace Huike.Customers.Retention;

/// <summary>Customers who never bought and with whom nothing happened for long: their persons are erased as if they had asked. Off as shipped: a firm has to say when.</summary>
internal sealed class IdleCustomers(Database database, EraseCustomer erase) : IRetention
{
    private const string Idle = """
        from customers_customer c where c.created_at < @before
            and not exists (select 1 from customers_transaction t where t.customer_id = c.id)
            and not exists (select 1 from customers_note n where n.customer_id = c.id and n.created_at >= @before)
            and not exists (select 1 from customers_next_step s where s.customer_id = c.id and (s.created_at >= @before or s.due_at >= @before or s.done_at >= @before))
            and not exists (select 1 from customers_change h where h.customer_id = c.id and h.created_at >= @before)
            and not exists (select 1 from customers_consent a where a.customer_id = c.id and a.created_at >= @before)
            and not exists (select 1 from customers_subject_request r where r.customer_id = c.id and (r.state = 0 or r.received_at >= @before))
            and not exists (select 1 from customers_erasure e where e.customer_id = c.id)
        """;

    public string Kind => "idleCustomers";

    public RetentionPeriod Usual => new(0, PeriodUnit.Years);

    public async Task<long> Count(DateTimeOffset before, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return await connection.Number("select count(*) " + Idle, ct, ("before", before));
    }

    public async Task<long> Remove(DateTimeOffset before, int most, CancellationToken ct)
    {
        List<long> idle;
        await using (var connection = await database.Open(ct)) { idle = await connection.Rows($"select c.id {Idle} order by c.id limit {most}", row => row.GetInt64(0), ct, ("before", before)); }
        foreach (var customer in idle) { await erase.Run(customer, "retention", after: null, ct); }
        return idle.Count;
    }
}
