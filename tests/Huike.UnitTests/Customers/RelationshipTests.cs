using Huike.Customers.Contracts;
using Huike.Customers.OneVoice;
using Huike.Customers.Relationships;
using Huike.Customers.Relationships.Health;
using Huike.Customers.Relationships.Plans;
using Huike.Platform.Calendar;

namespace Huike.UnitTests.Customers;

/// <summary>Which type is suggested, when touches are due, and the laws of the indicators.</summary>
public sealed class RelationshipTests
{
    [Fact]
    public void The_higher_the_margin_and_the_fewer_the_customers_the_closer_the_type()
    {
        foreach (var margin in Enum.GetValues<MarginLevel>())
        {
            foreach (var size in Enum.GetValues<SegmentSize>())
            {
                if (margin < MarginLevel.High) { Assert.True(RelationshipMatrix.Of(margin + 1, size) > RelationshipMatrix.Of(margin, size)); }
                if (size < SegmentSize.Many) { Assert.True(RelationshipMatrix.Of(margin, size) > RelationshipMatrix.Of(margin, size + 1)); }
            }
        }
    }

    [Fact]
    public void A_usual_pyramid_is_served_from_partnership_down_to_basic()
    {
        var suggested = RelationshipMatrix.Suggest([new(Tier.Platinum, 10, 5_000_000), new(Tier.Gold, 40, 4_000_000), new(Tier.Iron, 150, 2_000_000), new(Tier.Lead, 800, 900_000)], new RelationshipRules());
        Assert.Equal([(Tier.Platinum, RelationshipType.Partnership), (Tier.Gold, RelationshipType.Proactive), (Tier.Iron, RelationshipType.Accountable), (Tier.Lead, RelationshipType.Basic)], suggested.Select(one => (one.Segment.Tier, one.Type)));
        Assert.Equal((11_900m, 0.01m, 500_000m), (suggested[0].Average, suggested[0].Share, suggested[0].Segment.Average));
        Assert.Empty(RelationshipMatrix.Suggest([], new RelationshipRules()));
        Assert.Empty(RelationshipMatrix.Suggest([new(Tier.Lead, 0, 0)], new RelationshipRules()));
        // A firm that loses money on the whole values whoever brings something.
        Assert.Equal([MarginLevel.High, MarginLevel.Low], RelationshipMatrix.Suggest([new(Tier.Platinum, 1, 5), new(Tier.Lead, 99, -500)], new RelationshipRules()).Select(one => one.Margin));
    }

    [Theory]
    [InlineData(nameof(TouchUnit.WorkingDays), 3, "2026-11-20", "2026-11-25")]
    [InlineData(nameof(TouchUnit.WorkingDays), 0, "2026-11-21", "2026-11-23")]
    [InlineData(nameof(TouchUnit.Days), 1, "2026-11-20", "2026-11-23")]
    [InlineData(nameof(TouchUnit.Weeks), 2, "2026-11-11", "2026-11-25")]
    [InlineData(nameof(TouchUnit.Months), 1, "2026-01-31", "2026-03-02")]
    [InlineData(nameof(TouchUnit.Months), 365, "9999-12-31", "9999-12-31")]
    public void A_touch_is_due_on_a_day_on_which_somebody_works(string unit, int span, string from, string due)
    {
        var touch = new Touch(RelationshipType.Accountable, InteractionKind.Call, TouchAfter.Purchase, span, Enum.Parse<TouchUnit>(unit), "x", "x");
        Assert.Equal(Day(due), touch.Due(Day(from), Week("1-5 09:00-17:00")));
        // Where nobody ever works days are counted as they come, and nothing fails.
        Assert.True(touch.Due(Day(from), Week("")) <= Day(due));
    }

    [Fact]
    public void Nothing_is_told_of_what_is_not_known()
    {
        Assert.All(Enum.GetValues<Indicator>(), indicator => Assert.Null(RelationshipHealth.Of(indicator, new HealthFacts())));
        Assert.Equal(0, RelationshipHealth.Of(Indicator.Trust, new HealthFacts { Overdue = 1 }));
        Assert.Equal(0, RelationshipHealth.Of(Indicator.Dependence, new HealthFacts { HasBought = true }));
    }

