using Huike.Platform;
using Huike.Platform.Conditions;

namespace Huike.UnitTests.Platform;

/// <summary>Conditions as one line.</summary>
public sealed class ConditionTextTests
{
    [Theory]
    [InlineData("tier:is:gold")]
    [InlineData("all(tier:is:gold,any(place:has:上海,sales:min:10000),tags:empty)")]
    [InlineData("any(all(name:has:'a,b(c)''d',custom.size:max:3),all())")]
    [InlineData("lastAt:within:-30")]
    [InlineData("name:is:' '")]
    public void A_line_writes_itself_as_it_was_read(string line) => Assert.Equal(line, ConditionText.Write(ConditionText.Read(line)));

    [Theory]
    [InlineData("", "conditions.text.wrong")]
    [InlineData("tier", "conditions.text.wrong")]
    [InlineData("tier:like:gold", "conditions.text.wrong")]
    [InlineData("none(tier:is:gold)", "conditions.text.wrong")]
    [InlineData("all(tier:is:gold", "conditions.text.wrong")]
    [InlineData("all(tier:is:gold))", "conditions.text.wrong")]
    [InlineData("name:is:'a", "conditions.text.wrong")]
    [InlineData("name:is:'a'b", "conditions.text.wrong")]
    [InlineData("name:is:a(b", "conditions.text.wrong")]
    [InlineData("c.id;drop:is:a", "conditions.text.wrong")]
    [InlineData("all(all(all(all(all(name:filled)))))", "conditions.deep")]
    public void What_cannot_be_read_is_refused(string line, string code) => Assert.Equal(code, Assert.Throws<RuleException>(() => ConditionText.Read(line)).Code);

    [Fact]
    public void Many_long_and_deep_ones_are_refused_at_once()
    {
        string Many(int count) => $"all({string.Join(',', Enumerable.Repeat("name:filled", count))})";
        Assert.Equal(20, ConditionText.Read(Many(20)).Leaves.Count());
        Assert.Equal("conditions.many", Assert.Throws<RuleException>(() => ConditionText.Read(Many(21))).Code);
        Assert.Equal("conditions.long", Assert.Throws<RuleException>(() => ConditionText.Read("name:is:" + new string('x', 401))).Code);
        Assert.Equal("conditions.long", Assert.Throws<RuleException>(() => ConditionText.Read(new string('(', 5_000))).Code);
        Assert.Equal("conditions.deep", Assert.Throws<RuleException>(() => ConditionText.Read(string.Concat(Enumerable.Repeat("all(", 900)))).Code);
    }
}
