using System.Globalization;
using Huike.Benchmarks;
using Huike.Statistics.Matching;

namespace Huike.UnitTests.Statistics.Matching;

public sealed class MatcherTests
{
    private static readonly int[] OneOrNone = [0, 1];
    private static readonly GoldSets Sets = new(SharedFolder.File);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void The_likelihood_never_falls_and_ends_at_the_shares_that_made_the_pairs()
    {
        var random = new Random(11);
        var counts = new Dictionary<int, double>();
        for (var i = 0; i < 200_000; i++)
        {
            var same = random.NextDouble() < 0.02;
            var pattern = Enumerable.Range(0, 4).Aggregate(0, (sum, _) => (sum * 2) + (random.NextDouble() < (same ? 0.9 : 0.05) ? 1 : 0));
            counts[pattern] = counts.GetValueOrDefault(pattern) + 1;
        }
        var patterns = counts.Keys.Select(pattern => Enumerable.Range(0, 4).Select(bit => (pattern >> (3 - bit)) & 1).ToArray()).ToList();
        var levels = Enumerable.Range(0, 4).Select(field => OneOrNone.Select(level => patterns.Select((pattern, i) => pattern[field] == level ? counts.Values.ElementAt(i) : 0).Sum()).ToArray()).ToList();
        var likelihoods = new List<double>();
        var model = LinkFit.Run(new(patterns, [.. counts.Values], levels, 200_000, [0, 0, 0, 0]), likelihoods.Add);
        Assert.All(likelihoods.Zip(likelihoods.Skip(1)), pair => Assert.True(pair.Second >= pair.First - 1e-6));
        Assert.Equal(0.02, model.Prior, 0.001);
        Assert.All(model.Same, shares => Assert.Equal(0.9, shares[1], 0.02));
        Assert.All(model.Different, shares => Assert.Equal(0.05, shares[1], 0.003));
    }

    [Fact]
    public void Evidence_that_does_not_fit_is_refused()
    {
        Assert.Throws<ArgumentException>(() => LinkFit.Run(new([], [], [], 1, [])));
        Assert.Throws<ArgumentException>(() => new Matcher([]));
        Assert.Throws<ArgumentException>(() => new Matcher([new("a", FieldKind.Name, ["x"]), new("b", FieldKind.Name, [])]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Of_nothing_to_compare_nothing_is_learned(int records) =>
        Assert.Null(new Matcher([new("name", FieldKind.Name, [.. Enumerable.Range(0, records).Select(i => "n" + i.ToString(CultureInfo.InvariantCulture))])]).Learn(Ct));

    [Fact]
    public void Records_that_nobody_has_typed_the_same_way_are_found_among_many()
    {
        var (names, phones, places) = People(4_000);
        (names[3_999], phones[3_999], places[3_999]) = (names[7][..^1] + "x", phones[7], null);
        (names[3_998], phones[3_998], places[3_998]) = (names[8], null, places[8]);
        var matcher = new Matcher([new("name", FieldKind.Name, names), new("phone", FieldKind.Key, phones), new("place", FieldKind.Address, places)]);
        var model = matcher.Learn(Ct)!;
        var pairs = matcher.Pairs(model, token: Ct);
        Assert.Contains(pairs, pair => (pair.A, pair.B) == (7, 3_999));
        Assert.Contains(pairs, pair => (pair.A, pair.B) == (8, 3_998));
        Assert.True(pairs.Count < 60, pairs.Count.ToString(CultureInfo.InvariantCulture));
        var reasons = matcher.Reasons(model, 7, 3_999);
        Assert.Equal(pairs.First(pair => pair.B == 3_999).Weight, model.PriorWeight + reasons.Sum(reason => reason.Weight), 9);
        Assert.Null(reasons[2].Agreement);
        Assert.Equal(1, reasons[1].Agreement);
    }

    [Fact]
    public void However_many_share_a_value_the_pairs_stay_few()
    {
        var (names, phones, _) = People(20_000);
        var matcher = new Matcher([new("name", FieldKind.Name, names), new("phone", FieldKind.Key, phones), new("place", FieldKind.Address, [.. names.Select(_ => "Main street")])]);
        matcher.Pairs(matcher.Learn(Ct)!, token: Ct);
        Assert.InRange(matcher.Compared, 1, 200L * names.Length);
    }

    [Fact]
    public void One_to_one_keeps_the_heaviest() =>
        Assert.Equal([(0, 3), (1, 2)], Matcher.OneToOne([new(0, 2, 3), new(0, 3, 9), new(1, 3, 8), new(1, 2, 1)]).Select(pair => (pair.A, pair.B)));

    [Fact]
    public void A_run_can_be_ended()
    {
        var (names, phones, _) = People(2_000);
        var matcher = new Matcher([new("name", FieldKind.Name, names), new("phone", FieldKind.Key, phones)]);
        Assert.Throws<OperationCanceledException>(() => matcher.Learn(new CancellationToken(canceled: true)));
    }

    // The figures are of bench/results/duplicates.md, a little lower.
    [Theory]
    [InlineData(1, 0.99)]
    [InlineData(2, 0.99)]
    [InlineData(3, 0.99)]
    public void Persons_of_the_febrl_sets_are_found(int number, double least) => Assert.InRange(Sets.Febrl(number).Measure().F1, least, 1);

    [Fact]
    public void Restaurants_are_found()
    {
        Assert.InRange(Sets.Restaurants(withPhone: true).Measure().F1, 0.96, 1);
        Assert.InRange(Sets.Restaurants(withPhone: false).Measure().F1, 0.93, 1);
        Assert.InRange(Sets.RestaurantDoubles().Measure().F1, 0.85, 1);
    }

    [Fact]
    public void Products_are_found() => Assert.InRange(Sets.AbtBuy().Measure().F1, 0.8, 1);

    [Fact]
    public void Persons_with_little_known_of_them_are_found()
    {
        Assert.InRange(Sets.GermanNames().Measure().F1, 0.94, 1);
        Assert.InRange(Sets.Fake1000().Measure().F1, 0.9, 1);
    }

    private static (string[] Names, string?[] Phones, string?[] Places) People(int count)
    {
        var random = new Random(5);
        var syllables = new[] { "ka", "lo", "mi", "ren", "sto", "ber", "tan", "vil", "gor", "hen", "dur", "pas", "eli", "nor", "wick", "zan" };
        string Word(int length) => string.Concat(Enumerable.Range(0, length).Select(_ => syllables[random.Next(syllables.Length)]));
        return ([.. Enumerable.Range(0, count).Select(_ => Word(2) + " " + Word(3))], [.. Enumerable.Range(0, count).Select(_ => "138" + random.Next(10_000_000, 99_999_999).ToString(CultureInfo.InvariantCulture))],
            [.. Enumerable.Range(0, count).Select(_ => random.Next(1, 400).ToString(CultureInfo.InvariantCulture) + " " + Word(2) + " road")]);
    }
}