    [Fact]
    public void Each_indicator_stays_within_its_bounds_and_follows_what_is_good_and_bad_for_it()
    {
        var random = new Random(7);
        for (var i = 0; i < 5_000; i++)
        {
            var facts = new HealthFacts
            {
                InTime = random.Next(6),
                Late = random.Next(6),
                Overdue = random.Next(4),
                DaysOverdue = random.Next(400),
                HasBought = random.Next(2) == 1,
                MonthsBought = random.Next(13),
                Categories = random.Next(9),
                CategoriesOffered = random.Next(9),
                Given = random.Next(5),
                Received = random.Next(5),
                Tones = 3,
                ToneSum = random.Next(-6, 6),
                Ours = random.Next(12),
                Theirs = random.Next(12),
                DaysSinceContact = random.Next(3) == 0 ? null : random.Next(2_000),
            };
            foreach (var indicator in Enum.GetValues<Indicator>()) { Assert.InRange(RelationshipHealth.Of(indicator, facts) ?? 0, 0, 100); }
            Grows(Indicator.Trust, facts, facts with { InTime = facts.InTime + 1 });
            Grows(Indicator.Trust, facts with { Late = facts.Late + 1 }, facts);
            Grows(Indicator.Trust, facts with { Overdue = facts.Overdue + 1 }, facts);
            Grows(Indicator.Responsibility, facts, facts with { Late = facts.Late + 1 });
            Grows(Indicator.Responsibility, facts with { Overdue = facts.Overdue + 1 }, facts);
            Grows(Indicator.Responsibility, facts with { DaysOverdue = facts.DaysOverdue + 30 }, facts);
            Grows(Indicator.Dependence, facts, facts with { MonthsBought = facts.MonthsBought + 1 });
            Grows(Indicator.Dependence, facts, facts with { Categories = facts.Categories + 1 });
            Grows(Indicator.Reciprocity, facts, facts with { Given = facts.Given + 1 });
            Grows(Indicator.Reciprocity, facts, facts with { Received = facts.Received + 1 });
            Grows(Indicator.Emotion, facts, facts with { ToneSum = facts.ToneSum + 1 });
            Grows(Indicator.Interaction, facts, facts with { Theirs = facts.Theirs + 1 });
            Grows(Indicator.Interaction, facts with { DaysSinceContact = facts.DaysSinceContact + 30 }, facts);
        }
    }

    [Fact]
    public void Figures_are_those_that_the_document_tells()
    {
        Assert.Equal(60, RelationshipHealth.Of(Indicator.Trust, new HealthFacts { InTime = 3, Late = 1, Overdue = 1 }));
        // One that lies for thirty days weighs two.
        Assert.Equal(50, RelationshipHealth.Of(Indicator.Responsibility, new HealthFacts { InTime = 1, Late = 1, Overdue = 1, DaysOverdue = 30 }));
        Assert.Equal(50, RelationshipHealth.Of(Indicator.Dependence, new HealthFacts { HasBought = true, MonthsBought = 6, Categories = 2, CategoriesOffered = 4 }));
        Assert.Equal((25, 50), (RelationshipHealth.Of(Indicator.Reciprocity, new HealthFacts { Given = 1 }), RelationshipHealth.Of(Indicator.Reciprocity, new HealthFacts { Given = 1, Received = 1 })));
        Assert.Equal((0, 50, 100), (Emotion(-4), Emotion(0), Emotion(4)));
        Assert.Equal(80, RelationshipHealth.Of(Indicator.Interaction, new HealthFacts { Ours = 2, Theirs = 2, DaysSinceContact = 0 }));
    }

    private static int? Emotion(int sum) => RelationshipHealth.Of(Indicator.Emotion, new HealthFacts { Tones = 2, ToneSum = sum });

    private static void Grows(Indicator indicator, HealthFacts less, HealthFacts more) => Assert.True((RelationshipHealth.Of(indicator, more) ?? 100) >= (RelationshipHealth.Of(indicator, less) ?? 0), $"{indicator}: {less} → {more}");

    private static WorkingTime Week(string hours) => new(WeeklyHours.Parse(hours), SpecialDays.None, TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai"));

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
