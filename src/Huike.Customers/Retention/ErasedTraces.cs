using Huike.Platform.Data;
using Huike.Platform.Retention;

namespace Huike.Customers.Retention;

/// <summary>
/// What databases leave behind of rows that were changed or removed: free places of SQLite's file and of its search index, dead rows of PostgreSQL. After an erasure the
/// file is written anew, in the night, as everyone's writes wait for it.
/// </summary>
internal sealed class ErasedTraces(Database database, TimeProvider clock) : IRetention
{
    private const string Tables = "customers_customer, customers_search, customers_note, customers_note_search, customers_contact_point, customers_tagged, customers_former_name, customers_person, customers_post, customers_relation, customers_address, customers_invoice_title, customers_claim, customers_relationship, customers_bond, customers_retention_plan, customers_moment, customers_hand, customers_pool_extension, customers_merge, customers_merge_row, customers_bulk_row, customers_binned, customers_binned_row, customers_card_kept, customers_next_step, customers_change, customers_stage_pin, customers_permission_pin, customers_consent, customers_subject_request, customers_load, platform_audit";

    public string Kind => "erasedTraces";

    public RetentionPeriod Usual => new(1, PeriodUnit.Days);

    public async Task<long> Count(DateTimeOffset before, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return await connection.Number("select count(*) from customers_erasure where swept_at is null and at < @before", ct, ("before", before));
    }

    public async Task<long> Remove(DateTimeOffset before, int most, CancellationToken ct)
    {
        if (await Count(before, ct) == 0) { return 0; }
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        var swept = await connection.Run("update customers_erasure set swept_at = @now where swept_at is null and at < @before", ct, ("now", clock.GetUtcNow()), ("before", before));
        if (database.Kind == DatabaseKind.Postgres)
        {
            await connection.Run($"vacuum {Tables}", ct);
            return swept;
        }
        await connection.Run("insert into customers_search (customers_search) values ('optimize')", ct);
        await connection.Run("insert into customers_note_search (customers_note_search) values ('optimize')", ct);
        await connection.Run("vacuum", ct);
        await connection.Run("pragma wal_checkpoint(truncate)", ct);
        return swept;
    }
}
