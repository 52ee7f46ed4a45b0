using System.Data.Common;
using Huike.Analytics.Facts;
using Huike.Analytics.Settings;
using Huike.Platform.Data;

namespace Huike.Analytics.Panels;

/// <summary>Adds up the lines of one customer's ledger.</summary>
internal sealed class WorthTally(ValueSettings settings, FirmDays days)
{
    /// <summary>The lines of the customer <c>@id</c>.</summary>
    public const string Lines = """
        select line.at, line.document, line.quantity, line.amount, line.cost, line.is_return, line.product_id, product.name, product.category, product.cost
        from customers_fact_transaction line left join customers_fact_product product on product.id = line.product_id
        where line.customer_id = @id
        """;

    private const int MostEntries = 6;
    private readonly SortedDictionary<int, (long Sales, long Margin)> years = [];
    private readonly SortedDictionary<int, long> sold = [];
    private readonly Dictionary<string, (long Sales, long Quantity)> products = [];
    private readonly Dictionary<string, (long Sales, long Quantity)> categories = [];
    private readonly Dictionary<long, (string Name, string Category, CostOfGoods Goods)> bought = [];
    private readonly HashSet<(int Year, string Document, bool Returned)> documents = [];

    /// <summary>How many lines were added.</summary>
    public int Count { get; private set; }

    public void Add(DbDataReader row)
    {
        Count++;
        var day = days.DayOf(row.At(0).ToUnixTimeMilliseconds());
        var (quantity, amount, isReturn) = (row.GetInt64(2), row.GetInt64(3), row.GetBoolean(5));
        long? product = row.IsDBNull(6) ? null : row.GetInt64(6);
        var (name, category, goods) = OfProduct(row, product);
        var margin = goods.MarginOf(amount, row.IsDBNull(4) ? null : row.GetInt64(4), product, quantity);
        var year = DateOnly.FromDayNumber(day).Year;
        var known = years.GetValueOrDefault(year);
        years[year] = (known.Sales + amount, known.Margin + margin);
        documents.Add((year, row.GetString(1), isReturn));
        if (!isReturn) { sold[day] = sold.GetValueOrDefault(day) + amount; }
        if (name.Length > 0) { Put(products, name, amount, quantity); }
        if (category.Length > 0) { Put(categories, category, amount, quantity); }
    }

    /// <summary>What stands of a product beside each of its lines is read from the first one.</summary>
    private (string Name, string Category, CostOfGoods Goods) OfProduct(DbDataReader row, long? product)
    {
        if (bought.TryGetValue(product ?? 0, out var known)) { return known; }
        var category = row.TextOrNull(8) ?? "";
        return bought[product ?? 0] = (row.TextOrNull(7) ?? "", category, new(product is { } id ? new Dictionary<long, ProductCost> { [id] = new(category, row.IsDBNull(9) ? null : row.GetInt64(9)) } : [], settings));
    }

    public LedgerWorth Conclude()
    {
        PurchaseDay[] purchases = [.. sold.Where(day => day.Value > 0).Select(day => new PurchaseDay(DateOnly.FromDayNumber(day.Key), day.Value.FromStored()))];
        var gaps = purchases.Zip(purchases.Skip(1), (one, next) => next.On.DayNumber - one.On.DayNumber).ToArray();
        return new(
            [.. years.Select(year => new WorthYear(year.Key, year.Value.Sales.FromStored(), year.Value.Margin.FromStored() - Served(year.Key), IsExpected: false))],
            purchases, gaps.Length == 0 ? null : Standings.OwnRhythm.Median(gaps), Top(products), Top(categories));
    }

    private decimal Served(int year) =>
        documents.Where(document => document.Year == year).Sum(document => document.Returned ? settings.CostPerReturn : settings.CostPerDocument);

    private static void Put(Dictionary<string, (long Sales, long Quantity)> baskets, string name, long amount, long quantity)
    {
        var known = baskets.GetValueOrDefault(name);
        baskets[name] = (known.Sales + amount, known.Quantity + quantity);
    }

    private static List<BasketEntry> Top(Dictionary<string, (long Sales, long Quantity)> baskets) =>
        [.. baskets.OrderByDescending(entry => entry.Value.Sales).ThenBy(entry => entry.Key, StringComparer.Ordinal).Take(MostEntries)
            .Select(entry => new BasketEntry(entry.Key, entry.Value.Sales.FromStored(), entry.Value.Quantity.FromStored()))];
}
