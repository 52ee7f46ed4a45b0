using System.Globalization;
using FsCheck.Fluent;
using Huike.Platform.Imports;
using Xunit;

namespace Huike.UnitTests.Platform.Imports;

public sealed class CellTests
{
    [Theory]
    [InlineData("2026-01-03", "2026-01-03 00:00:00", null)]
    [InlineData("2026-01-03 14:05", "2026-01-03 14:05:00", null)]
    [InlineData("2010-12-01 08:26:00", "2010-12-01 08:26:00", null)]
    [InlineData("1996-07-04 00:00:00.000", "1996-07-04 00:00:00", null)]
    [InlineData("2026-01-03T14:05:06Z", "2026-01-03 14:05:06", 0)]
    [InlineData("2026-01-03T14:05:06.789+08:00", "2026-01-03 14:05:06", 480)]
    [InlineData("2026-01-03T14:05:06-0330", "2026-01-03 14:05:06", -210)]
    [InlineData("2026-01-03 14:05 UTC", "2026-01-03 14:05:00", 0)]
    [InlineData("19970101", "1997-01-01 00:00:00", null)]
    [InlineData("20260103140506", "2026-01-03 14:05:06", null)]
    [InlineData("2026/1/3 4:05", "2026-01-03 04:05:00", null)]
    [InlineData("2026.1.3", "2026-01-03 00:00:00", null)]
    [InlineData("2026年1月3日", "2026-01-03 00:00:00", null)]
    [InlineData("2026年1月3日 14时05分", "2026-01-03 14:05:00", null)]
    [InlineData("2026年1月3日星期六 下午2点05分06秒", "2026-01-03 14:05:06", null)]
    [InlineData("２０２６－０１－０３", "2026-01-03 00:00:00", null)]
    [InlineData("1/3/2026 2:05:06 PM", "2026-01-03 14:05:06", null)]
    [InlineData("12/31/10 12:00 AM", "2010-12-31 00:00:00", null)]
    [InlineData("13/1/2026", "2026-01-13 00:00:00", null)]
    [InlineData("3.4.2026", "2026-04-03 00:00:00", null)]
    [InlineData("3-Jan-2026", "2026-01-03 00:00:00", null)]
    [InlineData("January 3, 2026", "2026-01-03 00:00:00", null)]
    [InlineData("46025", "2026-01-03 00:00:00", null)]
    [InlineData("46025.5", "2026-01-03 12:00:00", null)]
    public void Dates_are_read_in_the_forms_that_ledgers_have(string text, string expected, int? offset)
    {
        Assert.True(Cell.TryDateTime(text, DateOrder.Unknown, out var time));
        Assert.Equal(expected, time.Local.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));
        Assert.Equal(offset, time.Offset?.TotalMinutes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2026-02-30")]
    [InlineData("2026-13-01")]
    [InlineData("0000-00-00")]
    [InlineData("2026-01-03 25:00")]
    [InlineData("2026-01-03 14:65")]
    [InlineData("2026-01-03 and more")]
    [InlineData("12345678")]
    [InlineData("17850")]
    [InlineData("1/2")]
    [InlineData("13/13/2026")]
    [InlineData("hello")]
    public void What_is_no_date_is_not_read(string text) => Assert.False(Cell.TryDateTime(text, DateOrder.Unknown, out _));

    [Fact]
    public void Day_and_month_go_by_the_column()
    {
        var votes = new DateOrderVotes();
        votes.Add("3/4/2026");
        Assert.Equal(DateOrder.Unknown, votes.Order);
        votes.Add("25/4/2026 10:00");
        votes.Add("2026-05-25");
        Assert.Equal((DateOrder.DayFirst, false), (votes.Order, votes.IsMixed));
        Assert.True(Cell.TryDateTime("3/4/2026", votes.Order, out var time));
        Assert.Equal(new DateTime(2026, 4, 3), time.Local);
        votes.Add("4/25/2026");
        Assert.True(votes.IsMixed);
    }

    [Theory]
    [InlineData("8:05", "08:05:00")]
    [InlineData("2:05 PM", "14:05:00")]
    [InlineData("14时05分06秒", "14:05:06")]
    [InlineData("0.75", "18:00:00")]
    public void A_time_of_day_stands_alone(string text, string expected)
    {
        Assert.True(Cell.TryTime(text, out var time));
        Assert.Equal(expected, time.ToString("c", CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("12", "12")]
    [InlineData("-3.50", "-3.50")]
    [InlineData("1,234,567.89", "1234567.89")]
    [InlineData("１２３．４", "123.4")]
    [InlineData("¥1,200", "1200")]
    [InlineData("￥ 99.9", "99.9")]
    [InlineData("$-5", "-5")]
    [InlineData("€12", "12")]
    [InlineData("RMB 88", "88")]
    [InlineData("88元", "88")]
    [InlineData("CN¥7", "7")]
    [InlineData("(1,200.00)", "-1200.00")]
    [InlineData("15.5-", "-15.5")]
    [InlineData("1.2万", "12000")]
    [InlineData("3亿元", "300000000")]
    [InlineData("12.5%", "0.125")]
    [InlineData("1.38E+10", "13800000000")]
    [InlineData(".5", "0.5")]
    public void Numbers_are_read_in_the_forms_that_ledgers_have(string text, string expected)
    {
        Assert.True(Cell.TryNumber(text, DecimalMark.Point, out var number));
        Assert.Equal(decimal.Parse(expected, CultureInfo.InvariantCulture), number);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("1,23")]
    [InlineData("1.2.3")]
    [InlineData("12,3456")]
    [InlineData("abc")]
    [InlineData("1e400")]
    [InlineData("E5")]
    [InlineData("2010-12-01")]
    [InlineData("85123A")]
    public void What_is_no_number_is_not_read(string text) => Assert.False(Cell.TryNumber(text, DecimalMark.Point, out _));

    [Fact]
    public void A_decimal_comma_is_decided_by_the_column()
    {
        Assert.Equal(DecimalMark.Comma, Cell.DecimalMarkOf(["1.234", "12,50", "7"]));
        Assert.Equal(DecimalMark.Point, Cell.DecimalMarkOf(["1,234", "12.50", "7"]));
        Assert.True(Cell.TryNumber("1.234,50", DecimalMark.Comma, out var number));
        Assert.Equal(1234.5m, number);
    }

    [Theory]
    [InlineData("17850.0", "17850")]
    [InlineData(" 00004 ", "00004")]
    [InlineData("ＡＢ１２", "AB12")]
    [InlineData("1.38E+10", "13800000000")]
    [InlineData("=\"00123\"", "00123")]
    [InlineData("17850.5", "17850.5")]
    [InlineData("NULL", "")]
    [InlineData("#N/A", "")]
    [InlineData("nan", "")]
    [InlineData("-", "")]
    [InlineData("　", "")]
    [InlineData("会员8", "会员8")]
    public void A_key_has_one_form(string text, string expected) => Assert.Equal(expected, Cell.NormalKey(text));

    [Fact]
    public void No_text_makes_a_cell_throw()
    {
        var alphabet = Gen.Elements("0123456789.,-+/:eE %()年月日时¥元万亿TZPMap \u3000１ＡX\"='\uD83D".ToCharArray());
        var texts = Gen.OneOf(alphabet.ArrayOf().Select(chars => new string(chars)), ArbMap.Default.ArbFor<string>().Generator.Select(text => text ?? "")).ToArbitrary();
        FsCheck.Check.One(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(5000), Prop.ForAll(texts, text =>
        {
            Cell.TryDateTime(text, DateOrder.DayFirst, out _);
            Cell.TryTime(text, out _);
            Cell.TryNumber(text, DecimalMark.Comma, out _);
            Cell.TryNumber(text, DecimalMark.Point, out _);
            Assert.Equal(Cell.NormalKey(text), Cell.NormalKey(Cell.NormalKey(text)));
        }));
    }

    [Fact]
    public void Every_decimal_is_read_as_it_was_written() =>
        FsCheck.Check.QuickThrowOnFailure(Prop.ForAll(ArbMap.Default.ArbFor<decimal>(), number =>
        {
            Assert.True(Cell.TryNumber(number.ToString(CultureInfo.InvariantCulture), DecimalMark.Point, out var read));
            Assert.Equal(number, read);
        }));
}
