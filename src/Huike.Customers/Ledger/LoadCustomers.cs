using Huike.Customers.Erasures;
using Huike.Customers.Processing;
using Huike.Platform.Access;
using Huike.Platform.Access.Records;
using Huike.Platform.Data;
using Huike.Platform.Fields;
using Huike.Platform.Imports;
using Huike.Platform.Settings;
using Huike.Ui;

namespace Huike.Customers.Ledger;

/// <summary>What a list of customers is read and looked at by.</summary>
internal sealed class LoadChecks(SettingsStore settings, ErasureList erasures, Register register, RecordReaders readers, TimeProvider clock)
{
    public SettingsStore Settings => settings;

    public ErasureList Erasures => erasures;

    public TimeProvider Clock => clock;

    /// <summary>Whom and what words mean.</summary>
    public async Task<ListWords> Words(Database database, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var people = await connection.Rows("select id, user_name, coalesce(display_name, ''), unit_id, kind from platform_user where disabled_at is null and kind < 2",
            row => (Owner: new Owner(row.GetInt64(0), row.GetString(1), row.GetInt64(3), (UserKind)row.GetInt16(4)), Shown: row.GetString(2)), ct);
        var owners = new Dictionary<string, Owner?>(StringComparer.Ordinal);
        foreach (var shown in people.Where(person => person.Shown.Length > 0).GroupBy(person => person.Shown.ToUpperInvariant(), StringComparer.Ordinal)) { owners[shown.Key] = shown.Count() == 1 ? shown.First().Owner : null; }
        foreach (var (owner, _) in people) { owners[owner.Name.ToUpperInvariant()] = owners["#" + owner.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)] = owner; }
        return new(await register.All(ct), owners, clock.GetUtcNow());
    }

    /// <summary>What whoever loads may do.</summary>
    public async Task<LoadPower> Power(Database database, LoadRequest request, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return await LoadPower.Of(connection, request, readers, clock.GetUtcNow(), ct);
    }
}

/// <summary>Loads a list of customers: new numbers get a file, known ones become what was chosen, field by field and with history.</summary>
internal sealed class LoadCustomers(Database database, LoadChecks checks, WriteCustomers write, FieldBook fields, FieldReferences references)
{
    /// <summary>Reads the files and, unless it is a dry run, writes what is new or changed.</summary>
    /// <inheritdoc cref="LoadTransactions.Run"/>
    public async Task<LoadOutcome> Run(LoadRequest request, long loadId, bool dryRun, Action<TableReader, TableRow, Refusal> refuse, Action<double> progress, CancellationToken ct)
    {
        var plan = LoadPlan.Make(request, fields);
        plan.Demand(LoadKind.Customers);
        var power = await checks.Power(database, request, ct);
        power.Demand(plan);
        var texts = TextCatalog.For(request.Language);
        var own = new OwnColumns(fields.Of(CustomerFields.Kind.Name), references, null, texts);
        var firm = await checks.Settings.Get<FirmSettings>(ct);
        var rules = new ListRules(request, plan.Rules(firm), new FirmTime(firm.Zone), await checks.Words(database, ct), loadId);
        var erased = await ErasedNumbers.Read(database, checks.Erasures, ct);
        var made = new HashSet<string>(StringComparer.Ordinal);
        TakenRows taken = null!;
        taken = new TakenRows(batch => write.Run(new(request, loadId, dryRun, power, taken.Numbers, made), batch, ct), refuse, dryRun, keepsNames: plan.Files.Any(file => file.File.Part == LoadPart.People));
        // Contacts find their customers there.
        var files = plan.Files.OrderBy(file => file.File.Part).ToList();
        for (var i = 0; i < files.Count; i++)
        {
            using var reader = taken.Begin(files[i].File.Open());
            var cells = new RowCells(reader, files[i].Map, texts);
            while (reader.Read())
            {
                var read = CustomerRow.Read(cells, files[i].File.Part, rules, out var refusal);
                var (listed, wrong) = read switch { null => (null, refusal), { IsPartOnly: true } => await Placed(read, taken, ct), _ => await WithOwn(read, reader, files[i].Map) };
                if (listed is null) { taken.Refuse(wrong, cells.HasAny("number", "name", "company", "phone", "email", "creditCode")); }
                else if (await taken.Add(listed)) { progress((i + reader.Progress) / files.Count); }
            }
            await taken.Flush();
        }
        return taken.Outcome;

        async Task<(ListedCustomer?, Refusal)> WithOwn(ListedCustomer listed, TableReader row, ColumnMap map)
        {
            if (erased.Of(listed.Customer.Number) is not null) { return (null, new("load.customer.erased", listed.Customer.Number)); }
            var (values, wrong) = await own.Read(field => OwnColumns.Text(row, map, field), rules.Rules.Dates, rules.Rules.Decimals, taken.Earlier, ct);
            return (values is null ? null : listed with { Customer = (listed.Customer with { Custom = values }).Completed(fields.Of(CustomerFields.Kind.Name)) }, wrong);
        }
    }

    /// <summary>A row that tells of a customer who stands elsewhere, with that customer's number.</summary>
    private async Task<(ListedCustomer?, Refusal)> Placed(ListedCustomer listed, TakenRows taken, CancellationToken ct)
    {
        if (listed.Customer.Number.Length > 0) { return (listed, default); }
        var name = listed.Customer.Name;
        var number = name.Length == 0 ? taken.Above : taken.NumberOf(name) ?? await NumberOf(name, ct);
        return number is null ? (null, name.Length == 0 ? new("load.row.alone") : new("load.person.customer", name)) : (listed with { Customer = listed.Customer with { Number = number, Name = "" } }, default);
    }

    /// <summary>Number of the only customer of a name who is there already.</summary>
    private async Task<string?> NumberOf(string name, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        // By what lists are ordered by: that has an index.
        var found = await connection.Rows("select number from customers_customer where sort_key = @key and name = @name limit 2", row => row.GetString(0), ct, ("key", CustomerColumns.SortKey(name, "")), ("name", name));
        return found.Count == 1 ? found[0] : null;
    }
}
