using System.Globalization;
using System.Text.Json;
using Huike.Platform.Imports;
using Huike.Ui;

namespace Huike.Platform.Fields;

/// <summary>Values of the firm's own fields: as typed, as kept, as shown, as programs have them.</summary>
public static class FieldValue
{
    /// <summary>Longest text.</summary>
    public const int Longest = 400;

    private const decimal Most = 99_999_999_999_999m;

    /// <summary>What was typed or sent, as it is kept. People and records are only tidied here; <see cref="FieldReferences"/> finds whom they mean.</summary>
    /// <param name="field">Which field.</param>
    /// <param name="text">Not empty.</param>
    /// <param name="error">Text key of what is wrong; null where nothing is.</param>
    public static string? Read(CustomField field, string text, out string? error)
    {
        error = null;
        text = text.Trim();
        if (text.Length > Longest || text.Contains('\0', StringComparison.Ordinal)) { return Wrong("fields.value.long", out error); }
        if (field.IsNumeric) { return decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) && Math.Abs(number) <= Most ? Of(number) : Wrong("fields.value.number", out error); }
        return field.Type switch
        {
            FieldType.Date => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? text : Wrong("fields.value.date", out error),
            FieldType.Choice => field.Choices.FirstOrDefault(choice => choice.Value == text || choice.Chinese == text || choice.English == text)?.Value ?? Wrong("fields.value.choice", out error),
            _ => text,
        };
    }

    /// <summary>The same of a cell of a file, which writes numbers and days in many ways.</summary>
    /// <param name="field">Which field.</param>
    /// <param name="cell">Not empty.</param>
    /// <param name="dates">Order of day and month.</param>
    /// <param name="decimals">Decimal mark.</param>
    /// <param name="error">Text key of what is wrong; null where nothing is.</param>
    public static string? Read(CustomField field, ReadOnlySpan<char> cell, DateOrder dates, DecimalMark decimals, out string? error)
    {
        error = null;
        if (field.IsNumeric) { return Cell.TryNumber(cell, decimals, out var number) && Math.Abs(number) <= Most ? Of(number) : Wrong("fields.value.number", out error); }
        if (field.Type == FieldType.Date) { return Cell.TryDateTime(cell, dates, out var at) ? at.Local.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : Wrong("fields.value.date", out error); }
        return Read(field, cell.ToString(), out error);
    }

    /// <summary>A number as it is kept: four decimals at most, none at the end that is zero.</summary>
    public static string Of(decimal number) => decimal.Round(number, 4).ToString("0.####", CultureInfo.InvariantCulture);

    /// <summary>In the reader's words; people and records as they are kept.</summary>
    public static string Show(CustomField field, string? value, Texts texts, string currency) => value is null ? "" : field.Type switch
    {
        FieldType.Money => decimal.TryParse(value, CultureInfo.InvariantCulture, out var sum) ? texts.Money(sum, currency) : value,
        FieldType.Number or FieldType.Formula => decimal.TryParse(value, CultureInfo.InvariantCulture, out var number) ? texts.Number(number, number.Scale) : value,
        FieldType.Date => DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? texts.ShortDate(day) : value,
        FieldType.Choice => field.Choices.FirstOrDefault(choice => choice.Value == value)?.Label(texts) ?? value,
        _ => value,
    };

    /// <summary>The reader's fields as the member <c>custom</c>.</summary>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<CustomField> fields, CustomValues values)
    {
        json.WriteStartObject("custom"u8);
        foreach (var field in fields)
        {
            if (Typed(field, values) is decimal number) { json.WriteNumber(field.Name, number); }
            else { json.WriteString(field.Name, values[field.Name]); }
        }
        json.WriteEndObject();
    }

    /// <summary>The same for a record that is written as a whole.</summary>
    public static IReadOnlyDictionary<string, object?> Members(IReadOnlyList<CustomField> fields, CustomValues values) => fields.ToDictionary(field => field.Name, field => Typed(field, values));

    private static object? Typed(CustomField field, CustomValues values) => values[field.Name] is { } value && (field.IsNumeric || field.Type == FieldType.Record)
        && decimal.TryParse(value.AsSpan().TrimStart('#'), CultureInfo.InvariantCulture, out var number) ? number : values[field.Name];

    /// <summary>What a program sent for a field, as text; null empties it. A number means a record's id, a text its number.</summary>
    public static string? Text(CustomField field, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number when field.Type == FieldType.Record => "#" + value.GetRawText(),
        _ => value.GetRawText(),
    };

    private static string? Wrong(string code, out string? error)
    {
        error = code;
        return null;
    }
}
