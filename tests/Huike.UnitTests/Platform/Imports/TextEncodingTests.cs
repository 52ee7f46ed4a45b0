using System.Text;
using Huike.Platform.Imports;
using Xunit;

namespace Huike.UnitTests.Platform.Imports;

public sealed class TextEncodingTests : IDisposable
{
    private const string Sales = "客户编号,下单时间,金额\n甲一,2026-01-03,12.5\n乙二,2026-01-04,8\n";
    private readonly Tables _tables = new();

    public void Dispose() => _tables.Dispose();

    public static TheoryData<string, bool, string> Encodings => new()
    {
        { "utf-8", false, "UTF-8" }, { "utf-8", true, "UTF-8" }, { "gb18030", false, "GB18030" }, { "gbk", false, "GB18030" },
        { "utf-16", true, "UTF-16" }, { "utf-16BE", true, "UTF-16BE" },
    };

    [Theory]
    [MemberData(nameof(Encodings))]
    public void The_encoding_is_found_and_the_mark_is_no_part_of_the_header(string name, bool mark, string found)
    {
        var encoding = Encoding.GetEncoding(name);
        using var reader = TableReader.Open(_tables.File([.. mark ? encoding.GetPreamble() : [], .. encoding.GetBytes(Sales)]));
        Assert.Equal((found, mark), (reader.Format.Encoding, reader.Format.ByteOrderMark));
        Assert.Equal("客户编号", reader.Header[0]);
        Assert.Equal("甲一", Tables.Rows(reader)[0][0]);
    }

    [Fact]
    public void A_western_text_is_not_taken_for_Chinese()
    {
        using var reader = TableReader.Open(_tables.File("name,city\nJosé,Québec\nMüller,Köln\n", Encoding.GetEncoding(1252)));
        Assert.Equal([["José", "Québec"], ["Müller", "Köln"]], Tables.Rows(reader));
    }

    [Fact]
    public void Characters_on_the_border_of_chunks_stay_whole()
    {
        foreach (var name in new[] { "utf-8", "gb18030", "utf-16" })
        {
            var encoding = Encoding.GetEncoding(name);
            var line = "编,号😀\n";
            using var reader = TableReader.Open(_tables.File("a,b\n" + string.Concat(Enumerable.Repeat(line, 40_000)), encoding));
            Assert.All(Tables.Rows(reader), row => Assert.Equal(["编", "号😀"], row));
        }
    }

    [Fact]
    public void Chinese_that_begins_after_a_long_ASCII_part_is_read_as_Chinese()
    {
        var text = "key,name\n" + string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i},plain\n")) + "x,北京市海淀区\n";
        using var reader = TableReader.Open(_tables.File(text, Encoding.GetEncoding("gb18030")));
        Assert.Equal("北京市海淀区", Tables.Rows(reader)[^1][1]);
        Assert.Equal("GB18030", reader.Format.Encoding);
    }

    [Fact]
    public void A_byte_of_another_encoding_is_refused_by_its_row_and_never_replaced()
    {
        byte[] content = [.. Encoding.UTF8.GetBytes("名,b\n一,1\n二,2\n" + string.Concat(Enumerable.Repeat("三,3\n", 30_000))), 0xC3, 0x28, .. ",4\n"u8];
        using var reader = TableReader.Open(_tables.File(content));
        var read = 0;
        var fault = Assert.Throws<ImportException>(() =>
        {
            while (reader.Read())
            {
                read++;
                Assert.DoesNotContain('\uFFFD', reader[0].ToString());
            }
        });
        Assert.Equal(("imports.encoding.invalid", 30_004L, 30_002), (fault.Code, fault.Args[0], read));
    }

    [Fact]
    public void A_named_encoding_overrides_what_would_be_found()
    {
        using var reader = TableReader.Open(_tables.File("a,b\nÄ,1\n", Encoding.Latin1), new TableOptions { Encoding = "iso-8859-1" });
        Assert.Equal("Ä", Tables.Rows(reader)[0][0]);
        Assert.Equal("imports.encoding.unknown", Assert.Throws<ImportException>(() => _tables.Open("a,b\n", new TableOptions { Encoding = "klingon" })).Code);
    }

    [Fact]
    public void An_empty_file_and_a_picture_are_refused()
    {
        Assert.Equal("imports.file.empty", Assert.Throws<ImportException>(() => _tables.Open("")).Code);
        Assert.Equal("imports.file.empty", Assert.Throws<ImportException>(() => _tables.Open("\n \n")).Code);
        byte[] png = [0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10, .. new byte[200]];
        Assert.Equal("imports.file.notTable", Assert.Throws<ImportException>(() => TableReader.Open(_tables.File(png))).Code);
    }
}
