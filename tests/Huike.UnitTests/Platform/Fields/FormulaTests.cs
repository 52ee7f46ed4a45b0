using Huike.Platform;
using Huike.Platform.Fields;

namespace Huike.UnitTests.Platform.Fields;

public sealed class FormulaTests
{
    private static readonly Dictionary<string, object?> Values = new() { ["budget"] = 1200.5m, ["rate"] = 0.1m, ["none"] = 0m, ["size"] = "big", ["signed"] = "2026-01-31", ["due"] = "2026-03-01" };

    [Theory]
    [InlineData("1 + 2 * 3", "7")]
    [InlineData("(1 + 2) * 3 - -4", "13")]
    [InlineData("10 - 3 - 2", "5")]
    [InlineData("8 / 4 / 2", "1")]
    [InlineData("budget * rate", "120.05")]
    [InlineData("round(budget * rate)", "120")]
    [InlineData("round(2.5) + round(1.005, 2)", "4.01")]
    [InlineData("if(size = 'big', 2, 1)", "2")]
    [InlineData("if(size <> 'big' or budget > 1000 and not none, 2, 1)", "2")]
    [InlineData("days(signed, due)", "29")]
    [InlineData("max(1, budget, 3) + min(rate, 1) + abs(-2)", "1202.6")]
    [InlineData("first(missing, missing, 5)", "5")]
    [InlineData("if(missing = '', 1, 0)", "1")]
    [InlineData("if(size = '', 1, 0)", "0")]
    [InlineData("if(none = 0, 0, 1 / none)", "0")]
    [InlineData("missing + 1", null)]
    [InlineData("1 / none", null)]
    [InlineData("size + 1", null)]
    [InlineData("99999999999999999999999999 * 99999999999", null)]
    [InlineData("budget > missing", null)]
    [InlineData("notes", null)]
    public void Comes_out_as_arithmetic_says(string text, string? expected) =>
        Assert.Equal(expected is null ? null : decimal.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), Formula.Parse(text).Run(Values.GetValueOrDefault));

    [Theory]
    [InlineData("1 +", 4)]
    [InlineData("(1", 3)]
    [InlineData("1 2", 3)]
    [InlineData("nothing(1)", 1)]
    [InlineData("if(1, 2)", 9)]
    [InlineData("'open", 1)]
    [InlineData("1 + $", 5)]
    [InlineData("1..2", 1)]
    [InlineData("", 1)]
    public void Is_refused_with_the_place(string text, int place)
    {
        var refused = Assert.Throws<RuleException>(() => Formula.Parse(text));
        Assert.Equal(("fields.formula.wrong", place), (refused.Code, refused.Args[0]));
    }

    [Fact]
    public void A_deep_one_is_read_and_an_overlong_one_is_refused()
    {
        Assert.Equal(1m, Formula.Parse(new string('(', 249) + "1" + new string(')', 249)).Run(_ => null));
        Assert.Equal("fields.formula.long", Assert.Throws<RuleException>(() => Formula.Parse(new string('1', 501))).Code);
    }

    [Fact]
    public void Tells_what_it_reads() => Assert.Equal(["budget", "rate", "size"], Formula.Parse("if(size = 'big', budget, rate) + budget").Names.Order());
}
