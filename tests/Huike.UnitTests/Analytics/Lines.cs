using System.Globalization;
using Huike.Analytics.Facts;
using Huike.Analytics.Settings;
using Huike.Platform.Data;

namespace Huike.UnitTests.Analytics;

/// <summary>Ledgers written down shortly.</summary>
internal static class Lines
{
    public static readonly TimeZoneInfo Shanghai = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");

    public static readonly ValueSettings Settings = new();

    /// <summary>One line; its margin is thirty per cent.</summary>
    /// <param name="customer">Null: nobody is named.</param>
    /// <param name="at">Local time in Shanghai, such as <c>2025-03-01 10:00</c>.</param>
    /// <param name="amount">Below 0 for a return.</param>
    /// <param name="document">Number of the document.</param>
    public static (long? Customer, LedgerLine Line) Of(long? customer, string at, decimal amount, long document) => (customer, new LedgerLine
    {
        At = At(at),
        Amount = amount.ToStored(),
        Margin = (amount * 0.3m).ToStored(),
        Document = document,
        IsReturn = amount < 0,
    });

    public static long At(string at) => new DateTimeOffset(DateTime.Parse(at, CultureInfo.InvariantCulture), TimeSpan.FromHours(8)).ToUnixTimeMilliseconds();

    public static int Day(string day) => DateOnly.Parse(day, CultureInfo.InvariantCulture).DayNumber;

    public static LedgerFacts Facts(IEnumerable<(long? Customer, LedgerLine Line)> lines, string today, ValueSettings? settings = null)
    {
        var ledger = new LedgerLines(4);
        foreach (var (customer, line) in lines) { ledger.Add(line, customer); }
        return new GatherFacts(settings ?? Settings, new FirmDays(Shanghai)).Run(ledger, Day(today));
    }
}
