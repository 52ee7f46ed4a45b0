using System.Data.Common;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Huike.Platform.Backup;

/// <summary>
/// A row as a line: a JSON array of whole numbers, numbers, texts, bytes in base 64, instants as <c>2026-11-23T03:20:00.123456Z</c>, flags, and null. What SQLite keeps as
/// a number (instants in milliseconds, flags) stands as a number; the column that takes it says what it is, so that either database reads the other's rows.
/// </summary>
internal static class BackupRow
{
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private const string Instant = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    public static void Write(Utf8JsonWriter line, DbDataReader row)
    {
        line.WriteStartArray();
        for (var i = 0; i < row.FieldCount; i++) { Write(line, row.GetValue(i)); }
        line.WriteEndArray();
    }

    /// <summary>One value.</summary>
    public static void Write(Utf8JsonWriter line, object value)
    {
        switch (value)
        {
            case DBNull: line.WriteNullValue(); break;
            case string text: line.WriteStringValue(text); break;
            case bool flag: line.WriteBooleanValue(flag); break;
            case byte[] bytes: line.WriteBase64StringValue(bytes); break;
            case DateTime at: line.WriteStringValue(at.ToString(Instant, CultureInfo.InvariantCulture)); break;
            case double number when double.IsFinite(number): line.WriteNumberValue(number); break;
            case double endless: line.WriteStringValue(endless.ToString(CultureInfo.InvariantCulture)); break;
            case var whole: line.WriteNumberValue(Convert.ToInt64(whole, CultureInfo.InvariantCulture)); break;
        }
    }

    /// <summary>Values of a line as the columns take them: long, double, string, byte[], DateTime (UTC), bool or null.</summary>
    /// <param name="line">A JSON array.</param>
    /// <param name="kinds">What each column holds.</param>
    /// <param name="values">Gets the values.</param>
    /// <exception cref="FormatException">No such row; also <see cref="JsonException"/>, <see cref="InvalidOperationException"/>.</exception>
    public static void Read(ReadOnlySpan<byte> line, IReadOnlyList<ColumnKind> kinds, object?[] values)
    {
        var json = new Utf8JsonReader(line);
        if (!json.Read() || json.TokenType != JsonTokenType.StartArray) { throw new FormatException(); }
        for (var i = 0; i < kinds.Count; i++)
        {
            if (!json.Read() || json.TokenType == JsonTokenType.EndArray) { throw new FormatException(); }
            values[i] = Read(ref json, kinds[i]);
        }
        if (!json.Read() || json.TokenType != JsonTokenType.EndArray) { throw new FormatException(); }
    }

    /// <summary>The value that the reader stands on.</summary>
    public static object? Read(ref Utf8JsonReader json, ColumnKind kind) => json.TokenType == JsonTokenType.Null ? null : Value(ref json, kind);

    private static object Value(ref Utf8JsonReader json, ColumnKind kind) => (kind, json.TokenType) switch
    {
        (ColumnKind.Whole, JsonTokenType.Number) => json.GetInt64(),
        (ColumnKind.Whole, JsonTokenType.True) => 1L,
        (ColumnKind.Whole, JsonTokenType.False) => 0L,
        (ColumnKind.Whole, JsonTokenType.String) => new DateTimeOffset(At(json.GetString()!)).ToUnixTimeMilliseconds(),
        (ColumnKind.Instant, JsonTokenType.Number) => DateTimeOffset.FromUnixTimeMilliseconds(json.GetInt64()).UtcDateTime,
        (ColumnKind.Instant, JsonTokenType.String) => At(json.GetString()!),
        (ColumnKind.Flag, JsonTokenType.Number) => json.GetInt64() != 0,
        (ColumnKind.Flag, JsonTokenType.True or JsonTokenType.False) => json.GetBoolean(),
        (ColumnKind.Real, JsonTokenType.Number) => json.GetDouble(),
        (ColumnKind.Real, JsonTokenType.String) => double.Parse(json.GetString()!, CultureInfo.InvariantCulture),
        (ColumnKind.Text, JsonTokenType.String) => json.GetString()!,
        (ColumnKind.Bytes, JsonTokenType.String) => json.GetBytesFromBase64(),
        _ => throw new FormatException(),
    };

    private static DateTime At(string text) => DateTime.ParseExact(text, Instant, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal);
}
