using System.Collections.Frozen;

namespace Huike.Platform.Search;

/// <summary>
/// Where names read otherwise than the table's first reading: surnames, places, and a few characters that mean one thing
/// in names and another in speech. Common knowledge, written for this product.
/// </summary>
internal static class PinyinReadings
{
    private static readonly FrozenDictionary<char, string> Surnames = Singles(
        "单shan 曾zeng 仇qiu 解xie 任ren 区ou 查zha 盖ge 朴piao 覃qin 种chong 繁po 员yun 贠yun 秘bi 折she 召shao 冼xian 洗xian 乐yue 翟zhai " +
        "隗wei 缪miao 柏bai 薄bo 谌chen 祭zhai 眭sui 佴nai 郗xi 句gou 幺yao 宓mi 臧zang 车che 石shi 宁ning 那na 撒sa 阚kan 逄pang 尉wei 长zhang " +
        "纪ji 应ying 占zhan 卜bu 曲qu 相xiang 华hua 费fei 葛ge 万wan 藏zang 黑hei 尹yin 沈shen 叶ye");

    private static readonly FrozenDictionary<char, string> Usuals = Singles(
        "长chang 地di 帧zhen 拓tuo 徵zheng 咳ke 埔pu 蹒pan 著zhu 仔zai 都du 厦sha 谁shui 参shen 重zhong 行xing 沈shen");

    private static readonly FrozenDictionary<char, (string Text, string[] Syllables)[]> Phrases = Group(
        "重庆chong,qing 重阳chong,yang 厦门xia,men 长安chang,an 长春chang,chun 长沙chang,sha 银行yin,hang 商行shang,hang 车行che,hang 行业hang,ye " +
        "音乐yin,yue 乐器yue,qi 乐队yue,dui 乐团yue,tuan 乐清yue,qing 乐亭lao,ting 乐陵lao,ling 成都cheng,du 西藏xi,zang 会计kuai,ji 调味tiao,wei " +
        "调料tiao,liao 番禺pan,yu 蚌埠beng,bu 东阿dong,e 六安lu,an 六合lu,he 莘县shen,xian 莘庄xin,zhuang 铅山yan,shan 涡阳guo,yang 枞阳zong,yang " +
        "歙县she,xian 浚县xun,xian 单县shan,xian 单父shan,fu 洪洞hong,tong 繁峙fan,shi 井陉jing,xing 蔚县yu,xian 渑池mian,chi 台州tai,zhou " +
        "丽水li,shui 亳州bo,zhou 儋州dan,zhou 大埔da,bu 黄埔huang,pu 中牟zhong,mu 牟平mu,ping 尉氏wei,shi 尉犁yu,li 珲春hun,chun 桦甸hua,dian " +
        "朝阳chao,yang 朝鲜chao,xian 曾都zeng,du 阿坝a,ba 康藏kang,zang 青藏qing,zang 燕京yan,jing 华山hua,shan 长治chang,zhi 长乐chang,le 永乐yong,le " +
        "什邡shi,fang 犍为qian,wei 筠连jun,lian 郫都pi,du 荥阳xing,yang 荥经ying,jing 武陟wu,zhi 嵊泗sheng,si 鄱阳po,yang 婺源wu,yuan 弋阳yi,yang " +
        "甪直lu,zhi 溧阳li,yang 邗江han,jiang 盱眙xu,yi 睢宁sui,ning 邳州pi,zhou 厦华xia,hua 伽马ga,ma 伽师jia,shi 重工zhong,gong 重型zhong,xing 传奇chuan,qi");

    private static readonly FrozenDictionary<char, (string Text, string[] Syllables)[]> Compounds = Group(
        "尉迟yu,chi 万俟mo,qi 长孙zhang,sun 单于chan,yu 澹台tan,tai 令狐ling,hu 宇文yu,wen 鲜于xian,yu 夏侯xia,hou 皇甫huang,fu 贺兰he,lan 呼延hu,yan " +
        "赫连he,lian 拓跋tuo,ba 夹谷jia,gu 亓官qi,guan 漆雕qi,diao 乐正yue,zheng 公冶gong,ye 申屠shen,tu 钟离zhong,li 轩辕xuan,yuan 慕容mu,rong " +
        "闻人wen,ren 闾丘lv,qiu 濮阳pu,yang 淳于chun,yu 太叔tai,shu 宗政zong,zheng 公孙gong,sun 仲孙zhong,sun 司空si,kong 司寇si,kou");

    /// <summary>How the character reads as a surname where that is not the table's first reading; null: as the table says.</summary>
    internal static string? Surname(char character) => Surnames.GetValueOrDefault(character) ?? Usual(character);

    /// <summary>How the character usually reads in names where that is not the table's first reading; null: as the table says.</summary>
    internal static string? Usual(char character) => Usuals.GetValueOrDefault(character);

    /// <summary>The syllables of the known phrase that the text begins with, or null.</summary>
    /// <param name="text">Han characters.</param>
    /// <param name="surname">The text is a person's name from its beginning: surnames of two characters, and no places.</param>
    internal static string[]? Phrase(ReadOnlySpan<char> text, bool surname)
    {
        foreach (var (phrase, syllables) in (surname ? Compounds : Phrases).GetValueOrDefault(text[0]) ?? [])
        {
            if (text.StartsWith(phrase, StringComparison.Ordinal))
            {
                return syllables;
            }
        }

        return null;
    }

    private static FrozenDictionary<char, string> Singles(string list) =>
        list.Split(' ').DistinctBy(entry => entry[0]).ToFrozenDictionary(entry => entry[0], entry => entry[1..]);

    private static FrozenDictionary<char, (string Text, string[] Syllables)[]> Group(string list) =>
        list.Split(' ').Select(entry => (Text: entry[..2], Syllables: entry[2..].Split(',')))
            .GroupBy(entry => entry.Text[0]).ToFrozenDictionary(group => group.Key, group => group.ToArray());
}
