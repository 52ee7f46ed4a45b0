using System.Data.Common;
using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Events;
using Huike.Platform.Fields;

namespace Huike.Customers.Products;

/// <summary>Says what a product costs, which category it belongs to, and what the firm's own fields say of it. Where cost or category changed, customer value is computed anew.</summary>
internal sealed class EditProduct(Database database, EventLog events, AuditLog audit, FieldBook fields)
{
    /// <exception cref="RuleException"><c>products.product.unknown</c>.</exception>
    public async Task<Product> Show(long id, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return await Find(connection, id, ct);
    }

    /// <param name="id">Which product.</param>
    /// <param name="form">A form without errors; its version is the one that was shown.</param>
    /// <param name="ct">Ends the write.</param>
    /// <exception cref="RuleException"><c>products.product.unknown</c>; <c>products.edit.stale</c>: someone else changed it since it was shown.</exception>
    public async Task Run(long id, ProductForm form, CancellationToken ct)
    {
        await audit.Change(async connection =>
        {
            // Holds the row, so that nobody comes in between reading and writing it.
            await connection.Run("update customers_product set version = version where id = @id", ct, ("id", id));
            var old = await Find(connection, id, ct);
            if (old.Version != form.Version) { throw new RuleException("products.edit.stale"); }
            // Fields that the form doesn't show stay as they are.
            var own = form.Fields.Aggregate(old.Own, (values, field) => field.Type == FieldType.Formula ? values : values.With(field.Name, form.Own[field.Name]));
            var now = old with { Cost = form.Amount, Category = form.Category, Own = FieldRules.Compute(fields.Of(Product.Fielded.Name), own) };
            var changes = old.Changes(now).ToList();
            if (changes.Count == 0) { return null; }
            await connection.Run("update customers_product set cost = @cost, category = @category, custom = @custom, version = version + 1 where id = @id", ct,
                ("cost", now.Cost?.ToStored()), ("category", now.Category), ("custom", now.Own.ToColumn()), ("id", id));
            await events.Raise(connection, new ProductsChanged { Costs = old with { Own = now.Own } != now }, ct);
            return new AuditEntry("product.edited") { Kind = Audited.Products.Name, Record = id, Changes = changes };
        }, ct);
    }

    private static async Task<Product> Find(DbConnection connection, long id, CancellationToken ct) =>
        await connection.First($"select {Product.Columns} from customers_product where id = @id", Product.Map, ct, ("id", id)) ?? throw new RuleException("products.product.unknown", id);
}
