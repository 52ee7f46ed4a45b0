using System.Buffers;
using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Access;
using Huike.Platform.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Primitives;

namespace Huike.Customers.Products;

/// <summary>Products by number.</summary>
internal sealed record ProductRecords(long Total, bool More, string? Previous, string? Next, IReadOnlyList<Product> Rows);

/// <summary>What a program says of a product: only the members that are given count, null empties one.</summary>
/// <param name="Cost">Per unit, in the firm's currency, from 0 to 100,000,000.</param>
/// <param name="Category">At most 100 characters.</param>
internal sealed record ProductInput(decimal? Cost = null, string? Category = null);

/// <summary>Products for programs.</summary>
internal static class ProductApi
{
    public static void MapProductApi(this IEndpointRouteBuilder routes)
    {
        var products = routes.MapApi("products");
        products.MapGet("/", List).RequireAuthorization(ProductPermissions.Read).WithName("listProducts").Produces<ProductRecords>().Takes([new("q"), new("category"), new("cost", ["none"]), .. ApiParameter.Cursors, ApiParameter.Fields]);
        products.MapGet("/{id:long}", One).RequireAuthorization(ProductPermissions.Read).WithName("readProduct").Produces<Product>().Takes(ApiParameter.Fields);
        products.MapPatch("/{id:long}", Change).RequireAuthorization(ProductPermissions.Read, ProductPermissions.Edit).Writes<ProductInput, Product>("changeProduct", matched: true);
    }

    private static async Task List(HttpContext http, ProductList list, CancellationToken ct)
    {
        var fields = FieldSelection.Read<Product>(http.Request);
        var page = await list.Page(ProductQuery.Read(http.Request.Query), ct);
        await Send(http, ApiAnswer.Of(new ProductRecords(page.Count, page.IsMore, page.Previous?.ToString(), page.Next?.ToString(), page.Rows)), fields, "rows", ct);
    }

    private static async Task One(HttpContext http, EditProduct edit, long id, CancellationToken ct)
    {
        var fields = FieldSelection.Read<Product>(http.Request);
        var product = await edit.Show(id, ct);
        http.Response.Headers.ETag = ApiVersion.Tag(product.Version);
        await Send(http, ApiAnswer.Of(product), fields, null, ct);
    }

    private static Task Change(HttpContext http, ApiWrites writes, EditProduct edit, long id, CancellationToken ct) => writes.Change(http, "customers_product", id, async (input, version) =>
    {
        var (value, given) = input.As<ProductInput>();
        var old = await edit.Show(id, ct);
        var form = ProductForm.Read(new FormCollection(new Dictionary<string, StringValues>
        {
            ["cost"] = ProductForm.Write(given.Contains("cost") ? value.Cost : old.Cost),
            ["category"] = given.Contains("category") ? value.Category : old.Category,
            ["version"] = version.ToString(CultureInfo.InvariantCulture),
        }));
        if (!form.IsRight) { throw new RuleException("api.fields.wrong") { Fields = form.Errors }; }
        await edit.Run(id, form, ct);
        var product = await edit.Show(id, ct);
        return ApiAnswer.Of(product) with { Version = product.Version };
    }, ct);

    private static async Task Send(HttpContext http, ApiAnswer answer, FieldSelection? fields, string? rows, CancellationToken ct)
    {
        http.Response.ContentType = "application/json; charset=utf-8";
        if (fields is null) { http.Response.BodyWriter.Write(answer.Body.Span); }
        else { fields.Write(answer.Body, rows, http.Response.BodyWriter); }
        await http.Response.BodyWriter.FlushAsync(ct);
    }
}
