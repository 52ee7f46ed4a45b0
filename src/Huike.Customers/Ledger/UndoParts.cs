using System.Data.Common;
using Huike.Customers.Consents;
using Huike.Customers.PermissionStages;
using Huike.Customers.Pools;
using Huike.Platform.Access;
using Huike.Platform.Data;
using Huike.Platform.Fields;

namespace Huike.Customers.Ledger;

/// <summary>Takes back what a load brought to files besides their own fields, as far as nobody changed it since.</summary>
internal sealed class UndoParts(ChangeHands hands, FollowPermission permission, FieldBook fields, TimeProvider clock)
{
    private const string Named = "case when c.name <> '' then c.number || ' ' || c.name else c.number end";

    /// <summary>Tables whose rows say by their version whether somebody changed them.</summary>
    private static readonly (string Table, string Field)[] Versioned = [("customers_contact_point", "phones"), ("customers_post", "person"), ("customers_address", "addresses"), ("customers_invoice_title", "invoiceTitles")];

    /// <summary>Before the files' own fields are put back: these follow what is left.</summary>
    /// <returns>Of whom something stays, and what.</returns>
    public async Task<List<ChangedRow>> Run(DbConnection connection, long load, CancellationToken ct)
    {
        var kept = new List<ChangedRow>();
        foreach (var (table, field) in Versioned)
        {
            kept.AddRange(await connection.Rows($"select {Named} from {table} p join customers_customer c on c.id = p.customer_id where p.load_id = @load and p.version > 1 order by c.id limit 1000",
                row => new ChangedRow(0, row.GetString(0), [new(field, null, null)]), ct, ("load", load)));
        }
        // Whose file was there before, and is found by less from now on.
        var others = await connection.Rows($"""
            select distinct c.id from customers_customer c where (c.load_id is null or c.load_id <> @load) and c.id in (
                {string.Join(" union all ", Versioned.Select(one => $"select customer_id from {one.Table} where load_id = @load and version = 1"))})
            """, row => row.GetInt64(0), ct, ("load", load));
        await Owners(connection, load, ct);
        kept.AddRange(await Consents(connection, load, ct));
        foreach (var (table, _) in Versioned) { await connection.Run($"delete from {table} where load_id = @load and version = 1", ct, ("load", load)); }
        await connection.Run("delete from customers_tagged where load_id = @load", ct, ("load", load));
        await connection.Run("delete from customers_person where load_id = @load and not exists (select 1 from customers_post post where post.person_id = customers_person.id)", ct, ("load", load));
        foreach (var id in others) { await CustomerColumns.WriteTokens(connection, id, fields.Of(CustomerFields.Kind.Name), ct); }
        return kept;
    }

    /// <summary>What stays belongs to nobody's load any more.</summary>
    public static async Task Forget(DbConnection connection, long load, CancellationToken ct)
    {
        foreach (var (table, _) in Versioned) { await connection.Run($"update {table} set load_id = null where load_id = @load", ct, ("load", load)); }
    }

    /// <summary>The ledger of consents forgets nothing. What the load says was given counts no longer: nobody is written to because of a list that was wrong.</summary>
    private async Task<List<ChangedRow>> Consents(DbConnection connection, long load, CancellationToken ct)
    {
        await connection.Run("""
            insert into customers_consent (customer_id, purpose_id, channel, given, at, way, proof, created_at, created_by, form_key)
            select k.customer_id, k.purpose_id, k.channel, @no, @now, @way, @proof, @now, l.created_by, 'undone-' || k.id from customers_consent k join customers_load l on l.id = k.load_id
            where k.load_id = @load and k.given = @yes and not exists (select 1 from customers_consent later where later.customer_id = k.customer_id and later.purpose_id = k.purpose_id and later.id > k.id)
            on conflict do nothing
            """, ct, ("no", false), ("yes", true), ("now", clock.GetUtcNow()), ("way", ConsentWay.Import), ("proof", WriteParts.HandKey(load)), ("load", load));
        var said = await connection.Rows($"select distinct c.id, {Named} from customers_consent k join customers_customer c on c.id = k.customer_id where k.load_id = @load order by c.id", row => (Id: row.GetInt64(0), Name: row.GetString(1)), ct, ("load", load));
        foreach (var some in said.Chunk(1_000)) { await permission.Run(connection, [.. some.Select(one => one.Id)], ct); }
        return [.. said.Select(one => new ChangedRow(0, one.Name, [new(WriteParts.Consent, null, null)]))];
    }

    /// <summary>Whom the load gave to somebody, and nobody to somebody else since, goes back; of who came by the load itself, the history goes as well.</summary>
    private async Task Owners(DbConnection connection, long load, CancellationToken ct)
    {
        var given = await connection.Rows("""
            select h.customer_id, h.from_id from customers_hand h where h.form_key = @key and not exists (select 1 from customers_hand later where later.customer_id = h.customer_id and later.id > h.id) order by h.customer_id
            """, row => (Id: row.GetInt64(0), From: row.IsDBNull(1) ? (long?)null : row.GetInt64(1)), ct, ("key", WriteParts.HandKey(load)));
        var own = (await connection.Rows("select id from customers_customer where load_id = @load", row => row.GetInt64(0), ct, ("load", load))).ToHashSet();
        foreach (var some in given.Where(one => own.Contains(one.Id)).Chunk(500))
        {
            var ids = string.Join(',', some.Select(one => one.Id));
            await connection.Run($"update customers_customer set owner_id = null, unit_id = null, version = version + 1 where id in ({ids})", ct);
            await connection.Run($"delete from customers_hand where form_key = @key and customer_id in ({ids})", ct, ("key", WriteParts.HandKey(load)));
        }
        foreach (var some in given.Where(one => !own.Contains(one.Id)).GroupBy(one => one.From))
        {
            var back = some.Key is { } from ? await Owner.Find(connection, from, ct) : null;
            await hands.Run(connection, [.. some.Select(one => one.Id)], new(HandCause.Imported, back, null), ct);
        }
    }
}
