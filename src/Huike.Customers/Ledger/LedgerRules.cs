using Huike.Platform.Imports;
using Huike.Platform.Settings;

namespace Huike.Customers.Ledger;

/// <summary>How the cells of one load are understood: the same for all of its files.</summary>
/// <param name="Firm">Currency, rates and time zone.</param>
/// <param name="Dates">Order of day and month, found over the files.</param>
/// <param name="Decimals">Decimal mark, found over the files.</param>
/// <param name="CancelledPrefix">Beginning of cancelled documents' numbers; empty where there is none.</param>
internal sealed record LedgerRules(FirmSettings Firm, DateOrder Dates, DecimalMark Decimals, string CancelledPrefix)
{
    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> CancelledWords = new HashSet<string>(
        ["cancelled", "canceled", "cancel", "void", "returned", "return", "refunded", "refund", "credit", "credit note", "已取消", "取消", "作废", "已作废", "退货", "已退货", "退款", "已退款", "退单", "红冲"],
        StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly System.Buffers.SearchValues<char> Numeric = System.Buffers.SearchValues.Create("0123456789-");

    /// <summary>Whether document or status say that the line takes back what an earlier one sold.</summary>
    public bool IsCancelled(ReadOnlySpan<char> document, ReadOnlySpan<char> status) =>
        (CancelledPrefix.Length > 0 && HasPrefix(document, CancelledPrefix)) || (status.Length is > 0 and <= 20 && CancelledWords.Contains(status));

    /// <summary>The prefix, and after it nothing but digits and dashes.</summary>
    public static bool HasPrefix(ReadOnlySpan<char> document, ReadOnlySpan<char> prefix) =>
        document.Length > prefix.Length && document.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)
        && !document[prefix.Length..].ContainsAnyExcept(Numeric) && document[^1] != '-';

    /// <summary>What one unit of the currency is worth in the firm's own.</summary>
    /// <returns>Null where the settings have no rate.</returns>
    public decimal? Rate(ReadOnlySpan<char> currency)
    {
        if (currency.IsEmpty || currency.Equals(Firm.Currency, StringComparison.OrdinalIgnoreCase)) { return 1; }
        return Firm.Rates.TryGetValue(currency.ToString().ToUpperInvariant(), out var rate) ? rate : null;
    }
}
