using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Access;
using Huike.Platform.Audit;
using Huike.Platform.Imports;
using Huike.Platform.Settings;
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
        routes.MapGet(ProductQuery.Path, List).RequireAuthorization(ProductPermissions.Read);
        var edit = routes.MapGroup(ProductQuery.Path).RequireAuthorization(ProductPermissions.Read, ProductPermissions.Edit);
        edit.MapGet("/{id:long}", Show);
        edit.MapPost("/{id:long}", Edit);
        edit.MapGet("/costs", (HttpContext http, Texts texts) => Pages.Show<CostsPage>(http, texts["products.costs.title"], new { Megabytes = LargestMegabytes }));
        edit.MapPost("/costs", Load);
    }

    private static async Task<IResult> List(HttpContext http, Texts texts, ProductList list, IMargins margins, SettingsStore settings, Shown<ProductListView> shown, CancellationToken ct)
    {
        var query = ProductQuery.Read(http.Request.Query);
        shown.Value = new(query, await list.Page(query, ct), await list.Categories(ct), await margins.Get(ct), (await settings.Get<FirmSettings>(ct)).Currency, http.User.Holds(ProductPermissions.Edit));
        return Pages.Show<ProductListPage>(http, texts["products.list.title"]);
    }

    private static async Task<IResult> Show(HttpContext http, EditProduct edit, ProductList list, SettingsStore settings, Shown<ProductView> shown, long id, CancellationToken ct)
    {
        var product = await edit.Show(id, ct);
        return await Shown(http, new(product, ProductForm.Of(product), ProductQuery.Read(http.Request.Query)), list, settings, shown, ct);
    }

    private static async Task<IResult> Edit(HttpContext http, EditProduct edit, ProductList list, SettingsStore settings, Shown<ProductView> shown, IFormCollection posted, long id, CancellationToken ct)
    {
        var query = ProductQuery.Read(http.Request.Query);
        var form = ProductForm.Read(posted);
        var stale = false;
        if (form.IsRight)
        {
            try
            {
                await edit.Run(id, form, ct);
                return TypedResults.LocalRedirect(query.Href());
            }
            catch (RuleException late) when (late.Code == "products.edit.stale")
            {
                stale = true;
            }
        }
        var product = await edit.Show(id, ct);
        // What was typed stays; saving again writes it over what the other one did.
        if (stale) { form = form with { Version = product.Version }; }
        return await Shown(http, new(product, form, query) { Stale = stale }, list, settings, shown, ct);
    }

    private static async Task<IResult> Shown(HttpContext http, ProductView view, ProductList list, SettingsStore settings, Shown<ProductView> shown, CancellationToken ct)
    {
        shown.Value = view with { Categories = await list.Categories(ct), Currency = (await settings.Get<FirmSettings>(ct)).Currency };
        if (http.User.Holds(Permissions.Audit)) { shown.Value = shown.Value with { HistoryHref = AuditModule.HistoryOf(Audited.Products.Name, view.Product.Id) }; }
        return Pages.Show<ProductFormPage>(http, view.Product.Name, status: view.Form.IsRight && !view.Stale ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
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
            shown.Value = await load.Run(path, dryRun: next == "check", ct);
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
