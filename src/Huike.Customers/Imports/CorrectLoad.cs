using System.Globalization;
using System.Text.Json;
using Huike.Customers.Ledger;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Fields;
using Huike.Platform.Imports;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace Huike.Customers.Imports;

/// <summary>Takes what a person corrected about a load: columns, choices, a saved mapping; and saves the mapping where asked to.</summary>
internal sealed class CorrectLoad(HuikeDb db, AuditLog audit, Loads loads, FieldBook fields, TimeProvider clock)
{
    private const int LongestChoice = 60;
    private const int MostHeader = 50;

    /// <summary>Name of a field's input.</summary>
    public static string Input(string field) => "column." + field;

    /// <exception cref="ImportException">The columns can't be enough, or one is given twice.</exception>
    /// <exception cref="Huike.Platform.RuleException"><c>load.begun</c>, <c>load.mapping.name</c>.</exception>
    public async Task Run(long id, IFormCollection form, string by, CancellationToken ct)
    {
        var load = await loads.Find(id, ct);
        var request = JsonSerializer.Deserialize<LoadRequest>(load.Request)!;
        var corrected = request with
        {
            Columns = await Columns(form, request, ct),
            DropDuplicates = form["dropDuplicates"] == "true",
            CancelledPrefix = form["cancelledPrefix"].ToString().Trim() is { Length: <= LongestChoice } prefix && form.ContainsKey("cancelledPrefix") ? prefix : request.CancelledPrefix,
            Files = [.. request.Files.Select((file, i) => Chosen(form, file, i))],
            Known = form.ContainsKey("known") ? TypedText.Chosen<KnownRows>(form["known"], "load.known.wrong") : request.Known,
            Key = form["key"].ToString() is { Length: > 0 } key && LoadPlan.Keys(fields).Contains(key) ? key : request.Key,
            Source = form["source"].ToString().Trim() is { Length: > 0 and <= LongestChoice } source ? source : request.Source,
        };
        await loads.Correct(id, corrected, ct);
        if (form["next"] == "save")
        {
            var map = LoadPlan.Make(corrected, fields).Files[0].Map;
            await SavedMapping.Save(db, audit, new(form["mappingName"].ToString().Trim(), request.Kind, map.ToString(), by, clock.GetUtcNow()), ct);
        }
    }

    /// <summary>Name of an input that is there for each file.</summary>
    public static string Input(string what, int file) => string.Create(CultureInfo.InvariantCulture, $"{what}.{file}");

    private static LoadFile Chosen(IFormCollection form, LoadFile file, int i) => !form.ContainsKey(Input("header", i)) ? file : file with
    {
        Part = form.ContainsKey(Input("part", i)) ? TypedText.Chosen<LoadPart>(form[Input("part", i)], "load.part.wrong") : file.Part,
        HeaderRow = int.TryParse(form[Input("header", i)], NumberStyles.None, CultureInfo.InvariantCulture, out var row) && row <= MostHeader ? row : null,
        KeepsMerged = form[Input("merged", i)] != "true",
    };

    /// <summary>Only what differs from what is found by itself: the files of a load may have different columns.</summary>
    private async Task<IReadOnlyDictionary<string, string>> Columns(IFormCollection form, LoadRequest request, CancellationToken ct)
    {
        if (form["next"] == "apply")
        {
            var name = form["mapping"].ToString();
            var saved = await db.Set<SavedMapping>().AsNoTracking().FirstOrDefaultAsync(mapping => mapping.Kind == request.Kind && mapping.Name == name, ct);
            return saved is null ? request.Columns : ColumnMap.Parse(saved.Columns).ToDictionary(pair => pair.Field, pair => pair.Column);
        }
        var found = LoadPlan.Make(request with { Columns = new Dictionary<string, string>() }, fields);
        var columns = new Dictionary<string, string>();
        foreach (var field in LoadPlan.FieldsOf(request.Kind, fields).Fields.Where(field => form.ContainsKey(Input(field.Name))))
        {
            var chosen = form[Input(field.Name)].ToString();
            var own = found.Files.Select(file => (file.Map, At: file.Map[field.Name])).Where(file => file.At >= 0).Select(file => file.Map.Header[file.At]).FirstOrDefault() ?? "";
            if (chosen != own) { columns[field.Name] = chosen; }
        }
        return columns;
    }
}
