using Huike.Customers.Contracts;

namespace Huike.Analytics.Stages;

/// <summary>Customers who stand in a stage now.</summary>
internal sealed record StageCount(BuyingStage Stage, int Customers, decimal Contribution);

/// <summary>Going from one stage to another, over the whole history.</summary>
/// <param name="From">The stage left.</param>
/// <param name="To">The stage reached.</param>
/// <param name="Reached">Customers who ever stood in <paramref name="From"/>.</param>
/// <param name="Passed">Of them, those who ever reached <paramref name="To"/> after it.</param>
/// <param name="MedianDays">Median days from the first to the other, of those who passed; null where nobody did.</param>
internal sealed record Passage(BuyingStage From, BuyingStage To, int Reached, int Passed, double? MedianDays);

/// <summary>The funnel of buying stages with conversion and median times (H2).</summary>
/// <param name="Counts">Where customers stand now, pins included.</param>
/// <param name="Passages">First → repeat → loyal, and the ways into silence and back.</param>
/// <param name="ByModel">True where a fitted model judged the silence; false where the customers' own median gaps did.</param>
internal sealed record StagePicture(IReadOnlyList<StageCount> Counts, IReadOnlyList<Passage> Passages, bool ByModel)
{
    /// <summary>Counts of the standings in force.</summary>
    public static List<StageCount> CountsOf(IEnumerable<Standing> standings)
    {
        var counts = new (int Customers, decimal Contribution)[9];
        foreach (var one in standings)
        {
            ref var count = ref counts[(int)one.Stage];
            count = (count.Customers + 1, count.Contribution + one.Contribution);
        }
        return [.. counts.Select((count, stage) => new StageCount((BuyingStage)stage, count.Customers, count.Contribution))];
    }

    /// <summary>Passages between stages.</summary>
    /// <param name="steps">Histories, one customer after the other, each in order of time.</param>
    public static List<Passage> PassagesOf(IReadOnlyList<StageStep> steps)
    {
        (BuyingStage From, BuyingStage To)[] ways =
        [
            (BuyingStage.FirstTimeBuyer, BuyingStage.RepeatBuyer), (BuyingStage.RepeatBuyer, BuyingStage.LoyalBuyer),
            (BuyingStage.Dormant, BuyingStage.Lost), (BuyingStage.Dormant, BuyingStage.RepeatBuyer),
        ];
        var reached = new int[ways.Length];
        var days = ways.Select(_ => new List<double>()).ToArray();
        for (var begin = 0; begin < steps.Count;)
        {
            var end = begin;
            while (end < steps.Count && steps[end].CustomerId == steps[begin].CustomerId) { end++; }
            for (var way = 0; way < ways.Length; way++) { Follow(steps, begin, end, ways[way], ref reached[way], days[way]); }
            begin = end;
        }
        return [.. ways.Select((way, i) => new Passage(way.From, way.To, reached[i], days[i].Count, Median(days[i])))];
    }

    /// <summary>Coming back from dormancy means buying again, whichever stage that leads to.</summary>
    private static void Follow(IReadOnlyList<StageStep> steps, int begin, int end, (BuyingStage From, BuyingStage To) way, ref int reached, List<double> days)
    {
        var back = way is (BuyingStage.Dormant, BuyingStage.RepeatBuyer);
        DateTimeOffset? since = null;
        for (var i = begin; i < end; i++)
        {
            if (since is null && steps[i].Stage == way.From)
            {
                since = steps[i].SinceAt;
                reached++;
            }
            else if (since is { } start && (steps[i].Stage == way.To || (back && steps[i].Stage == BuyingStage.LoyalBuyer)))
            {
                days.Add((steps[i].SinceAt - start).TotalDays);
                return;
            }
        }
    }

    private static double? Median(List<double> values)
    {
        if (values.Count == 0) { return null; }
        values.Sort();
        return (values[(values.Count - 1) / 2] + values[values.Count / 2]) / 2;
    }
}
