using System.Text;
using Huike.Customers.ContactPoints;
using Huike.Customers.PhoneCards;
using Huike.Customers.VCards;
using Huike.Platform;

namespace Huike.UnitTests.Customers;

/// <summary>Cards of people, as programs write them.</summary>
public sealed class VCardTests
{
    private static CardFacts Facts(string text) => ReadCard.Run(Assert.Single(ReadVCards.Run(text).Cards));

    [Theory]
    [InlineData("ez-vcard/text/John_Doe_ANDROID.vcf", 6)]
    [InlineData("ez-vcard/text/John_Doe_BLACK_BERRY.vcf", 1)]
    [InlineData("ez-vcard/text/John_Doe_EVOLUTION.vcf", 1)]
    [InlineData("ez-vcard/text/John_Doe_GMAIL.vcf", 1)]
    [InlineData("ez-vcard/text/John_Doe_IPHONE.vcf", 1)]
    [InlineData("ez-vcard/text/John_Doe_LOTUS_NOTES.vcf", 1)]
    [InlineData("ez-vcard/text/John_Doe_MAC_ADDRESS_BOOK.vcf", 1)]
    [InlineData("ez-vcard/text/John_Doe_MS_OUTLOOK.vcf", 1)]
    [InlineData("ez-vcard/text/fullcontact.vcf", 1)]
    [InlineData("ez-vcard/text/gmail-list.vcf", 3)]
    [InlineData("ez-vcard/text/gmail-single.vcf", 1)]
    [InlineData("ez-vcard/text/gmail-single2.vcf", 1)]
    [InlineData("ez-vcard/text/outlook-2003.vcf", 1)]
    [InlineData("ez-vcard/text/outlook-2007.vcf", 1)]
    [InlineData("ez-vcard/text/rfc2426-example.vcf", 2)]
    [InlineData("ez-vcard/text/rfc6350-example.vcf", 1)]
    [InlineData("ez-vcard/text/thunderbird-MoreFunctionsForAddressBook-extension.vcf", 1)]
    [InlineData("nuovo/Example.vcf", 1)]
    [InlineData("nuovo/Example2.1.vcf", 1)]
    [InlineData("nuovo/Example3.0.vcf", 1)]
    public void Cards_of_real_programs_are_read_and_written_without_loss(string name, int count)
    {
        var (cards, faults) = ReadVCards.Run(File.ReadAllBytes(SharedFolder.File("vcard_dev", name)));
        Assert.Empty(faults);
        Assert.Equal(count, cards.Count);
        foreach (var card in cards)
        {
            var text = WriteVCard.Run(card);
            Assert.All(text.Split("\r\n"), line => Assert.True(Encoding.UTF8.GetByteCount(line) <= 75));
            var again = Assert.Single(ReadVCards.Run(text).Cards);
            Assert.Equal(card.Properties.Select(Told), again.Properties.Select(Told));
            // Some say words where a number belongs, or name nobody.
            var refused = Record.Exception(() => Assert.NotEmpty(ReadCard.Run(card).Name)) as RuleException;
            Assert.True(refused is null || (refused.Code is "cards.fault.name" or "customers.form.phone" or "customers.form.email" && refused.Members.ContainsKey("line")), refused?.Code);
        }
    }

    /// <summary>As ez-vcard's own tests say of the same files, and RFC 2426 and 6350 of theirs.</summary>
    [Theory]
    [InlineData("ez-vcard/text/John_Doe_IPHONE.vcf", "Mr. John Richter James Doe Sr.", "905-555-1234|905-666-1234|905-777-1234|905-888-1234|905-999-1234|905-111-1234|905-222-1234", "john.doe@ibm.com")]
    [InlineData("ez-vcard/text/John_Doe_GMAIL.vcf", "Mr. John Richter, James Doe Sr.", "905-555-1234|905-666-1234", "john.doe@ibm.com")]
    [InlineData("ez-vcard/text/John_Doe_MS_OUTLOOK.vcf", "Mr. John Richter James Doe Sr.", "(905) 555-1234|(905) 666-1234", "john.doe@ibm.cm")]
    [InlineData("ez-vcard/text/rfc6350-example.vcf", "Simon Perreault", "+1-418-656-9254#102|+1-418-262-6501", "simon.perreault@viagenie.ca")]
    [InlineData("nuovo/Example3.0.vcf", "Forrest Gump", "(111) 555-1212|(404) 555-1212|(404) 555-1213", "forrestgump@example.com")]
    public void Names_phones_and_mails_are_those_of_the_file(string name, string called, string phones, string mail)
    {
        var facts = ReadCard.Run(ReadVCards.Run(File.ReadAllBytes(SharedFolder.File("vcard_dev", name))).Cards[0]);
        Assert.Equal(called, facts.Name);
        Assert.Equal(phones.Split('|'), facts.Of(ContactKind.Phone).Select(point => point.Point.Raw));
        Assert.Contains(mail, facts.Of(ContactKind.Email).Select(point => point.Value));
    }

