using Huike.Platform.Search;

namespace Huike.UnitTests.Platform.Search;

/// <summary>What firms send round so that invoices are made out to them.</summary>
public sealed class InvoiceTextTests
{
    private const string Code = "91440300708461136T";

    [Theory]
    [InlineData("名称：深圳市腾讯计算机系统有限公司\n纳税人识别号：91440300708461136T\n地址、电话：深圳市南山区粤海街道科技园路1号 0755-86013388\n开户行及账号：招商银行深圳科苑支行 8179 2000 1010 001",
        "深圳市腾讯计算机系统有限公司", Code, "深圳市南山区粤海街道科技园路1号", "0755-86013388", "招商银行深圳科苑支行", "8179200010100 01", "")]
    [InlineData("单位名称:回客（武汉）电器有限公司，税号:91440300708461136t，单位地址:武汉市江汉区建设大道1号，电话:027-85551234，开户银行:工商银行武汉分行，银行账户:3202006009000123456",
        "回客（武汉）电器有限公司", Code, "武汉市江汉区建设大道1号", "027-85551234", "工商银行武汉分行", "3202006009000123456", "")]
    [InlineData("开票信息\n公司名称 北京华为技术有限公司\n统一社会信用代码（纳税人识别号） 91440300708461136T\n注册地址 北京市海淀区上地信息路3号\n联系电话 01082882000\n开户行 中国银行北京上地支行\n账号 1100 1018 8000 5600 1234", "北京华为技术有限公司", Code, "北京市海淀区上地信息路3号", "01082882000", "中国银行北京上地支行", "11001018800056001234", "Rest")]
    [InlineData("广州明珠贸易有限公司\n91440300708461136T\n广州市天河区体育西路1号\n020-38881234\n建设银行广州天河支行\n44001583404059123456", "广州明珠贸易有限公司", Code, "广州市天河区体育西路1号", "020-38881234", "建设银行广州天河支行", "44001583404059123456", "Name")]
    [InlineData("税号：440300708461136\n抬头：深圳老字号五金厂", "深圳老字号五金厂", "440300708461136", null, null, null, null, "")]
    [InlineData("Title: Harbour Trading Ltd\nTax number: 91440300708461136T\nAddress: 7 Harbour Lane\nPhone: 0755-86013388\nBank: Bank of China\nAccount: 1234567890123", "Harbour Trading Ltd", Code, "7 Harbour Lane", "0755-86013388", "Bank of China", "1234567890123", "")]
    [InlineData("张三", "张三", null, null, null, null, null, "NoTaxNumber Name")]
    [InlineData("", null, null, null, null, null, null, "NoName NoTaxNumber")]
    public void A_block_is_taken_apart_and_says_what_is_uncertain(string text, string? name, string? tax, string? address, string? phone, string? bank, string? account, string doubts)
    {
        var read = InvoiceText.Read(text);
        Assert.Equal((name, tax, address, phone, bank, account?.Replace(" ", "", StringComparison.Ordinal), doubts),
            (read.Name, read.TaxNumber, read.Address, read.Phone, read.BankName, read.AccountNumber, string.Join(' ', read.Doubts)));
    }

    [Fact]
    public void What_it_is_sent_to_is_read_beside_the_firms_own_phone()
    {
        var read = InvoiceText.Read("名称：回客电器有限公司；税号：91440300708461136T；电话：0755-86013388；收票手机：138 0013 8000；收票邮箱：fp@huike.example");
        Assert.Equal(("0755-86013388", "138 0013 8000", "fp@huike.example"), (read.Phone, read.MobilePhone, read.Email));
    }

    /// <summary>Whatever stands in the parts, in whatever order: labelled lines are read back as they were written.</summary>
    [Fact]
    public void Labelled_lines_in_any_order_are_read_back()
    {
        var random = new Random(20261123);
        (string Label, string[] Values)[] parts =
        [
            ("名称", ["深圳市电话通讯有限公司", "地址（北京）科技有限公司", "上海银行卡服务有限公司", "账号管理咨询有限公司"]), ("纳税人识别号", [Code, "440300708461136"]), ("地址", ["深圳市南山区电话路1号", "开户行大厦 3 楼", "7 Bank Street"]),
            ("电话", ["0755-86013388", "400-800-1234", "13800138000"]), ("开户行", ["招商银行深圳科苑支行", "Bank of China"]), ("账号", ["8179200010100012", "12345678901"]), ("邮箱", ["fp@huike.example"]), ("收票手机", ["13900139000"]),
        ];
        for (var round = 0; round < 500; round++)
        {
            var chosen = parts.Select(part => (part.Label, Value: part.Values[random.Next(part.Values.Length)])).ToArray();
            random.Shuffle(chosen);
            var text = string.Join(random.Next(2) == 0 ? "\n" : "\r\n", chosen.Select(one => one.Label + (random.Next(2) == 0 ? "：" : ": ") + one.Value));
            var read = InvoiceText.Read(text);
            var of = chosen.ToDictionary(one => one.Label, one => one.Value);
            Assert.Equal((of["名称"], of["纳税人识别号"], of["地址"], of["电话"], of["开户行"], of["账号"], of["邮箱"], of["收票手机"]),
                (read.Name, read.TaxNumber, read.Address, read.Phone, read.BankName, read.AccountNumber, read.Email, read.MobilePhone));
            Assert.Empty(read.Doubts);
        }
    }

    [Fact]
    public void Hostile_text_ends_soon_and_throws_nothing()
    {
        var random = new Random(7);
        const string letters = "名称税号地址电话开户行账:：\n\r \t,，;、()（）0123456789ABCT@.\uD800\0";
        for (var round = 0; round < 2_000; round++)
        {
            InvoiceText.Read(string.Concat(Enumerable.Range(0, random.Next(200)).Select(_ => letters[random.Next(letters.Length)])));
        }
        InvoiceText.Read(new string('地', 5_000) + new string('1', 5_000));
    }
}
