using Huike.Customers.BulkChanges;
using Huike.Platform.Data;
using Huike.Platform.Retention;

namespace Huike.Customers.Retention;

/// <summary>What was changed of many customers at once, with the old values: for as long it can be undone.</summary>
internal sealed class OldBulkChanges(Database database) : IRetention
{
    private const string Old = $"from {BulkChange.Table} where created_at < @before and (finished_at is not null or job_id is null)";

    public string Kind => "bulkChanges";

    public RetentionPeriod Usual => new(14, PeriodUnit.Days);

    public async Task<long> Count(DateTimeOffset before, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return await connection.Number("select count(*) " + Old, ct, ("before", before));
    }

    public async Task<long> Remove(DateTimeOffset before, int most, CancellationToken ct)
    {
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        return await connection.Run($"delete from {BulkChange.Table} where id in (select id {Old} order by id limit {most})", ct, ("before", before));
    }
}
