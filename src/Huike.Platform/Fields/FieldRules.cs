using System.Text.Json;
using Huike.Platform.Imports;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Huike.Platform.Fields;

/// <summary>Reads and completes the values of a record's own fields.</summary>
public static class FieldRules
{
    /// <summary>Values of a posted form. What stays as it was is right: a choice may have been taken off the list since, a link lead beyond what the writer sees.</summary>
    /// <param name="form">Inputs named <c>custom.</c> and the field's name.</param>
    /// <param name="fields">The fields that the writer sees.</param>
    /// <param name="kept">As they were shown.</param>
    /// <param name="errors">Takes what is wrong: input → text key.</param>
    public static CustomValues Read(IFormCollection form, IReadOnlyList<CustomField> fields, CustomValues kept, Dictionary<string, string> errors)
    {
        var values = CustomValues.None;
        foreach (var field in fields.Where(field => field.Type != FieldType.Formula))
        {
            var text = form[field.Input].ToString().Trim();
            if (text.Length == 0)
            {
                if (field.IsRequired) { errors[field.Input] = "fields.value.required"; }
                continue;
            }
            string? error = null;
            var value = text == kept[field.Name] ? text : FieldValue.Read(field, text, out error);
            if (error is not null) { errors[field.Input] = error; }
            // What was typed stays in the form, right or wrong.
            values = values.With(field.Name, value ?? text[..Math.Min(text.Length, FieldValue.Longest)].Replace("\0", "", StringComparison.Ordinal));
        }
        return values;
    }

    /// <summary>What a program sent, as a form has it; fields that it leaves out are empty.</summary>
    /// <param name="fields">The fields that the caller sees.</param>
    /// <param name="custom">By their names; null for none.</param>
    /// <exception cref="RuleException"><c>api.fields.wrong</c>: a field that there is not, or that the caller doesn't see, is no field; a formula is not for writing.</exception>
    public static Dictionary<string, StringValues> Form(IReadOnlyList<CustomField> fields, IReadOnlyDictionary<string, JsonElement>? custom)
    {
        var unknown = (custom?.Keys ?? []).Where(name => !fields.Any(field => field.Name == name && field.Type != FieldType.Formula)).ToDictionary(name => CustomField.Prefix + name, _ => "fields.value.unknown");
        if (unknown.Count > 0) { throw new RuleException("api.fields.wrong") { Fields = unknown }; }
        return fields.ToDictionary(field => field.Input, field => new StringValues(custom is not null && custom.TryGetValue(field.Name, out var value) ? FieldValue.Text(field, value) : null));
    }

    /// <summary>Formulas computed anew; a formula without a result has no value.</summary>
    public static CustomValues Compute(IReadOnlyList<CustomField> fields, CustomValues values)
    {
        foreach (var formula in fields.Where(field => field.Type == FieldType.Formula))
        {
            var result = formula.Formula.Run(name => fields.FirstOrDefault(field => field.Name == name) is { IsNumeric: true }
                ? decimal.TryParse(values[name], System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : null : values[name]);
            values = values.With(formula.Name, result is { } known ? FieldValue.Of(known) : null);
        }
        return values;
    }

    /// <summary>The fields as columns of a file: found by their titles in both languages and by their names.</summary>
    public static IEnumerable<TableField> Columns(IEnumerable<CustomField> fields) => fields.Where(field => field.Type != FieldType.Formula)
        .Select(field => new TableField(field.Input, [.. new[] { field.Chinese, field.English, field.Name }.Where(title => title.Length > 0).Select(TableFields.Normal).Distinct()], []));
}
