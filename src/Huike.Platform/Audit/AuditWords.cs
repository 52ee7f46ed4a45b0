using System.Globalization;
using Huike.Platform.Fields;
using Huike.Ui;
using Huike.Ui.Kit;

namespace Huike.Platform.Audit;

/// <summary>What entries are called in a reader's language. What has no text, because a later program wrote it, stands as it was written.</summary>
internal sealed class AuditWords(IEnumerable<AuditedKind> kinds, IEnumerable<FieldedKind> fielded, FieldBook fields)
{
    private const string Between = ", ";

    private readonly Dictionary<string, AuditedKind> known = kinds.ToDictionary(kind => kind.Name);

    /// <summary>Kinds of record to choose from.</summary>
    public IReadOnlyCollection<AuditedKind> Kinds => known.Values;

    public static string Action(Texts texts, string action) => Told(texts, $"audit.action.{action}", action);

    public static string Actor(Texts texts, AuditRow row) => row.Actor.Length > 0 ? row.Actor : texts["audit.actor.none"];

    /// <summary>Colour of an act: refusals and losses stand out.</summary>
    public static Tone ToneOf(string action) => action switch
    {
        "sign-in.refused" or "load.failed" => Tone.Bad,
        "load.undone" or "load.undo-begun" or "export.begun" or "export.ended" => Tone.Warn,
        "user.added" or "settings.saved" => Tone.Accent,
        _ when action.StartsWith("sign-", StringComparison.Ordinal) => Tone.Neutral,
        _ => Tone.Info,
    };

    /// <summary>Kind and number of the record; empty where none was touched.</summary>
    public string Record(Texts texts, AuditRow row)
    {
        var kind = known.TryGetValue(row.Kind, out var found) ? texts[found.TextKey] : row.Kind;
        return row.Record == 0 ? kind : string.Create(CultureInfo.InvariantCulture, $"{kind} {row.Record}");
    }

    /// <summary>Where the record opens; null: nowhere.</summary>
    public string? Href(AuditRow row) =>
        known.GetValueOrDefault(row.Kind)?.Path is { } path && (row.Record > 0 || !path.Contains('{', StringComparison.Ordinal)) ? string.Format(CultureInfo.InvariantCulture, path, row.Record) : null;

    public string Field(Texts texts, AuditRow row, string field) => Field(texts, row.Kind, field);

    /// <summary>What a field of a kind of record is called.</summary>
    public string Field(Texts texts, string kind, string field)
    {
        if (field.StartsWith(CustomField.Prefix, StringComparison.Ordinal) && fielded.FirstOrDefault(one => one.Audited == kind) is { } has
            && fields.Of(has.Name).FirstOrDefault(one => one.Input == field) is { } custom) { return custom.Label(texts); }
        var own = known.GetValueOrDefault(kind)?.Fields + field;
        return texts.Has(own) ? texts[own] : Told(texts, $"audit.field.{field}", field);
    }

    /// <summary>A value, or several with commas between, as a reader knows it; a dash for none.</summary>
    public string Value(Texts texts, AuditRow row, string field, string? value) => Value(texts, row.Kind, field, value);

    /// <summary>The same for a field of a kind of record.</summary>
    public string Value(Texts texts, string kind, string field, string? value) =>
        value is not { Length: > 0 } ? "–" : known.GetValueOrDefault(kind)?.Values is { } beginning
            ? string.Join(Between, value.Split(Between).Select(one => Told(texts, $"{beginning}{field}.{one}", one))) : value;

    private static string Told(Texts texts, string key, string otherwise) => texts.Has(key) ? texts[key] : otherwise;
}
