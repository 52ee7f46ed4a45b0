using System.Data.Common;
using Huike.Customers.Duplicates;
using Huike.Customers.Erasures;
using Huike.Customers.Merges;
using Huike.Platform.Data;
using Huike.Platform.Fields;
using Huike.Platform.Imports;
using Huike.Platform.Settings;
using Huike.Ui;

namespace Huike.Customers.Ledger;

/// <summary>What a list of customers is read and looked at by.</summary>
internal sealed class LoadChecks(SettingsStore settings, ImportTwins twins)
{
    public SettingsStore Settings => settings;

    public ImportTwins Twins => twins;
}

/// <summary>Loads a list of customers: new numbers get a file, known ones are brought up to date, field by field and with history.</summary>
internal sealed class LoadCustomers(Database database, LoadChecks checks, ErasureList erasures, FieldBook fields, FieldReferences references, TimeProvider clock)
{
    private const int BatchSize = 2_000;

    /// <summary>Reads the files and, unless it is a dry run, writes what is new or changed.</summary>
    /// <inheritdoc cref="LoadTransactions.Run"/>
    public async Task<LoadOutcome> Run(LoadRequest request, long loadId, bool dryRun, Action<TableReader, TableRow, Refusal> refuse, Action<double> progress, CancellationToken ct)
    {
        var plan = LoadPlan.Make(request, fields);
        plan.Demand(LoadKind.Customers);
        var own = new OwnColumns(fields.Of(CustomerFields.Kind.Name), references, null, TextCatalog.For(request.Language));
        var firm = await checks.Settings.Get<FirmSettings>(ct);
        var (rules, time) = (plan.Rules(firm), new FirmTime(firm.Zone));
        var erased = await ErasedNumbers.Read(database, erasures, ct);
        var taken = new Taken((batch, outcome) => Write(batch, outcome, loadId, dryRun, ct), refuse, dryRun);
        for (var i = 0; i < plan.Files.Count; i++)
        {
            using var reader = taken.Begin(TableReader.Open(plan.Files[i].File.Path));
            while (reader.Read())
            {
                var customer = CustomerRow.Read(reader, plan.Files[i].Map, rules, time, clock.GetUtcNow(), loadId, out var refusal);
                if (customer is { } read) { (customer, refusal) = await WithOwn(read, reader, plan.Files[i].Map); }
                if (customer is { Number: var number } && erased.Of(number) is not null) { (customer, refusal) = (null, new("load.customer.erased", number)); }
                if (await taken.Add(customer)) { progress((i + reader.Progress) / plan.Files.Count); }
                if (customer is null) { refuse(reader, reader.Row, refusal); }
            }
            await taken.Flush();
        }
        return taken.Outcome;

        async Task<(NewCustomer?, Refusal)> WithOwn(NewCustomer customer, TableReader row, ColumnMap map)
        {
            var (values, wrong) = await own.Read(field => OwnColumns.Text(row, map, field), rules.Dates, rules.Decimals, taken.Earlier, ct);
            return (values is null ? null : (customer with { Custom = values }).Completed(fields.Of(CustomerFields.Kind.Name)), wrong);
        }
    }

    /// <summary>Rows that were read and wait to be written, and what came of those before.</summary>
    private sealed class Taken(Func<Dictionary<string, NewCustomer>, LoadOutcome, Task<(LoadOutcome, IReadOnlyDictionary<string, DuplicateSign> LeftOut)>> write, Action<TableReader, TableRow, Refusal> refuse, bool dryRun)
    {
        private readonly HashSet<string> numbers = new(StringComparer.Ordinal);
        private readonly Dictionary<string, NewCustomer> batch = new(StringComparer.Ordinal);
        private readonly Dictionary<string, TableRow> rows = new(StringComparer.Ordinal);
        private LoadOutcome outcome = new();
        private TableReader? reader;

        public LoadOutcome Outcome => outcome with { Customers = numbers.Count };

        /// <summary>Goes on with another file, after a <see cref="Flush"/>: rows that are left out are told of the file they stand in.</summary>
        public TableReader Begin(TableReader next) => reader = next;

        /// <summary>Counts the reader's row, and takes its customer; null: it was refused.</summary>
        /// <returns>Whether earlier rows were written for it.</returns>
        public async Task<bool> Add(NewCustomer? customer)
        {
            outcome = outcome with { Rows = outcome.Rows + 1, Refused = outcome.Refused + (customer is null ? 1 : 0) };
            if (customer is null) { return false; }
            if (!numbers.Add(customer.Number)) { outcome = outcome with { Duplicates = outcome.Duplicates + 1 }; }
            var full = batch.Count >= BatchSize || batch.ContainsKey(customer.Number);
            if (full) { await Flush(); }
            batch.Add(customer.Number, customer);
            rows.Add(customer.Number, reader!.Row);
            return full;
        }

