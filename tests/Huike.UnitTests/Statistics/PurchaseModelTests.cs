using FsCheck;
using FsCheck.Fluent;
using Huike.Statistics.Value;
using Xunit;

namespace Huike.UnitTests.Statistics;

public sealed class PurchaseModelTests
{
    private static readonly BgNbd Easy = new(0.243, 4.414, 0.793, 2.426);
    private static readonly ParetoNbd Full = new(0.553, 10.578, 0.606, 11.669);

    /// <summary>Expected figures computed from the papers' formulas with 40 digits, outside of this code.</summary>
    [Theory]
    [InlineData(2, 30.43, 38.86, 0.869167559153011, 1.4551231932576, 6.48377356773074)]
    [InlineData(0, 0, 39, 0.294467031014586, 0.106526713176672, 0.474983907490532)]
    [InlineData(26, 30.86, 31, 0.997918731055158, 20.1170260773705, 86.0564936011645)]
    [InlineData(7, 20, 39, 0.216534559904503, 1.06990058441448, 4.77049882660678)]
    public void Pareto_nbd_agrees_with_the_formulas_in_many_digits(int x, double recency, double age, double active, double next39, double discounted)
    {
        var history = new PurchaseHistory(x, recency, age);
        Near(active, Full.ProbabilityActive(history));
        Near(next39, Full.ExpectedPurchases(history, 39));
        Near(discounted, Full.ExpectedPurchases(history, double.PositiveInfinity, 0.0027));
    }

    [Theory]
    [InlineData(2, 30.43, 38.86, 0.726578570080673, 1.22602817476714, 2.36469288166048)]
    [InlineData(0, 0, 39, 1, 0.194530721703265, 0.398774202963202)]
    [InlineData(26, 30.86, 31, 0.968915649717525, 20.7497261408573, 36.9283350245144)]
    [InlineData(7, 20, 39, 0.141122338293254, 0.731885966490184, 1.36164005067061)]
    public void Bg_nbd_agrees_with_the_formulas_in_many_digits(int x, double recency, double age, double active, double next39, double discounted104)
    {
        var history = new PurchaseHistory(x, recency, age);
        Near(active, Easy.ProbabilityActive(history));
        Near(next39, Easy.ExpectedPurchases(history, 39));
        Near(discounted104, Easy.ExpectedPurchases(history, 104, 0.0027));
    }

    [Theory]
    [InlineData(50, 500, 0.4, 3, 0, 0, 10, 2000, 55.1964132336531)]
    [InlineData(0.3, 2, 1, 2, 3, 10, 20, 50, 1.57879190913859)]
    [InlineData(0.3, 0.01, 1.5, 2, 1, 1, 1, 5000, 3.87794477136269)]
    [InlineData(50, 500, 6, 3, 2, 5, 10, 2000, 0.570819026390068)]
    public void Bg_nbd_agrees_far_from_usual_parameters(
        double r, double alpha, double a, double b, int x, double recency, double age, double horizon, double expected) =>
        Near(expected, new BgNbd(r, alpha, a, b).ExpectedPurchases(new PurchaseHistory(x, recency, age), horizon));

    [Theory]
    [InlineData(20, 5, 0.05, 300, 0, 0, 1.7808630541878e-36)]
    [InlineData(20, 5, 0.05, 300, 40, 390, 0.998334186825703)]
    [InlineData(0.02, 0.001, 8, 900, 0, 0, 0.0280074266908143)]
    [InlineData(0.02, 0.001, 8, 900, 3, 2, 1.97560340916953e-7)]
    [InlineData(0.02, 0.001, 8, 900, 40, 390, 0.900294567290928)]
    public void Pareto_nbd_agrees_far_from_usual_parameters(
        double r, double alpha, double s, double beta, int x, double recency, double expected)
    {
        var age = recency == 390 ? 400 : 500;
        Near(expected, new ParetoNbd(r, alpha, s, beta).ProbabilityActive(new PurchaseHistory(x, recency, age)));
    }

    [Fact]
    public void Equal_scales_give_the_closed_form_of_the_pareto_model()
    {
        var model = new ParetoNbd(0.7, 12, 0.4, 12);
        var growth = Math.Pow((12 + 50.0) / (12 + 20), 0.7 + 3 + 0.4);
        Near(1 / (1 + (0.4 / (0.7 + 3 + 0.4) * (growth - 1))), model.ProbabilityActive(new PurchaseHistory(3, 20, 50)));
    }

    [Fact]
    public void Passing_through_s_of_one_and_a_of_one_makes_no_step()
    {
        var history = new PurchaseHistory(3, 10, 20);
        foreach (var off in new[] { 1e-3, 1e-5, 1e-7, 1e-9 })
        {
            Assert.Equal(
                new ParetoNbd(0.5, 10, 1, 12).ExpectedPurchases(history, 52), new ParetoNbd(0.5, 10, 1 + off, 12).ExpectedPurchases(history, 52), 2 * off);
            Assert.Equal(new BgNbd(0.3, 4, 1, 2).ExpectedPurchases(history, 52), new BgNbd(0.3, 4, 1 + off, 2).ExpectedPurchases(history, 52), 2 * off);
        }
    }

