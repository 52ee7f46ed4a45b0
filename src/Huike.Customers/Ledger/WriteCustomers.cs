using System.Data.Common;
using Huike.Customers.BulkChanges;
using Huike.Customers.Duplicates;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Fields;

namespace Huike.Customers.Ledger;

/// <summary>A list of customers that is being loaded.</summary>
/// <param name="Request">What was asked.</param>
/// <param name="LoadId">The load; 0 for a dry run that is not kept.</param>
/// <param name="DryRun">Nothing is written.</param>
/// <param name="Power">What whoever loads may do.</param>
/// <param name="Numbers">Customers who came in so far.</param>
/// <param name="Made">Of those, whom this run has counted as new.</param>
internal sealed record ListLoad(LoadRequest Request, long LoadId, bool DryRun, LoadPower Power, IReadOnlySet<string> Numbers, HashSet<string> Made);

/// <summary>A customer who is there already, and what a list changes.</summary>
internal sealed record ListedChange(long Id, NewCustomer Old, NewCustomer New, ListedCustomer Parts, IReadOnlyList<(string Field, string? Old, string? New)> Changes);

/// <summary>Writes some customers of a list: the new ones in bulk, of the known ones what differs.</summary>
internal sealed class WriteCustomers(Database database, ImportTwins twins, FieldBook fields, WriteParts parts, TimeProvider clock)
{
    /// <param name="load">The load.</param>
    /// <param name="batch">Each customer once.</param>
    /// <param name="ct">Ends the write.</param>
    public async Task<BatchOutcome> Run(ListLoad load, IReadOnlyCollection<TakenCustomer> batch, CancellationToken ct)
    {
        using var turn = load.DryRun ? null : await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var found = await FindListed.Run(connection, load.Request.Key, [.. batch.Select(one => one.Listed)], fields.Of(CustomerFields.Kind.Name), ct);
        // Erased while this load is under way: it stays so.
        var erased = (await connection.Rows($"select customer_id from customers_erasure where customer_id in ({BulkTurn.List(found.ByNumber.Values.Select(one => one.Id))})", row => row.GetInt64(0), ct)).ToHashSet();
        var sorted = new Sorted(load, found, erased);
        foreach (var one in batch) { sorted.Put(one); }
        var met = await twins.Run(connection, [.. sorted.Fresh.Select(one => one.Listed.Customer)], ct);
        var leftOut = sorted.Fresh.Where(one => met.TryGetValue(one.Listed.Customer.Number, out var twin) && twin.Action == DuplicateAction.Block).ToList();
        sorted.Fresh.RemoveAll(leftOut.Contains);
        var changed = await Changed(connection, load, sorted, ct);
        var own = sorted.Known.Count(one => found.ByNumber[one.Listed.Customer.Number].Customer.LoadId == load.LoadId && load.LoadId > 0 && load.Made.Add(one.Listed.Customer.Number));
        if (!load.DryRun)
        {
            await Write(connection, load, sorted.Fresh, changed, ct);
            await transaction.CommitAsync(ct);
        }
        load.Made.UnionWith(sorted.Fresh.Select(one => one.Listed.Customer.Number));
        var (refused, rows) = (sorted.Refused.Sum(one => one.Customer.Rows.Count), batch.Sum(one => one.Rows.Count));
        var outcome = new LoadOutcome
        {
            Accepted = rows - refused - sorted.Skipped - leftOut.Sum(one => one.Rows.Count),
            Refused = refused,
            Skipped = sorted.Skipped,
            Added = sorted.Fresh.Count + own,
            NewCustomers = sorted.Fresh.Count + own,
            Changed = changed.Count,
            Known = Math.Max(0, sorted.Known.Count + sorted.Held - own - changed.Count),
            Twins = met.Count - leftOut.Count,
            TwinsLeftOut = leftOut.Sum(one => one.Rows.Count),
            ChangedSample = [.. changed.Take(20).Select(one => new ChangedRow(sorted.LineOf(one.Id), Named(one.Old), [.. one.Changes.Select(change => new AuditChange(change.Field, change.Old, change.New))]))],
        };
        return new(outcome, [.. sorted.Refused, .. leftOut.Select(one => (one, new Refusal("load.twin." + CustomerFilter.Kebab(met[one.Listed.Customer.Number].Sign))))]);
    }

    private static string Named(NewCustomer customer) => customer.Name.Length > 0 ? $"{customer.Number} {customer.Name}" : customer.Number;

    /// <summary>Of the known customers those that the list changes; whom the loader may not change is refused.</summary>
    private async Task<List<ListedChange>> Changed(DbConnection connection, ListLoad load, Sorted sorted, CancellationToken ct)
    {
        var fills = load.Request.Known == KnownRows.Fill;
        var rewritten = sorted.Known.ConvertAll(one => (Taken: one, Now: Rewritten(load, sorted.Found.ByNumber[one.Listed.Customer.Number].Customer, one.Listed)));
        var missing = await KnownParts.Run(connection, rewritten.ConvertAll(one => (sorted.IdOf(one.Taken), one.Taken.Listed.Settled(one.Now))), fills, ct);
        var changes = new List<ListedChange>();
        foreach (var (one, now) in rewritten)
        {
            var (id, old) = sorted.Found.ByNumber[one.Listed.Customer.Number];
            var (more, told) = missing[id];
            List<(string Field, string? Old, string? New)> all = [.. CustomerColumns.Differences(old, now), .. told];
            if (all.Count > 0) { changes.Add(new(id, old, now, more, all)); }
        }
        return await Allowed(connection, load, sorted, changes, ct);
    }

