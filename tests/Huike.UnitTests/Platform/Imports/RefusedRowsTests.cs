using System.IO.Compression;
using System.Text;
using Huike.Platform.Exports;
using Huike.Platform.Imports;
using Xunit;

namespace Huike.UnitTests.Platform.Imports;

public sealed class RefusedRowsTests : IDisposable
{
    private const string Title = "(!) 错误原因与修改方法";
    private readonly Tables _tables = new();

    public void Dispose() => _tables.Dispose();

    public static TheoryData<string, string, bool> Texts => new()
    {
        { "客户编号,日期,金额\n甲,2026-01-03,\"1,5\"\n乙,坏日期,\"a\"\"b\"\n", "utf-8", false },
        { "客户编号;日期;金额\n甲;2026-01-03;5\n乙;坏日期;x\n", "gb18030", false },
        { "客户编号\t日期\t金额\n甲\t2026-01-03\t5\n乙\t坏日期\tx\n", "utf-16", false },
        { "客户编号,日期,金额\n甲,2026-01-03,5\n乙,坏日期,\"x\ny\"\n", "utf-8", true },
        { " customer date amount\n 001 20260103 5.00\n 002 bad 6.00\n 003 20260104 7.00\n", "utf-8", false },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void Rows_come_back_in_the_same_form_and_load_again_as_they_are(string text, string encoding, bool gzip)
    {
        var original = Encoded(text, encoding, gzip);
        using var source = TableReader.Open(original);
        var back = Refuse(source, out var refused);
        using var again = TableReader.Open(back);
        Assert.Equal((source.Format.Kind, source.Format.Encoding, source.Format.ByteOrderMark, source.Format.Delimiter, source.Format.Gzip),
            (again.Format.Kind, again.Format.Encoding, again.Format.ByteOrderMark, again.Format.Delimiter, again.Format.Gzip));
        Assert.Equal(source.Header, again.Header);
        Assert.Equal(refused, Tables.Rows(again));
    }

    [Fact]
    public void A_file_without_header_has_none_when_it_comes_back()
    {
        using var source = _tables.Open("甲,2026-01-03,5\n乙,坏日期,6\n丙,2026-01-05,7\n");
        Assert.False(source.HasHeader);
        using var again = TableReader.Open(Refuse(source, out var refused));
        Assert.False(again.HasHeader);
        Assert.Equal(["1", "2", "3"], again.Header);
        Assert.Equal(refused, Tables.Rows(again));
    }

    [Fact]
    public void A_workbook_comes_back_with_a_red_first_column_and_keeps_long_numbers()
    {
        var path = _tables.NewPath();
        using (var stream = File.Create(path))
        using (var sheet = new SheetWriter(stream, "销售", [("客户编号", 10, SheetStyle.Title), ("日期", 10, SheetStyle.Title), ("金额", 10, SheetStyle.Title)]))
        {
            sheet.BeginRow();
            sheet.Number(13_800_000_000m, SheetStyle.Plain);
            sheet.Day(new DateTime(2026, 1, 3), SheetStyle.Day);
            sheet.Number(0.1m + 0.2m, SheetStyle.Money);
            sheet.EndRow();
        }
        using var source = TableReader.Open(path);
        Assert.Equal((TableKind.Xlsx, "销售"), (source.Format.Kind, source.Format.Sheet));
        var back = Refuse(source, out var refused);
        Assert.Equal([["13800000000", "2026-01-03", "0.3"]], refused);
        using var again = TableReader.Open(back);
        Assert.Equal(["客户编号", "日期", "金额"], again.Header);
        Assert.Equal(refused, Tables.Rows(again));
        using var archive = ZipFile.OpenRead(back);
        using var styles = new StreamReader(archive.GetEntry("xl/styles.xml")!.Open());
        Assert.Contains("FFFFC7CE", styles.ReadToEnd(), StringComparison.Ordinal);
        using var cells = new StreamReader(archive.GetEntry("xl/worksheets/sheet1.xml")!.Open());
        Assert.Contains($"<c s=\"{(int)SheetStyle.Refused}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">改这里", cells.ReadToEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_archive_that_would_burst_is_refused_before_it_is_unpacked()
    {
        var path = _tables.NewPath();
        using (var archive = ZipFile.Open(path, ZipArchiveMode.Create))
        using (var entry = archive.CreateEntry("xl/worksheets/sheet1.xml").Open())
        {
            var zeros = new byte[1 << 20];
            for (var i = 0; i < 80; i++)
            {
                entry.Write(zeros);
            }
        }
        Assert.Equal("imports.sheet.tooLarge", Assert.Throws<ImportException>(() => TableReader.Open(path)).Code);
    }

    private string Encoded(string text, string name, bool gzip)
    {
        var encoding = Encoding.GetEncoding(name);
        byte[] bytes = [.. encoding.CodePage == 65001 ? [] : encoding.GetPreamble(), .. encoding.GetBytes(text)];
        if (!gzip)
        {
            return _tables.File(bytes);
        }
        using var packed = new MemoryStream();
        using (var stream = new GZipStream(packed, CompressionLevel.Fastest))
        {
            stream.Write(bytes);
        }
        return _tables.File(packed.ToArray());
    }

    private string Refuse(TableReader source, out List<string[]> refused)
    {
        refused = [];
        var path = _tables.NewPath();
        using var stream = File.Create(path);
        using var rows = new RefusedRows(stream, source, Title);
        while (source.Read())
        {
            rows.Add(source.Row, "改这里, \"日期\" 应为 2026-01-03");
            refused.Add([.. Enumerable.Range(0, source.FieldCount).Select(at => source[at].ToString())]);
        }
        Assert.Equal(refused.Count, rows.Count);
        return path;
    }
}
