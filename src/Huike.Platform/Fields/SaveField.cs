using System.Data.Common;
using System.Text.Encodings.Web;
using System.Text.Json;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Jobs;
using Huike.Ui;

namespace Huike.Platform.Fields;

/// <summary>Adds a field to a kind of record, changes it, retires it and brings it back.</summary>
internal sealed class SaveField(AuditLog audit, FieldBook book, JobQueue jobs, IEnumerable<FieldedKind> kinds, TimeProvider clock)
{
    /// <summary>Fields of one kind, retired ones among them.</summary>
    public const int Most = 100;

    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Adds the field or changes it; index, formulas and search follow in the background.</summary>
    /// <param name="input">Without errors of its own.</param>
    /// <param name="ct">Ends the write.</param>
    /// <exception cref="RuleException"><c>fields.unknown</c>, <c>fields.stale</c>, <c>fields.many</c>; those that name an input begin with <c>fields.form.</c> or <c>fields.formula.</c>.</exception>
    public async Task Run(FieldInput input, CancellationToken ct)
    {
        var field = input.Field;
        if (field.Type == FieldType.Record && !kinds.Any(kind => kind.Name == field.Target)) { throw new RuleException("fields.form.target"); }
        await audit.Change(async connection =>
        {
            var all = await FieldBook.All(connection, field.Kind, ct);
            if (field.Type == FieldType.Formula) { Demand(field, all); }
            if (all.Find(other => other.Level < field.Level && Reads(other, field)) is { } reader) { throw new RuleException("fields.used.level", reader.Name); }
            var old = field.Id == 0 ? null : all.Find(known => known.Id == field.Id) ?? throw new RuleException("fields.unknown", field.Id);
            if (old is null && all.Exists(known => string.Equals(known.Name, field.Name, StringComparison.OrdinalIgnoreCase))) { throw new RuleException("fields.form.taken", field.Name); }
            if (old is null && all.Count >= Most) { throw new RuleException("fields.many", Most); }
            var id = old?.Id ?? 0;
            if (old is null)
            {
                id = await connection.Number("insert into platform_field (kind, name, definition, version, created_at, created_by) values (@kind, @name, @definition, 1, @at, @by) on conflict do nothing returning id", ct,
                    ("kind", field.Kind), ("name", field.Name), ("definition", JsonSerializer.Serialize(field, Options)), ("at", clock.GetUtcNow()), ("by", audit.Who));
                if (id == 0) { throw new RuleException("fields.form.taken", field.Name); }
            }
            else if (await connection.Run("update platform_field set definition = @definition, version = version + 1 where id = @id and version = @version", ct, ("definition", JsonSerializer.Serialize(field, Options)), ("id", id), ("version", field.Version)) == 0)
            {
                throw new RuleException("fields.stale");
            }
            await Follow(connection, old, field with { Id = id }, ct);
            return new("field." + (old is null ? "added" : "edited")) { Kind = FieldsModule.Audited.Name, Record = id, Changes = [AuditChange.Is("name", $"{field.Kind}.{field.Name}"), .. AuditChange.Between(Told(old), Told(field))] };
        }, ct);
        await book.Refresh(ct);
    }

    /// <summary>Takes a field out of use; its values are kept, and come back with it.</summary>
    /// <exception cref="RuleException"><c>fields.unknown</c>; <c>fields.used</c>: a formula reads it.</exception>
    public async Task Retire(long id, bool retired, CancellationToken ct)
    {
        await audit.Change(async connection =>
        {
            var field = await FieldBook.Get(connection, id, ct);
            if (field.IsRetired == retired) { return null; }
            var all = await FieldBook.All(connection, field.Kind, ct);
            if (retired && all.Find(other => Reads(other, field)) is { } user)
            {
                throw new RuleException("fields.used", user.Name);
            }
            if (!retired && field.Type == FieldType.Formula) { Demand(field, all); }
            await connection.Run("update platform_field set retired_at = @at, version = version + 1 where id = @id", ct, ("at", retired ? clock.GetUtcNow() : null), ("id", id));
            await Follow(connection, retired ? field : null, retired ? null : field, ct);
            return new("field." + (retired ? "retired" : "restored")) { Kind = FieldsModule.Audited.Name, Record = id, Changes = [AuditChange.Is("name", $"{field.Kind}.{field.Name}")] };
        }, ct);
        await book.Refresh(ct);
    }

    /// <summary>The formula can be read, reads fields that there are, and is shown to nobody who doesn't see them.</summary>
    private static void Demand(CustomField field, List<CustomField> all)
    {
        if (field.Expression.Length == 0) { throw new RuleException("fields.formula.empty"); }
        var known = all.Where(one => one is { IsRetired: false } && one.Type != FieldType.Formula).ToDictionary(one => one.Name);
        foreach (var name in Formula.Parse(field.Expression).Names)
        {
            if (!known.TryGetValue(name, out var read)) { throw new RuleException("fields.formula.name", name, string.Join(", ", known.Keys)); }
            if (read.Level > field.Level) { throw new RuleException("fields.formula.level", name); }
        }
    }

    private static bool Reads(CustomField formula, CustomField field) => formula is { IsRetired: false, Type: FieldType.Formula } && formula.Formula.Names.Contains(field.Name);

    private async Task Follow(DbConnection connection, CustomField? old, CustomField? now, CancellationToken ct)
    {
        var work = new FieldWork((old ?? now)!.Kind, Words: (old?.IsSearched ?? false) != (now?.IsSearched ?? false), Values: now?.Type == FieldType.Formula && old?.Expression != now.Expression);
        if (work.Words || work.Values || (old?.IsIndexed ?? false) != (now?.IsIndexed ?? false)) { await jobs.AddUnlessWaiting(connection, ApplyFields.Name, JsonSerializer.Serialize(work), audit.Who, ct); }
    }

    private static string Told(CustomField? field) => JsonSerializer.Serialize(field is null ? new Dictionary<string, string>() : new Dictionary<string, string>
    {
        ["chinese"] = field.Chinese,
        ["english"] = field.English,
        ["type"] = field.Type.ToString(),
        ["level"] = field.Level.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ["required"] = field.IsRequired ? "true" : "false",
        ["indexed"] = field.IsIndexed ? "true" : "false",
        ["choices"] = string.Join(", ", field.Choices.Select(choice => choice.Value)),
        ["expression"] = field.Expression,
        ["target"] = field.Target,
    }, Options);
}
