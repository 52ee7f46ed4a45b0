using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Customers.Pools;
using Huike.Customers.Products;
using Huike.Customers.SubjectRequests;
using Huike.Platform.Access;
using Huike.Platform.Access.Records;
using Huike.Platform.Data;
using Huike.Platform.Retention;
using Huike.Platform.Search;
using Huike.Ui;
using Huike.Ui.Kit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Huike.Customers.Find;

/// <summary>查找: the one box. Customers by why they are meant, what notes say, products and requests, each as far as the visitor may see them.</summary>
internal sealed class Palette(CustomerList customers, FoundNotes notes, ProductList products, Database database, Texts texts)
{
    private const int MostCustomers = 8;
    private const int MostOthers = 3;
    private const int MostPools = 5;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/palette", Show).RequireAuthorization(CustomerPermissions.Read);

    private static async Task<IResult> Show(HttpContext http, Palette palette, CancellationToken ct) =>
        Pages.Fragment<PaletteResults>(http, new { Hits = await palette.Hits(http, CustomerFilter.Read(http.Request.Query, []).Q, ct) });

    private async Task<IReadOnlyList<PaletteHit>> Hits(HttpContext http, string q, CancellationToken ct)
    {
        if (q.Length == 0) { return []; }
        var viewer = Viewer.Of(http);
        var found = await customers.Best(q, viewer, MostCustomers, ct);
        // A group stands where its best hit stands.
        var hits = found.Select(hit => Of(hit.Customer, hit.Why)).ToList();
        if (!viewer.SeesAll) { hits.AddRange(await Waiting(http, q, ct)); }
        if (viewer.SeesInternal) { hits.AddRange((await notes.Newest(q, viewer, MostOthers, ct)).Select(note => new PaletteHit(note.Customer, note.Piece, $"/customers/{note.CustomerId}", texts["customers.find.notes"], "sticky-note"))); }
        if (http.User.Holds(ProductPermissions.Read))
        {
            hits.AddRange((await products.Some(q, MostOthers, ct)).Select(product => new PaletteHit(product.Name.Length > 0 ? product.Name : product.Code, product.Code, $"{ProductQuery.Path}/{product.Id}", texts["products.list.title"], "package")));
        }
        if (found.Count > 0 && http.User.Holds(PrivacyPermissions.Requests)) { hits.AddRange(await Requests([.. found.Select(hit => hit.Customer.Id)], ct)); }
        return hits;
    }

    /// <summary>Who waits in the visitor's pools, as far as each of them shows: what a pool masks finds nobody there.</summary>
    private async Task<List<PaletteHit>> Waiting(HttpContext http, string q, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var hits = new List<PaletteHit>();
        foreach (var pool in (await Pool.Of(connection, http.User.Access(), ct)).Take(MostPools))
        {
            hits.AddRange((await customers.Best(q, pool.Viewer(http), MostOthers, ct)).Select(hit => Of(hit.Customer, hit.Why) with { Href = string.Create(CultureInfo.InvariantCulture, $"{pool.Href}/customers/{hit.Customer.Id}"), Group = pool.Name }));
        }
        return hits;
    }

    private PaletteHit Of(ListedCustomer row, HitBy why) => new(row.Name.Length > 0 ? row.Name : row.Number,
        string.Join(" · ", new[] { row.Number, Phone.Shown(row.Phone), row.Place }.Where(part => part is { Length: > 0 })), $"/customers/{row.Id}", why switch
        {
            HitBy.Contact => texts["customers.find.contact"],
            HitBy.Alike => texts["customers.find.alike"],
            _ => texts["customers.list.title"],
        });

    private async Task<IEnumerable<PaletteHit>> Requests(IReadOnlyList<long> of, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return (await SubjectRequest.Of(connection, of, MostOthers, ct)).Select(request => new PaletteHit(request.CustomerName,
            $"{texts["privacy.kind." + CustomerFilter.Kebab(request.Kind)]} · {texts["privacy.state." + CustomerFilter.Kebab(request.State)]}", request.Href, texts["privacy.request.title"], "inbox"));
    }
}
