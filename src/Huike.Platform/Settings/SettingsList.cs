using System.Text.Json;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Ui;

namespace Huike.Platform.Settings;

/// <summary>A value among the settings.</summary>
/// <param name="Name">As its page calls it.</param>
/// <param name="Hint">Unit and meaning; empty where the name says it.</param>
/// <param name="Now">In force.</param>
/// <param name="Usual">As shipped.</param>
internal sealed record SettingsValue(string Name, string Hint, string Now, string Usual);

/// <summary>A record of settings.</summary>
/// <param name="Title">What it is about.</param>
/// <param name="Name">Of the record; its history stands under it.</param>
/// <param name="Path">Where it is changed; null: nowhere.</param>
/// <param name="Permission">Who may.</param>
/// <param name="Values">Every field.</param>
/// <param name="Changed">When and by whom last; null: all is as shipped.</param>
internal sealed record SettingsGroup(string Title, string Name, string? Path, string Permission, IReadOnlyList<SettingsValue> Values, (DateTimeOffset At, string By)? Changed);

/// <summary>设置: what every setting is, was shipped as, and who changed it.</summary>
internal sealed class SettingsList(Database database, IEnumerable<SettingsSubject> subjects, AuditWords words, IEnumerable<AuditedKind> kinds, Texts texts)
{
    private const string None = "–";

    public IReadOnlyList<SettingsGroup> Groups { get; private set; } = [];

    /// <summary>In which moments are told.</summary>
    public TimeZoneInfo Zone { get; private set; } = TimeZoneInfo.Utc;

    public async Task Read(CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var kept = (await connection.Rows("select name, value, changed_at, changed_by from platform_setting", row => (Name: row.GetString(0), Value: row.GetString(1), At: row.At(2), By: row.GetString(3)), ct)).ToDictionary(row => row.Name);
        var groups = new List<SettingsGroup>();
        foreach (var subject in subjects)
        {
            var kind = kinds.First(kind => kind.Name == subject.Record.Name);
            var usual = Activator.CreateInstance(subject.Record)!;
            var isKept = kept.TryGetValue(kind.Name, out var row);
            var now = isKept ? JsonSerializer.Deserialize(row.Value, subject.Record) ?? usual : usual;
            if (now is FirmSettings firm) { Zone = firm.Zone; }
            groups.Add(new(texts[kind.TextKey], kind.Name, kind.Path, subject.Permission, Values(subject, kind, now, usual), isKept ? (row.At, row.By) : null));
        }
        Groups = groups;
    }

    private List<SettingsValue> Values(SettingsSubject subject, AuditedKind kind, object now, object usual)
    {
        var shipped = JsonSerializer.SerializeToElement(usual, subject.Record);
        return [.. JsonSerializer.SerializeToElement(now, subject.Record).EnumerateObject().Select(field =>
        {
            var name = JsonNamingPolicy.CamelCase.ConvertName(field.Name);
            var hint = $"{kind.Fields}{name}.hint";
            var standard = Told(subject, usual, name) ?? Shown(kind, name, shipped.GetProperty(field.Name));
            return new SettingsValue(words.Field(texts, kind.Name, name), texts.Has(hint) ? texts[hint, standard] : "", Told(subject, now, name) ?? Shown(kind, name, field.Value), standard);
        })];
    }

    private string? Told(SettingsSubject subject, object record, string name) => subject.Write?.Invoke(record, name) is { } told ? texts.Has(told) ? texts[told] : told : null;

    private string Shown(AuditedKind kind, string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().Select(one => $"{words.Field(texts, kind.Name, one.Name)}: {Flat(one.Value)}").ToList() is { Count: > 0 } all ? string.Join(texts["settings.between"], all) : None,
        JsonValueKind.Array => string.Join(texts["settings.between"], value.EnumerateArray()) is { Length: > 0 } all ? all : None,
        _ => words.Value(texts, kind.Name, name, value.ToString()),
    };

    private static string Flat(JsonElement value) => value.ValueKind == JsonValueKind.Object ? string.Join(' ', value.EnumerateObject().Select(one => one.Value.ToString())) : value.ToString();
}
