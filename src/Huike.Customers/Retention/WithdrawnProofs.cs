using Huike.Platform.Data;
using Huike.Platform.Retention;

namespace Huike.Customers.Retention;

/// <summary>Proofs of consents that were withdrawn: after a time nobody can dispute them any more. That and when a consent was given and withdrawn stays.</summary>
internal sealed class WithdrawnProofs(Database database) : IRetention
{
    private const string Old = """
        from customers_consent c where c.given and c.proof <> '' and exists (select 1 from customers_consent w
            where w.customer_id = c.customer_id and w.purpose_id = c.purpose_id and not w.given and w.channel in (c.channel, 0) and (w.at > c.at or (w.at = c.at and w.id > c.id)) and w.at < @before)
        """;

    public string Kind => "withdrawnProofs";

    public RetentionPeriod Usual => new(3, PeriodUnit.Years);

    public async Task<long> Count(DateTimeOffset before, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return await connection.Number("select count(*) " + Old, ct, ("before", before));
    }

    public async Task<long> Remove(DateTimeOffset before, int most, CancellationToken ct)
    {
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        return await connection.Run($"update customers_consent set proof = '' where id in (select c.id {Old} order by c.id limit {most})", ct, ("before", before));
    }
}
