using FsCheck;
using FsCheck.Fluent;
using Huike.Platform.Search;
using Xunit;

namespace Huike.UnitTests.Platform.Search;

public class PinyinTests
{
    [Theory]
    [InlineData("张伟", "zhangwei", "zw")]
    [InlineData("单雄信", "shanxiongxin", "sxx")]
    [InlineData("曾国藩", "zengguofan", "zgf")]
    [InlineData("尉迟敬德", "yuchijingde", "ycjd")]
    [InlineData("万俟卨", "moqixie", "mqx")]
    [InlineData("长孙无忌", "zhangsunwuji", "zswj")]
    [InlineData("重庆长安汽车股份有限公司", "chongqingchanganqichegufenyouxiangongsi", "cqcaqcgfyxgs")]
    [InlineData("单位招待所有限公司", "danweizhaodaisuoyouxiangongsi", "dwzdsyxgs")]
    [InlineData("吕蒙", "lvmeng", "lm")]
    [InlineData("TCL电器", "tcldianqi", "tcldq")]
    [InlineData("John Smith", "johnsmith", "js")]
    [InlineData("Zoë O’Brien", "zoeobrien", "zo")]
    [InlineData("ＡＢＣ　１２", "abc12", "a1")]
    [InlineData("", "", "")]
    public void A_name_is_spelled_as_it_is_read(string name, string full, string initials)
    {
        Assert.Equal(full, Pinyin.Full(name));
        Assert.Equal(initials, Pinyin.Initials(name));
    }

    [Fact]
    public void Keys_sort_by_pinyin_then_by_character()
    {
        string[] sorted = ["360安全", "Adam", "安宁", "白云", "占山", "张三", "张伟", "章三", "周杰", "重庆火锅城", "zoo"];
        var keys = sorted.Select(Pinyin.SortKey).ToList();

        Assert.Equal("zhang 张 wei 伟", Pinyin.SortKey("张伟"));
        Assert.Equal(
            ["360安全", "Adam", "安宁", "白云", "重庆火锅城", "占山", "张三", "张伟", "章三", "周杰", "zoo"],
            sorted.OrderBy(Pinyin.SortKey, StringComparer.Ordinal),
            StringComparer.Ordinal);
        Assert.Equal(keys.Count, keys.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void No_text_makes_it_fail()
    {
        var texts = ArbMap.Default.ArbFor<string>().Filter(s => s is not null);
        Check.QuickThrowOnFailure(Prop.ForAll(texts, s => Pinyin.SortKey(s + "\uD800张") is { Length: > 0 } && !Pinyin.Full(s).Contains(' ')));
    }

    [Fact]
    public void First_readings_agree_with_another_table_of_the_standard_characters()
    {
        var file = SharedFolder.File("cn_pinyin", "kMandarin_8105.txt");
        var (agree, all) = (0, 0);
        foreach (var line in File.ReadLines(file).Where(l => l.StartsWith("U+", StringComparison.Ordinal)))
        {
            var parts = line.Split([':', '#'], 3);
            var character = parts[2].Trim().Split(' ')[0];
            var spoken = Pinyin.Full(character);
            var published = string.Concat(parts[1].Split(',')[0].Trim().Normalize(System.Text.NormalizationForm.FormD)
                .Replace("u\u0308", "v", StringComparison.Ordinal).Where(char.IsAsciiLetter));
            all++;
            agree += string.Equals(spoken, published, StringComparison.Ordinal) ? 1 : 0;
        }

        Assert.True(all > 8000 && agree > all * 0.99, $"{agree} of {all}");
    }
}