    private NewCustomer Rewritten(ListLoad load, NewCustomer old, ListedCustomer listed)
    {
        var isOwn = old.LoadId == load.LoadId && load.LoadId > 0;
        var said = CustomerColumns.Changes(old, listed.Customer).Where(change => change.Old is null or { Length: 0 } || change is { Field: "kind", Old: "0" }
            || (!listed.IsPartOnly && (isOwn ? change.Field != "contact" : load.Request.Known != KnownRows.Fill)));
        return CustomerColumns.With(old, said.Select(change => (change.Field, change.New))).Completed(fields.Of(CustomerFields.Kind.Name));
    }

    private static async Task<List<ListedChange>> Allowed(DbConnection connection, ListLoad load, Sorted sorted, List<ListedChange> changes, CancellationToken ct)
    {
        var others = changes.Where(one => one.Old.LoadId != load.LoadId || load.LoadId == 0).ToList();
        var edits = await LoadPower.Within(connection, load.Power.Edits, [.. others.Select(one => one.Id)], ct);
        var given = others.Where(one => one.Parts.Owner is not null).Select(one => one.Id).ToList();
        var assigns = await LoadPower.Within(connection, load.Power.Assigns, given, ct);
        foreach (var one in others.Where(one => !edits.Contains(one.Id) || (one.Parts.Owner is not null && !assigns.Contains(one.Id))))
        {
            changes.Remove(one);
            sorted.Refuse(one.Id, new(edits.Contains(one.Id) ? "load.known.owner" : "load.known.closed"));
        }
        return changes;
    }

    private async Task Write(DbConnection connection, ListLoad load, List<TakenCustomer> fresh, List<ListedChange> changed, CancellationToken ct)
    {
        ILedgerTable table = database.Kind == DatabaseKind.Postgres ? new PostgresLedgerTable() : new SqliteLedgerTable();
        var ids = await table.NewIds(connection, fresh.Count, ct);
        await table.AddCustomers(connection, ids, [.. fresh.Select(one => one.Listed.Customer with { Also = one.Listed.Aliases })], ct);
        var from = new PartsOrigin(load.LoadId, load.Request.By, clock.GetUtcNow());
        await parts.Run(connection, table, [.. fresh.Select((one, i) => (ids[i], one.Listed.Settled(one.Listed.Customer))), .. changed.Select(one => (one.Id, one.Parts))], from, ct);
        foreach (var one in changed) { await CustomerColumns.Update(connection, one.Id, one.New, ct); }
        await table.Add(connection, "customers_change", "customer_id, load_id, field, old_value, new_value, created_at, created_by",
            [.. changed.SelectMany(one => one.Changes.Where(change => change.Field is not (WriteParts.Owner or WriteParts.Consent)).Select(change => (object?[])[one.Id, load.LoadId, change.Field, change.Old, change.New, from.Now, from.By])),
             .. fresh.Select((one, i) => (Id: ids[i], one.Listed)).Where(one => one.Listed.Author is not null).Select(one => (object?[])[one.Id, load.LoadId, "created", null, one.Listed.Author, one.Listed.Customer.CreatedAt, one.Listed.Author])], ct);
    }

    /// <summary>A batch by what is to be done with each.</summary>
    private sealed class Sorted(ListLoad load, FoundListed found, HashSet<long> erased)
    {
        private readonly Dictionary<long, TakenCustomer> byId = [];

        public List<TakenCustomer> Fresh { get; } = [];

        public List<TakenCustomer> Known { get; } = [];

        public List<(TakenCustomer Customer, Refusal Reason)> Refused { get; } = [];

        public FoundListed Found => found;

        /// <summary>Customers whose file stays as it is, as it went into another one's or is erased.</summary>
        public int Held { get; private set; }

        /// <summary>Rows that are left as was chosen.</summary>
        public long Skipped { get; private set; }

        public long IdOf(TakenCustomer one) => found.ByNumber[one.Listed.Customer.Number].Id;

        public long LineOf(long id) => byId[id].Rows[0].Line;

        public void Refuse(long id, Refusal reason)
        {
            Known.Remove(byId[id]);
            Refused.Add((byId[id], reason));
        }

        public void Put(TakenCustomer one)
        {
            var number = one.Listed.Customer.Number;
            if (found.Refused.TryGetValue(number, out var unclear)) { Refused.Add((one, unclear)); }
            else if (found.ByNumber.TryGetValue(number, out var there)) { PutKnown(one, there.Id, there.Customer.LoadId == load.LoadId && load.LoadId > 0); }
            else if (found.Held.Contains(number)) { Held++; }
            else if (!one.Listed.IsPartOnly) { Fresh.Add(one); }
            // In a dry run the customer is not there yet.
            else if (load.DryRun && load.Numbers.Contains(number)) { return; }
            else { Refused.Add((one, new("load.person.customer", number))); }
        }

        private void PutKnown(TakenCustomer one, long id, bool isOwn)
        {
            if (erased.Contains(id)) { Held++; }
            else if (!isOwn && load.Request.Known == KnownRows.Skip) { Skipped += one.Rows.Count; }
            else if (!isOwn && load.Request.Known == KnownRows.Refuse) { Refused.Add((one, new("load.known.there", one.Listed.Customer.Number))); }
            else if (byId.TryAdd(id, one)) { Known.Add(one); }
            else { Refused.Add((one, new("load.key.twice", one.Listed.Customer.Number))); }
        }
    }
}
