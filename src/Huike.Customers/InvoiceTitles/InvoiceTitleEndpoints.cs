using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Customers.Parts;
using Huike.Customers.Tags;
using Huike.Platform;
using Huike.Platform.Access.Records;
using Huike.Platform.Data;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Huike.Customers.InvoiceTitles;

/// <summary>Routes of the invoice titles on a customer's file. A form that only has a block read comes back filled in.</summary>
internal static class InvoiceTitleEndpoints
{
    public static void MapInvoiceTitles(this IEndpointRouteBuilder routes)
    {
        var edit = routes.MapGroup("/customers/{id:long}/invoice-titles").RequireRecord(CustomerPermissions.Records, RecordAction.Edit);
        edit.MapGet("/new", async (HttpContext http, Texts texts, Database database, Shown<InvoiceTitleForm> shown, long id, CancellationToken ct) =>
            Viewer.Of(http).SeesPersonal ? Show(http, texts, shown, await Form(database, id, null, ct)) : Back(id));
        edit.MapPost("/", (HttpContext http, Texts texts, Database database, ChangeInvoiceTitles change, Shown<InvoiceTitleForm> shown, IFormCollection form, long id, CancellationToken ct) =>
            Save((http, texts, database, shown), form, (id, null), view => change.Add(FileWriter.Of(http, id), view.Title, FormKey.Read(view[FormKey.Name]), ct), ct));
        edit.MapGet("/{title:long}", async (HttpContext http, Texts texts, Database database, Shown<InvoiceTitleForm> shown, long id, long title, CancellationToken ct) =>
            Viewer.Of(http).SeesPersonal ? Show(http, texts, shown, await Form(database, id, title, ct)) : Back(id));
        edit.MapPost("/{title:long}", (HttpContext http, Texts texts, Database database, ChangeInvoiceTitles change, Shown<InvoiceTitleForm> shown, IFormCollection form, long id, long title, CancellationToken ct) =>
        {
            var version = int.TryParse(form["version"], CultureInfo.InvariantCulture, out var seen) ? seen : 0;
            return Save((http, texts, database, shown), form, (id, title), view => change.Change(FileWriter.Of(http, id), title, version, _ => view.Title, ct), ct);
        });
        edit.MapPost("/{title:long}/preferred", async (HttpContext http, long id, long title, ChangeInvoiceTitles change, IFormCollection form, CancellationToken ct) =>
        {
            await change.Change(FileWriter.Of(http, id), title, null, old => old with { IsPreferred = true }, ct);
            return Back(id);
        });
        edit.MapPost("/{title:long}/removal", async (HttpContext http, long id, long title, ChangeInvoiceTitles change, IFormCollection form, CancellationToken ct) =>
        {
            await change.Remove(FileWriter.Of(http, id), title, ct);
            return Back(id);
        });
        routes.MapFileParts<ChangeInvoiceTitles, InvoiceTitleInput, InvoiceTitleInput, InvoiceTitleRecord>("invoice-titles", ("InvoiceTitle", "InvoiceTitles"));
    }

    private static async Task<IResult> Save((HttpContext Http, Texts Texts, Database Database, Shown<InvoiceTitleForm> Shown) to, IFormCollection form, (long Id, long? Title) of, Func<InvoiceTitleForm, Task<long>> save, CancellationToken ct)
    {
        if (!Viewer.Of(to.Http).SeesPersonal) { throw new RuleException("access.record.refused"); }
        var view = (await Form(to.Database, of.Id, of.Title, ct)).With(form);
        if (form["step"] == "read") { return Show(to.Http, to.Texts, to.Shown, view.Pasted()); }
        try
        {
            await save(view);
            return Back(of.Id);
        }
        catch (RuleException refusal) when (refusal.Code.StartsWith("customers.invoice.", StringComparison.Ordinal) || refusal.Code.StartsWith("customers.form.", StringComparison.Ordinal) || refusal.Code == "customers.edit.stale")
        {
            return Show(to.Http, to.Texts, to.Shown, view with { Refusal = refusal }, StatusCodes.Status422UnprocessableEntity);
        }
    }

    private static async Task<InvoiceTitleForm> Form(Database database, long id, long? title, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        await CustomerRules.DemandPerson(connection, id, ct);
        var customer = (await CustomerColumns.Find(connection, "id", [id], ct))[0].Customer;
        var name = customer.Name is { Length: > 0 } named ? named : customer.Number;
        var all = await InvoiceTitle.Of(connection, id, ct);
        if (title is not null) { return InvoiceTitleForm.Of(id, name, all.Find(one => one.Id == title) ?? throw new RuleException(ChangeInvoiceTitles.Unknown)); }
        return InvoiceTitleForm.New(customer, id, name, all.Count == 0);
    }

    private static IResult Show(HttpContext http, Texts texts, Shown<InvoiceTitleForm> shown, InvoiceTitleForm form, int status = StatusCodes.Status200OK)
    {
        shown.Value = form;
        return Pages.Show<InvoiceTitlePage>(http, texts[form.Id == 0 ? "customers.invoice.add" : "customers.invoice.change"], status: status);
    }

    private static RedirectHttpResult Back(long id) => TypedResults.LocalRedirect(string.Create(CultureInfo.InvariantCulture, $"/customers/{id}#invoice-titles"));
}
