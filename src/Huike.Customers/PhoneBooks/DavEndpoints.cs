using System.Xml.Linq;
using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.Customers.PhoneBooks;

/// <summary>CardDAV: the part of <see href="https://www.rfc-editor.org/rfc/rfc6352">RFC 6352</see> and <see href="https://www.rfc-editor.org/rfc/rfc6578">RFC 6578</see> that address books of phones use.</summary>
internal static class DavEndpoints
{
    /// <summary>Where the door is.</summary>
    public const string Path = "/dav";

    private const string WellKnown = "/.well-known/carddav";
    private const string Allowed = "OPTIONS, PROPFIND, REPORT, GET, HEAD, PUT, DELETE";

    private static readonly string[] Find = ["PROPFIND"];

    public static void MapPhoneBooks(this IEndpointRouteBuilder routes)
    {
        // Where the phone begins; who it is, it is asked behind it.
        routes.MapMethods(WellKnown, ["GET", "PROPFIND"], () => TypedResults.LocalRedirect(DavTree.Root, permanent: true, preserveMethod: true)).AllowAnonymous();
        var dav = routes.MapGroup(Path).RequireAuthorization(CustomerPermissions.Cards, CustomerPermissions.Read).LimitTokens();
        dav.MapMethods("/{**rest}", ["OPTIONS"], (HttpContext http) => Options(http));
        dav.MapMethods("/", Find, (HttpContext http, CancellationToken ct) => One(http, DavTree.RootOf(), DavTree.PersonOf(http), ct));
        dav.MapMethods("/person", Find, (HttpContext http, CancellationToken ct) => One(http, DavTree.PersonOf(http), null, ct));
        dav.MapMethods("/books", Find, Home);
        var book = dav.MapGroup("/books/customers");
        book.MapMethods("/", Find, Book);
        book.MapMethods("/", ["REPORT"], Report);
        book.MapMethods("/{name}", Find, Card);
        book.MapGet("/{name}", (HttpContext http, ReadBook read, string name, CancellationToken ct) => read.One(http, name, ct));
        book.MapPut("/{name}", (HttpContext http, WriteBook write, string name, CancellationToken ct) => write.Put(http, name, ct));
        book.MapDelete("/{name}", (HttpContext http, WriteBook write, string name, CancellationToken ct) => write.Delete(http, name, ct));
        routes.MapPhoneBookPages();
    }

    private static void Options(HttpContext http)
    {
        http.Response.Headers["DAV"] = "1, 3, addressbook";
        http.Response.Headers.Allow = Allowed;
    }

    private static async Task Home(HttpContext http, DavTree tree, PhoneBook book, TimeProvider clock, CancellationToken ct)
    {
        var wish = await Wish(http, ct);
        if (Depth(http) != "1") { await Send(http, wish, [tree.HomeOf()], ct); return; }
        var seq = (await book.Read(Viewer.Of(http), ct)).Seq;
        await Send(http, wish, [tree.HomeOf(), tree.BookOf(seq, ReadBook.Token(seq, clock.GetUtcNow()))], ct);
    }

    private static async Task One(HttpContext http, DavResource resource, DavResource? child, CancellationToken ct) =>
        await Send(http, await Wish(http, ct), [resource, .. child is null || Depth(http) != "1" ? [] : (DavResource[])[child]], ct);

    private static async Task Book(HttpContext http, ReadBook read, CancellationToken ct)
    {
        if (Depth(http) is var depth && depth is not ("0" or "1"))
        {
            await DavXml.Send(http, StatusCodes.Status403Forbidden, DavXml.Error(DavXml.Dav + "propfind-finite-depth"), ct);
            return;
        }
        Options(http);
        await read.List(http, await Wish(http, ct), depth == "1", ct);
    }

    private static async Task Card(HttpContext http, Platform.Data.Database database, ReadBook read, string name, CancellationToken ct)
    {
        var wish = (await Wish(http, ct)) is var asked && asked.WantsCards ? asked with { Names = [.. asked.Names!.Where(one => one != DavXml.Card + "address-data")] } : asked;
        await using var connection = await database.Open(ct);
        if (await PhoneBook.Find(connection, Viewer.Of(http), name, ct) is not { Tag: not null } card) { http.Response.StatusCode = StatusCodes.Status404NotFound; }
        else { await Send(http, wish, [DavTree.CardOf(card, wish)], ct); }
    }

    private static async Task Report(HttpContext http, ReadBook read, CancellationToken ct)
    {
        var report = await DavXml.Read(http.Request, ct) ?? throw new BadHttpRequestException("XML expected");
        try
        {
            await read.Report(http, report, ct);
        }
        catch (RuleException refused)
        {
            await DavXml.Send(http, StatusCodes.Status403Forbidden, DavXml.Error(DavXml.Card + "supported-filter", http.RequestServices.GetRequiredService<Ui.Texts>()[refused.Code, [.. refused.Args]]), ct);
        }
    }

    private static Task Send(HttpContext http, DavWish wish, IEnumerable<DavResource> resources, CancellationToken ct)
    {
        Options(http);
        return DavXml.Send(http, DavAnswer.MultiStatus, DavAnswer.Several(resources.Select(one => DavAnswer.Of(one, wish))), ct);
    }

    private static async Task<DavWish> Wish(HttpContext http, CancellationToken ct)
    {
        XElement? asked = await DavXml.Read(http.Request, ct);
        return DavWish.Read(asked);
    }

    private static string Depth(HttpContext http) => http.Request.Headers["Depth"].ToString() is { Length: > 0 } said ? said : "infinity";
}
