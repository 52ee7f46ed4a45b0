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
            var old = field.Id == 0 ? null : all.Find(known => known.Id == field.Id) ?? throw new RuleException("fields.unknown", field.Id);
            if (old is null && all.Exists(known => string.Equals(known.Name, field.Name, StringComparison.OrdinalIgnoreCase))) { throw new RuleException("fields.form.taken", field.Name); }
            if (old is null && all.Count >= Most) { throw new RuleException("fields.many", Most); }
            if (old is not null && old.Version != field.Version) { throw new RuleException("fields.stale"); }
            var id = old?.Id ?? 0;
            if (old is null)
            {
                id = await connection.Number("insert into platform_field (kind, name, definition, version, created_at, created_by) values (@kind, @name, @definition, 1, @at, @by) returning id", ct,
                    ("kind", field.Kind), ("name", field.Name), ("definition", JsonSerializer.Serialize(field, Options)), ("at", clock.GetUtcNow()), ("by", audit.Who));
            }
            else { await connection.Run("update platform_field set definition = @definition, version = version + 1 where id = @id", ct, ("definition", JsonSerializer.Serialize(field, Options)), ("id", id)); }
            await Follow(connection, old is null ? null : old, field with { Id = id }, ct);
            return new("field." + (old is null ? "added" : "edited")) { Kind = FieldsModule.Audited.Name, Record = id, Changes = [AuditChange.Is("name", $"{field.Kind}.{field.Name}"), .. AuditChange.Between(Told(old), Told(field))] };
        }, ct, "update platform_field set id = id where id < 0");
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
            if (retired && all.Find(other => other is { IsRetired: false, Type: FieldType.Formula } && Formula.Parse(other.Expression).Names.Contains(field.Name)) is { } user)
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

    /// <summary>The formula can be read, and reads fields that there are.</summary>
    private static void Demand(CustomField field, List<CustomField> all)
    {
        if (field.Expression.Length == 0) { throw new RuleException("fields.formula.empty"); }
        var known = all.Where(one => one is { IsRetired: false } && one.Type != FieldType.Formula).Select(one => one.Name).ToList();
        if (Formula.Parse(field.Expression).Names.FirstOrDefault(name => !known.Contains(name)) is { } unknown) { throw new RuleException("fields.formula.name", unknown, string.Join(", ", known)); }
    }

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
