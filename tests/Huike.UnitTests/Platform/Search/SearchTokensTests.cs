using FsCheck;
using FsCheck.Fluent;
using Huike.Platform.Search;
using Xunit;

namespace Huike.UnitTests.Platform.Search;

public class SearchTokensTests
{
    [Theory]
    [InlineData("张伟明", "张")]
    [InlineData("张伟明", "明")]
    [InlineData("张伟明", "伟明")]
    [InlineData("张 伟明", "张伟")]
    [InlineData("张伟明", "zhangw")]
    [InlineData("张伟明", "weiming")]
    [InlineData("张伟明", "ZWM")]
    [InlineData("张伟明", "wm")]
    [InlineData("张伟明", "zhang伟")]
    [InlineData("张伟明", "张wei")]
    [InlineData("张伟明", "zhangwm")]
    [InlineData("单雄信", "shanx")]
    [InlineData("单雄信", "shanxx")]
    [InlineData("单雄信", "dxx")]
    [InlineData("吕蒙", "lumeng")]
    [InlineData("吕蒙", "lümeng")]
    [InlineData("李莉", "li")]
    [InlineData("青岛海尔电器有限公司", "海尔电器有限")]
    [InlineData("青岛海尔电器有限公司", "海尔 青岛")]
    [InlineData("青岛海尔电器有限公司", "haier")]
    [InlineData("青岛海尔电器有限公司", "hedq")]
    [InlineData("广田股份有限公司", "田股份")]
    [InlineData("海尔（青岛）电器", "海尔青岛")]
    [InlineData("海尔（青岛）电器", "尔(青")]
    [InlineData("Müller & Söhne GmbH", "muller soh")]
    [InlineData("3M中国有限公司", "3m中国")]
    [InlineData("有限公司", "有限公司")]
    public void A_name_is_found_by_what_people_type(string name, string typed) =>
        Assert.True(SearchQuery.Parse(typed).Matches(SearchTokens.Of(name)), $"{SearchQuery.Parse(typed).ToFts5()} in {SearchTokens.Of(name)}");

    [Theory]
    [InlineData("+8613800138000", "13800138000")]
    [InlineData("+8613800138000", "138 0013")]
    [InlineData("+8613800138000", "8000")]
    [InlineData("+8613800138000", "+86 138-0013-8000")]
    [InlineData("+8613800138000", "８０００")]
    [InlineData("+8613800138000", "3800138")]
    [InlineData("+8613800138000", "0013800")]
    [InlineData("010-87654321", "01087")]
    [InlineData("010-87654321", "87654321")]
    [InlineData("+44 20 7946 0958", "0958")]
    public void A_phone_is_found_by_its_beginning_and_its_tail(string phone, string typed) =>
        Assert.True(SearchQuery.Parse(typed).Matches(SearchTokens.Of("张伟", phone, "K0000123")));

    [Theory]
    [InlineData("K0000123")]
    [InlineData("k0000")]
    [InlineData("123")]
    public void A_customer_is_found_by_number(string typed) =>
        Assert.True(SearchQuery.Parse(typed).Matches(SearchTokens.Of("张伟", null, "K-0000123")));

    [Theory]
    [InlineData("李伟")]
    [InlineData("zhangwei2")]
    [InlineData("伟张")]
    [InlineData("8001")]
    [InlineData("，。")]
    [InlineData("")]
    public void Nothing_else_is_found(string typed) =>
        Assert.False(SearchQuery.Parse(typed).Matches(SearchTokens.Of("张伟", "13800138000", "K0000123")));

    [Theory]
    [InlineData("Müller", "muler", true)]
    [InlineData("Müller", "mueller", true)]
    [InlineData("Müller", "miller", true)]
    [InlineData("Müller", "mlüler", true)]
    [InlineData("Johnson Controls", "jonhson controls", true)]
    [InlineData("Johnson Controls", "jonhson gontrolls", false)]
    [InlineData("Müller", "maller bros", false)]
    [InlineData("Müller", "mahler", false)]
    [InlineData("Kim", "kym", false)]
    public void A_word_of_four_letters_or_more_bears_one_wrong_letter(string name, string typed, bool found)
    {
        Assert.False(SearchQuery.Parse(typed).Matches(SearchTokens.Of(name)));
        Assert.Equal(found, SearchQuery.Parse(typed).WithErrors()?.Matches(SearchTokens.Of(name)) == true);
    }

    [Theory]
    [InlineData("13800138000", true)]
    [InlineData("8000", true)]
    [InlineData("38000", false)]
    [InlineData("1380", false)]
    [InlineData("0013800", false)]
    [InlineData("3800138000", false)]
    [InlineData("K0000123", true)]
    [InlineData("0123", true)]
    public void Where_phones_are_masked_they_are_found_whole_or_by_what_the_mask_shows(string typed, bool found) =>
        Assert.Equal(found, SearchQuery.Parse(typed).WithoutPersonal().Matches(SearchTokens.Of("张伟", "+8613800138000", "K0000123")));

