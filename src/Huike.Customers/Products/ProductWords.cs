using Huike.Platform.Access.Records;
using Huike.Platform.Fields;
using Huike.Platform.Settings;
using Huike.Ui;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers.Products;

/// <summary>What a visitor sees of the firm's own fields on products, and how their values are put into words.</summary>
internal sealed class ProductWords(FieldBook book, FieldReferences references, SettingsStore settings, Texts texts)
{
    /// <summary>Finds people and records.</summary>
    public FieldReferences References => references;

    /// <summary>The fields that the visitor sees.</summary>
    public IReadOnlyList<CustomField> Fields(HttpContext http) => book.Seen(Product.Fielded, http.User.Access());

    /// <summary>Words for some products.</summary>
    /// <param name="http">Whose view counts for links.</param>
    /// <param name="fields">The fields that are shown.</param>
    /// <param name="products">The products.</param>
    /// <param name="ct">Ends the reads.</param>
    public async Task<ListWording> Of(HttpContext http, IEnumerable<CustomField> fields, IEnumerable<Product> products, CancellationToken ct)
    {
        var firm = await settings.Get<FirmSettings>(ct);
        return new(texts, firm.Currency, firm.Zone) { Names = await references.Names([.. fields], [.. products.Select(product => product.Own)], http.User.Access(), ct) };
    }
}
