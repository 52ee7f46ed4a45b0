using System.Globalization;
using Huike.Platform.Data;

namespace Huike.Customers.Products;

/// <summary>A page of the list.</summary>
/// <param name="Rows">In order.</param>
/// <param name="Position">How many stand before the first row, counted while walking.</param>
/// <param name="Count">How many there are in all.</param>
/// <param name="IsMore">True where there are more than <paramref name="Count"/>.</param>
/// <param name="Previous">Cursor for the page before this one; null on the first.</param>
/// <param name="Next">Cursor for the page after this one; null on the last.</param>
internal sealed record ProductPage(IReadOnlyList<Product> Rows, long Position, long Count, bool IsMore, ListCursor? Previous, ListCursor? Next);

/// <summary>Reads the list of products page by page.</summary>
internal sealed class ProductList(Database database, Remembered remembered)
{
    /// <summary>Beyond so many they are told as "more than".</summary>
    private const int MostCounted = 10_000;

    /// <summary>Place of the key behind a product's columns.</summary>
    private static readonly int Keys = Product.Columns.Split(',').Length;

    /// <summary>One page. Costs its rows, whatever its place in the list; a search walks along the order until the page is full.</summary>
    public async Task<ProductPage> Page(ProductQuery query, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var conditions = Conditions(query).ToList();
        var count = await connection.Number($"select count(*) from (select 1 from customers_product c {Where(conditions)} limit {MostCounted + 1}) counted", ct, Parameters(conditions));
        var key = query.Key;
        // Backwards a page is read in the opposite order and turned.
        var (after, direction) = query.Descending != query.Backwards ? ("<", " desc") : (">", "");
        if (query.From is not null) { conditions.Add(($"({key.Sql}, c.id) {after} (@at0, @at1)", null, null)); }
        var rows = await connection.Rows($"select {Product.Columns}, {key.Sql} from customers_product c {Where(conditions)} order by {key.Sql}{direction}, c.id{direction} limit {ProductQuery.Limit + 1}",
            row => (Product: Product.Map(row), Values: (string[])[key.Read(row, Keys), row.GetInt64(0).ToString(CultureInfo.InvariantCulture)]), ct, [.. Parameters(conditions), .. query.From?.Parameters([key]) ?? []]);
        var more = rows.Count > ProductQuery.Limit;
        if (more) { rows.RemoveAt(rows.Count - 1); }
        if (query.Backwards) { rows.Reverse(); }
        var position = query.From is not { } from ? 0 : query.Backwards ? Math.Max(0, from.Position - rows.Count) : from.Position + 1;
        var (hasPrevious, hasNext) = query.Backwards ? (more, true) : (query.From is not null, more);
        return new(rows.ConvertAll(row => row.Product), position, Math.Min(count, MostCounted), count > MostCounted,
            hasPrevious && rows.Count > 0 ? new(query.Order, position, rows[0].Values) : null,
            hasNext && rows.Count > 0 ? new(query.Order, position + rows.Count - 1, rows[^1].Values) : null);
    }

    /// <summary>Some whose number or name has the text in it, those that begin with it first.</summary>
    public async Task<List<Product>> Some(string q, int most, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var conditions = Conditions(new() { Q = q }).ToList();
        return await connection.Rows($"select {Product.Columns} from customers_product c {Where(conditions)} order by case when substr(lower(name), 1, length(@whole)) = lower(@whole) or substr(lower(code), 1, length(@whole)) = lower(@whole) then 0 else 1 end, code limit {most}",
            Product.Map, ct, [.. Parameters(conditions), ("whole", q)]);
    }

    /// <summary>Categories of products, in order; the first two hundred.</summary>
    public Task<List<string>> Categories(CancellationToken ct) => remembered.Get("product categories", async () =>
    {
        await using var connection = await database.Open(ct);
        // From one value to the next over the index, not over the products.
        return await connection.Rows("""
            with recursive choice (value) as (
                select (select category from customers_product where category > '' order by category limit 1)
                union all
                select (select category from customers_product where category > choice.value order by category limit 1) from choice where choice.value is not null)
            select value from choice where value is not null limit 200
            """, row => row.GetString(0), ct);
    });

    private static IEnumerable<(string Sql, string? Name, object? Value)> Conditions(ProductQuery query)
    {
        // Both sides by the database's own notion of capitals.
        if (query.Q.Length > 0)
        {
            var searched = query.Fields.Where(field => field.IsSearched).Select(field => field.Sql("c")).Prepend("name").Prepend("code");
            yield return ($"({string.Join(" or ", searched.Select(text => $@"lower({text}) like lower(@q) escape '\'"))})", "q", $"%{Escaped(query.Q)}%");
        }
        if (query.Category.Length > 0) { yield return ("category = @category", "category", query.Category); }
        if (query.WithoutCost) { yield return ("cost is null", null, null); }
        foreach (var one in query.Own.All)
        {
            foreach (var (test, name, value) in one.Tests()) { yield return ($"{one.Field.Sql("c")} {test}", name, value); }
        }
    }

    private static string Escaped(string text) => text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal);

    private static string Where(List<(string Sql, string? Name, object? Value)> conditions) =>
        conditions.Count == 0 ? "" : "where " + string.Join(" and ", conditions.Select(condition => condition.Sql));

    private static (string, object?)[] Parameters(List<(string Sql, string? Name, object? Value)> conditions) =>
        [.. conditions.Where(condition => condition.Name is not null).Select(condition => (condition.Name!, condition.Value))];
}
