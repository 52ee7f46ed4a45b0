using FsCheck;
using FsCheck.Fluent;
using Huike.Statistics.Matching;

namespace Huike.UnitTests.Statistics.Matching;

public sealed class LikenessTests
{
    // W. Winkler's table of 1990/1994.
    [Theory]
    [InlineData("SHACKLEFORD", "SHACKELFORD", 0.982)]
    [InlineData("DUNNINGHAM", "CUNNIGHAM", 0.896)]
    [InlineData("NICHLESON", "NICHULSON", 0.956)]
    [InlineData("JONES", "JOHNSON", 0.832)]
    [InlineData("MASSEY", "MASSIE", 0.933)]
    [InlineData("ABROMS", "ABRAMS", 0.922)]
    [InlineData("MARTHA", "MARHTA", 0.961)]
    [InlineData("DWAYNE", "DUANE", 0.840)]
    [InlineData("DIXON", "DICKSONX", 0.813)]
    [InlineData("JON", "JAN", 0.800)]
    [InlineData("", "", 1)]
    [InlineData("ABC", "", 0)]
    [InlineData("ABC", "XYZ", 0)]
    public void Names_are_as_alike_as_the_published_table_says(string a, string b, double expected) => Assert.Equal(expected, Likeness.JaroWinkler(a, b), 0.0006);

    [Fact]
    public void Likeness_is_symmetric_within_its_range_and_one_for_the_same() => Check.QuickThrowOnFailure(Prop.ForAll<string?, string?>((first, second) =>
    {
        var (a, b) = (first ?? "", second ?? "");
        var likeness = Likeness.JaroWinkler(a, b);
        Assert.Equal(likeness, Likeness.JaroWinkler(b, a), 12);
        Assert.InRange(likeness, 0, 1);
        Assert.Equal(1, Likeness.JaroWinkler(a, a));
    }));

    [Theory]
    [InlineData("ca", "abc", 3)]
    [InlineData("abcd", "acbd", 1)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("13812345678", "13812345687", 1)]
    [InlineData("", "abc", 3)]
    public void A_distance_counts_swapped_neighbours_once(string a, string b, int expected)
    {
        Assert.Equal(expected, Likeness.DamerauLevenshtein(a, b, 9));
        Assert.Equal(expected, Likeness.DamerauLevenshtein(b, a, 9));
        Assert.Equal(Math.Min(expected, 2), Likeness.DamerauLevenshtein(a, b, 1));
    }

    [Theory]
    [InlineData("  Crème-Brûlée, Ltd.", "creme brulee ltd")]
    [InlineData("ＡＢＣ１２３", "abc123")]
    [InlineData("O'Brien", "obrien")]
    [InlineData("\ud800x", "x")]
    [InlineData(null, "")]
    [InlineData("--", "")]
    public void Texts_are_folded(string? text, string expected) => Assert.Equal(expected, Words.Fold(text));

    [Fact]
    public void Chinese_is_cut_into_neighbours_and_the_rest_into_words() => Assert.Equal(["北京", "京华", "华为", "88", "号", "a1b"], Words.Of("北京华为88号 a1b"));
}
