using System.Data.Common;
using System.Text.Json;
using Huike.Customers.Bin;
using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Access;
using Huike.Platform.Access.Records;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Fields;

namespace Huike.Customers.BulkChanges;

/// <summary>What a bulk change would do, told before it is done.</summary>
/// <param name="Counts">Of those that were looked at.</param>
/// <param name="Reasons">Why some would be left out, and how many of them.</param>
/// <param name="Samples">Some who would change.</param>
/// <param name="IsWhole">Whether all were looked at.</param>
internal sealed record BulkPreview(BulkCounts Counts, IReadOnlyList<(string Reason, int Count)> Reasons, IReadOnlyList<BulkDecision> Samples, bool IsWhole);

/// <summary>Does a bulk change, some hundred customers in a transaction: what is done is done, and it goes on with the rest.</summary>
internal sealed class RunBulk(Database database, IEnumerable<IBulkVerb> verbs, RecordReaders readers, FieldBook book, AuditLog audit, TimeProvider clock)
{
    private const int AtOnce = 500;
    private const int MostPreviewed = 20_000;
    private const int MostSamples = 5;

    private const string DoneBefore = $"select customer_id, changes from {BulkChange.Rows} where state = 1 and bulk_id = @undoes and customer_id in ";

    /// <summary>Does what is open, and ends it; where it can't be done to anybody any more, the rest is left out for that reason.</summary>
    public async Task Run(long id, Action<double> progress, CancellationToken ct)
    {
        BulkCounts counts;
        await using (var connection = await database.Open(ct)) { counts = await BulkChange.Count(connection, id, ct); }
        try
        {
            for (int done = -1, sum = 0; done != 0; sum += done)
            {
                done = await Some(id, ct);
                progress(counts.All == 0 ? 1 : (double)(counts.All - counts.Open + sum) / counts.All);
            }
        }
        catch (RuleException no)
        {
            await End(id, string.Join('|', no.Args.Prepend(no.Code)), ct);
            return;
        }
        await End(id, null, ct);
    }

    /// <summary>Leaves out what is open, and ends it.</summary>
    /// <param name="id">Which.</param>
    /// <param name="reason">Text key of why, with its values; null: nothing is open.</param>
    /// <param name="ct">Ends the write.</param>
    public async Task End(long id, string? reason, CancellationToken ct)
    {
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await CancelBulk.End(connection, id, reason, clock.GetUtcNow(), ct);
    }

    /// <summary>What one must be allowed to do to each customer.</summary>
    public static RecordAction ActionOf(BulkVerb verb) => verb switch { BulkVerb.Assign => RecordAction.Assign, BulkVerb.Remove or BulkVerb.Restore => RecordAction.Delete, _ => RecordAction.Edit };

    /// <summary>What it would do, and to whom not, by the same decisions; writes nothing.</summary>
    public async Task<BulkPreview> Preview(BulkChange change, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var (verb, turn, wanted) = await Begin(connection, change, ct);
        var (counts, reasons, samples) = (new int[4], new Dictionary<string, int>(), new List<BulkDecision>());
        var ids = await connection.Rows($"select customer_id from {BulkChange.Rows} where bulk_id = @id order by customer_id limit {MostPreviewed + 1}", row => row.GetInt64(0), ct, ("id", change.Id));
        foreach (var some in ids.Take(MostPreviewed).Chunk(AtOnce))
        {
            foreach (var one in await Decide(verb, turn, wanted, some, ct))
            {
                counts[(int)one.State]++;
                if (one.Reason is { } reason) { reasons[reason] = reasons.GetValueOrDefault(reason) + 1; }
                if (one.State == BulkState.Done && samples.Count < MostSamples) { samples.Add(one); }
            }
        }
        return new(new(0, counts[1], counts[2], counts[3]), [.. reasons.OrderByDescending(one => one.Value).Select(one => (one.Key, one.Value))], samples, ids.Count <= MostPreviewed);
    }

    private async Task<int> Some(long id, CancellationToken ct)
    {
        using var write = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var hold = connection.Kind() == DatabaseKind.Postgres ? " for update" : "";
        var ids = await connection.Rows($"select customer_id from {BulkChange.Rows} where bulk_id = @id and state = 0 order by customer_id limit {AtOnce}{hold}", row => row.GetInt64(0), ct, ("id", id));
        if (ids.Count == 0) { return 0; }
        // Held in the order of their ids, so that of two who change the same ones none waits for the other crosswise.
        foreach (var table in hold.Length > 0 ? new[] { CustomerApi.Table, BinnedCustomer.Table } : []) { await connection.Rows($"select id from {table} where id in ({BulkTurn.List(ids)}) order by id{hold}", row => row.GetInt64(0), ct); }
        var (verb, turn, wanted) = await Begin(connection, await BulkChange.Find(connection, id, ct), ct);
        var decisions = await Decide(verb, turn, wanted, ids, ct);
        var changing = decisions.Where(one => one.State == BulkState.Done).ToList();
        if (changing.Count > 0) { await verb.Write(turn, changing, ct); }
        var (sql, values) = ValueTable.Of(connection.Kind(), "bigint, smallint, text, text", decisions.Select(one => (object?[])[one.Target.Id, (short)one.State, one.Reason, one.State == BulkState.Done ? JsonSerializer.Serialize(one.Changes) : null]));
        await connection.Run($"update {BulkChange.Rows} set state = column2, reason = column3, changes = column4 from {sql} v where bulk_id = @id and customer_id = column1", ct, values, ("id", id));
        if (turn.Entries.Count > 0) { await audit.WriteAll(connection, turn.Entries, ct); }
        await transaction.CommitAsync(ct);
        return ids.Count;
    }

