using System.Globalization;
using System.IO.Compression;
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

    /// <summary>Online Retail to its last day, in days; every row with a customer counts, returns too.</summary>
    internal static HistoryGroups OnlineRetail()
    {
        var purchases = new List<Purchase>();
        foreach (var month in Enumerable.Range(0, 13))
        {
            var file = SharedFolder.File("online_retail_uci", $"online_retail_{new DateOnly(2010, 12, 1).AddMonths(month):yyyy-MM}.csv.gz");
            using var reader = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
            while (reader.ReadLine() is { } line)
            {
                var cells = line.Split(',');
                if (cells[^2].Length > 0 && DateOnly.TryParseExact(cells[^4].Split(' ')[0], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var on))
                {
                    purchases.Add(new Purchase(cells[^2], on, 0));
                }
            }
        }

        return Groups(purchases, new DateOnly(2011, 12, 9), 1);
    }

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