    [Theory]
    [InlineData("何 9863", "('9863':* | 'ㄋ9863':* | 'ㄦ3689':* | 'ㄋㄦ3689':*)")]
    [InlineData("zhang伟明", "('伟明')")]
    [InlineData("zhang三", null)]
    [InlineData("北京 科技", null)]
    [InlineData("zhang", null)]
    [InlineData("张伟明", null)]
    public void What_few_have_is_looked_for_first_where_the_rest_is_begun_by_many(string typed, string? few) => Assert.Equal(few, SearchQuery.Parse(typed).Selective()?.ToTsQuery());

    [Fact]
    public void One_row_in_thirty_two_keeps_its_tokens_twice()
    {
        Assert.Equal("张伟 zw", SearchTokens.Kept(33, "张伟 zw"));
        Assert.Equal("张伟 zw ㄅ张伟 ㄅzw", SearchTokens.Kept(64, "张伟 zw"));
        Assert.Equal("", SearchTokens.Kept(64, ""));
    }

    [Theory]
    [InlineData("他问了新冰箱 BX-2000，下周打 13800138000", "冰箱")]
    [InlineData("他问了新冰箱 BX-2000，下周打 13800138000", "bx 下周")]
    [InlineData("他问了新冰箱 BX-2000，下周打 13800138000", "周打 138001")]
    public void Text_is_found_by_its_words(string text, string typed) => Assert.True(SearchQuery.Parse(typed).Matches(SearchTokens.OfText(text)));

    [Fact]
    public void Expressions_are_written_for_both_databases()
    {
        var query = SearchQuery.Parse("张伟明 zw 8000");

        Assert.Equal("(\"张伟\") AND (\"伟明\") AND (\"zw\"*) AND (\"8000\"* OR \"ㄋ8000\"* OR \"ㄦ0008\"* OR \"ㄋㄦ0008\"*)", query.ToFts5());
        Assert.Equal("('张伟') & ('伟明') & ('zw':*) & ('8000':* | 'ㄋ8000':* | 'ㄦ0008':* | 'ㄋㄦ0008':*)", query.ToTsQuery());
        Assert.Equal("('ㄅ张伟') & ('ㄅ伟明') & ('ㄅzw':*) & ('ㄅㄋ8000':* | 'ㄅㄦ0008':* | 'ㄅㄋㄦ0008':*)", query.WithoutPersonal().ToTsQuery(inSample: true));
        Assert.Equal("13800138000", SearchQuery.Parse("+86 138 0013 8000").Digits);
    }

    [Fact]
    public void Tokens_and_queries_never_hold_a_mark_that_a_database_would_read()
    {
        var texts = ArbMap.Default.ArbFor<string>().Filter(s => s is not null);
        Check.QuickThrowOnFailure(Prop.ForAll(texts, s => SearchTokens.Of(s, s, s).Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Concat(SearchQuery.Parse(s).Parts.SelectMany(p => p).Select(t => t.Token))
            .All(token => token.EnumerateRunes().All(System.Text.Rune.IsLetterOrDigit))));
    }

    [Fact]
    public void Every_pair_of_characters_of_a_name_finds_it()
    {
        var companies = File.ReadLines(SharedFolder.File("cn_company_names", "Company-Shorter-Form（28W）.txt")).Skip(3).Where((_, i) => i % 40 == 0);
        var surnames = File.ReadLines(SharedFolder.File("cn_names", "chinesenames/familyname.csv")).Skip(1).Select(l => l.Split(',')[0]);
        var given = File.ReadLines(SharedFolder.File("cn_names", "chinesenames/givenname.csv")).Skip(1).Select(l => l.Split(',')[0]).ToList();
        var people = surnames.Select((s, i) => s + given[i % given.Count] + given[i * 7 % given.Count]);
        var (checkedPairs, missed) = (0, new List<string>());
        foreach (var name in companies.Concat(people))
        {
            var isCompany = checkedPairs % 3 == 0;
            var tokens = SearchTokens.Of(isCompany ? name + "股份有限公司" : name);
            var core = CompanyName.Core(name);
            for (var i = 0; i + 2 <= core.Length; i++)
            {
                if (core.AsSpan(i, 2).IndexOfAnyExceptInRange('\u4e00', '\u9fff') < 0)
                {
                    checkedPairs++;
                    if (!SearchQuery.Parse(core.Substring(i, 2)).Matches(tokens))
                    {
                        missed.Add($"{name}: {core.AsSpan(i, 2)}");
                    }
                }
            }

            if (!SearchQuery.Parse(name).Matches(tokens) || (!isCompany && !SearchQuery.Parse(Pinyin.Full(name)).Matches(tokens)))
            {
                missed.Add(name);
            }
        }

        Assert.True(checkedPairs > 15_000, $"{checkedPairs}");
        Assert.True(missed.Count == 0, $"{missed.Count} missed: {string.Join(", ", missed.Take(20))}");
    }
}
