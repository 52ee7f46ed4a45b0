using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Access;
using Huike.Platform.Access.Records;
using Huike.Platform.Fields;
using Huike.Platform.Search;
using Huike.Platform.Settings;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Huike.Customers.Views;

/// <summary>A cell of the list that is changed where it stands.</summary>
/// <param name="Id">Whose.</param>
/// <param name="Key">Column of the list.</param>
/// <param name="Label">What the column is called.</param>
/// <param name="Shown">The value in words.</param>
internal sealed record Cell(long Id, string Key, string Label, string Shown)
{
    /// <summary>The value as the form has it.</summary>
    public string Value { get; init; } = "";

    public int Version { get; init; }

    public bool IsOpen { get; init; }

    /// <summary>Type of the input.</summary>
    public string Type { get; init; } = "text";

    /// <summary>Values to choose from; none: anything is typed.</summary>
    public IReadOnlyList<(string Value, string Text)> Choices { get; init; } = [];

    public string? Error { get; init; }
}

/// <summary>Changes in the list: a cell, and a card that is moved.</summary>
internal static class CellEndpoints
{
    public static void MapCells(this IEndpointRouteBuilder routes)
    {
        var one = routes.MapGroup("/customers/{id:long}").RequireRecord(CustomerPermissions.Records, RecordAction.Edit);
        one.MapGet("/cells/{key}", async (HttpContext http, ReadCell read, Shown<Cell> shown, long id, string key, string? show, CancellationToken ct) =>
        {
            shown.Value = (await read.Run(http, id, key, ct)) with { IsOpen = show != "1" };
            return Answer(http, shown.Value, StatusCodes.Status200OK);
        });
        one.MapPost("/cells/{key}", async (HttpContext http, ReadCell read, Board board, Texts texts, Shown<Cell> shown, long id, string key, [FromForm] string? value, [FromForm] int version, CancellationToken ct) =>
        {
            try
            {
                await board.Set(http, id, ReadCell.Field(key), (value ?? "").Trim(), version, ct);
                shown.Value = await read.Run(http, id, key, ct);
            }
            catch (RuleException refused) when (!refused.Code.EndsWith(".unknown", StringComparison.Ordinal))
            {
                // Somebody else's change is not written over by trying again: the version stays the one that was shown.
                shown.Value = (await read.Run(http, id, key, ct)) with { IsOpen = true, Value = value ?? "", Version = version, Error = texts[refused.Code, [.. refused.Args]] };
            }
            return Answer(http, shown.Value, FormAnswer.Status(shown.Value.Error));
        });
        one.MapPost("/facts", async (HttpContext http, Board board, long id, [FromForm] string? field, [FromForm] string? value, [FromForm] int version, [FromForm] string? back, CancellationToken ct) =>
        {
            await board.Set(http, id, field ?? "", (value ?? "").Trim(), version, ct);
            return TypedResults.LocalRedirect(back is { Length: > 0 } path && path.StartsWith("/customers?", StringComparison.Ordinal) ? path : "/customers");
        });
    }

    /// <summary>Columns of the list whose cells a visitor may change.</summary>
    public static IReadOnlySet<string> Editable(HttpContext http, IEnumerable<ListColumn<ListedCustomer>> columns) => columns.Select(column => column.Key).Where(key => Board.IsMovable(http, ReadCell.Field(key))).ToHashSet();

    private static IResult Answer(HttpContext http, Cell cell, int status) => http.Request.Headers.ContainsKey("HX-Request") ? Pages.Fragment<CellPart>(http, null, status) : Pages.Show<CellPart>(http, cell.Label, null, status);
}

/// <summary>Reads a cell as its form needs it.</summary>
internal sealed class ReadCell(EditCustomer edit, SettingsStore settings, Texts texts)
{
    /// <summary>The fact behind a column.</summary>
    public static string Field(string key) => key.StartsWith("custom-", StringComparison.Ordinal) ? CustomField.Prefix + key["custom-".Length..] : key;

    /// <exception cref="RuleException"><c>views.move.fixed</c>, <c>customers.customer.unknown</c>.</exception>
    public async Task<Cell> Run(HttpContext http, long id, string key, CancellationToken ct)
    {
        var field = Field(key);
        if (key == "owner" || !Board.IsMovable(http, field)) { throw new RuleException("views.move.fixed"); }
        var (customer, version) = await edit.Find(id, ct);
        var value = CustomerColumns.Value(customer, field) ?? "";
        var own = Viewer.Of(http).Own.FirstOrDefault(one => one.Input == field);
        if (own is not null)
        {
            var words = new ListWording(texts, (await settings.Get<FirmSettings>(ct)).Currency, TimeZoneInfo.Utc);
            return new(id, key, own.Label(texts), words.Show(own, value.Length > 0 ? value : null)) { Value = value, Version = version, Type = own.Type == FieldType.Date ? "date" : "text", Choices = [.. own.Choices.Select(choice => (choice.Value, choice.Label(texts)))] };
        }
        var label = texts["customers.field." + field];
        return field switch
        {
            "kind" => Kind(id, key, label, (CustomerKind)int.Parse(value, CultureInfo.InvariantCulture), version),
            "phone" => new(id, key, label, Phone.Shown(value)) { Value = value, Version = version, Type = "tel" },
            _ => new(id, key, label, value) { Value = value, Version = version },
        };
    }

    private Cell Kind(long id, string key, string label, CustomerKind kind, int version) => new(id, key, label, texts[Words.Of(kind)])
    {
        Value = CustomerFilter.Kebab(kind),
        Version = version,
        Choices = [.. Enum.GetValues<CustomerKind>().Select(one => (CustomerFilter.Kebab(one), texts[Words.Of(one)]))],
    };
}
