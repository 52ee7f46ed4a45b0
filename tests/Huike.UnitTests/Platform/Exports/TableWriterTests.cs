using System.Text;
using FsCheck.Fluent;
using Huike.Platform.Exports;
using Huike.Platform.Imports;
using Huike.UnitTests.Platform.Imports;
using Xunit;

namespace Huike.UnitTests.Platform.Exports;

public sealed class TableWriterTests : IDisposable
{
    private static readonly TimeZoneInfo Shanghai = TimeZoneInfo.CreateCustomTimeZone("+8", TimeSpan.FromHours(8), "+8", "+8");
    private static readonly TableColumn[] Columns = [new("客户"), new("电话"), new("金额"), new("份额"), new("日期"), new("时间")];

    private readonly Tables _tables = new();

    public void Dispose() => _tables.Dispose();

    [Fact]
    public void Text_that_a_spreadsheet_would_run_is_disarmed_in_CSV_and_numbers_are_not()
    {
        using var stream = new MemoryStream();
        using (var writer = TableWriter.Csv(stream, [new("a"), new("b"), new("c")], Shanghai))
        {
            foreach (var text in new[] { "=1+1", "+86", "-x", "@SUM(A1)", "\tx", "\rx", "safe" })
            {
                writer.Text(text);
                writer.Number(-5);
                writer.Text(null);
                writer.EndRow();
            }
        }
        Assert.Equal([0xEF, 0xBB, 0xBF], stream.ToArray()[..3]);
        Assert.Equal("a,b,c\r\n'=1+1,-5,\r\n'+86,-5,\r\n'-x,-5,\r\n'@SUM(A1),-5,\r\n'\tx,-5,\r\n\"'\rx\",-5,\r\nsafe,-5,\r\n", Encoding.UTF8.GetString(stream.ToArray()[3..]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Typed_values_are_read_back_as_they_were(bool xlsx)
    {
        using var reader = TableReader.Open(Write(xlsx, writer =>
        {
            writer.Text("张伟 & <b>");
            writer.Text("13800000000");
            writer.Money(1234.5m);
            writer.Number(0.738m);
            writer.Date(new DateOnly(2026, 1, 3));
            writer.At(new DateTimeOffset(2026, 1, 3, 23, 30, 0, TimeSpan.Zero));
            writer.EndRow();
            writer.Text(null);
            writer.Text("=1+1");
            writer.Money(null);
            writer.Number(null);
            writer.Date(null);
            writer.At(null);
            writer.EndRow();
        }));
        Assert.Equal(["客户", "电话", "金额", "份额", "日期", "时间"], reader.Header);
        var rows = Tables.Rows(reader);
        Assert.Equal(["张伟 & <b>", "13800000000", xlsx ? "1234.5" : "1234.50", "0.738", "2026-01-03", "2026-01-04 07:30:00"], rows[0]);
        Assert.Equal(["", xlsx ? "=1+1" : "'=1+1"], rows[1][..2]);
    }

    [Fact]
    public void A_sheet_that_is_full_goes_on_in_another_with_the_same_header()
    {
        var path = _tables.NewPath();
        using (var stream = File.Create(path))
        using (var sheet = new SheetWriter(stream, "客户/清单", [("号", 8, SheetStyle.Title), ("名", 8, SheetStyle.Title)], mostRows: 4))
        {
            for (var i = 0; i < 7; i++)
            {
                sheet.BeginRow();
                sheet.Number(i, SheetStyle.Number);
                sheet.Text($"名{i}");
                sheet.EndRow();
            }
        }
        string[] names = ["客户清单", "客户清单 2", "客户清单 3"];
        var read = names.Select(name =>
        {
            using var reader = TableReader.Open(path, new TableOptions { Sheet = name });
            Assert.Equal(["号", "名"], reader.Header);
            return Tables.Rows(reader).Count;
        });
        Assert.Equal([3, 3, 1], read);
        Assert.Equal("imports.sheet.unknown", Assert.Throws<ImportException>(() => TableReader.Open(path, new TableOptions { Sheet = "none" })).Code);
    }

    [Fact]
    public void A_workbook_takes_any_text() =>
        FsCheck.Check.QuickThrowOnFailure(Prop.ForAll(ArbMap.Default.ArbFor<string[]>(), texts =>
        {
            using var reader = TableReader.Open(Write(xlsx: true, writer =>
            {
                foreach (var text in texts)
                {
                    writer.Text("k");
                    writer.Text(text);
                    writer.EndRow();
                }
            }), new TableOptions { HeaderRow = 1 });
            Assert.Equal([.. texts.Select(text => Sheet.Allowed(text).Trim())], Tables.Rows(reader).Select(row => row.Length > 1 ? row[1] : "").ToArray());
        }));

    private string Write(bool xlsx, Action<TableWriter> rows)
    {
        var path = _tables.NewPath();
        using var stream = File.Create(path);
        using var writer = xlsx ? TableWriter.Xlsx(stream, "清单", Columns, Shanghai) : TableWriter.Csv(stream, Columns, Shanghai);
        rows(writer);
        return path;
    }
}
