using System.IO.Compression;
using System.Text;
using System.Text.Json;
using FsCheck.Fluent;
using Huike.Platform.Exports;
using Huike.Platform.Imports;
using Xunit;

namespace Huike.UnitTests.Platform.Imports;

public sealed class DelimitedTextTests : IDisposable
{
    private readonly Tables _tables = new();

    public void Dispose() => _tables.Dispose();

    [Theory]
    [InlineData("id,name\n1,x\n", ',')]
    [InlineData("id\tname\n1\tx\n", '\t')]
    [InlineData("id;name;price\n1;a;2,5\n2;b;3,7\n", ';')]
    [InlineData("id|name\r\n1|x,y\r\n2|z\r\n", '|')]
    [InlineData("name\nAda\nBob\n", ',')]
    public void The_delimiter_is_found(string text, char delimiter)
    {
        using var reader = _tables.Open(text);
        Assert.Equal(delimiter, reader.Format.Delimiter);
    }

    [Theory]
    [InlineData("a,b\n1,2\n3,4\n")]
    [InlineData("a,b\r\n1,2\r\n3,4")]
    [InlineData("a,b\r1,2\r3,4\r")]
    [InlineData("a,b\n\n1,2\n   \n,\n3,4\n\n\n")]
    [InlineData("a,b\n\"1\",\"2\"\n\"3\",4")]
    [InlineData("a,b\n1,\02\n3,4\0\n")]
    public void Line_ends_quotation_marks_empty_rows_and_nul_do_not_change_the_rows(string text)
    {
        using var reader = _tables.Open(text);
        Assert.Equal(["a", "b"], reader.Header);
        Assert.Equal([["1", "2"], ["3", "4"]], Tables.Rows(reader));
        Assert.Equal(1, reader.Progress);
    }

    [Fact]
    public void Asked_again_the_end_stays_the_end()
    {
        using var reader = _tables.Open("a,b\n" + string.Concat(Enumerable.Repeat("1,2\n", 50_000)));
        Assert.Equal(50_000, Tables.Rows(reader).Count);
        Assert.False(reader.Read());
    }

    [Fact]
    public void Rows_are_counted_as_a_spreadsheet_shows_them()
    {
        using var reader = _tables.Open("a,b\n\"x\ny\",1\n\nz,2\n");
        Assert.True(reader.Read());
        Assert.Equal((2, "x\ny"), (reader.Line, reader[0].ToString()));
        Assert.True(reader.Read());
        Assert.Equal((4, "z"), (reader.Line, reader[0].ToString()));
        Assert.False(reader.Read());
    }

    [Fact]
    public void Ragged_rows_keep_the_fields_they_have_and_are_empty_beyond()
    {
        using var reader = _tables.Open("a,b,c\n1\n1,2,3,4\n1,2,3\n");
        Assert.Equal([["1"], ["1", "2", "3", "4"], ["1", "2", "3"]], Tables.Rows(reader));
        using var again = _tables.Open("a,b,c\n1\n");
        Assert.True(again.Read());
        Assert.True(again[2].IsEmpty);
    }

    [Theory]
    [InlineData("\"say \"\"hi\"\"\"", "say \"hi\"")]
    [InlineData("\"5\" disk", "5 disk")]
    [InlineData("5\" disk", "5\" disk")]
    [InlineData("\"\"", "")]
    [InlineData("\"\"\"\"", "\"")]
    public void Quotation_marks_are_undone_as_spreadsheets_do(string field, string expected)
    {
        using var reader = _tables.Open($"a,b\n{field},end\n");
        Assert.Equal([[expected, "end"]], Tables.Rows(reader));
    }

    [Fact]
    public void A_mark_that_is_never_closed_costs_its_own_row_only()
    {
        using var reader = _tables.Open("a,b\n\"12 inch,1\nx,2\ny,3\n");
        Assert.Equal([["\"12 inch", "1"], ["x", "2"], ["y", "3"]], Tables.Rows(reader));
    }

    [Fact]
    public void A_row_without_end_is_refused_by_its_number()
    {
        using var reader = _tables.Open("a,b\n1,2\n" + new string('x', 3 << 20));
        Assert.True(reader.Read());
        var fault = Assert.Throws<ImportException>(() => reader.Read());
        Assert.Equal(("imports.row.tooLong", 3L), (fault.Code, fault.Args[0]));
    }

    [Fact]
    public void Rows_longer_than_a_buffer_are_read_whole()
    {
        var wide = new string('好', 200_000);
        using var reader = _tables.Open($"a,b\n\"{wide}\n{wide}\",1\n{wide},2\n");
        Assert.Equal([[wide + "\n" + wide, "1"], [wide, "2"]], Tables.Rows(reader));
    }

    [Theory]
    [InlineData("2026年一月销售\n客户编号,日期,金额\n1,2026-01-03,5\n2,2026-01-04,6\n", 2)]
    [InlineData("导出时间: 2026-01-03\n\n客户编号,日期,金额\n1,2026-01-03,5\n2,2026-01-04,6\n", 3)]
    [InlineData("1,2026-01-03,5\n2,2026-01-04,6\n", 0)]
    [InlineData("Ada,x\nBob,y\n", 1)]
    public void The_header_is_found_below_notes_or_found_missing(string text, int row)
    {
        using var reader = _tables.Open(text);
        Assert.Equal((row, row > 0), (reader.Format.HeaderRow, reader.HasHeader));
        Assert.Equal(row == 1 ? 1 : 2, Tables.Rows(reader).Count);
    }

