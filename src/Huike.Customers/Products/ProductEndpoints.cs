using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Access;
using Huike.Platform.Access.Records;
using Huike.Platform.Audit;
using Huike.Platform.Fields;
using Huike.Platform.Imports;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Huike.Customers.Products;

/// <summary>Routes of the products: the list, one of them, and a file of costs.</summary>
internal static class ProductEndpoints
{
    private const int LargestMegabytes = 10;

    public static void MapProducts(this IEndpointRouteBuilder routes)
    {
        var read = routes.MapGroup(ProductQuery.Path).RequireAuthorization(ProductPermissions.Read);
        read.MapGet("/", List);
        read.MapGet("/{id:long}", Show);
        var edit = routes.MapGroup(ProductQuery.Path).RequireAuthorization(ProductPermissions.Read, ProductPermissions.Edit);
        edit.MapPost("/{id:long}", Edit);
        edit.MapGet("/costs", (HttpContext http, Texts texts) => Pages.Show<CostsPage>(http, texts["products.costs.title"], new { Megabytes = LargestMegabytes }));
        edit.MapPost("/costs", Load);
    }

    private static async Task<IResult> List(HttpContext http, Texts texts, ProductList list, IMargins margins, ProductWords wording, Shown<ProductListView> shown, CancellationToken ct)
    {
        var query = ProductQuery.Read(http.Request.Query, wording.Fields(http));
        var columns = ProductListView.ColumnsOf(await margins.Get(ct), query.Fields);
        var (page, chosen) = (await list.Page(query, ct), ListColumn.Chosen(http, ProductQuery.Path, columns, ProductListView.Usual));
        var words = await wording.Of(http, chosen.Select(column => column.Own).OfType<CustomField>(), page.Rows, ct);
        shown.Value = new(query, page, await list.Categories(ct), columns, chosen, words, http.User.Holds(ProductPermissions.Edit));
        return Pages.Show<ProductListPage>(http, texts["products.list.title"]);
    }

    private static async Task<IResult> Show(HttpContext http, EditProduct edit, ProductList list, ProductWords wording, Shown<ProductView> shown, long id, CancellationToken ct)
    {
        var product = await edit.Show(id, ct);
        return await Shown(http, product, ProductForm.Of(product, wording.Fields(http)), list, wording, shown, ct);
    }

    private static async Task<IResult> Edit(HttpContext http, EditProduct edit, ProductList list, ProductWords wording, Shown<ProductView> shown, IFormCollection posted, long id, CancellationToken ct)
    {
        var fields = wording.Fields(http);
        var form = await ProductForm.Read(posted, fields, (await edit.Show(id, ct)).Own).Found(wording.References, http.User.Access(), ct);
        var stale = false;
        if (form.IsRight)
        {
            try
            {
                await edit.Run(id, form, ct);
                return TypedResults.LocalRedirect(ProductQuery.Read(http.Request.Query, fields).Href());
            }
            catch (RuleException late) when (late.Code == "products.edit.stale")
            {
                stale = true;
            }
        }
        var product = await edit.Show(id, ct);
        // What was typed stays; saving again writes it over what the other one did.
        if (stale) { form = form with { Version = product.Version }; }
        return await Shown(http, product, form, list, wording, shown, ct, stale);
    }

    private static async Task<IResult> Shown(HttpContext http, Product product, ProductForm form, ProductList list, ProductWords wording, Shown<ProductView> shown, CancellationToken ct, bool stale = false)
    {
        shown.Value = new(product, form, ProductQuery.Read(http.Request.Query, form.Fields))
        {
            Stale = stale,
            Categories = await list.Categories(ct),
            Words = await wording.Of(http, form.Fields, [product], ct),
            MayEdit = http.User.Holds(ProductPermissions.Edit),
            HistoryHref = http.User.Holds(Permissions.Audit) ? AuditModule.HistoryOf(Audited.Products.Name, product.Id) : null,
        };
        return Pages.Show<ProductFormPage>(http, product.Name, status: form.IsRight && !stale ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }

    private static async Task<IResult> Load(HttpContext http, Texts texts, LoadCosts load, Shown<CostsOutcome> shown, IFormFile? file, [FromForm] string? next, CancellationToken ct)
    {
        string fault;
        var path = Path.Combine(Path.GetTempPath(), $"huike-costs-{Guid.CreateVersion7():N}");
        try
        {
            if (file is not { Length: > 0 }) { throw new RuleException("load.files.none"); }
            if (file.Length > LargestMegabytes << 20) { throw new RuleException("load.files.large", LargestMegabytes); }
            await using (var disk = File.Create(path)) { await file.CopyToAsync(disk, ct); }
            shown.Value = await load.Run(path, http.User.Access(), dryRun: next == "check", ct);
            return Pages.Show<CostsPage>(http, texts["products.costs.title"], new { Megabytes = LargestMegabytes, Done = true });
        }
        catch (RuleException rule)
        {
            fault = texts[rule.Code, [.. rule.Args]];
        }
        catch (ImportException unusable)
        {
            fault = texts[unusable.Code, [.. unusable.Args]];
        }
        finally
        {
            File.Delete(path);
        }
        return Pages.Show<CostsPage>(http, texts["products.costs.title"], new { Megabytes = LargestMegabytes, Fault = fault }, StatusCodes.Status422UnprocessableEntity);
    }
}
