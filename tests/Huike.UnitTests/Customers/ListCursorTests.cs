using Huike.Customers;
using Huike.Platform;
using Xunit;

namespace Huike.UnitTests.Customers;

public sealed class ListCursorTests
{
    [Theory]
    [InlineData("zhang 张 wei 伟", "12")]
    [InlineData("", "1")]
    [InlineData("a'\"\\\n,\u0001", "-5")]
    public void A_cursor_comes_back_as_it_was(string value, string id)
    {
        var cursor = new ListCursor("name+", 123_456, [value, id]);
        var text = cursor.ToString();
        Assert.Equal(text, Uri.EscapeDataString(text));
        var back = ListCursor.Parse(text, "name+");
        Assert.NotNull(back);
        Assert.Equal((cursor.Order, cursor.Position), (back.Order, back.Position));
        Assert.Equal(cursor.Values, back.Values);
    }

    [Fact]
    public void A_cursor_of_another_order_is_none() => Assert.Null(ListCursor.Parse(new ListCursor("name+", 1, ["a", "1"]).ToString(), "name-"));

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("====")]
    [InlineData("bnVsbA")]
    [InlineData("W10")]
    [InlineData("W251bGwsbnVsbF0")]
    [InlineData("WyJuYW1lKyIsIjEiLG51bGxd")]
    public void Hostile_text_is_no_cursor(string text) => Assert.Null(ListCursor.Parse(text, "name+"));

    [Fact]
    public void A_cursor_whose_values_fit_no_order_is_seen()
    {
        foreach (var values in (string[][])[["many", "1"], ["1"], ["1", "x"]]) { Assert.Throws<RuleException>(() => new ListCursor("sales-", 1, values).Parameters(CustomerSort.BySales.Keys)); }
        Assert.Throws<RuleException>(() => new ListCursor("name+", 1, ["a\0b", "1"]).Parameters(CustomerSort.ByName.Keys));
        Assert.Equal([("at0", 10L), ("at1", (object?)7L)], new ListCursor("sales-", 1, ["10", "7"]).Parameters(CustomerSort.BySales.Keys));
    }
}
