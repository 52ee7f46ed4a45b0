using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Access;
using Huike.Platform.Access.Records;
using Huike.Platform.Data;
using Huike.Platform.Fields;
using Huike.Platform.Settings;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Huike.Customers.Merges;

/// <summary>A field in which two files differ, as the visitor may see it.</summary>
/// <param name="Name">Of <see cref="MergingFile.Fields"/>.</param>
/// <param name="Label">In the visitor's language.</param>
/// <param name="Stays">In the file that stays; empty: nothing.</param>
/// <param name="Goes">In the other one; empty: nothing.</param>
/// <param name="Takes">Whether the other one's is chosen.</param>
internal sealed record DifferingField(string Name, string Label, string Stays, string Goes, bool Takes);

/// <summary>What the pages of merging show.</summary>
/// <param name="Stays">Whose file stays, or has stayed.</param>
/// <param name="Words">Language, currency, zone.</param>
internal sealed record MergeView(CustomerFacts Stays, ListWording Words)
{
    /// <summary>Whose file goes into it; null where one is looked for.</summary>
    public CustomerFacts? Goes { get; init; }

    public IReadOnlyList<DifferingField> Fields { get; init; } = [];

    /// <summary>What goes along.</summary>
    public IReadOnlyList<RowCount> Rows { get; init; } = [];

    /// <summary>Whom the visitor looks for, and who was found.</summary>
    public (string Q, IReadOnlyList<ListedCustomer> Found) Search { get; init; } = ("", []);

    /// <summary>A merge that was done; null where one is planned.</summary>
    public CustomerMerge? Done { get; init; }

    /// <summary>What came after it.</summary>
    public IReadOnlyList<LaterRow> Later { get; init; } = [];
}

/// <summary>Reads what the pages of merging show.</summary>
internal sealed class ShowMerge(Database database, MoveRows rows, RecordPolicy policy, FieldBook fields, SettingsStore settings, Texts texts)
{
    private const int MostFound = 8;

    /// <summary>Two files side by side.</summary>
    public async Task<MergeView> Plan(HttpContext http, long id, long other, CancellationToken ct)
    {
        await Demand(http, other, ct);
        await using var connection = await database.Open(ct);
        var viewer = Viewer.Of(http);
        foreach (var one in new[] { id, other }) { await CustomerRules.DemandPerson(connection, one, ct); }
        var (stays, goes) = (await MergingFile.Read(connection, id, ct), await MergingFile.Read(connection, other, ct));
        var filled = MergedFile.Of(stays, goes, null, fields.Of(CustomerFields.Kind.Name)).Changes.Select(change => change.Field).ToHashSet();
        var (view, seen) = (await View(http, id, ct), MergingFile.Fields(viewer.Own).ToList());
        var differing = seen.Where(field => stays.Value(field) != goes.Value(field) && (field != CustomerMerge.Owner || http.User.Holds(CustomerPermissions.Assign)))
            .Select(field => new DifferingField(field, Label(viewer, field), Shown(viewer, view.Words, field, stays), Shown(viewer, view.Words, field, goes), filled.Contains(field)));
        return view with
        {
            Goes = viewer.Veil((await CustomerFacts.Find(connection, other, ct))!),
            Fields = [.. differing],
            Rows = viewer.SeesInternal ? await rows.Count(connection, id, other, ct) : [],
        };
    }

    /// <summary>Who could be the same as this one.</summary>
    public async Task<MergeView> Search(HttpContext http, CustomerList list, long id, string q, CancellationToken ct)
    {
        var found = q.Length == 0 ? [] : (await list.Page(new(new CustomerFilter { Q = q }, CustomerSort.Relevance, false, Viewer.Of(http, RecordAction.Edit)) { Limit = MostFound }, ct)).Rows;
        return await View(http, id, ct) with { Search = (q, [.. found.Where(row => row.Id != id)]) };
    }

    /// <summary>A merge that was done.</summary>
    public async Task<MergeView> Done(HttpContext http, long id, long merge, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var done = await CustomerMerge.Find(connection, id, merge, ct);
        return await View(http, id, ct) with { Done = done, Later = done.MayBeUndone ? [.. (await LaterRows.Of(connection, done, ct)).Select(row => LaterRows.Veil(row, Viewer.Of(http)))] : [] };
    }

