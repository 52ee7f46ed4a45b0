using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Customers.Parts;
using Huike.Customers.Tags;
using Huike.Platform;
using Huike.Platform.Access.Records;
using Huike.Platform.Data;
using Huike.Platform.Search;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Huike.Customers.Addresses;

/// <summary>Routes of the addresses on a customer's file. A form that only asks for the next choice, or has a block read, comes back filled in.</summary>
internal static class AddressEndpoints
{
    private static readonly string[] Inputs = ["use", "recipient", "phone", "detail", "postcode", "preferred", "block", FormKey.Name];

    public static void MapAddresses(this IEndpointRouteBuilder routes)
    {
        var edit = routes.MapGroup("/customers/{id:long}/addresses").RequireRecord(CustomerPermissions.Records, RecordAction.Edit);
        edit.MapGet("/new", async (HttpContext http, Texts texts, Database database, Shown<AddressForm> shown, long id, CancellationToken ct) =>
            Viewer.Of(http).SeesPersonal ? Show(http, texts, shown, await Empty(database, id, ct)) : Back(id));
        edit.MapPost("/", Add);
        edit.MapGet("/{address:long}", async (HttpContext http, Texts texts, Database database, Shown<AddressForm> shown, long id, long address, CancellationToken ct) =>
            Viewer.Of(http).SeesPersonal ? Show(http, texts, shown, await Kept(http, database, id, address, ct)) : Back(id));
        edit.MapPost("/{address:long}", Change);
        edit.MapPost("/{address:long}/preferred", async (HttpContext http, long id, long address, ChangeAddresses change, IFormCollection form, CancellationToken ct) =>
        {
            await change.Change(FileWriter.Of(http, id), address, null, old => old with { IsPreferred = true }, ct);
            return Back(id);
        });
        edit.MapPost("/{address:long}/removal", async (HttpContext http, long id, long address, ChangeAddresses change, IFormCollection form, CancellationToken ct) =>
        {
            await change.Remove(FileWriter.Of(http, id), address, ct);
            return Back(id);
        });
        routes.MapAddressApi();
    }

    private static async Task<IResult> Add(HttpContext http, Texts texts, Database database, ChangeAddresses change, Shown<AddressForm> shown, IFormCollection form, long id, CancellationToken ct)
    {
        var empty = await Empty(database, id, ct);
        return await Save(http, texts, shown, empty, form, wanted => change.Add(FileWriter.Of(http, id), wanted, FormKey.Read(form[FormKey.Name]), ct));
    }

    private static async Task<IResult> Change(HttpContext http, Texts texts, Database database, ChangeAddresses change, Shown<AddressForm> shown, IFormCollection form, long id, long address, CancellationToken ct)
    {
        var kept = await Kept(http, database, id, address, ct);
        var version = int.TryParse(form["version"], CultureInfo.InvariantCulture, out var seen) ? seen : 0;
        return await Save(http, texts, shown, kept, form, wanted => change.Change(FileWriter.Of(http, id), address, version, _ => wanted, ct));
    }

    private static async Task<IResult> Save(HttpContext http, Texts texts, Shown<AddressForm> shown, AddressForm view, IFormCollection form, Func<Address, Task<long>> save)
    {
        var typed = Inputs.ToDictionary(input => input, input => form[input].ToString());
        view = view with { Typed = typed, Division = AddressForm.Chosen(form) };
        switch (form["step"].ToString())
        {
            case "read": return Show(http, texts, shown, Parsed(view, typed["block"]));
            case "choose": return Show(http, texts, shown, view);
        }
        try
        {
            await save(Address.Read(TypedText.Chosen<AddressUse>(form["use"], "customers.address.useWrong"), view.Division?.Code, form["detail"], (form["recipient"], form["phone"], form["postcode"])) with { IsPreferred = form["preferred"] == "true" });
            return Back(view.CustomerId);
        }
        catch (RuleException refusal) when (refusal.Code.StartsWith("customers.address.", StringComparison.Ordinal) || refusal.Code.StartsWith("customers.form.", StringComparison.Ordinal) || refusal.Code == "customers.edit.stale")
        {
            return Show(http, texts, shown, view with { Refusal = refusal }, StatusCodes.Status422UnprocessableEntity);
        }
    }

    /// <summary>What a block says takes the place of what was typed, where it says something.</summary>
    private static AddressForm Parsed(AddressForm view, string block)
    {
        var read = AddressText.Read(block);
        var typed = view.Typed.ToDictionary();
        foreach (var (input, value) in new[] { ("recipient", read.Name), ("phone", read.Phone), ("postcode", read.Postcode), ("detail", read.Detail) })
        {
            if (value is { Length: > 0 }) { typed[input] = value; }
        }
        return view with { Typed = typed, Division = read.Divisions.Count == 1 ? read.Divisions[0] : null, Candidates = read.Divisions.Count > 1 ? read.Divisions : [], Doubts = read.Doubts };
    }

    private static async Task<AddressForm> Empty(Database database, long id, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return new(id, await Name(connection, id, ct), 0, 0) { Typed = new Dictionary<string, string> { [FormKey.Name] = FormKey.New() } };
    }

    private static async Task<AddressForm> Kept(HttpContext http, Database database, long id, long address, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        Demand(http);
        var kept = (await Address.Of(connection, id, ct)).Find(one => one.Id == address && address > 0) ?? throw new RuleException("customers.address.unknown");
        return new(id, await Name(connection, id, ct), address, kept.Version)
        {
            Typed = new Dictionary<string, string> { ["use"] = CustomerFilter.Kebab(kept.Use), ["recipient"] = kept.Recipient, ["phone"] = kept.Phone ?? "", ["detail"] = kept.Detail, ["postcode"] = kept.Postcode ?? "", [FormKey.Name] = FormKey.New() },
            Division = kept.Division,
        };
    }

    private static void Demand(HttpContext http)
    {
        if (!Viewer.Of(http).SeesPersonal) { throw new RuleException("access.record.refused"); }
    }

    private static async Task<string> Name(System.Data.Common.DbConnection connection, long id, CancellationToken ct)
    {
        await CustomerRules.DemandPerson(connection, id, ct);
        return await connection.First("select coalesce(nullif(name, ''), number) from customers_customer where id = @id", row => row.GetString(0), ct, ("id", id)) ?? "";
    }

    private static IResult Show(HttpContext http, Texts texts, Shown<AddressForm> shown, AddressForm form, int status = StatusCodes.Status200OK)
    {
        shown.Value = form;
        return Pages.Show<AddressPage>(http, texts[form.Id == 0 ? "customers.address.add" : "customers.address.change"], status: status);
    }

    private static RedirectHttpResult Back(long id) => TypedResults.LocalRedirect(string.Create(CultureInfo.InvariantCulture, $"/customers/{id}#addresses"));
}
