using System.Data.Common;
using System.Text.Json;
using Huike.Customers.Contracts;
using Huike.Platform.Access.Records;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Events;
using Huike.Platform.Fields;
using Huike.Ui;

namespace Huike.Customers.Products;

/// <summary>What a file of costs did, or would do.</summary>
/// <param name="Changed">Products of which something is another now.</param>
/// <param name="Unchanged">Products that had them already.</param>
/// <param name="Refused">Rows that were not taken.</param>
/// <param name="DryRun">True where nothing was written.</param>
internal sealed record CostsOutcome(int Changed, int Unchanged, IReadOnlyList<RefusedCost> Refused, bool DryRun);

/// <summary>Takes costs, categories and the firm's own fields of many products from a file. Wrong rows are left out and told; the same file again changes nothing.</summary>
internal sealed class LoadCosts(Database database, EventLog events, AuditLog audit, FieldBook fields, FieldReferences references, Texts texts)
{
    private const int AtOnce = 2_000;

    /// <param name="path">The file.</param>
    /// <param name="access">Who loads it: fields that he doesn't see are none.</param>
    /// <param name="dryRun">Says what would happen and writes nothing.</param>
    /// <param name="ct">Ends the write; nothing half is left behind.</param>
    /// <exception cref="Huike.Platform.Imports.ImportException">The file can't be used.</exception>
    public async Task<CostsOutcome> Run(string path, UserAccess access, bool dryRun, CancellationToken ct)
    {
        var table = await CostTable.Read(path, new(fields.Seen(Product.Fielded, access), references, access, texts), ct);
        using var turn = dryRun ? null : await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        // A dry run reads only: a transaction would hold up writers on SQLite.
        await using var transaction = dryRun ? null : await connection.BeginTransactionAsync(ct);
        var known = await Known(connection, table, dryRun, ct);
        var (changes, unchanged, refused) = Compare(table, known);
        if (changes.Count > 0 && transaction is not null)
        {
            foreach (var some in changes.Chunk(AtOnce)) { await Write(connection, some, ct); }
            await events.Raise(connection, new ProductsChanged { Costs = changes.Exists(change => change.Old with { Own = change.New.Own } != change.New) }, ct);
            await audit.Write(connection, Entry(changes, unchanged, refused.Count), ct);
            await transaction.CommitAsync(ct);
        }
        return new(changes.Count, unchanged, refused, dryRun);
    }

    private async Task<Dictionary<string, Product>> Known(DbConnection connection, CostTable table, bool dryRun, CancellationToken ct)
    {
        var all = table.Rows.Select(row => row.Code).ToArray();
        // One order for everyone who holds many rows, that of their ids: no two can wait for each other in a circle.
        var (condition, codes) = database.Kind == DatabaseKind.Postgres
            ? ($"code = any(@codes) order by id{(dryRun ? "" : " for update")}", (object)all)
            : ("code in (select value from json_each(@codes))", JsonSerializer.Serialize(all));
        return (await connection.Rows($"select {Product.Columns} from customers_product where {condition}", Product.Map, ct, ("codes", codes))).ToDictionary(product => product.Code, StringComparer.Ordinal);
    }

    private (List<(Product Old, Product New)> Changes, int Unchanged, List<RefusedCost> Refused) Compare(CostTable table, Dictionary<string, Product> known)
    {
        var changes = new List<(Product, Product)>();
        var (unchanged, refused) = (0, table.Refused);
        foreach (var row in table.Rows)
        {
            if (!known.TryGetValue(row.Code, out var old))
            {
                refused.Add(new(row.Line, row.Code, new("products.costs.unknown", row.Code)));
                continue;
            }
            var now = old with { Cost = row.Cost ?? old.Cost, Category = row.Category ?? old.Category, Own = FieldRules.Compute(fields.Of(Product.Fielded.Name), old.Own.With(row.Own)) };
            if (old.Changes(now).Any()) { changes.Add((old, now)); }
            else { unchanged++; }
        }
        return (changes, unchanged, [.. refused.OrderBy(row => row.Line)]);
    }

    private async Task Write(DbConnection connection, IEnumerable<(Product Old, Product New)> changes, CancellationToken ct)
    {
        var rows = JsonSerializer.Serialize(changes.Select(change => new { id = change.New.Id, cost = change.New.Cost?.ToStored(), category = change.New.Category, custom = change.New.Own.ToColumn()?.Text }));
        var (source, custom) = database.Kind == DatabaseKind.Postgres
            ? ("json_to_recordset(cast(@rows as json)) as said (id bigint, cost bigint, category text, custom text)", "cast(said.custom as json)")
            : ("(select value ->> 'id' as id, value ->> 'cost' as cost, value ->> 'category' as category, value ->> 'custom' as custom from json_each(@rows)) as said", "said.custom");
        await connection.Run($"update customers_product set cost = said.cost, category = said.category, custom = {custom}, version = version + 1 from {source} where customers_product.id = said.id", ct, ("rows", rows));
    }

    /// <summary>One act, one entry: its counts, then each product by its number.</summary>
    private static AuditEntry Entry(List<(Product Old, Product New)> changes, int unchanged, int refused)
    {
        var told = new List<AuditChange> { AuditChange.Is("changed", changes.Count), AuditChange.Is("unchanged", unchanged), AuditChange.Is("refused", refused) };
        told.AddRange(changes.SelectMany(change => change.Old.Changes(change.New), (change, one) => one with { Field = change.Old.Code }));
        return new("product.costs-loaded") { Kind = Audited.Products.Name, Changes = told };
    }
}
