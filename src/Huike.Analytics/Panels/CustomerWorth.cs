using System.Data.Common;
using Huike.Analytics.Facts;
using Huike.Analytics.Forecasts;
using Huike.Analytics.Overview;
using Huike.Analytics.Settings;
using Huike.Customers.Contracts;
using Huike.Platform.Data;
using Huike.Platform.Settings;

namespace Huike.Analytics.Panels;

/// <summary>A year of one customer, past or expected. Amounts in the firm's currency.</summary>
internal sealed record WorthYear(int Year, decimal Sales, decimal Contribution, bool IsExpected);

/// <summary>A day with a purchase and what was bought on it.</summary>
internal sealed record PurchaseDay(DateOnly On, decimal Sales);

/// <summary>Something that the customer buys: a product, or a category.</summary>
internal sealed record BasketEntry(string Name, decimal Sales, decimal Quantity);

/// <summary>What one customer's file shows of worth and rhythm: the standing in force and the customer's own ledger. Read once per request.</summary>
internal sealed class CustomerWorth(Database database, IStandings standings, SettingsStore store, ValueState state)
{
    private const int MostEntries = 6;
    private readonly SortedDictionary<int, (long Sales, long Margin)> years = [];
    private readonly SortedDictionary<int, long> sold = [];
    private readonly Dictionary<string, (long Sales, long Quantity)> products = [];
    private readonly Dictionary<string, (long Sales, long Quantity)> categories = [];
    private readonly Dictionary<long, (string Name, string Category, CostOfGoods Goods)> bought = [];
    private readonly HashSet<(int Year, string Document, bool Returned)> documents = [];
    private long? read;

    /// <summary>The standing in force; null where there is none, or nothing was ever computed.</summary>
    public Standing? Standing { get; private set; }

    public ValueSettings Settings { get; private set; } = new();

    /// <summary>Years with a line, then as many as the horizon has; in order.</summary>
    public IReadOnlyList<WorthYear> Years { get; private set; } = [];

    /// <summary>Purchase days in order.</summary>
    public IReadOnlyList<PurchaseDay> Purchases { get; private set; } = [];

    /// <summary>Median days between purchases; null before the second.</summary>
    public double? MedianGap { get; private set; }

    public IReadOnlyList<BasketEntry> Products => Top(products);

    public IReadOnlyList<BasketEntry> Categories => Top(categories);

    /// <summary>Reads one customer. O(lines of the customer).</summary>
    public async Task Read(long customerId, CancellationToken ct)
    {
        if (read == customerId) { return; }
        read = customerId;
        await state.Read(ct);
        Settings = await store.Get<ValueSettings>(ct);
        Standing = state.HasLedger ? await standings.Find(customerId, ct) : null;
        var days = new FirmDays(state.Firm.Zone);
        await using var connection = await database.Open(ct);
        await using var command = connection.Command("""
            select line.at, line.document, line.quantity, line.amount, line.cost, line.is_return, line.product_id, product.name, product.category, product.cost
            from customers_fact_transaction line left join customers_fact_product product on product.id = line.product_id
            where line.customer_id = @id
            """, ("id", customerId));
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) { Add(reader, days); }
        Conclude(days);
    }

    private void Add(DbDataReader row, FirmDays days)
    {
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
        if (name.Length > 0) { Count(products, name, amount, quantity); }
        if (category.Length > 0) { Count(categories, category, amount, quantity); }
    }

    /// <summary>What stands of a product beside each of its lines is read from the first one.</summary>
    private (string Name, string Category, CostOfGoods Goods) OfProduct(DbDataReader row, long? product)
    {
        if (bought.TryGetValue(product ?? 0, out var known)) { return known; }
        var category = row.TextOrNull(8) ?? "";
        return bought[product ?? 0] = (row.TextOrNull(7) ?? "", category, new(product is { } id ? new Dictionary<long, ProductCost> { [id] = new(category, row.IsDBNull(9) ? null : row.GetInt64(9)) } : [], Settings));
    }

    private void Conclude(FirmDays days)
    {
        Purchases = [.. sold.Where(day => day.Value > 0).Select(day => new PurchaseDay(DateOnly.FromDayNumber(day.Key), day.Value.FromStored()))];
        var gaps = Purchases.Zip(Purchases.Skip(1), (one, next) => next.On.DayNumber - one.On.DayNumber).ToArray();
        MedianGap = gaps.Length == 0 ? null : Standings.OwnRhythm.Median(gaps);
        Years =
        [
            .. years.Select(year => new WorthYear(year.Key, year.Value.Sales.FromStored(), year.Value.Margin.FromStored() - Served(year.Key), IsExpected: false)),
            .. Expected(days),
        ];
    }

    private decimal Served(int year) =>
        documents.Where(document => document.Year == year).Sum(document => document.Returned ? Settings.CostPerReturn : Settings.CostPerDocument);

    /// <summary>Years from the last day of the ledger on, by the model in use.</summary>
    private IEnumerable<WorthYear> Expected(FirmDays days)
    {
        if (Standing is not { Purchases: > 0, Expected: > 0 } standing || state.Ledger is not { Forecast.IsUsable: true } ledger) { yield break; }
        var facts = new CustomerFacts
        {
            CustomerId = standing.CustomerId,
            Purchases = standing.Purchases,
            Sales = standing.Sales.ToStored(),
            FirstAt = standing.FirstAt.ToUnixTimeMilliseconds(),
            LastAt = standing.LastAt.ToUnixTimeMilliseconds(),
        };
        var history = FitForecast.HistoryOf(facts, days, ledger.AsOf.DayNumber);
        var model = ledger.Forecast.PurchaseModel();
        var discounted = ledger.Forecast.Of([facts], days, ledger.AsOf.DayNumber, Settings)[0].Discounted;
        var (sales, contribution) = (ledger.Forecast.ValueOfPurchase(facts), discounted > 0 ? (double)standing.Lifetime / discounted : 0);
        var before = 0.0;
        for (var year = 1; year <= Settings.HorizonYears; year++)
        {
            var until = model.ExpectedPurchases(history, year * Forecast.WeeksPerYear);
            yield return new(ledger.AsOf.Year + year, Money((until - before) * sales), Money((until - before) * contribution), IsExpected: true);
            before = until;
        }
    }

    private static decimal Money(double amount) => decimal.Round((decimal)Math.Clamp(double.IsFinite(amount) ? amount : 0, -9e13, 9e13), 2);

    private static void Count(Dictionary<string, (long Sales, long Quantity)> baskets, string name, long amount, long quantity)
    {
        var known = baskets.GetValueOrDefault(name);
        baskets[name] = (known.Sales + amount, known.Quantity + quantity);
    }

    private static List<BasketEntry> Top(Dictionary<string, (long Sales, long Quantity)> baskets) =>
        [.. baskets.OrderByDescending(entry => entry.Value.Sales).ThenBy(entry => entry.Key, StringComparer.Ordinal).Take(MostEntries)
            .Select(entry => new BasketEntry(entry.Key, entry.Value.Sales.FromStored(), entry.Value.Quantity.FromStored()))];
}