    [Fact]
    public void A_person_knows_better_where_the_header_is()
    {
        using var without = _tables.Open("Ada,x\nBob,y\n", new TableOptions { HeaderRow = 0 });
        Assert.Equal((2, false), (Tables.Rows(without).Count, without.HasHeader));
        Assert.Equal("imports.header.none", Assert.Throws<ImportException>(() => _tables.Open("a,b\n1,2\n", new TableOptions { HeaderRow = 9 })).Code);
    }

    [Theory]
    [InlineData("comma_in_quotes")]
    [InlineData("empty")]
    [InlineData("empty_crlf")]
    [InlineData("escaped_quotes")]
    [InlineData("json")]
    [InlineData("newlines")]
    [InlineData("newlines_crlf")]
    [InlineData("quotes_and_newlines")]
    [InlineData("simple")]
    [InlineData("simple_crlf")]
    [InlineData("utf8")]
    public void The_public_examples_of_CSV_are_read_as_their_JSON_says(string name)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Tables.Shared("csv_dev", "csv-spectrum", "json", name + ".json")));
        using var reader = TableReader.Open(Tables.Shared("csv_dev", "csv-spectrum", "csvs", name + ".csv"));
        var expected = json.RootElement.EnumerateArray().Select(row => row.EnumerateObject().Select(cell => cell.Value.ToString().ReplaceLineEndings("\n")).ToArray()).ToList();
        Assert.Equal([.. json.RootElement[0].EnumerateObject().Select(cell => cell.Name)], reader.Header);
        Assert.Equal(expected, Tables.Rows(reader).Select(row => row.Select(cell => cell.ReplaceLineEndings("\n")).ToArray()).ToList());
    }

    [Fact]
    public void Whatever_is_written_is_read_again()
    {
        var cell = ArbMap.Default.ArbFor<string>().Generator.Select(text => string.Concat((text ?? "").Where(c => c >= ' ')));
        var odd = Gen.Elements("", " ", "\"", ",", "\r\n", "\n", "a\"b", "客户", "1,5", "\"x\"");
        var rows = Gen.OneOf(cell, odd).ArrayOf(3).ArrayOf(20).ToArbitrary();
        FsCheck.Check.QuickThrowOnFailure(Prop.ForAll(rows, table =>
        {
            // Lone surrogates have no encoding; rows of blanks alone are left out by the reader.
            var kept = table.Select(row => row.Select(text => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text))).ToArray())
                .Where(row => row.Any(text => text.Any(c => !char.IsWhiteSpace(c)))).ToList();
            using var stream = new MemoryStream();
            using (var writer = new DelimitedWriter(new StreamWriter(stream, leaveOpen: true), ','))
            {
                foreach (var row in kept.Prepend(["first", "second", "third"]))
                {
                    foreach (var text in row)
                    {
                        writer.Field(text);
                    }
                    writer.EndRow();
                }
            }
            using var reader = TableReader.Open(_tables.File(stream.ToArray()), new TableOptions { Delimiter = ',', HeaderRow = 1 });
            Assert.Equal(kept, Tables.Rows(reader));
        }));
    }

    [Fact]
    public void Random_bytes_end_in_rows_or_in_a_message()
    {
        var random = new Random(20261122);
        for (var round = 0; round < 400; round++)
        {
            var bytes = new byte[random.Next(1, 3000)];
            random.NextBytes(bytes);
            byte[] start = (round % 6) switch { 0 => "PK\u0003\u0004"u8.ToArray(), 1 => [0xD0, 0xCF, 0x11, 0xE0], 2 => [0x1F, 0x8B, 8], 3 => [0xFF, 0xFE], _ => [] };
            if (round % 6 == 5)
            {
                bytes = [.. bytes.Select(value => (byte)(",\"\n\r a1;\t|\0"u8[value % 11]))];
            }
            try
            {
                using var reader = TableReader.Open(_tables.File([.. start, .. bytes]));
                Tables.Rows(reader);
            }
            catch (ImportException fault)
            {
                Assert.StartsWith("imports.", fault.Code, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void A_packed_file_is_read_by_its_content_and_a_broken_one_says_where()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes("a,b\n" + string.Concat(Enumerable.Range(0, 100_000).Select(i => $"{i},{i * 7919 % 100003}\n"))));
        }
        using (var reader = TableReader.Open(_tables.File(packed.ToArray())))
        {
            Assert.True(reader.Format.Gzip);
            Assert.Equal(100_000, Tables.Rows(reader).Count);
        }
        using var cut = TableReader.Open(_tables.File(packed.ToArray()[..^5000]));
        var read = Record.Exception(() => Tables.Rows(cut));
        Assert.Equal("imports.file.damaged", Assert.IsType<ImportException>(read).Code);
    }
}