    /// <summary>As the asker may do it now; of one that takes another back, the verb of that one and nothing wanted: each customer gets back what he had.</summary>
    private async Task<(IBulkVerb Verb, BulkTurn Turn, IReadOnlyList<(string Field, string? New)>? Wanted)> Begin(DbConnection connection, BulkChange change, CancellationToken ct)
    {
        var meant = change.Undoes is { } before ? (await BulkChange.Find(connection, before, ct)).Wish! : change.Wish!;
        var verb = verbs.First(one => one.Does(meant.Verb));
        var (now, access, action) = (clock.GetUtcNow(), await readers.Access(connection, change.UserId, ct), ActionOf(meant.Verb));
        if (access.Widest(CustomerPermissions.Records.Permission(action)) == RecordScope.None) { throw new RuleException("access.record.refused"); }
        var viewer = Viewer.Of(access, now, action) with { Own = book.Seen(CustomerFields.Kind, access) };
        return (verb, new(connection, change, access, viewer, now), change.Undoes is null ? await verb.Wanted(connection, meant, viewer, access, ct) : null);
    }

    private static async Task<List<BulkDecision>> Decide(IBulkVerb verb, BulkTurn turn, IReadOnlyList<(string Field, string? New)>? wanted, IReadOnlyList<long> ids, CancellationToken ct)
    {
        var targets = await ReadTargets.Of(turn, ids, verb is MoveToBin, ct);
        var now = await verb.Now(turn.Connection, targets, ct);
        var before = wanted is not null ? [] : (await turn.Connection.Rows($"{DoneBefore}({BulkTurn.List(ids)})", row => (Id: row.GetInt64(0), Changes: JsonSerializer.Deserialize<List<AuditChange>>(row.GetString(1))!), ct, ("undoes", turn.Change.Undoes))).ToDictionary(row => row.Id, row => row.Changes);
        var decisions = new List<BulkDecision>();
        foreach (var target in targets)
        {
            // What somebody else has changed since is not overwritten.
            var isOther = wanted is null && before[target.Id].Exists(change => now(target, change.Field) is var value && value != change.New && value != change.Old);
            var changes = target.Refusal is not null || isOther ? [] : (wanted ?? [.. before[target.Id].Select(change => (change.Field, change.Old))]).Select(one => new AuditChange(one.Field, now(target, one.Field), one.New)).Where(change => (change.Old ?? "") != (change.New ?? "")).ToList();
            decisions.Add(new(target, changes, target.Refusal ?? (isOther ? "bulk.reason.since" : null)));
        }
        var refused = await verb.Refused(turn.Connection, decisions.FindAll(one => one.State == BulkState.Done), ct);
        return decisions.ConvertAll(one => refused.TryGetValue(one.Target.Id, out var reason) ? one with { Changes = [], Reason = reason } : one);
    }
}

/// <summary>Reads customers as they are, and whether the asker may change them.</summary>
internal static class ReadTargets
{
    /// <param name="turn">For whom.</param>
    /// <param name="ids">Which.</param>
    /// <param name="toBin">Whether they are to go into the bin or out of it; otherwise one in the bin, or without a person, stays as he is.</param>
    /// <param name="ct">Ends the reads.</param>
    public static async Task<IReadOnlyList<BulkTarget>> Of(BulkTurn turn, IReadOnlyList<long> ids, bool toBin, CancellationToken ct)
    {
        var list = BulkTurn.List(ids);
        var files = (await CustomerColumns.Find(turn.Connection, "id", [.. ids.Select(id => (object)id)], ct)).ToDictionary(found => found.Id, found => found.Customer);
        var known = (await turn.Connection.Rows($"select c.id, c.owner_id, {May(turn)}, case when exists (select 1 from customers_erasure e where e.customer_id = c.id) then 1 else 0 end from customers_customer c where c.id in ({list})",
            row => new BulkTarget(row.GetInt64(0), files[row.GetInt64(0)], Owner(row), false, Refusal(row.GetInt32(2)) ?? (row.GetInt32(3) == 1 && !toBin ? "privacy.erased" : null)), ct, [.. turn.Viewer.Parameters])).ToDictionary(one => one.Id);
        var binned = ids.Count == known.Count ? [] : (await turn.Connection.Rows($"select c.id, c.owner_id, {May(turn)}, c.number, c.name, c.removed_at from customers_binned c where c.id in ({list})",
            row => new BulkTarget(row.GetInt64(0), new(row.GetString(3)) { Name = row.GetString(4), CreatedAt = row.At(5), LoadId = 0 }, Owner(row), true, Refusal(row.GetInt32(2)) ?? (toBin ? null : "bulk.reason.binned")), ct, [.. turn.Viewer.Parameters])).ToDictionary(one => one.Id);
        return [.. ids.Select(id => known.GetValueOrDefault(id) ?? binned.GetValueOrDefault(id) ?? new(id, new("") { CreatedAt = turn.Now, LoadId = 0 }, null, false, "bulk.reason.unknown"))];
    }

    /// <summary>2: he may; 1: he only sees the customer; 0: neither.</summary>
    private static string May(BulkTurn turn) => $"case when {turn.Viewer.Sql("c")} then 2 when {turn.Viewer.Scopes[0].Sql("c")} then 1 else 0 end";

    private static string? Refusal(int may) => may switch { 2 => null, 1 => "access.record.refused", _ => "bulk.reason.unknown" };

    private static long? Owner(DbDataReader row) => row.IsDBNull(1) ? null : row.GetInt64(1);
}
