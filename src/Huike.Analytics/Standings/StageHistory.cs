using Huike.Analytics.Facts;
using Huike.Analytics.Settings;
using Huike.Customers.Contracts;

namespace Huike.Analytics.Standings;

/// <summary>The dated history of buying stages (H2 购买阶段) of one customer after the other, from the days of purchase alone.</summary>
internal sealed class StageHistory(IRhythm rhythm, ValueSettings settings, FirmDays days, int asOf)
{
    private readonly List<int> gaps = [];

    /// <summary>Adds the steps of one customer in order of time.</summary>
    /// <param name="customerId">Whose.</param>
    /// <param name="purchases">First instant of each purchase day, ascending.</param>
    /// <param name="steps">Takes the steps; none where nothing was bought.</param>
    public void AddSteps(long customerId, ReadOnlySpan<long> purchases, List<StageStep> steps)
    {
        gaps.Clear();
        var stage = BuyingStage.NonCustomer;
        var (first, last) = (0, 0);
        for (var i = 0; i < purchases.Length; i++)
        {
            var day = days.DayOf(purchases[i]);
            if (i == 0) { first = day; }
            else { gaps.Add(day - last); }
            last = day;
            if (StageOf(i + 1) is var reached && reached != stage)
            {
                stage = reached;
                steps.Add(new(customerId, At(purchases[i]), stage));
            }
            var next = i + 1 < purchases.Length ? days.DayOf(purchases[i + 1]) : asOf + 1;
            var silence = rhythm.After(i, last - first, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(gaps));
            foreach (var (after, silent) in (ReadOnlySpan<(int, BuyingStage)>)[(silence.Dormant, BuyingStage.Dormant), (silence.Lost, BuyingStage.Lost)])
            {
                // The day before a purchase is the last on which silence can be noticed.
                if (after >= next - last) { break; }
                stage = silent;
                steps.Add(new(customerId, At(days.StartOf(last + after)), stage));
            }
        }
    }

    /// <summary>Where silence has led by the last day.</summary>
    /// <param name="repeats">Purchase days after the first.</param>
    /// <param name="firstDay">First day with a purchase.</param>
    /// <param name="lastDay">Last day with a purchase.</param>
    /// <returns>Dormant, lost, or null where the customer is not silent for long. Only for rhythms that need no gaps.</returns>
    public BuyingStage? SilentStage(int repeats, int firstDay, int lastDay)
    {
        var silence = rhythm.After(repeats, lastDay - firstDay, []);
        return silence.Lost <= asOf - lastDay ? BuyingStage.Lost : silence.Dormant <= asOf - lastDay ? BuyingStage.Dormant : null;
    }

    private BuyingStage StageOf(int purchases) =>
        purchases >= Math.Max(3, settings.LoyalFrom) ? BuyingStage.LoyalBuyer : purchases > 1 ? BuyingStage.RepeatBuyer : BuyingStage.FirstTimeBuyer;

    private static DateTimeOffset At(long at) => DateTimeOffset.FromUnixTimeMilliseconds(at);
}
