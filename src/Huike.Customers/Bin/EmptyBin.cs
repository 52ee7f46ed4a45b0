using System.Data.Common;
using System.Text.Json;
using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Retention;

namespace Huike.Customers.Bin;

/// <summary>彻底删除: removes customers in the bin for good; those who were there long, by itself.</summary>
internal sealed class EmptyBin(Database database, IEnumerable<PersonalRecords> records, AuditLog audit) : IRetention
{
    public const int Most = 500;

    private const string Old = $"from {BinnedCustomer.Table} where removed_at < @before";

    public string Kind => "bin";

    public RetentionPeriod Usual => new(30, PeriodUnit.Days);

    public async Task<long> Count(DateTimeOffset before, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return await connection.Number("select count(*) " + Old, ct, ("before", before));
    }

    public async Task<long> Remove(DateTimeOffset before, int most, CancellationToken ct)
    {
        List<long> old;
        await using (var connection = await database.Open(ct)) { old = await connection.Rows($"select id {Old} order by removed_at, id limit {Math.Min(most, Most)}", row => row.GetInt64(0), ct, ("before", before)); }
        if (old.Count > 0) { await Run(null, old, ct); }
        return most <= Most || old.Count < Most ? old.Count : old.Count + await Remove(before, most - old.Count, ct);
    }

    /// <summary>Removes some for good.</summary>
    /// <param name="viewer">Who does it: others' customers stay; null: the firm's own rule.</param>
    /// <param name="ids">Whom; at most <see cref="Most"/>. Who is not in the bin any more is passed over.</param>
    /// <param name="ct">Ends the write.</param>
    /// <returns>How many.</returns>
    /// <exception cref="RuleException"><c>bulk.nobody</c>, <c>bulk.many</c>.</exception>
    public async Task<int> Run(Viewer? viewer, IReadOnlyCollection<long> ids, CancellationToken ct)
    {
        if (ids.Count is 0 or > Most) { throw new RuleException(ids.Count == 0 ? "bulk.nobody" : "bulk.many", Most); }
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var hold = database.Kind == DatabaseKind.Postgres ? " for update" : "";
        var gone = await connection.Rows($"select b.id, b.number from {BinnedCustomer.Table} b where b.id in ({string.Join(',', ids)}){(viewer is null ? "" : " and " + viewer.Sql("b"))} order by b.id{hold}", row => (Id: row.GetInt64(0), Number: row.GetString(1)), ct, [.. viewer?.Parameters ?? []]);
        if (gone.Count == 0) { return 0; }
        var list = string.Join(',', gone.Select(one => one.Id));
        await People(connection, list, ct);
        // What stayed where it was, of a customer who was not there.
        foreach (var one in records.Where(one => one.Fate == PersonalFate.Erased && one.Binned.Count == 0))
        {
            foreach (var (id, _) in gone) { await connection.Run($"delete from {one.Rows} where {one.Where}", ct, ("id", id)); }
        }
        await connection.Run($"delete from {BinnedCustomer.Table} where id in ({list})", ct);
        await audit.WriteAll(connection, [.. gone.Select(one => Audited.Customer("customer.purged", one.Id, [new("number", one.Number, null)]))], ct);
        await transaction.CommitAsync(ct);
        return gone.Count;
    }

    /// <summary>Contacts who have a post nowhere else, in the bin or out of it.</summary>
    private static Task<int> People(DbConnection connection, string list, CancellationToken ct)
    {
        var person = connection.Kind() == DatabaseKind.Postgres ? "(b.kept::json->>'person_id')::bigint" : "json_extract(b.kept, '$.person_id')";
        return connection.Run($"""
            delete from customers_person where id in (select {person} from {BinnedCustomer.Rows} b where b.name = 'posts' and b.binned_id in ({list}))
            and id not in (select {person} from {BinnedCustomer.Rows} b where b.name = 'posts' and b.binned_id not in ({list})) and not exists (select 1 from customers_post t where t.person_id = customers_person.id)
            """, ct);
    }
}
