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

/// <summary>What the lines of one customer's ledger come to.</summary>
/// <param name="Years">With a line, in order.</param>
/// <param name="Purchases">Days in order.</param>
/// <param name="MedianGap">Days between purchases; null before the second.</param>
/// <param name="Products">Those that bring most.</param>
/// <param name="Categories">Those that bring most.</param>
internal sealed record LedgerWorth(IReadOnlyList<WorthYear> Years, IReadOnlyList<PurchaseDay> Purchases, double? MedianGap, IReadOnlyList<BasketEntry> Products, IReadOnlyList<BasketEntry> Categories)
{
    public static readonly LedgerWorth None = new([], [], null, [], []);
}

/// <summary>What one customer's file shows of worth and rhythm: the standing in force and the customer's own ledger. Read once per request.</summary>
internal sealed class CustomerWorth(Database database, IStandings standings, SettingsStore store, ValueState state, KnownWorths known)
{
    private LedgerWorth worth = LedgerWorth.None;
    private long? read;

    /// <summary>The standing in force; null where there is none, or nothing was ever computed.</summary>
    public Standing? Standing { get; private set; }

    public ValueSettings Settings { get; private set; } = new();

    /// <summary>Years with a line, then as many as the horizon has; in order.</summary>
    public IReadOnlyList<WorthYear> Years { get; private set; } = [];

    /// <summary>Purchase days in order.</summary>
    public IReadOnlyList<PurchaseDay> Purchases => worth.Purchases;

    /// <summary>Median days between purchases; null before the second.</summary>
    public double? MedianGap => worth.MedianGap;

    public IReadOnlyList<BasketEntry> Products => worth.Products;

    public IReadOnlyList<BasketEntry> Categories => worth.Categories;

    /// <summary>Reads one customer. O(lines of the customer); of one with very many only after they were recomputed.</summary>
    public async Task Read(long customerId, CancellationToken ct)
    {
        if (read == customerId) { return; }
        read = customerId;
        await state.Read(ct);
        Settings = await store.Get<ValueSettings>(ct);
        Standing = state.HasLedger ? await standings.Find(customerId, ct) : null;
        var days = new FirmDays(state.Firm.Zone);
        worth = await known.Get(customerId, Standing is { } of ? (of, state.ComputedAt, state.Firm.Zone.Id) : null, () => Tally(customerId, days, ct));
        Years = [.. worth.Years, .. Expected(days)];
    }

    private async Task<(LedgerWorth Worth, int Lines)> Tally(long customerId, FirmDays days, CancellationToken ct)
    {
        var tally = new WorthTally(Settings, days);
        await using var connection = await database.Open(ct);
        await using var command = connection.Command(WorthTally.Lines, ("id", customerId));
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) { tally.Add(reader); }
        return (tally.Conclude(), tally.Count);
    }

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
}
