using Huike.Platform.Fields;
using Huike.Platform.Imports;
using Huike.Ui;

namespace Huike.Customers.Ledger;

/// <summary>Reads the columns of a list of customers that hold the firm's own fields.</summary>
/// <param name="fields">The fields.</param>
/// <param name="references">Finds whom values mean.</param>
/// <param name="texts">The language in which rows are refused.</param>
internal sealed class OwnColumns(IReadOnlyList<CustomField> fields, FieldReferences references, Texts texts)
{
    // Whom a text means is looked up once, not once a row.
    private readonly Dictionary<(string Field, string Text), string> known = [];

    /// <summary>The customer with the row's values.</summary>
    /// <param name="customer">The rest of the row.</param>
    /// <param name="row">At the row.</param>
    /// <param name="map">Where the file keeps what.</param>
    /// <param name="rules">How cells are understood.</param>
    /// <param name="earlier">Whether a customer's number stood earlier in the load, which is then written as far as it was read.</param>
    /// <param name="ct">Ends the reads.</param>
    /// <returns>No customer, and why, where a value can't be read or means nobody.</returns>
    public async Task<(NewCustomer? Customer, Refusal Refusal)> Read(NewCustomer customer, TableReader row, ColumnMap map, LedgerRules rules, Func<string, Task<bool>> earlier, CancellationToken ct)
    {
        if (fields.Count == 0) { return (customer, default); }
        var values = CustomValues.None;
        foreach (var field in fields.Where(field => field.Type != FieldType.Formula))
        {
            if (map[field.Input] is not (>= 0 and var column) || Cell.IsMissing(row[column])) { continue; }
            var value = FieldValue.Read(field, row[column].Trim(), rules.Dates, rules.Decimals, out var error);
            if (error is not null) { return (null, Wrong(field, row[column].ToString())); }
            values = values.With(field.Name, value);
        }
        var (found, errors) = await Find(values, ct);
        foreach (var field in fields.Where(field => errors.ContainsKey(field.Input)))
        {
            var text = values[field.Name]!;
            if (field.Type != FieldType.Record || field.Target != CustomerFields.Kind.Name || !await earlier(text)) { return (null, Wrong(field, text)); }
        }
        if (errors.Count > 0) { (found, _) = await Find(values, ct); }
        return ((customer with { Custom = found }).Completed(fields), default);
    }

    private async Task<(CustomValues Values, IReadOnlyDictionary<string, string> Errors)> Find(CustomValues values, CancellationToken ct)
    {
        var asked = fields.Where(field => field.Type is FieldType.Person or FieldType.Record && values[field.Name] is not null).ToLookup(field => known.ContainsKey((field.Name, values[field.Name]!)));
        var (found, errors) = await references.Find([.. asked[false]], values, null, ct);
        foreach (var field in asked[false].Where(field => !errors.ContainsKey(field.Input))) { known[(field.Name, values[field.Name]!)] = found[field.Name]!; }
        return (asked[true].Aggregate(found, (all, field) => all.With(field.Name, known[(field.Name, values[field.Name]!)])), errors);
    }

    private Refusal Wrong(CustomField field, string text) => new("load.own.wrong", field.Label(texts), text);
}