        /// <summary>Whether a customer stood earlier in the load; then it is there by now, but in a dry run.</summary>
        public async Task<bool> Earlier(string number)
        {
            if (numbers.Contains(number) && !dryRun) { await Flush(); }
            return numbers.Contains(number);
        }

        public async Task Flush()
        {
            (outcome, var leftOut) = await write(batch, outcome);
            foreach (var (number, sign) in leftOut) { refuse(reader!, rows[number], new("load.twin." + CustomerFilter.Kebab(sign))); }
            batch.Clear();
            rows.Clear();
        }
    }

    private async Task<(LoadOutcome, IReadOnlyDictionary<string, DuplicateSign>)> Write(Dictionary<string, NewCustomer> batch, LoadOutcome outcome, long loadId, bool dryRun, CancellationToken ct)
    {
        if (batch.Count == 0) { return (outcome, new Dictionary<string, DuplicateSign>()); }
        using var turn = dryRun ? null : await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var known = (await CustomerColumns.Find(connection, "number", [.. batch.Keys], ct)).ToDictionary(found => found.Customer.Number);
        // Whose file went into another one's: what is said there counts.
        var held = await CustomerMerge.HoldersOf(connection, [.. batch.Keys.Where(number => !known.ContainsKey(number))], ct);
        // Erased while this load is under way: it stays so.
        var erased = (await connection.Rows("select customer_id from customers_erasure", row => row.GetInt64(0), ct)).ToHashSet();
        var fresh = batch.Values.Where(customer => !known.ContainsKey(customer.Number) && !held.ContainsKey(customer.Number)).ToList();
        var twins = await checks.Twins.Run(connection, fresh, ct);
        var leftOut = twins.Where(twin => twin.Value.Action == DuplicateAction.Block).ToDictionary(twin => twin.Key, twin => twin.Value.Sign);
        fresh.RemoveAll(customer => leftOut.ContainsKey(customer.Number));
        var changed = batch.Values.Where(customer => known.TryGetValue(customer.Number, out var found) && !erased.Contains(found.Id))
            .Select(customer => (known[customer.Number].Id, Old: known[customer.Number].Customer, Changes: CustomerColumns.Changes(known[customer.Number].Customer, customer)))
            .Where(change => change.Changes.Count > 0)
            .Select(change => (change.Id, change.Old, New: CustomerColumns.With(change.Old, change.Changes.Select(one => (one.Field, one.New))).Completed(fields.Of(CustomerFields.Kind.Name))))
            .Select(change => (change.Id, change.New, Changes: CustomerColumns.Differences(change.Old, change.New))).ToList();
        // A load that was cut off finds its own customers again; they are its own all the same.
        var own = known.Values.Count(found => found.Customer.LoadId == loadId && loadId > 0);
        if (!dryRun)
        {
            ILedgerTable table = database.Kind == DatabaseKind.Postgres ? new PostgresLedgerTable() : new SqliteLedgerTable();
            await table.AddCustomers(connection, await table.NewIds(connection, fresh.Count, ct), fresh, ct);
            foreach (var (id, customer, changes) in changed) { await Change(connection, id, customer, changes, loadId, ct); }
            await transaction.CommitAsync(ct);
        }
        return (outcome with
        {
            Accepted = outcome.Accepted + batch.Count - leftOut.Count,
            Added = outcome.Added + fresh.Count + own,
            NewCustomers = outcome.NewCustomers + fresh.Count + own,
            Changed = outcome.Changed + changed.Count,
            Known = outcome.Known + known.Count + held.Count - own - changed.Count,
            Twins = outcome.Twins + twins.Count - leftOut.Count,
            TwinsLeftOut = outcome.TwinsLeftOut + leftOut.Count,
        }, leftOut);
    }

    private async Task Change(DbConnection connection, long id, NewCustomer customer, List<(string Field, string? Old, string? New)> changes, long loadId, CancellationToken ct)
    {
        await CustomerColumns.Update(connection, id, customer, ct);
        foreach (var (field, before, after) in changes)
        {
            await connection.Run("""
                insert into customers_change (customer_id, load_id, field, old_value, new_value, created_at, created_by)
                select @id, @load, @field, @old, @new, @at, created_by from customers_load where id = @load
                """, ct, ("id", id), ("load", loadId), ("field", field), ("old", before), ("new", after), ("at", clock.GetUtcNow()));
        }
    }
}
