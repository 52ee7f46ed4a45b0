using System.Data.Common;
using System.Globalization;
using Huike.Platform.Access.Records;
using Huike.Platform.Data;

namespace Huike.Platform.Fields;

/// <summary>What a value of a person or a link is called, and where it opens.</summary>
/// <param name="Text">Its name.</param>
/// <param name="Href">Its page; null: none for this reader.</param>
public sealed record FieldReference(string Text, string? Href);

/// <summary>Finds the people and records that values mean, within what the asker may see, and names them again.</summary>
public sealed class FieldReferences(Database database, IEnumerable<FieldedKind> kinds, TimeProvider clock)
{
    private readonly Dictionary<string, FieldedKind> kinds = kinds.ToDictionary(kind => kind.Name);

    /// <summary>People by sign-in name, records by # and id, instead of what was typed: sign-in or shown names; numbers, or # and an id.</summary>
    /// <param name="fields">Fields of the kind.</param>
    /// <param name="values">As <see cref="FieldValue"/> read them.</param>
    /// <param name="access">Whose view counts for links; null: all records (a load of the firm's own files).</param>
    /// <param name="ct">Ends the reads.</param>
    /// <returns>The values, and what is wrong: input → text key.</returns>
    public async Task<(CustomValues Values, IReadOnlyDictionary<string, string> Errors)> Find(IReadOnlyList<CustomField> fields, CustomValues values, UserAccess? access, CancellationToken ct)
    {
        var errors = new Dictionary<string, string>();
        foreach (var field in fields.Where(field => field.Type is FieldType.Person or FieldType.Record))
        {
            if (values[field.Name] is not { } text) { continue; }
            await using var connection = await database.Open(ct);
            var found = field.Type == FieldType.Person ? await Person(connection, text, ct) : await Record(connection, field.Target, text, access, ct);
            if (found is null) { errors[field.Input] = field.Type == FieldType.Person ? "fields.value.person" : "fields.value.record"; }
            else { values = values.With(field.Name, found); }
        }
        return (values, errors);
    }

    /// <summary>The same of a form: what stays as it was is not looked for, nor what is wrong already.</summary>
    /// <param name="fields">Fields of the form.</param>
    /// <param name="values">As they were read.</param>
    /// <param name="kept">As they were shown.</param>
    /// <param name="errors">What is wrong: input → text key.</param>
    /// <param name="access">Whose view counts for links.</param>
    /// <param name="ct">Ends the reads.</param>
    public async Task<(CustomValues Values, IReadOnlyDictionary<string, string> Errors)> Find(IReadOnlyList<CustomField> fields, CustomValues values, CustomValues kept, IReadOnlyDictionary<string, string> errors, UserAccess? access, CancellationToken ct)
    {
        var (found, wrong) = await Find([.. fields.Where(field => !errors.ContainsKey(field.Input) && values[field.Name] != kept[field.Name])], values, access, ct);
        return (found, errors.Concat(wrong).ToDictionary());
    }

    /// <summary>Names for values of people and links; a link to a record that the reader may not see keeps its number.</summary>
    public async Task<IReadOnlyDictionary<(string Field, string Value), FieldReference>> Names(IReadOnlyList<CustomField> fields, IReadOnlyCollection<CustomValues> of, UserAccess access, CancellationToken ct)
    {
        var names = new Dictionary<(string, string), FieldReference>();
        foreach (var field in fields.Where(field => field.Type is FieldType.Person or FieldType.Record))
        {
            var wanted = of.Select(values => values[field.Name]).OfType<string>().Distinct().ToList();
            if (wanted.Count == 0) { continue; }
            await using var connection = await database.Open(ct);
            var rows = field.Type == FieldType.Person ? await People(connection, wanted, ct) : await Records(connection, field.Target, wanted, access, ct);
            foreach (var (value, name) in rows) { names[(field.Name, value)] = name; }
        }
        return names;
    }

    private static async Task<string?> Person(DbConnection connection, string text, CancellationToken ct)
    {
        var found = await connection.Rows("select user_name from platform_user where normalized_user_name = @upper or display_name = @text order by case when normalized_user_name = @upper then 0 else 1 end limit 3", row => row.GetString(0), ct,
            ("upper", text.ToUpperInvariant()), ("text", text));
        // A shown name that several have means none of them.
        return found.Count > 0 && (found.Count == 1 || string.Equals(found[0], text, StringComparison.OrdinalIgnoreCase)) ? found[0] : null;
    }

    private async Task<string?> Record(DbConnection connection, string target, string text, UserAccess? access, CancellationToken ct)
    {
        if (!kinds.TryGetValue(target, out var kind)) { return null; }
        var (scope, parameters) = Scope(kind, access);
        var byId = text[0] == '#';
        var id = byId && long.TryParse(text.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
        var found = await connection.Rows($"select c.id from {kind.Table} c where {(byId ? "c.id = @id" : $"c.{kind.Number} = @text")} and {scope}", row => row.GetInt64(0), ct, [byId ? ("id", id) : ("text", text), .. parameters]);
        return found.Count > 0 ? string.Create(CultureInfo.InvariantCulture, $"#{found[0]}") : null;
    }

    private static async Task<IEnumerable<(string, FieldReference)>> People(DbConnection connection, List<string> wanted, CancellationToken ct)
    {
        var named = string.Join(", ", wanted.Select((_, i) => $"@n{i}"));
        var rows = await connection.Rows($"select user_name, coalesce(nullif(display_name, ''), user_name) from platform_user where user_name in ({named})", row => (row.GetString(0), new FieldReference(row.GetString(1), null)), ct,
            [.. wanted.Select((name, i) => ($"n{i}", (object?)name))]);
        return rows;
    }

    private async Task<IEnumerable<(string, FieldReference)>> Records(DbConnection connection, string target, List<string> wanted, UserAccess access, CancellationToken ct)
    {
        if (!kinds.TryGetValue(target, out var kind)) { return []; }
        var ids = wanted.Select(text => long.TryParse(text.AsSpan().TrimStart('#'), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0).Where(id => id > 0).ToList();
        if (ids.Count == 0) { return []; }
        var (scope, parameters) = Scope(kind, access);
        var rows = await connection.Rows($"select c.id, {kind.Shown} from {kind.Table} c where c.id in ({string.Join(", ", ids)}) and {scope}", row => (Id: row.GetInt64(0), Text: row.GetString(1)), ct, [.. parameters]);
        return rows.Select(row => (string.Create(CultureInfo.InvariantCulture, $"#{row.Id}"), new FieldReference(row.Text, string.Format(CultureInfo.InvariantCulture, kind.Path, row.Id))));
    }

    private (string Sql, IEnumerable<(string, object?)> Parameters) Scope(FieldedKind kind, UserAccess? access)
    {
        if (access is null) { return ("1 = 1", []); }
        if (access.Widest(kind.Permission) == RecordScope.None) { return ("1 = 0", []); }
        if (kind.Records is not { } records) { return ("1 = 1", []); }
        var scope = access.Scope(records, RecordAction.Read, clock.GetUtcNow());
        return scope.IsEverything ? ("1 = 1", []) : (scope.Sql("c"), scope.Parameters);
    }
}
