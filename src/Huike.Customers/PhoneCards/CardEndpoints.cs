using System.Globalization;
using System.Text;
using Huike.Customers.Contracts;
using Huike.Customers.Processing;
using Huike.Customers.VCards;
using Huike.Platform;
using Huike.Platform.Access.Records;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Huike.Customers.PhoneCards;

/// <summary>Cards as files: one customer's out, many in.</summary>
internal static class CardEndpoints
{
    public const string Path = "/customers/vcards";

    public static void MapCards(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/customers/{id:long}/vcard", Send).RequireRecord(CustomerPermissions.Records, RecordAction.Export);
        var add = routes.MapGroup(Path).RequireAuthorization(CustomerPermissions.Create);
        add.MapGet("/", (HttpContext http, Texts texts, Shown<CardImport> shown) => Show(http, texts, shown, new([], [], ""), StatusCodes.Status200OK));
        add.MapPost("/", async (HttpContext http, Texts texts, ImportCards import, Shown<CardImport> shown, IFormFile? file, CancellationToken ct) => await Look(http, texts, import, shown, file, ct));
        add.MapPost("/taking", async (HttpContext http, Texts texts, ImportCards import, Shown<CardImport> shown, IFormCollection form, CancellationToken ct) =>
        {
            var chosen = form["card"].Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var i) ? i : -1).ToHashSet();
            return Show(http, texts, shown, await import.Run(http, form["cards"].ToString(), chosen, FormKey.Read(form[FormKey.Name]), ct), StatusCodes.Status200OK);
        });
    }

    private static IResult Show(HttpContext http, Texts texts, Shown<CardImport> shown, CardImport import, int status)
    {
        shown.Value = import;
        return Pages.Show<CardImportPage>(http, texts["cards.import.title"], status: status);
    }

    private static async Task<IResult> Look(HttpContext http, Texts texts, ImportCards import, Shown<CardImport> shown, IFormFile? file, CancellationToken ct)
    {
        var wrong = file is not { Length: > 0 } ? "load.files.none" : file.Length > ImportCards.LargestMegabytes << 20 ? "load.files.large" : null;
        if (wrong is not null) { return Show(http, texts, shown, new([], [texts[wrong, ImportCards.LargestMegabytes]], ""), StatusCodes.Status422UnprocessableEntity); }
        using var kept = new MemoryStream();
        await file!.CopyToAsync(kept, ct);
        var looked = await import.Look(http, kept.ToArray(), ct);
        return Show(http, texts, shown, looked, looked.Cards.Count == 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);
    }

    /// <summary>The customer's card and those of his contacts, or one of them: an export like others, with its purpose, begun and ended in the audit.</summary>
    private static async Task Send(HttpContext http, Register register, Database database, AuditLog audit, Texts texts, long id, CancellationToken ct, long? contact = null)
    {
        var purpose = await register.Demand(http.Request.Query["purpose"], ct);
        var version = http.Request.Query["version"].ToString() switch { "" or VCard.Three => VCard.Three, VCard.Four => VCard.Four, var other => throw new RuleException("cards.fault.version", other[..Math.Min(other.Length, 20)]) };
        await using var connection = await database.Open(ct);
        var cards = (await CardRecords.Of(connection, "c.id = @id", [("id", id)], Viewer.Of(http), ct)).FindAll(card => contact is null || (card.Kind == CardKind.Contact && card.Id == contact));
        if (cards.Count == 0) { throw new RuleException("customers.person.unknown"); }
        AuditChange[] what = [AuditChange.Is("purpose", purpose.Name(texts)), AuditChange.Is("format", "vcf")];
        await audit.Write(new AuditEntry("export.begun") { Kind = Audited.Customers.Name, Record = id, Changes = what }, ct);
        var disposition = new Microsoft.Net.Http.Headers.ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(string.Concat(cards[0].Facts.Name.Select(letter => char.IsLetterOrDigit(letter) ? letter : '_')) + ".vcf");
        http.Response.ContentType = "text/vcard; charset=utf-8";
        http.Response.Headers.ContentDisposition = disposition.ToString();
        await http.Response.WriteAsync(string.Concat(cards.Select(card => WriteVCard.Run(WriteCard.Run(card, WriteCard.UidOf(card), null, version)))), Encoding.UTF8, ct);
        await audit.Write(new AuditEntry("export.ended") { Kind = Audited.Customers.Name, Record = id, Changes = [.. what, AuditChange.Is("rows", cards.Count)] }, CancellationToken.None);
    }
}
