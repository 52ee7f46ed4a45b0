using System.Globalization;
using Huike.Statistics.Value;

namespace Huike.UnitTests.Statistics;

/// <summary>The public ledgers that the models are checked on, read from ../shared/data; tests are skipped where that is absent.</summary>
internal static class ValueLedgers
{
    internal sealed record Purchase(string Customer, DateOnly On, decimal Amount);

    /// <summary>CDNOW's 1-in-10 sample in calibration: 2,357 customers, until 1997-09-30, in weeks.</summary>
    internal static HistoryGroups CdnowSample() => Groups(Cdnow("CDNOW_sample.txt", 1), new DateOnly(1997, 9, 30), 7);

    internal static HistoryGroups CdnowMaster() => Groups(Cdnow("CDNOW_master.txt", 0), new DateOnly(1997, 9, 30), 7);

    internal static HistoryGroups Apparel(DateOnly until) => Groups(ApparelPurchases(), until, 7);

    internal static List<Purchase> ApparelPurchases() =>
        [.. Lines("apparel_clv", "apparelTrans.csv").Skip(1).Select(line => line.Replace("\"", "", StringComparison.Ordinal).Split(','))
            .Select(cells => new Purchase(cells[0], DateOnly.Parse(cells[1], CultureInfo.InvariantCulture), Amount(cells[2])))];

    internal static List<Purchase> Cdnow(string file, int customerColumn) =>
        [.. Lines("cdnow", file)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(cells => cells.Length > 0 && char.IsAsciiDigit(cells[0][0]))
            .Select(cells => new Purchase(
                cells[customerColumn],
                DateOnly.ParseExact(cells[customerColumn + 1], "yyyyMMdd", CultureInfo.InvariantCulture),
                Amount(cells[customerColumn + 3])))];

    internal static HistoryGroups Groups(List<Purchase> purchases, DateOnly until, double daysPerUnit) =>
        HistoryGroups.Of([.. Histories(purchases, until, daysPerUnit).Select(one => one.History)]);

    internal static IEnumerable<(string Customer, PurchaseHistory History)> Histories(List<Purchase> purchases, DateOnly until, double daysPerUnit) =>
        from purchase in purchases
        group purchase.On.DayNumber by purchase.Customer into customer
        let history = PurchaseHistory.FromDays([.. customer.Order()], until.DayNumber, daysPerUnit)
        where history is not null
        select (customer.Key, history.Value);

    internal static string[] Lines(string set, string file) => File.ReadAllLines(SharedFolder.File(set, file));

    private static decimal Amount(string cell) => decimal.Parse(cell, NumberStyles.Number, CultureInfo.InvariantCulture);
}
