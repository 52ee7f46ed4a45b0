using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Huike.Platform.Fields;

/// <summary>A condition on one field of the firm's own: equal to a value, or within bounds that count in.</summary>
/// <param name="Field">An indexed field.</param>
/// <param name="Is">As kept; null where bounds are meant.</param>
/// <param name="From">As kept; null: no lower bound.</param>
/// <param name="To">As kept; null: no upper bound.</param>
public sealed record FieldCondition(CustomField Field, string? Is, string? From, string? To)
{
    /// <summary>Form values that mean it.</summary>
    public IEnumerable<KeyValuePair<string, string>> Pairs()
    {
        if (Is is not null) { yield return new(Field.Input, Is); }
        if (From is not null) { yield return new(Field.Input + ".from", From); }
        if (To is not null) { yield return new(Field.Input + ".to", To); }
    }

    /// <summary>Its tests: SQL after the value's expression, name and value of the parameter.</summary>
    public IEnumerable<(string Test, string Name, object Value)> Tests()
    {
        if (Is is not null) { yield return ($"= @own{Field.Id}", $"own{Field.Id}", Value(Is)); }
        if (From is not null) { yield return ($">= @own{Field.Id}from", $"own{Field.Id}from", Value(From)); }
        if (To is not null) { yield return ($"<= @own{Field.Id}to", $"own{Field.Id}to", Value(To)); }
        // An empty value comes first, but is not less than anything.
        if (From is null && To is not null && !Field.IsNumeric) { yield return ($"> @own{Field.Id}none", $"own{Field.Id}none", ""); }
        if (From is null && To is not null && Field.IsNumeric) { yield return ($"> @own{Field.Id}none", $"own{Field.Id}none", -1e300); }
    }

    private object Value(string text) => Field.IsNumeric ? double.Parse(text, CultureInfo.InvariantCulture) : text;
}

/// <summary>Conditions on fields of the firm's own; the same for the same conditions.</summary>
public sealed class FieldConditions : IEquatable<FieldConditions>
{
    private readonly string key;

    private FieldConditions(IReadOnlyList<FieldCondition> all)
    {
        All = all;
        key = string.Join('&', all.SelectMany(one => one.Pairs()).Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}"));
    }

    /// <summary>No condition.</summary>
    public static FieldConditions None { get; } = new([]);

    /// <summary>In the order of the fields.</summary>
    public IReadOnlyList<FieldCondition> All { get; }

    /// <summary>Reads <c>custom.name</c>, <c>custom.name.from</c> and <c>custom.name.to</c> of an address; empty ones are none.</summary>
    /// <param name="query">The address.</param>
    /// <param name="fields">The fields that the reader sees.</param>
    /// <exception cref="RuleException"><c>fields.filter.wrong</c>: no such field, none that lists can be sifted by, or no value of it.</exception>
    public static FieldConditions Read(IQueryCollection query, IReadOnlyList<CustomField> fields)
    {
        var asked = query.Keys.Where(name => name.StartsWith(CustomField.Prefix, StringComparison.Ordinal) && query[name].ToString().Length > 0).ToList();
        if (asked.Count == 0) { return None; }
        var conditions = fields.Where(field => field.IsIndexed).Select(field => new FieldCondition(field, Value(field, field.Input), Value(field, field.Input + ".from"), Value(field, field.Input + ".to"))).Where(one => one.Pairs().Any()).ToList();
        // Each that was read is taken off the list.
        return asked.Count > 0 ? throw Wrong(asked[0], query[asked[0]].ToString()) : new(conditions);

        string? Value(CustomField field, string name)
        {
            asked.Remove(name);
            if (query[name].ToString().Trim() is not { Length: > 0 } text) { return null; }
            return FieldValue.Read(field, text, out var error) is { } value && error is null ? value : throw Wrong(name, text);
        }
    }

    /// <inheritdoc/>
    public bool Equals(FieldConditions? other) => other is not null && other.key == key;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as FieldConditions);

    /// <inheritdoc/>
    public override int GetHashCode() => key.GetHashCode(StringComparison.Ordinal);

    private static RuleException Wrong(string name, string value) => new("fields.filter.wrong", name[..Math.Min(name.Length, 60)], value[..Math.Min(value.Length, 60)]);
}