    [Fact]
    public void Chinese_of_an_old_phone_is_read_in_the_encoding_that_each_line_names()
    {
        var gbk = CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!;
        var text = "BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E7=8E=8B;=E5=B0=8F=\r\n=E6=98=8E;;;\r\nTEL;CELL:13800138000\r\nNOTE;CHARSET=GBK:"u8.ToArray();
        byte[] whole = [.. text, .. gbk.GetBytes("爱喝茶,早上"), .. "\r\nADR;HOME;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:;;=E4=B8=AD=E5=B1=B1=E8=B7=AF=31=E5=8F=B7;=E6=9D=AD=E5=B7=9E=E5=B8=82;=E6=B5=99=E6=B1=9F=E7=9C=81;;\r\nEND:VCARD\r\n"u8];
        var facts = ReadCard.Run(Assert.Single(ReadVCards.Run(whole).Cards));
        Assert.Equal("王小明 爱喝茶,早上 浙江省杭州市中山路1号 +8613800138000", $"{facts.Name} {facts.Note} {facts.Places[0].Text} {facts.Points[0].Value}");
    }

    [Fact]
    public void A_letter_that_a_fold_cut_in_two_is_whole_again()
    {
        byte[] folded = [.. "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:"u8, 0xE7, 0x8E, .. "\r\n "u8, 0x8B, .. "\r\nEND:VCARD\r\n"u8];
        Assert.Equal("王", ReadCard.Run(Assert.Single(ReadVCards.Run(folded).Cards)).Name);
    }

    [Theory]
    [InlineData("", 1, "cards.fault.none")]
    [InlineData("hello\nBEGIN:VCARD\nVERSION:3.0\nFN:x\nEND:VCARD", 1, "cards.fault.begin")]
    [InlineData("BEGIN:VCARD\nVERSION:3.0\nFN:x", 1, "cards.fault.end")]
    [InlineData("BEGIN:VCARD\nVERSION:3.0\nFN:x\nnothing to see\nEND:VCARD", 4, "cards.fault.line")]
    [InlineData("BEGIN:VCARD\nVERSION:9\nFN:x\nEND:VCARD", 1, "cards.fault.version")]
    public void What_is_wrong_is_told_with_its_line(string text, int line, string code) => Assert.Equal((line, code), Assert.Single(ReadVCards.Run(text).Faults) is var fault ? (fault.Line, fault.Code) : default);

    [Fact]
    public void A_wrong_number_is_told_with_its_line_and_a_card_of_nobody_is_refused()
    {
        var wrong = Assert.Throws<RuleException>(() => Facts("BEGIN:VCARD\nVERSION:3.0\nFN:x\nTEL:call me\nEND:VCARD"));
        Assert.Equal(("customers.form.phone", 4), (wrong.Code, (int)wrong.Members["line"]));
        Assert.Equal("cards.fault.name", Assert.Throws<RuleException>(() => Facts("BEGIN:VCARD\nVERSION:3.0\nTEL:1\nEND:VCARD")).Code);
    }

    [Fact]
    public void Version_four_says_the_same_as_version_three()
    {
        var facts = Facts("BEGIN:VCARD\nVERSION:4.0\nKIND:org\nFN:West Lake Tea\nTEL;VALUE=uri;PREF=1;TYPE=\"voice,work\":tel:+86-571-87654321\nIMPP;X-SERVICE-TYPE=WeChat:wechat:west_lake\nBDAY:--0512\nEND:VCARD");
        Assert.True(facts.IsOrganisation);
        Assert.Equal("+8657187654321 Work west_lake 5-12", $"{facts.Points[0].Value} {facts.Points[0].Point.Use} {facts.Points[1].Value} {facts.Birthday!.Month}-{facts.Birthday.Day}");
        var picture = ReadVCards.Run("BEGIN:VCARD\nVERSION:3.0\nFN:x\nPHOTO;ENCODING=b;TYPE=JPEG:AAEC\nEND:VCARD").Cards[0];
        Assert.Contains("PHOTO:data:image/jpeg;base64,AAEC", WriteVCard.Run(picture.As(VCard.Four)), StringComparison.Ordinal);
        Assert.Equal(WriteVCard.Run(picture), WriteVCard.Run(picture.As(VCard.Four).As(VCard.Three)));
    }

    private static string Told(VCardProperty property) => $"{property.Group}.{property.Name};{string.Join(';', property.Parameters.Select(one => $"{one.Name}={one.Value}"))}:{property.Value}";
}
