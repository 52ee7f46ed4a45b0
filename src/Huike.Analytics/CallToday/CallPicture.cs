using Huike.Customers.Contracts;

namespace Huike.Analytics.CallToday;

/// <summary>A customer to call, with the facts that the reason is told from.</summary>
/// <param name="CustomerId">Whom.</param>
/// <param name="Tier">In the pyramid.</param>
/// <param name="Purchases">Days with a purchase.</param>
/// <param name="UsualGap">Days between purchases, on average; null after one purchase.</param>
/// <param name="LastOn">Day of the last purchase.</param>
/// <param name="SilentDays">Days since.</param>
/// <param name="Active">Probability of still being active.</param>
/// <param name="Contribution">So far.</param>
/// <param name="AtRisk">Contribution of a year that leaves with the customer, weighed.</param>
internal sealed record CallEntry(long CustomerId, Tier Tier, int Purchases, double? UsualGap, DateOnly LastOn, int SilentDays, double Active, decimal Contribution, decimal AtRisk);

/// <summary>Valuable and about to leave, the most at risk first.</summary>
/// <param name="Entries">At most <see cref="Most"/>: nobody calls more before the list is made anew.</param>
/// <param name="Customers">How many there are in all.</param>
/// <param name="AtRisk">What they stand for together.</param>
internal sealed record CallPicture(IReadOnlyList<CallEntry> Entries, int Customers, decimal AtRisk)
{
    public const int Most = 1000;

    /// <summary>Draws the list. O(n log <see cref="Most"/>).</summary>
    /// <param name="standings">Everyone.</param>
    /// <param name="dayOf">Day number of an instant in the firm's zone.</param>
    /// <param name="asOf">Last day that counts.</param>
    public static CallPicture Of(IEnumerable<Standing> standings, Func<DateTimeOffset, int> dayOf, int asOf)
    {
        var best = new PriorityQueue<Standing, (decimal, long)>();
        var (customers, sum) = (0, 0m);
        foreach (var one in standings)
        {
            if (one.AtRisk <= 0) { continue; }
            customers++;
            sum += one.AtRisk;
            best.Enqueue(one, (one.AtRisk, -one.CustomerId));
            if (best.Count > Most) { best.Dequeue(); }
        }
        var entries = new List<CallEntry>(best.Count);
        while (best.TryDequeue(out var one, out _)) { entries.Add(EntryOf(one, dayOf, asOf)); }
        entries.Reverse();
        return new(entries, customers, sum);
    }

    private static CallEntry EntryOf(in Standing one, Func<DateTimeOffset, int> dayOf, int asOf)
    {
        var (first, last) = (dayOf(one.FirstAt), dayOf(one.LastAt));
        double? gap = one.Purchases > 1 ? (last - first) / (one.Purchases - 1.0) : null;
        return new(one.CustomerId, one.Tier, one.Purchases, gap, DateOnly.FromDayNumber(last), asOf - last, one.Active, one.Contribution, one.AtRisk);
    }
}
