using System.Text.Encodings.Web;
using System.Text.Json;
using Huike.Platform.Data;

namespace Huike.Platform.Fields;

/// <summary>
/// The values of one record's own fields, by the fields' names, each as text: numbers with a point and without trailing zeros, days as yyyy-MM-dd, people by
/// sign-in name, records by # and id. Kept as one JSON object.
/// </summary>
public sealed class CustomValues
{
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly SortedDictionary<string, string> values;

    private CustomValues(SortedDictionary<string, string> values) => this.values = values;

    /// <summary>No value.</summary>
    public static CustomValues None { get; } = new(new(StringComparer.Ordinal));

    /// <summary>Names of the fields that have a value, in order.</summary>
    public IReadOnlyCollection<string> Names => values.Keys;

    /// <summary>The value of a field; null where it has none.</summary>
    public string? this[string name] => values.GetValueOrDefault(name);

    /// <summary>Reads what the column holds; null is no value.</summary>
    public static CustomValues Parse(string? json) =>
        json is null ? None : new(new(JsonSerializer.Deserialize<Dictionary<string, string>>(json) ?? [], StringComparer.Ordinal));

    /// <summary>With one value set; null or empty takes it away.</summary>
    public CustomValues With(string name, string? value)
    {
        var changed = new SortedDictionary<string, string>(values, StringComparer.Ordinal);
        if (value is { Length: > 0 }) { changed[name] = value; }
        else { changed.Remove(name); }
        return new(changed);
    }

    /// <summary>With those of another over them, as far as it has any.</summary>
    public CustomValues With(CustomValues other) => other.Names.Aggregate(this, (all, name) => all.With(name, other[name]));

    /// <summary>What differs, by the names of columns and histories.</summary>
    public IEnumerable<(string Field, string? Old, string? New)> Changes(CustomValues newer) =>
        Names.Union(newer.Names).Where(name => this[name] != newer[name]).Select(name => (CustomField.Prefix + name, this[name], newer[name]));

    /// <summary>As the column takes it; null where there is no value.</summary>
    public JsonText? ToColumn() => values.Count == 0 ? null : new(JsonSerializer.Serialize(values, Options));
}
