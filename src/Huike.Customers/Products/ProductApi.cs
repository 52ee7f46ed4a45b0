using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Access;
using Huike.Platform.Access.Records;
using Huike.Platform.Api;
using Huike.Platform.Fields;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Huike.Customers.Products;

/// <summary>Products by number.</summary>
internal sealed record ProductRecords(long Total, bool More, string? Previous, string? Next, IReadOnlyList<ProductRecord> Rows);

/// <summary>A product as programs read it.</summary>
/// <param name="Id">Number of the record.</param>
/// <param name="Code">The firm's key.</param>
/// <param name="Name">The key where the ledger tells no name.</param>
/// <param name="Category">Empty where unknown.</param>
/// <param name="Cost">Per unit, in the firm's currency; null where nobody said.</param>
/// <param name="Version">Grows with each change.</param>
/// <param name="Custom">Values of the firm's own fields that the reader sees, by their names.</param>
internal sealed record ProductRecord(long Id, string Code, string Name, string Category, decimal? Cost, int Version, IReadOnlyDictionary<string, object?> Custom)
{
    public static ProductRecord Of(Product product, IReadOnlyList<CustomField> fields) =>
        new(product.Id, product.Code, product.Name, product.Category, product.Cost, product.Version, FieldValue.Members(fields, product.Own));
}

/// <summary>What a program says of a product: only the members that are given count, null empties one.</summary>
/// <param name="Cost">Per unit, in the firm's currency, from 0 to 100,000,000.</param>
/// <param name="Category">At most 100 characters.</param>
/// <param name="Custom">Values of the firm's own fields, by their names; only those that are given count, null empties one.</param>
internal sealed record ProductInput(decimal? Cost = null, string? Category = null, IReadOnlyDictionary<string, JsonElement>? Custom = null);

/// <summary>Products for programs.</summary>
internal static class ProductApi
{
    public static void MapProductApi(this IEndpointRouteBuilder routes)
    {
        var products = routes.MapApi("products");
        products.MapGet("/", List).RequireAuthorization(ProductPermissions.Read).WithName("listProducts").Produces<ProductRecords>().Takes([new("q"), new("category"), new("cost", ["none"]), new("sort", ["code"]), new("dir", ["asc", "desc"]), .. ApiParameter.Cursors, ApiParameter.Fields]);
        products.MapGet("/{id:long}", One).RequireAuthorization(ProductPermissions.Read).WithName("readProduct").Produces<ProductRecord>().Takes(ApiParameter.Fields);
        products.MapPatch("/{id:long}", Change).RequireAuthorization(ProductPermissions.Read, ProductPermissions.Edit).Writes<ProductInput, ProductRecord>("changeProduct", matched: true);
    }

    private static async Task List(HttpContext http, ProductList list, FieldBook book, CancellationToken ct)
    {
        var fields = FieldSelection.Read<ProductRecord>(http.Request);
        var own = book.Seen(Product.Fielded, http.User.Access());
        var page = await list.Page(ProductQuery.Read(http.Request.Query, own), ct);
        await Send(http, ApiAnswer.Of(new ProductRecords(page.Count, page.IsMore, page.Previous?.ToString(), page.Next?.ToString(), [.. page.Rows.Select(row => ProductRecord.Of(row, own))])), fields, "rows", ct);
    }

    private static async Task One(HttpContext http, EditProduct edit, FieldBook book, long id, CancellationToken ct)
    {
        var fields = FieldSelection.Read<ProductRecord>(http.Request);
        var product = await edit.Show(id, ct);
        http.Response.Headers.ETag = ApiVersion.Tag(product.Version);
        await Send(http, ApiAnswer.Of(ProductRecord.Of(product, book.Seen(Product.Fielded, http.User.Access()))), fields, null, ct);
    }

    private static Task Change(HttpContext http, ApiWrites writes, EditProduct edit, FieldBook book, FieldReferences references, long id, CancellationToken ct) => writes.Change(http, Product.Fielded.Table, id, async (input, version) =>
    {
        var (value, given) = input.As<ProductInput>();
        var own = book.Seen(Product.Fielded, http.User.Access());
        var old = await edit.Show(id, ct);
        var form = ProductForm.Read(new FormCollection(new(FieldRules.Form(own, value.Custom))
        {
            ["cost"] = ProductForm.Write(given.Contains("cost") ? value.Cost : old.Cost),
            ["category"] = given.Contains("category") ? value.Category : old.Category,
            ["version"] = version.ToString(CultureInfo.InvariantCulture),
        }), [.. own.Where(field => value.Custom?.ContainsKey(field.Name) == true)], old.Own);
        form = await form.Found(references, http.User.Access(), ct);
        if (!form.IsRight) { throw new RuleException("api.fields.wrong") { Fields = form.Errors }; }
        await edit.Run(id, form, ct);
        var product = await edit.Show(id, ct);
        return ApiAnswer.Of(ProductRecord.Of(product, own)) with { Version = product.Version };
    }, ct);

    private static async Task Send(HttpContext http, ApiAnswer answer, FieldSelection? fields, string? rows, CancellationToken ct)
    {
        http.Response.ContentType = "application/json; charset=utf-8";
        if (fields is null) { http.Response.BodyWriter.Write(answer.Body.Span); }
        else { fields.Write(answer.Body, rows, http.Response.BodyWriter); }
        await http.Response.BodyWriter.FlushAsync(ct);
    }
}
