using Huike.Customers.Contracts;

namespace Huike.Analytics.Pyramid;

/// <summary>Why a customer costs more than it brings: the greatest part of it.</summary>
internal enum LossCause
{
    /// <summary>More came back than was bought.</summary>
    Returned,

    /// <summary>Goods were sold below cost.</summary>
    BelowCost,

    /// <summary>Taking documents back costs more than the margin.</summary>
    ReturnCost,

    /// <summary>Documents are too small for what serving them costs.</summary>
    SmallDocuments,
}

/// <summary>A customer who costs more than it brings.</summary>
internal sealed record LossEntry(long CustomerId, LossCause Cause, int Documents, int Returns, decimal Sales, decimal Returned, decimal Margin, decimal CostToServe, decimal Contribution);

/// <summary>The costliest of those with a negative contribution.</summary>
/// <param name="Entries">The costliest first, at most <see cref="Most"/>.</param>
/// <param name="ByCause">How many there are of each cause, over all.</param>
internal sealed record NegativePicture(IReadOnlyList<LossEntry> Entries, IReadOnlyDictionary<LossCause, int> ByCause)
{
    public const int Most = 100;

    /// <summary>Draws the list.</summary>
    /// <param name="standings">Everyone.</param>
    /// <param name="costPerReturn">Cost rate of a returned document.</param>
    public static NegativePicture Of(IEnumerable<Standing> standings, decimal costPerReturn)
    {
        var worst = new PriorityQueue<LossEntry, (decimal, long)>();
        var byCause = new SortedDictionary<LossCause, int>();
        foreach (var one in standings)
        {
            if (one.Contribution >= 0) { continue; }
            var cause = CauseOf(one, costPerReturn);
            byCause[cause] = byCause.GetValueOrDefault(cause) + 1;
            worst.Enqueue(new(one.CustomerId, cause, one.Documents, one.Returns, one.Sales, one.Returned, one.Margin, one.CostToServe, one.Contribution), (-one.Contribution, -one.CustomerId));
            if (worst.Count > Most) { worst.Dequeue(); }
        }
        var entries = new List<LossEntry>(worst.Count);
        while (worst.TryDequeue(out var entry, out _)) { entries.Add(entry); }
        entries.Reverse();
        return new(entries, byCause);
    }

    private static LossCause CauseOf(in Standing one, decimal costPerReturn)
    {
        if (one.Sales <= 0 && one.Returned > 0) { return LossCause.Returned; }
        if (one.Margin < 0) { return LossCause.BelowCost; }
        return one.Returns * costPerReturn * 2 >= one.CostToServe ? LossCause.ReturnCost : LossCause.SmallDocuments;
    }
}
