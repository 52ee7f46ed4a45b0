namespace Huike.Customers.Ledger;

/// <summary>Fields of a ledger, by the names that a mapping uses.</summary>
internal static class LedgerField
{
    public const string Customer = "customer";
    public const string CustomerName = "customerName";
    public const string Date = "date";
    public const string Time = "time";
    public const string Document = "document";
    public const string Product = "product";
    public const string ProductName = "productName";
    public const string Category = "category";
    public const string Quantity = "quantity";
    public const string Price = "price";
    public const string Amount = "amount";
    public const string Discount = "discount";
    public const string Currency = "currency";
    public const string Place = "place";
    public const string Cost = "cost";
    public const string Status = "status";
}

/// <summary>Where a file keeps each field: position of the column, or -1.</summary>
/// <param name="positions">Field → position, from 0.</param>
internal sealed class LedgerColumns(IReadOnlyDictionary<string, int> positions)
{
    public int Customer { get; } = At(positions, LedgerField.Customer);

    public int CustomerName { get; } = At(positions, LedgerField.CustomerName);

    public int Date { get; } = At(positions, LedgerField.Date);

    public int Time { get; } = At(positions, LedgerField.Time);

    public int Document { get; } = At(positions, LedgerField.Document);

    public int Product { get; } = At(positions, LedgerField.Product);

    public int ProductName { get; } = At(positions, LedgerField.ProductName);

    public int Category { get; } = At(positions, LedgerField.Category);

    public int Quantity { get; } = At(positions, LedgerField.Quantity);

    public int Price { get; } = At(positions, LedgerField.Price);

    public int Amount { get; } = At(positions, LedgerField.Amount);

    public int Discount { get; } = At(positions, LedgerField.Discount);

    public int Currency { get; } = At(positions, LedgerField.Currency);

    public int Place { get; } = At(positions, LedgerField.Place);

    public int Cost { get; } = At(positions, LedgerField.Cost);

    public int Status { get; } = At(positions, LedgerField.Status);

    /// <summary>The file has amounts.</summary>
    public bool HasAmounts => Amount >= 0 || Price >= 0;

    /// <summary>Lines of documents whose heads (date, customer) stand in another file.</summary>
    public bool IsLinesOnly => Date < 0 && Document >= 0 && HasAmounts;

    /// <summary>Heads of documents: could give date and customer to the lines of another file.</summary>
    public bool CanBeHeads => Date >= 0 && Document >= 0;

    /// <summary>A ledger by itself.</summary>
    public bool IsWhole => Date >= 0 && HasAmounts;

    private static int At(IReadOnlyDictionary<string, int> positions, string field) => positions.TryGetValue(field, out var position) ? position : -1;
}
