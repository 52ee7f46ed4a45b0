using Huike.Platform.Search;

namespace Huike.UnitTests.Platform.Search;

/// <summary>Addresses as people paste them.</summary>
public sealed class AddressTextTests
{
    [Theory]
    [InlineData("收货人：张三 13800138000 广东省深圳市南山区粤海街道科技园路1号 518000", "张三", "13800138000", "518000", "440305007", "科技园路1号", "")]
    [InlineData("广东省深圳市南山区粤海街道科技园路1号，张三，13800138000", "张三", "13800138000", null, "440305007", "科技园路1号", "Name")]
    [InlineData("张三\n138-0013-8000\n广东 深圳 南山 粤海街道 科技园路1号A座502", "张三", "138-0013-8000", null, "440305007", "科技园路1号A座502", "Name")]
    [InlineData("收件人: 欧阳小鸥\n手机号码: +86 139 0013 9000\n所在地区: 浙江省杭州市西湖区\n详细地址: 文三路 478 号", "欧阳小鸥", "+86 139 0013 9000", null, "330106", "文三路478号", "")]
    [InlineData("姓名：李雷　电话：０１０－８７６５４３２１　地址：北京市朝阳区建国路８８号　邮编：１０００２２", "李雷", "010-87654321", "100022", "110105", "建国路88号", "")]
    [InlineData("北京朝阳区建国路88号", null, null, null, "110105", "建国路88号", "")]
    [InlineData("北京市北京市朝阳区建国路88号", null, null, null, "110105", "建国路88号", "")]
    [InlineData("朝阳区建国路88号", null, null, null, "110105 220104", "建国路88号", "SeveralDivisions")]
    [InlineData("江苏省昆山市玉山镇前进路1号", null, null, null, "320583100", "前进路1号", "")]
    [InlineData("广西南宁青秀区民族大道1号", null, null, null, "450103", "民族大道1号", "")]
    [InlineData("新疆乌鲁木齐市天山区中山路1号", null, null, null, "650102", "中山路1号", "")]
    [InlineData("重庆市渝中区解放碑街道民权路1号", null, null, null, "500103003", "民权路1号", "")]
    [InlineData("广东省东莞市虎门镇虎门大道1号", null, null, null, "441900121", "虎门大道1号", "")]
    [InlineData("湖北省仙桃市干河街道仙桃大道1号", null, null, null, "429004002", "仙桃大道1号", "")]
    [InlineData("香港特别行政区中环皇后大道1号", null, null, null, "81", "中环皇后大道1号", "Coarse")]
    [InlineData("深圳市科技园路1号", null, null, null, "4403", "科技园路1号", "Coarse")]
    [InlineData("somewhere else 12", null, null, null, "", "somewhere else 12", "NoDivision")]
    [InlineData("", null, null, null, "", "", "NoDivision NoDetail")]
    [InlineData("南山区", null, null, null, "230404 440305", "", "SeveralDivisions NoDetail")]
    public void A_block_is_taken_apart_and_says_what_is_uncertain(string text, string? name, string? phone, string? postcode, string divisions, string detail, string doubts)
    {
        var read = AddressText.Read(text);
        Assert.Equal((name, phone, postcode, divisions, detail, doubts),
            (read.Name, read.Phone, read.Postcode, string.Join(' ', read.Divisions.Select(one => one.Code)), read.Detail, string.Join(' ', read.Doubts)));
    }

    [Fact]
    public void The_tree_is_whole_and_writes_each_name_as_people_do()
    {
        Assert.Equal((34, 342, 2978, 41352), (Divisions.Provinces.Count, Of(1), Of(2), Of(3)));
        Assert.Equal("北京市朝阳区 广东省东莞市虎门镇 海南省五指山市 新疆维吾尔自治区石河子市 重庆市城口县 河北省石家庄市", Told("110105 441900121 469001 659001 500229 1301", division => division.FullName));
        Assert.Equal("北京市 东莞市 五指山市 重庆市 石家庄市 -", Told("110105 441900121 469001 500229 1301 13", division => division.City ?? "-"));
        Assert.All(Divisions.All, division => Assert.True(division.Above is null || (division.Code.StartsWith(division.Above.Code, StringComparison.Ordinal) && division.Above.Below.Contains(division))));

        static string Told(string codes, Func<Division, string> told) => string.Join(' ', codes.Split(' ').Select(code => told(Divisions.Find(code)!)));

        static int Of(int level) => Divisions.All.Count(division => division.Level == level);
    }

    /// <summary>Against the published list itself, in five ways of writing; where two places are written alike both are named.</summary>
    [Fact]
    public void Every_street_is_read_back_from_five_ways_of_writing_it()
    {
        var file = SharedFolder.File("cn_divisions", "streets.csv");
        var (ambiguous, all) = (new int[5], 0);
        var wrong = new List<string>();
        foreach (var line in File.ReadLines(file).Skip(1))
        {
            var cells = line.Split(',');
            var street = Divisions.Find(cells[0]);
            Assert.Equal(cells[1].Trim('"'), street?.Name);
            var path = street!.Path.Where(one => !one.IsUnwritten).ToList();
            var (names, without) = (path.ConvertAll(one => one.Name), path.Skip(path.Count > 3 ? 1 : 0).Select(one => one.Name).ToList());
            all++;
            string[] ways =
            [
                street.FullName + "幸福路1号",
                $"收货人：张三 13800138000 {string.Join(' ', names)} 幸福路1号 518000",
                string.Concat(without) + "幸福路1号，13800138000 张三",
                string.Concat(Short(names[0]), names[1], string.Concat(names.Skip(2))) + "幸福路１号",
                string.Join('\n', ["张三", "13800138000", .. names.Select(Short), "幸福路1号"]),
            ];
            for (var way = 0; way < ways.Length; way++)
            {
                var read = AddressText.Read(ways[way]);
                if (!read.Divisions.Contains(street) || read.Detail != "幸福路1号" || (read.Divisions.Count > 1) != read.Doubts.Contains(AddressDoubt.SeveralDivisions)) { wrong.Add($"{ways[way]} → {string.Join(' ', read.Divisions.Select(one => one.Code))} {read.Detail}"); }
                ambiguous[way] += read.Divisions.Count > 1 ? 1 : 0;
            }
        }
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {all * 5}: {string.Join(Environment.NewLine, wrong.Take(40))}");
        Assert.Equal(41_352, all);
        Assert.True(ambiguous.Max() < all / 100, string.Join(' ', ambiguous));

        static string Short(string name) => name.Length > 2 && name[^1] is '省' or '市' ? name[..^1] : name;
    }

    [Fact]
    public void Whatever_is_pasted_is_read_to_an_end()
    {
        var random = new Random(20261123);
        const string letters = "广东省深圳市南山区1380 \n：,，0123张三\ud83d\u0000(（ａ号路";
        for (var i = 0; i < 20_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(80)).Select(_ => letters[random.Next(letters.Length)]));
            Assert.NotNull(AddressText.Read(text));
        }
        Assert.NotNull(AddressText.Read(new string('广', 100_000)));
    }
}
