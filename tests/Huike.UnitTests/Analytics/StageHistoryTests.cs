using Huike.Analytics.Facts;
using Huike.Analytics.Standings;
using Huike.Customers.Contracts;
using Huike.Statistics.Value;
using Xunit;

namespace Huike.UnitTests.Analytics;

public sealed class StageHistoryTests
{
    private static readonly FirmDays Days = new(Lines.Shanghai);

    [Fact]
    public void Buyers_climb_with_each_purchase_day()
    {
        var steps = Steps(new Patient(), "2025-12-31", "2025-01-01", "2025-02-01", "2025-03-01", "2025-04-01", "2025-05-01", "2025-06-01");
        Assert.Equal([("2025-01-01", BuyingStage.FirstTimeBuyer), ("2025-02-01", BuyingStage.RepeatBuyer), ("2025-05-01", BuyingStage.LoyalBuyer)], steps);
    }

    [Fact]
    public void Silence_makes_dormant_then_lost_and_a_purchase_wins_back()
    {
        var steps = Steps(new Strict(30, 60), "2025-12-31", "2025-01-01", "2025-01-11", "2025-02-25", "2025-05-25");
        Assert.Equal(
        [
            ("2025-01-01", BuyingStage.FirstTimeBuyer), ("2025-01-11", BuyingStage.RepeatBuyer), ("2025-02-10", BuyingStage.Dormant),
            ("2025-02-25", BuyingStage.RepeatBuyer), ("2025-03-27", BuyingStage.Dormant), ("2025-04-26", BuyingStage.Lost),
            ("2025-05-25", BuyingStage.RepeatBuyer), ("2025-06-24", BuyingStage.Dormant), ("2025-07-24", BuyingStage.Lost),
        ], steps);
    }

    [Fact]
    public void Silence_that_ends_on_the_day_it_would_be_noticed_is_none()
    {
        Assert.DoesNotContain(Steps(new Strict(30, 60), "2025-01-31", "2025-01-01", "2025-01-31"), step => step.Stage == BuyingStage.Dormant);
        Assert.Contains(Steps(new Strict(30, 60), "2025-01-31", "2025-01-01"), step => step == ("2025-01-31", BuyingStage.Dormant));
        Assert.DoesNotContain(Steps(new Strict(30, 60), "2025-01-30", "2025-01-01"), step => step.Stage == BuyingStage.Dormant);
    }

    [Fact]
    public void Who_never_bought_has_no_history() => Assert.Empty(Steps(new Strict(1, 2), "2025-01-01"));

    [Fact]
    public void Without_a_model_the_own_median_gap_decides()
    {
        var rhythm = new OwnRhythm(medianOfAll: 40, Lines.Settings);
        Assert.Equal(new Silence(80, 160), rhythm.After(0, 0, []));
        Assert.Equal(new Silence(20, 40), rhythm.After(3, 110, [10, 90, 10]));
        Assert.Equal(new Silence(365, 730), new OwnRhythm(null, Lines.Settings).After(0, 0, []));
    }

    [Theory]
    [InlineData(0.553, 10.578, 0.606, 11.669)]
    [InlineData(2.5, 20, 0.2, 90)]
    [InlineData(0.9, 3, 3, 400)]
    public void The_grid_of_a_model_is_within_half_a_percent_or_a_day(double r, double alpha, double s, double beta)
    {
        var model = new ParetoNbd(r, alpha, s, beta);
        var rhythm = new ModelRhythm(model, Lines.Settings);
        foreach (var repeats in (int[])[0, 1, 2, 7, 24, 25, 31, 100, 777])
        {
            foreach (var recency in repeats == 0 ? [0] : (int[])[1, 2, 3, 5, 30, 99, 365, 1200])
            {
                if (recency < repeats) { continue; }
                Near(model.DormantAfter(repeats, recency / 7.0, 0.5) * 7, rhythm.After(repeats, recency, []).Dormant);
                Near(model.DormantAfter(repeats, recency / 7.0, 0.1) * 7, rhythm.After(repeats, recency, []).Lost);
            }
        }
    }

    private static void Near(double exact, int days)
    {
        if (exact > 1e8) { Assert.True(days > 1e8 * 0.99); }
        else { Assert.InRange(days, Math.Floor(exact * 0.995), Math.Max(1, Math.Ceiling(exact * 1.005) + 1)); }
    }

    private static List<(string On, BuyingStage Stage)> Steps(IRhythm rhythm, string asOf, params string[] purchases)
    {
        var steps = new List<StageStep>();
        new StageHistory(rhythm, Lines.Settings, Days, Lines.Day(asOf)).AddSteps(1, Array.ConvertAll(purchases, day => Lines.At(day + " 12:00")), steps);
        return steps.ConvertAll(step => (DateOnly.FromDayNumber(Days.DayOf(step.SinceAt.ToUnixTimeMilliseconds())).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), step.Stage));
    }

    private sealed class Patient : IRhythm
    {
        public Silence After(int repeats, int recency, ReadOnlySpan<int> gaps) => new(int.MaxValue, int.MaxValue);
    }

    private sealed class Strict(int dormant, int lost) : IRhythm
    {
        public Silence After(int repeats, int recency, ReadOnlySpan<int> gaps) => new(dormant, lost);
    }
}
