using Huike.Platform.Data;

namespace Huike.Customers.Ledger;

/// <summary>Counts what passes through a load.</summary>
internal sealed class LedgerTally
{
    private readonly Seen documents = new();
    private readonly RowIdentity identity = new();
    private Int128 netSales;
    private ulong lastDocument;

    public long Rows { get; set; }

    public long Refused { get; set; }

    public long Duplicates { get; set; }

    public long Accepted { get; private set; }

    public long WithoutCustomer { get; private set; }

    public long Returns { get; private set; }

    public long ReturnsWithCustomer { get; private set; }

    /// <summary>Counts an accepted row.</summary>
    public void Add(in LedgerRow row, in LedgerLine line)
    {
        Accepted++;
        if (line.Customer < 0) { WithoutCustomer++; }
        else { netSales += line.Amount; }
        if (line.IsReturn)
        {
            Returns++;
            if (line.Customer >= 0) { ReturnsWithCustomer++; }
        }
        if (row.Document.IsEmpty) { documents.Add(identity.Begin("").Add(row.Customer).Add(row.At.Local.Date.Ticks).End()); }
        else if (identity.Begin(row.Document).End() is var document && document != lastDocument)
        {
            lastDocument = document;
            documents.Add(document);
        }
    }

    public LedgerTallied Result(int customers) => new(Rows, Accepted, Refused, customers, WithoutCustomer, documents.Count, Returns, ReturnsWithCustomer, Duplicates, (decimal)netSales / Stored.Scale);
}

/// <summary>Counts of a load's files, before anything is said of what was new.</summary>
internal sealed record LedgerTallied(
    long Rows, long Accepted, long Refused, long Customers, long WithoutCustomer, long Documents, long Returns, long ReturnsWithCustomer, long Duplicates, decimal NetSales);
