using Huike.Platform.Imports;

namespace Huike.Customers.Ledger;

/// <summary>Where a file keeps each field: position of the column, or -1.</summary>
/// <param name="positions">The columns as matched and corrected.</param>
internal sealed class LedgerColumns(ColumnMap positions)
{
    public int Customer { get; } = At(positions, "customer");

    public int CustomerName { get; } = At(positions, "customerName");

    public int Date { get; } = At(positions, "date");

    public int Time { get; } = At(positions, "time");

    public int Document { get; } = At(positions, "document");

    public int Product { get; } = At(positions, "product");

    public int ProductName { get; } = At(positions, "productName");

    public int Category { get; } = At(positions, "category");

    public int Quantity { get; } = At(positions, "quantity");

    public int Price { get; } = At(positions, "price");

    public int Amount { get; } = At(positions, "amount");

    public int Discount { get; } = At(positions, "discount");

    public int Currency { get; } = At(positions, "currency");

    public int Place { get; } = At(positions, "place");

    public int Cost { get; } = At(positions, "cost");

    public int Status { get; } = At(positions, "status");

    /// <summary>The file has amounts.</summary>
    public bool HasAmounts => Amount >= 0 || Price >= 0;

    /// <summary>Lines of documents whose heads (date, customer) stand in another file.</summary>
    public bool IsLinesOnly => Date < 0 && Document >= 0 && HasAmounts;

    /// <summary>Heads of documents: could give date and customer to the lines of another file.</summary>
    public bool CanBeHeads => Date >= 0 && Document >= 0;

    /// <summary>A ledger by itself.</summary>
    public bool IsWhole => Date >= 0 && HasAmounts;

    private static int At(ColumnMap positions, string field) => positions[field];
}
