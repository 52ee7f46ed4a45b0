namespace Huike.Analytics.Facts;

/// <summary>What the ledger says of one customer alone, whoever else there is. Amounts are whole ten-thousandths, instants Unix milliseconds.</summary>
internal struct CustomerFacts
{
    public long CustomerId;
    public int Purchases;
    public int Documents;
    public int Returns;
    public long Sales;
    public long Returned;

    /// <summary>Within the period of the settings, like <see cref="CostToServe"/>.</summary>
    public long Margin;

    public long CostToServe;

    /// <summary>Over the whole ledger, whatever the period.</summary>
    public long MarginOfAll;

    public long ServedOfAll;
    public long FirstAt;
    public long LastAt;

    public readonly long Contribution => Margin - CostToServe;

    /// <summary>Whether the ledger knows the customer at all.</summary>
    public readonly bool InLedger => Purchases > 0 || Documents > 0 || Returns > 0 || Sales != 0;
}

/// <summary>The ledger, customer by customer.</summary>
internal sealed class LedgerFacts
{
    /// <summary>Ascending by customer.</summary>
    public required CustomerFacts[] Customers { get; init; }

    /// <summary>First instant of each purchase day: those of customer i lie from <c>Starts[i]</c> up to <c>Starts[i + 1]</c>, in order of time.</summary>
    public required long[] PurchaseAt { get; init; }

    /// <summary>One longer than <see cref="Customers"/>.</summary>
    public required int[] Starts { get; init; }

    /// <summary>Last day that counts, by number.</summary>
    public required int AsOf { get; init; }

    /// <summary>First day of the ledger, by number.</summary>
    public required int FirstDay { get; init; }

    public required IReadOnlyList<Period> Periods { get; init; }

    /// <summary>In the order of <see cref="Periods"/>.</summary>
    public required IReadOnlyList<PeriodSums> Sums { get; init; }

    /// <summary>Lines that count.</summary>
    public required long Lines { get; init; }

    /// <summary>Lines dated after the last day that counts: they wait for their day.</summary>
    public required long LaterLines { get; init; }

    public ReadOnlySpan<long> PurchasesOf(int customer) => PurchaseAt.AsSpan(Starts[customer], Starts[customer + 1] - Starts[customer]);
}
