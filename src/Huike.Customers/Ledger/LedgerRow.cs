using Huike.Platform.Data;
using Huike.Platform.Imports;

namespace Huike.Customers.Ledger;

/// <summary>One row of a ledger as it stands in the file, its numbers and time read. The spans live until the reader moves on.</summary>
internal ref struct LedgerRow
{
    private const int LongestKey = 200;

    public ReadOnlySpan<char> Customer;
    public ReadOnlySpan<char> CustomerName;
    public ReadOnlySpan<char> Document;
    public ReadOnlySpan<char> Product;
    public ReadOnlySpan<char> ProductName;
    public ReadOnlySpan<char> Category;
    public ReadOnlySpan<char> Currency;
    public ReadOnlySpan<char> Place;
    public CellTime At;
    public long Quantity;
    public long Price;
    public long Amount;
    public long? Cost;
    public bool IsReturn;

    /// <summary>Reads the reader's current row.</summary>
    /// <param name="row">At the row.</param>
    /// <param name="columns">Where the file keeps what.</param>
    /// <param name="rules">How cells are understood.</param>
    /// <param name="heads">Heads of the documents where they stand in another file; otherwise null.</param>
    /// <param name="scratch">Room for three keys of 128 characters.</param>
    /// <returns>Null, or why the row is not taken.</returns>
    public Refusal? Read(TableReader row, LedgerColumns columns, LedgerRules rules, LedgerHeads? heads, Span<char> scratch)
    {
        Document = Key(row, columns.Document, scratch[..128]);
        Customer = Key(row, columns.Customer, scratch[128..256]);
        Product = Key(row, columns.Product, scratch[256..384]);
        CustomerName = Text(row, columns.CustomerName);
        ProductName = Text(row, columns.ProductName);
        Category = Text(row, columns.Category);
        Currency = Text(row, columns.Currency);
        Place = Text(row, columns.Place);
        var status = Text(row, columns.Status);
        if (Document.Length > LongestKey || Customer.Length > LongestKey || Product.Length > LongestKey) { return new("load.key.long", LongestKey); }
        if (heads is null)
        {
            if (!Cell.TryDateTime(row[columns.Date], rules.Dates, out At)) { return Missing(row[columns.Date], "load.date.missing", "load.date.unreadable"); }
            if (columns.Time >= 0 && !At.HasTime && Cell.TryTime(row[columns.Time], out var time)) { At = At with { Local = At.Local.Add(time), HasTime = true }; }
        }
        else
        {
            if (heads.Of(Document) is not { } head) { return new("load.head.unknown", Document.ToString()); }
            At = head.At;
            if (Customer.IsEmpty) { Customer = head.Customer; }
            if (CustomerName.IsEmpty) { CustomerName = head.CustomerName; }
            if (Place.IsEmpty) { Place = head.Place; }
            if (Currency.IsEmpty) { Currency = head.Currency; }
            if (status.IsEmpty) { status = head.Status; }
        }
        return ReadAmounts(row, columns, rules, rules.IsCancelled(Document, status));
    }

    private Refusal? ReadAmounts(TableReader row, LedgerColumns columns, LedgerRules rules, bool cancelled)
    {
        decimal quantity = 1, price = 0, amount = 0, discount = 0, cost = 0;
        if (Unreadable(row, columns.Quantity, rules, ref quantity, out var hasQuantity)) { return new("load.quantity.unreadable", row[columns.Quantity].ToString()); }
        if (Unreadable(row, columns.Price, rules, ref price, out var hasPrice)) { return new("load.price.unreadable", row[columns.Price].ToString()); }
        if (Unreadable(row, columns.Amount, rules, ref amount, out var hasAmount)) { return new("load.amount.unreadable", row[columns.Amount].ToString()); }
        if (Unreadable(row, columns.Discount, rules, ref discount, out _)) { return new("load.discount.unreadable", row[columns.Discount].ToString()); }
        if (Unreadable(row, columns.Cost, rules, ref cost, out var hasCost)) { return new("load.cost.unreadable", row[columns.Cost].ToString()); }
        if (!hasAmount && !hasPrice) { return new("load.amount.missing"); }
        if (rules.Rate(Currency) is not { } rate) { return new("load.currency.unknown", Currency.ToString(), rules.Firm.Currency); }
        // 15, 15 % and 0.15 are all the same discount in the ledgers that we know.
        discount = discount > 1 ? discount / 100 : discount;
        if (discount is < 0 or > 1) { return new("load.discount.unreadable", row[columns.Discount].ToString()); }
        try
        {
            Settle(new(hasQuantity, hasPrice, hasAmount, hasCost), quantity, price, amount, discount, cost, rate, cancelled);
            return null;
        }
        catch (OverflowException)
        {
            return new("load.amount.large");
        }
    }

    private void Settle((bool Quantity, bool Price, bool Amount, bool Cost) has, decimal quantity, decimal price, decimal amount, decimal discount, decimal cost, decimal rate, bool cancelled)
    {
        if (!has.Amount) { amount = quantity * price * (1 - discount); }
        if (!has.Quantity && amount < 0) { quantity = -1; }
        if (!has.Price) { price = quantity == 0 ? 0 : amount / quantity; }
        // What a cancelled document lists goes back, however its sign is written.
        if (cancelled && quantity > 0) { quantity = -quantity; }
        if ((cancelled || quantity < 0) && amount > 0 && price >= 0) { amount = -amount; }
        IsReturn = cancelled || (quantity < 0 && !Customer.IsEmpty);
        Quantity = quantity.ToStored();
        Price = price.ToStored();
        Amount = (amount * rate).ToStored();
        Cost = has.Cost ? ((has.Price ? cost * quantity : Math.Abs(cost) * Math.Sign(quantity)) * rate).ToStored() : null;
    }

    private static bool Unreadable(TableReader row, int column, LedgerRules rules, ref decimal value, out bool found)
    {
        found = false;
        if (column < 0 || Cell.IsMissing(row[column])) { return false; }
        if (!Cell.TryNumber(row[column], rules.Decimals, out var number)) { return true; }
        value = number;
        found = true;
        return false;
    }

    private static Refusal Missing(ReadOnlySpan<char> cell, string missing, string unreadable) =>
        Cell.IsMissing(cell) ? new(missing) : new(unreadable, cell.ToString());

    private static ReadOnlySpan<char> Key(TableReader row, int column, Span<char> scratch) => column < 0 ? default : Cell.NormalKey(row[column], scratch);

    private static ReadOnlySpan<char> Text(TableReader row, int column)
    {
        if (column < 0) { return default; }
        var text = row[column].Trim();
        return Cell.IsMissing(text) ? default : text;
    }
}