    /// <summary>Both files must be ones that the visitor may change.</summary>
    public Task Demand(HttpContext http, long other, CancellationToken ct) => policy.Demand(http.User.Access(), CustomerPermissions.Records, RecordAction.Edit, other, ct);

    private async Task<MergeView> View(HttpContext http, long id, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var facts = await CustomerFacts.Find(connection, id, ct) ?? throw new RuleException("customers.customer.unknown", id);
        var firm = await settings.Get<FirmSettings>(ct);
        return new(Viewer.Of(http).Veil(facts), new(texts, firm.Currency, firm.Zone));
    }

    private string Label(Viewer viewer, string field) => field switch
    {
        CustomerMerge.Owner => texts["customers.owner.title"],
        _ when viewer.Own.FirstOrDefault(own => own.Input == field) is { } own => own.Label(texts),
        _ => texts["customers.field." + ChangeByProgram.Member(field)],
    };

    private string Shown(Viewer viewer, ListWording words, string field, MergingFile file) => file.Value(field) switch
    {
        null => "",
        var value when viewer.Hides(field) => viewer.Veil(field, value) ?? "",
        _ when field == "kind" => texts[Words.Of(file.Customer.Kind)],
        _ when field == CustomerMerge.Reach => file.Reach.Told(texts),
        var value when field == "phone" => Platform.Search.Phone.Shown(value),
        var value when viewer.Own.FirstOrDefault(own => own.Input == field) is { } own => FieldValue.Show(own, value, texts, words.Currency),
        var value => value,
    };
}

/// <summary>Routes of merging two files and of undoing it.</summary>
internal static class MergeEndpoints
{
    private const string Take = "take-";

    public static void MapMerges(this IEndpointRouteBuilder routes)
    {
        var merge = routes.MapGroup("/customers/{id:long}").RequireRecord(CustomerPermissions.Records, RecordAction.Edit).RequireAuthorization(CustomerPermissions.Merge);
        merge.MapGet("/merge", async (HttpContext http, Texts texts, ShowMerge show, CustomerList list, Shown<MergeView> shown, long id, CancellationToken ct, string q = "") =>
        {
            shown.Value = await show.Search(http, list, id, q.Trim(), ct);
            return Pages.Show<MergeSearchPage>(http, texts["customers.merge.title"]);
        });
        merge.MapGet("/merge/{other:long}", async (HttpContext http, Texts texts, ShowMerge show, Shown<MergeView> shown, long id, long other, CancellationToken ct) =>
        {
            if (id == other) { return TypedResults.LocalRedirect(string.Create(CultureInfo.InvariantCulture, $"/customers/{id}/merge")); }
            shown.Value = await show.Plan(http, id, other, ct);
            return (IResult)Pages.Show<MergePage>(http, texts["customers.merge.title"]);
        });
        merge.MapPost("/merge/{other:long}", Merge);
        merge.MapGet("/merges/{merge:long}", async (HttpContext http, Texts texts, ShowMerge show, Shown<MergeView> shown, long id, long merge, CancellationToken ct) =>
        {
            shown.Value = await show.Done(http, id, merge, ct);
            return Pages.Show<MergedPage>(http, texts["customers.merge.done"]);
        });
        merge.MapPost("/merges/{merge:long}/undo", async (HttpContext http, UndoMerge undo, long id, long merge, IFormCollection form, CancellationToken ct) =>
            FileEndpoints.Back(await undo.Run(id, merge, [.. form["give"].Select(Given)], FileEndpoints.By(http.User), ct)));
    }

    private static async Task<IResult> Merge(HttpContext http, ShowMerge show, MergeCustomers merge, long id, long other, IFormCollection form, CancellationToken ct)
    {
        var wish = new MergeWish(id, other, form.Where(one => one.Key.StartsWith(Take, StringComparison.Ordinal) && one.Value == "goes").Select(one => one.Key[Take.Length..]).ToHashSet()) { Versions = (Version(form["version"]), Version(form["otherVersion"])) };
        await MergeApi.Run(http, show, merge, wish, ct);
        return FileEndpoints.Back(id);
    }

    private static int Version(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : throw new RuleException("customers.edit.stale");

    private static (string, long) Given(string? text) =>
        text?.Split(':') is [var kind, var number] && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? (kind, id) : throw new RuleException("customers.merge.later.wrong");
}