    [Theory]
    [InlineData(1_000_000, 99_999, 100_000)]
    [InlineData(1_000_000, 0, 100_000)]
    [InlineData(0, 0, 100_000)]
    [InlineData(1, 0, 0)]
    [InlineData(1, 100_000, 100_000)]
    [InlineData(0, 0, 0)]
    public void Limits_give_finite_numbers_in_range(int x, double recency, double age)
    {
        var history = new PurchaseHistory(x, recency, age);
        foreach (var model in new IPurchaseModel[] { Easy, Full })
        {
            Assert.InRange(model.ProbabilityActive(history), 0, 1);
            Assert.InRange(model.ExpectedPurchases(history, 1000), 0, 1000 * (x + 1) / 4.0);
            Assert.InRange(model.ExpectedPurchases(history, double.PositiveInfinity, 0.001), 0, double.MaxValue);
            Assert.Equal(0, model.ExpectedPurchases(history, 0));
            Assert.True(model.DormantAfter(x, recency, 0.5) >= 0);
        }
    }

    [Fact]
    public void Chances_lie_between_0_and_1_and_fall_while_nothing_is_bought() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(400), Prop.ForAll(Cases(), one =>
    {
        var (model, x, recency, gap, more) = one;
        var now = model.ProbabilityActive(new PurchaseHistory(x, recency, recency + gap));
        var later = model.ProbabilityActive(new PurchaseHistory(x, recency, recency + gap + more));
        return now is >= 0 and <= 1 && later <= now * (1 + 1e-12);
    }));

    [Fact]
    public void Expected_purchases_grow_with_the_horizon_and_shrink_with_discount() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(400), Prop.ForAll(Cases(), one =>
    {
        var (model, x, recency, gap, more) = one;
        var history = new PurchaseHistory(x, recency, recency + gap);
        var near = model.ExpectedPurchases(history, gap + 1);
        var far = model.ExpectedPurchases(history, gap + 1 + more);
        var discounted = model.ExpectedPurchases(history, gap + 1, 0.01);
        return near >= 0 && far >= near * (1 - 1e-10) && discounted <= near * (1 + 1e-10);
    }));

    [Fact]
    public void Dormancy_begins_where_the_chance_meets_the_threshold() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(400), Prop.ForAll(Cases(), one =>
    {
        var (model, x, recency, gap, _) = one;
        var threshold = 0.05 + (0.9 * (gap / 1001));
        var dormant = model.DormantAfter(x, recency, threshold);
        return x == 0 && model is BgNbd
            ? double.IsInfinity(dormant)
            : dormant == 0
                ? model.ProbabilityActive(new PurchaseHistory(x, recency, recency)) <= threshold
                // Who hardly ever leaves is silent for longer than a number can say.
                : double.IsInfinity(dormant)
                ? model.ProbabilityActive(new PurchaseHistory(x, recency, 1e300)) > threshold
                : Math.Abs(model.ProbabilityActive(new PurchaseHistory(x, recency, recency + dormant)) - threshold) < 1e-8;
    }));

    [Fact]
    public void The_dormancy_table_stays_within_its_stated_error()
    {
        foreach (var model in new IPurchaseModel[] { Easy, Full, new ParetoNbd(2, 0.5, 0.4, 300), new ParetoNbd(0.3, 400, 3, 2) })
        {
            var table = new DormancyTable(model, 0.2, 1000);
            foreach (var x in new[] { 0, 1, 2, 7, 40, 300, 5000 })
            {
                for (var recency = 0.0; recency < (x == 0 ? 0.1 : 1100); recency = (recency * 1.37) + 0.13)
                {
                    var exact = model.DormantAfter(x, recency, 0.2);
                    var found = table.After(x, recency);
                    Assert.True(found == exact || Math.Abs(found - exact) <= 1e-4 * exact, $"{x} {recency}: {found} for {exact}");
                }
            }
        }
    }

    [Fact]
    public void A_silence_is_as_unusual_as_it_says()
    {
        // Chance of no purchase in a time t of somebody active: ((α + t_x) / (α + t_x + t))^(r + x).
        var silence = Rhythm.SilenceAfter(Full, 3, 20, 0.05);
        Near(0.05, Math.Pow((10.578 + 20) / (10.578 + 20 + silence), 3.553));
        Assert.True(Rhythm.SilenceAfter(Full, 10, 20, 0.05) < silence);
    }

    [Fact]
    public void Arguments_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new BgNbd(0, 1, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ParetoNbd(1, 1, double.NaN, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Full.ProbabilityActive(new PurchaseHistory(1, 3, 2)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Full.ExpectedPurchases(default, double.PositiveInfinity));
        Assert.Throws<ArgumentOutOfRangeException>(() => Easy.DormantAfter(1, 1, 1));
    }

    private static Arbitrary<(IPurchaseModel Model, int X, double Recency, double Gap, double More)> Cases()
    {
        var parameter = Gen.Choose(-300, 300).Select(power => Math.Pow(10, power / 100.0));
        var time = Gen.Choose(0, 1000).Select(tenths => tenths / 1.0);
        var model = from r in parameter
                    from alpha in parameter
                    from s in parameter
                    from beta in parameter
                    from full in Gen.Elements(true, false)
                    select full ? (IPurchaseModel)new ParetoNbd(r, alpha, s, beta) : new BgNbd(Math.Min(r, 100), alpha, s, beta);
        return (from one in model
                from x in Gen.Elements(0, 1, 2, 5, 20, 300)
                from recency in time
                from gap in time
                from more in time
                select (one, x, x == 0 ? 0 : recency, gap, more)).ToArbitrary();
    }

    private static void Near(double expected, double found) => Assert.Equal(expected, found, Math.Abs(expected) * 1e-10);
}
