using Huike.Platform.Access.Records;
using Huike.Platform.Fields;
using Huike.Platform.Imports;
using Huike.Ui;

namespace Huike.Customers.Ledger;

/// <summary>Reads the columns of a list of customers or products that hold the firm's own fields.</summary>
/// <param name="fields">The fields.</param>
/// <param name="references">Finds whom values mean.</param>
/// <param name="access">Whose view counts for links; null: all records.</param>
/// <param name="texts">The language in which rows are refused.</param>
internal sealed class OwnColumns(IReadOnlyList<CustomField> fields, FieldReferences references, UserAccess? access, Texts texts)
{
    // Whom a text means is looked up once, not once a row.
    private readonly Dictionary<(string Field, string Text), string> known = [];

    /// <summary>The fields that a file can hold.</summary>
    public IEnumerable<CustomField> Fields => fields.Where(own => own.Type != FieldType.Formula);

    /// <summary>What a row holds for a field; null where it holds nothing.</summary>
    public static string? Text(TableReader row, ColumnMap map, CustomField field) => map[field.Input] is >= 0 and var column && !Cell.IsMissing(row[column]) ? row[column].Trim().ToString() : null;

    /// <summary>A row's values.</summary>
    /// <param name="cell">What the row holds for a field; null where it holds nothing.</param>
    /// <param name="dates">Order of day and month.</param>
    /// <param name="decimals">Decimal mark.</param>
    /// <param name="earlier">Whether a customer's number stood earlier in the load, which is then written as far as it was read; null: there are no customers in it.</param>
    /// <param name="ct">Ends the reads.</param>
    /// <returns>No values, and why, where one can't be read or means nobody.</returns>
    public async Task<(CustomValues? Values, Refusal Refusal)> Read(Func<CustomField, string?> cell, DateOrder dates, DecimalMark decimals, Func<string, Task<bool>>? earlier, CancellationToken ct)
    {
        var values = CustomValues.None;
        foreach (var field in Fields)
        {
            if (cell(field) is not { } text) { continue; }
            var value = FieldValue.Read(field, text, dates, decimals, out var error);
            if (error is not null) { return (null, Wrong(field, text)); }
            values = values.With(field.Name, value);
        }
        var (found, errors) = await Find(values, ct);
        foreach (var field in fields.Where(field => errors.ContainsKey(field.Input)))
        {
            var text = values[field.Name]!;
            if (earlier is null || field.Type != FieldType.Record || field.Target != CustomerFields.Kind.Name || !await earlier(text)) { return (null, Wrong(field, text)); }
        }
        if (errors.Count > 0) { (found, _) = await Find(values, ct); }
        return (found, default);
    }

    private async Task<(CustomValues Values, IReadOnlyDictionary<string, string> Errors)> Find(CustomValues values, CancellationToken ct)
    {
        var asked = fields.Where(field => field.Type is FieldType.Person or FieldType.Record && values[field.Name] is not null).ToLookup(field => known.ContainsKey((field.Name, values[field.Name]!)));
        var (found, errors) = await references.Find([.. asked[false]], values, access, ct);
        foreach (var field in asked[false].Where(field => !errors.ContainsKey(field.Input))) { known[(field.Name, values[field.Name]!)] = found[field.Name]!; }
        return (asked[true].Aggregate(found, (all, field) => all.With(field.Name, known[(field.Name, values[field.Name]!)])), errors);
    }

    private Refusal Wrong(CustomField field, string text) => new("load.own.wrong", field.Label(texts), text);
}
