using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Huike.Platform.Audit;

/// <summary>What a feature tells the audit of one act of somebody's.</summary>
/// <param name="Action">Stable name, noun first: <c>customer.edited</c>; its text is <c>audit.action.customer.edited</c>.</param>
public sealed record AuditEntry(string Action)
{
    /// <summary>Name of an <see cref="AuditedKind"/>; empty where no record was touched.</summary>
    public string Kind { get; init; } = "";

    /// <summary>Id of the record among those of its kind; 0 where the kind has but one, or none was touched.</summary>
    public long Record { get; init; }

    /// <summary>What is different now.</summary>
    public IReadOnlyList<AuditChange> Changes { get; init; } = [];

    /// <summary>Why, where it was asked.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Sign-in name of who acts; null: the <see cref="CurrentActor"/>. For a refused sign-in it is the name that was typed.</summary>
    public string? Actor { get; init; }
}

/// <summary>One field of a record, before and after.</summary>
/// <param name="Field">Name in camelCase.</param>
/// <param name="Old">Null where there was nothing.</param>
/// <param name="New">Null where there is nothing any more.</param>
public sealed record AuditChange(string Field, string? Old, string? New)
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A field of a new record, or a count that the act came to.</summary>
    public static AuditChange Is(string field, object? value) => new(field, null, Convert.ToString(value, CultureInfo.InvariantCulture));

    /// <summary>The properties of two JSON objects that differ.</summary>
    public static IReadOnlyList<AuditChange> Between(string oldJson, string newJson)
    {
        var old = JsonElement.Parse(oldJson);
        return [.. JsonElement.Parse(newJson).EnumerateObject()
            .Select(now => (Name: JsonNamingPolicy.CamelCase.ConvertName(now.Name), Old: old.TryGetProperty(now.Name, out var before) ? before : default, New: now.Value))
            // 0.3 and 0.30 are the same.
            .Where(now => now.Old.ValueKind == JsonValueKind.Undefined || !JsonElement.DeepEquals(now.Old, now.New))
            .Select(now => new AuditChange(now.Name, now.Old.ValueKind == JsonValueKind.Undefined ? null : now.Old.ToString(), now.New.ToString()))];
    }

    internal static string Write(IReadOnlyList<AuditChange> changes) => JsonSerializer.Serialize(changes, Json);

    /// <summary>Changes as a row of the log keeps them.</summary>
    public static IReadOnlyList<AuditChange> Read(string changes) => JsonSerializer.Deserialize<List<AuditChange>>(changes, Json)!;
}

/// <summary>A kind of record that the audit knows of, offered by a module as a singleton: how pages name it and where it opens.</summary>
/// <param name="Name">Stable, as <see cref="AuditEntry.Kind"/>.</param>
/// <param name="TextKey">Key of its name.</param>
/// <param name="Path">Where a record opens: <c>/customers/{0}</c>; null: nowhere.</param>
/// <param name="Fields">Beginning of the text keys of its fields: <c>customers.field.</c></param>
/// <param name="Values">Beginning of the text keys of values that are names, the field following: <c>customers.</c>; null: there are none.</param>
public sealed record AuditedKind(string Name, string TextKey, string? Path, string Fields, string? Values = null);
